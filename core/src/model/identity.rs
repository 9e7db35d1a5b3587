//! [`Identity`]: who acts.

use super::words::words;
use super::{Environment, Instant, Labels};
use serde::{Deserialize, Serialize};

words! {
    /// What an identity is.
    IdentityKind {
        /// A service account.
        ServiceAccount => "service_account",
        /// A service principal.
        ServicePrincipal => "service_principal",
        /// An application registration.
        Application => "application",
        /// A managed identity.
        ManagedIdentity => "managed_identity",
        /// A role, or a binding that stands for many rights.
        Role => "role",
        /// A group.
        Group => "group",
        /// A workload.
        Workload => "workload",
        /// A pipeline.
        Pipeline => "pipeline",
        /// An API client.
        ApiClient => "api_client",
        /// An AI agent.
        AiAgent => "ai_agent",
        /// An integration run by a third party.
        ThirdPartyIntegration => "third_party_integration",
        /// A person.
        Human => "human",
        /// Anything else that acts.
        Other => "other",
    }
}

impl IdentityKind {
    /// Whether the identity is a non-human identity: what the published figures on machine identities speak of. Groups and roles are containers of rights, not counted.
    pub const fn is_machine(self) -> bool {
        !matches!(self, IdentityKind::Human | IdentityKind::Group | IdentityKind::Role | IdentityKind::Other)
    }
}

words! {
    /// How an identity proves itself.
    Authentication {
        /// A password.
        Password => "password",
        /// A long-lived key, token or client secret.
        StaticSecret => "static_secret",
        /// A certificate.
        Certificate => "certificate",
        /// A token of a trusted issuer.
        Federated => "federated",
        /// A second factor.
        Mfa => "mfa",
    }
}

/// Who acts: a service account, an application, a pipeline, a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Unique across the estate.
    pub id: String,
    /// What people call it; the id where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is.
    #[serde(default = "other", skip_serializing_if = "is_other")]
    pub kind: IdentityKind,
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
    /// Whether it may sign in; absent where the input does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Instant>,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
    /// When it was last seen to act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Instant>,
    /// How it proves itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authentication: Vec<Authentication>,
    /// The supplier who runs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
}

impl Identity {
    /// The label by which a reader says that a provider runs the identity for itself, `true` where it does: nobody else can own, disable or restrict it.
    pub const PROVIDER_MANAGED: &'static str = "provider_managed";

    /// Whether a provider runs the identity for itself.
    pub fn is_provider_managed(&self) -> bool {
        self.labels.get(Identity::PROVIDER_MANAGED).is_some_and(|value| value == "true")
    }

    /// An identity of an id and a kind, with nothing else known.
    pub fn new(id: impl Into<String>, kind: IdentityKind) -> Self {
        Identity {
            id: id.into(),
            name: None,
            kind,
            tenant: None,
            environment: None,
            owner: None,
            labels: Labels::new(),
            enabled: None,
            created_at: None,
            expires_at: None,
            last_used_at: None,
            authentication: Vec::new(),
            vendor: None,
        }
    }
}

const fn other() -> IdentityKind {
    IdentityKind::Other
}

fn is_other(kind: &IdentityKind) -> bool {
    *kind == IdentityKind::Other
}
