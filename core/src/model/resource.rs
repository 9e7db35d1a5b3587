//! [`Resource`]: what is acted on.

use super::words::words;
use super::{Environment, Labels};
use serde::{Deserialize, Serialize};

words! {
    /// What a resource is.
    ResourceKind {
        /// A store of secrets: a vault, or a named secret of a secret manager whose versions are the material.
        Vault => "vault",
        /// A source repository.
        Repository => "repository",
        /// A machine that runs pipeline jobs.
        Runner => "runner",
        /// A virtual machine, node or host.
        Compute => "compute",
        /// A function or a serverless service.
        Function => "function",
        /// A database or a table store.
        Database => "database",
        /// A bucket.
        ObjectStore => "object_store",
        /// A cluster.
        Cluster => "cluster",
        /// Mailboxes.
        MailboxStore => "mailbox_store",
        /// A registry of images or packages.
        ArtifactRegistry => "artifact_registry",
        /// A cryptographic key that is used in place and never read.
        KeyManagementKey => "key_management_key",
        /// A queue or a topic.
        Queue => "queue",
        /// A SaaS product.
        Saas => "saas",
        /// Anything else that is acted on.
        Other => "other",
    }
}

words! {
    /// What data a resource holds.
    DataKind {
        /// Data of real users.
        Production => "production",
        /// Data of real users, masked.
        Masked => "masked",
        /// Made-up data.
        Synthetic => "synthetic",
    }
}

/// What is acted on: a vault, a repository, a bucket, a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// Unique across the estate.
    pub id: String,
    /// What people call it; the id where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is.
    #[serde(default = "other", skip_serializing_if = "is_other")]
    pub kind: ResourceKind,
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
    /// Whether its loss would hurt most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub critical: Option<bool>,
    /// What data it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<DataKind>,
}

impl Resource {
    /// A resource of an id and a kind, with nothing else known.
    pub fn new(id: impl Into<String>, kind: ResourceKind) -> Self {
        Resource {
            id: id.into(),
            name: None,
            kind,
            tenant: None,
            environment: None,
            owner: None,
            labels: Labels::new(),
            critical: None,
            data: None,
        }
    }
}

const fn other() -> ResourceKind {
    ResourceKind::Other
}

fn is_other(kind: &ResourceKind) -> bool {
    *kind == ResourceKind::Other
}
