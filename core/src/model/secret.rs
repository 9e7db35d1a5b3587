//! [`Secret`]: what proves an identity. Its value never enters the library; a keyed fingerprint may.

use super::words::words;
use super::{Environment, Instant, Labels};
use serde::{Deserialize, Serialize};

words! {
    /// What a secret is.
    SecretKind {
        /// An API key.
        ApiKey => "api_key",
        /// A cloud access key: an AWS access key, a Google service-account key, an HMAC key.
        AccessKey => "access_key",
        /// A client secret of an application.
        ClientSecret => "client_secret",
        /// A certificate with its private key.
        Certificate => "certificate",
        /// A password.
        Password => "password",
        /// A token.
        Token => "token",
        /// An SSH key.
        SshKey => "ssh_key",
        /// A signing key.
        SigningKey => "signing_key",
        /// Secret material of a kind that the input does not say.
        Generic => "generic",
    }
}

words! {
    /// Where a secret is kept.
    Storage {
        /// A secret manager.
        SecretManager => "secret_manager",
        /// A Kubernetes secret.
        KubernetesSecret => "kubernetes_secret",
        /// A variable of a pipeline.
        CiVariable => "ci_variable",
        /// Source code.
        SourceCode => "source_code",
        /// A configuration file.
        ConfigFile => "config_file",
        /// A container image.
        ContainerImage => "container_image",
        /// A chat or a ticket.
        ChatOrTicket => "chat_or_ticket",
        /// Somebody's device.
        Device => "device",
        /// The input does not say.
        Unknown => "unknown",
    }
}

/// A place where a scanner found the secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exposure {
    /// The detector that found it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detector: Option<String>,
    /// Where it was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Whether the scanner proved that it still works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
    /// When it was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found_at: Option<Instant>,
}

/// What proves an identity: a key, a client secret, a certificate, a password, a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    /// Unique across the estate.
    pub id: String,
    /// What people call it; the id where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is.
    #[serde(default = "generic", skip_serializing_if = "is_generic")]
    pub kind: SecretKind,
    /// The id of the tenant it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The declared environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Labels.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    /// A keyed hash of the value. Two secrets with the same non-empty fingerprint are one secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Instant>,
    /// When its value was last replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotated_at: Option<Instant>,
    /// When it stops working. [`Instant::NEVER`] states that it never does; absent states nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
    /// When it was last used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Instant>,
    /// Whether it is issued on request for a short life; judged on its lifetime, not its age.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dynamic: Option<bool>,
    /// Whether it was revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<bool>,
    /// Where it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<Storage>,
    /// Where scanners found it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exposures: Vec<Exposure>,
}

impl Secret {
    /// A secret of an id and a kind, with nothing else known.
    pub fn new(id: impl Into<String>, kind: SecretKind) -> Self {
        Secret {
            id: id.into(),
            name: None,
            kind,
            tenant: None,
            environment: None,
            owner: None,
            labels: Labels::new(),
            fingerprint: None,
            created_at: None,
            rotated_at: None,
            expires_at: None,
            last_used_at: None,
            dynamic: None,
            revoked: None,
            storage: None,
            exposures: Vec::new(),
        }
    }
}

const fn generic() -> SecretKind {
    SecretKind::Generic
}

fn is_generic(kind: &SecretKind) -> bool {
    *kind == SecretKind::Generic
}
