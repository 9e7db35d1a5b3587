//! [`Tenant`]: an identity boundary.

use super::words::words;
use super::{Environment, Instant, Labels};
use serde::{Deserialize, Serialize};

words! {
    /// What draws the boundary of a tenant.
    TenantKind {
        /// A Microsoft Entra tenant.
        EntraTenant => "entra_tenant",
        /// An AWS organisation.
        AwsOrganization => "aws_organization",
        /// An AWS organisational unit.
        AwsOrganizationalUnit => "aws_organizational_unit",
        /// An AWS account.
        AwsAccount => "aws_account",
        /// A Google Cloud organisation.
        GcpOrganization => "gcp_organization",
        /// A Google Cloud folder.
        GcpFolder => "gcp_folder",
        /// A Google Cloud project.
        GcpProject => "gcp_project",
        /// An Azure management group.
        AzureManagementGroup => "azure_management_group",
        /// An Azure subscription.
        AzureSubscription => "azure_subscription",
        /// An Azure resource group.
        AzureResourceGroup => "azure_resource_group",
        /// A GitHub organisation.
        GithubOrganization => "github_organization",
        /// A GitLab group.
        GitlabGroup => "gitlab_group",
        /// A Kubernetes cluster.
        KubernetesCluster => "kubernetes_cluster",
        /// A Kubernetes namespace.
        KubernetesNamespace => "kubernetes_namespace",
        /// A Vault namespace.
        VaultNamespace => "vault_namespace",
        /// A SPIFFE trust domain.
        SpiffeTrustDomain => "spiffe_trust_domain",
        /// An Okta organisation.
        OktaOrganization => "okta_organization",
        /// An Active Directory domain.
        ActiveDirectoryDomain => "active_directory_domain",
        /// An organisation's account with a SaaS product.
        SaasOrganization => "saas_organization",
        /// A supplier.
        Vendor => "vendor",
        /// Any other boundary.
        Other => "other",
    }
}

impl TenantKind {
    /// Whether such a tenant is there to group others, so that it holds several environments by design.
    pub const fn groups_tenants(self) -> bool {
        matches!(
            self,
            TenantKind::AwsOrganization
                | TenantKind::AwsOrganizationalUnit
                | TenantKind::GcpOrganization
                | TenantKind::GcpFolder
                | TenantKind::AzureManagementGroup
        )
    }

    /// Whether whoever owns such a tenant answers for the identities in it: it is one team's, not a whole organisation's.
    pub const fn is_one_teams(self) -> bool {
        matches!(
            self,
            TenantKind::AwsAccount
                | TenantKind::GcpProject
                | TenantKind::AzureSubscription
                | TenantKind::AzureResourceGroup
                | TenantKind::KubernetesNamespace
                | TenantKind::VaultNamespace
        )
    }
}

/// The controls in force in a tenant. What is absent is not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Controls {
    /// Whether people must use a second factor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mfa_required: Option<bool>,
    /// Whether actions are logged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit_logging: Option<bool>,
    /// Whether somebody watches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monitored: Option<bool>,
    /// The oldest a secret may be, in days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_secret_age_days: Option<u32>,
}

/// An identity boundary: a cloud account, a directory, a cluster, an organisation with a vendor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// Unique across the estate.
    pub id: String,
    /// What people call it; the id where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What draws the boundary.
    #[serde(default = "other", skip_serializing_if = "is_other")]
    pub kind: TenantKind,
    /// The declared environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
    /// The id of the tenant that contains it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Labels.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Instant>,
    /// When it should be gone. An expired tenant still conducts: that is the forgotten access path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
    /// The controls in force.
    #[serde(default, skip_serializing_if = "no_controls")]
    pub controls: Controls,
}

impl Tenant {
    /// A tenant of an id and a kind, with nothing else known.
    pub fn new(id: impl Into<String>, kind: TenantKind) -> Self {
        Tenant {
            id: id.into(),
            name: None,
            kind,
            environment: None,
            parent: None,
            owner: None,
            labels: Labels::new(),
            created_at: None,
            expires_at: None,
            controls: Controls::default(),
        }
    }
}

const fn other() -> TenantKind {
    TenantKind::Other
}

fn is_other(kind: &TenantKind) -> bool {
    *kind == TenantKind::Other
}

fn no_controls(controls: &Controls) -> bool {
    *controls == Controls::default()
}
