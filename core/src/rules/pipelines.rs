//! [`pipeline_secrets`]: the long-lived secrets that pipelines hold, and what could stand in their place.

use super::keys::Keys;
use super::rule::Context;
use crate::estate::{Coverage, EntityIndex, SecretRef};
use crate::model::{RelationKind, Storage, TenantKind};
use crate::policy::Policy;
use std::collections::BTreeSet;

/// Why a federated token would do in place of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alternative {
    /// The identity takes federated tokens already.
    Itself,
    /// Another identity of this tenant does.
    Beside(EntityIndex),
    /// This tenant is of a kind that can.
    Offered(EntityIndex),
}

/// A long-lived secret that a pipeline holds.
#[derive(Debug)]
pub(super) struct PipelineSecret {
    /// The pipeline; the secret itself where it lies in a variable of one that nobody names.
    pub holder: EntityIndex,
    /// The first record of the secret.
    pub secret: EntityIndex,
    /// What it authenticates as and could do without.
    pub opens: Vec<(EntityIndex, Alternative)>,
    /// Whether it is known what it opens and where that stands.
    pub known: bool,
}

/// The long-lived secrets that pipelines hold, by secret then pipeline.
pub(super) fn pipeline_secrets(context: &Context<'_>, keys: &Keys) -> Vec<PipelineSecret> {
    let estate = context.estate;
    let takes = takes_tokens(context);
    let tenants: BTreeSet<_> = takes.iter().filter_map(|identity| estate.own_tenant(*identity)).collect();
    let pipelines = estate.pipelines(context.as_of);
    let mut found = Vec::new();
    for secret in keys.all() {
        let records = keys.records(secret);
        let described: Vec<_> = records.iter().filter_map(|record| estate.entity(*record).as_secret()).collect();
        if described.is_empty() || described.iter().any(|secret| is_short_lived(secret, context.policy)) {
            continue;
        }
        let mut holders: Vec<_> = keys.used_by(secret).filter(|entity| pipelines.contains(entity)).collect();
        if holders.is_empty() && described.iter().any(|secret| secret.storage == Some(Storage::CiVariable)) {
            holders.push(secret);
        }
        let opens = || keys.opens(secret).filter_map(|it| Some((it, alternative(context, it, &takes, &tenants)?))).collect();
        let known = keys.opens(secret).next().is_some() && keys.opens(secret).all(|identity| estate.own_tenant(identity).is_some());
        found.extend(holders.into_iter().map(|holder| PipelineSecret { holder, secret, opens: opens(), known }));
    }
    found
}

/// Of how many of these secrets it is known what they open, and of how many pipelines what they hold or how they prove themselves.
pub(super) fn coverage(context: &Context<'_>, keys: &Keys) -> Vec<Coverage> {
    let estate = context.estate;
    let secrets = pipeline_secrets(context, keys);
    let note = "long-lived secrets of pipelines of which nobody says what they open may be replaceable by federated tokens";
    let opened = Coverage::counted("pipeline_secrets", secrets.iter().map(|secret| secret.known), note);
    let proves = |pipeline: EntityIndex| {
        estate.relations_from(pipeline).any(|relation| matches!(relation.kind(), RelationKind::Uses | RelationKind::FederatesTo))
    };
    let pipelines = estate.pipelines(context.as_of);
    let pipelines = estate.indices().filter(|entity| context.graph.lives(*entity) && pipelines.contains(entity));
    let note = "pipelines of which nobody says which secrets they use or where their tokens are taken may hold static ones";
    let proofs = Coverage::counted("pipeline_proofs", pipelines.map(proves), note);
    [opened, proofs].into_iter().flatten().collect()
}

/// Whether a secret is issued for a job or so; one of which nobody says so is not.
fn is_short_lived(secret: &SecretRef<'_>, policy: &Policy) -> bool {
    let lifetime = secret.rotated_at.or(secret.created_at).zip(secret.expires_at).map(|(since, until)| until.days_since(since));
    secret.dynamic == Some(true) || lifetime.is_some_and(|days| days <= i64::from(policy.dynamic_lifetime_days))
}

/// The identities that take federated tokens.
fn takes_tokens(context: &Context<'_>) -> BTreeSet<EntityIndex> {
    let relations = context.estate.relations().filter(|relation| relation.kind() == RelationKind::FederatesTo);
    relations
        .filter(|relation| relation.valid_at(context.as_of) && context.graph.lives(relation.to()))
        .map(|relation| relation.to())
        .collect()
}

fn alternative(
    context: &Context<'_>,
    identity: EntityIndex,
    takes: &BTreeSet<EntityIndex>,
    tenants: &BTreeSet<EntityIndex>,
) -> Option<Alternative> {
    if takes.contains(&identity) {
        return Some(Alternative::Itself);
    }
    let tenant = context.estate.own_tenant(identity)?;
    if tenants.contains(&tenant) {
        return Some(Alternative::Beside(tenant));
    }
    let offers = context.estate.entity(tenant).as_tenant().is_some_and(|tenant| takes_federation(tenant.kind));
    offers.then_some(Alternative::Offered(tenant))
}

/// Whether identities of such a tenant can accept the tokens of a pipeline's issuer: the clouds, Entra, Kubernetes and Vault can, as their documentation
/// of workload identity federation, web identity, structured authentication and the JWT method says. Whether a SaaS product can differs by product.
fn takes_federation(kind: TenantKind) -> bool {
    use TenantKind as K;
    matches!(
        kind,
        K::EntraTenant
            | K::AwsAccount
            | K::GcpProject
            | K::AzureSubscription
            | K::AzureResourceGroup
            | K::KubernetesCluster
            | K::KubernetesNamespace
            | K::VaultNamespace
            | K::SpiffeTrustDomain
    )
}
