//! Pod Identity of EKS: which service account of which cluster acts as which role.

use super::accounts::Accounts;
use super::add::decided;
use super::entities;
use super::gather::Gather;
use super::iam::decision::Decision;
use super::iam::known::Known;
use super::iam::principal::{Principal, account_of};
use super::names::{Arn, account_id};
use super::trusts::{ASSUME, asked};
use crate::estate::{EstateBuilder, Position};
use crate::importers::subjects;
use crate::model::{Identity, IdentityKind, Relation, RelationKind, Tenant, TenantKind};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};

/// An association of `list-pod-identity-associations`, which tells no role, or of `describe-pod-identity-association`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Read {
    association_arn: Option<String>,
    cluster_name: Option<String>,
    namespace: Option<String>,
    service_account: Option<String>,
    role_arn: Option<String>,
    disable_session_tags: Option<bool>,
}

/// A service account of a cluster and the role that its pods act as.
#[derive(Debug)]
pub(super) struct Association {
    cluster: String,
    namespace: String,
    service_account: String,
    /// Absent where only the list told of it.
    pub role: Option<String>,
    /// Whether EKS names the cluster and the account to the role's trust.
    tags: bool,
    position: Position,
}

const NO_ASSOCIATION: &str = "an association of Pod Identity without its ARN, cluster, namespace or service account";
/// Who assumes the role for a pod. Source: EKS user guide, "Create IAM role with trust policy required by EKS Pod Identity".
const SERVICE: &str = "pods.eks.amazonaws.com";
const TAG: &str = "sts:TagSession";

impl Gather<'_, '_, '_> {
    /// Associations of Pod Identity.
    pub fn pod_identities(&mut self, list: Option<&Vec<&RawValue>>, one: Option<&RawValue>) -> bool {
        for text in list.into_iter().flatten().copied().chain(one) {
            let Some(read) = self.part::<Read>(text) else { continue };
            let (Some(arn), Some(cluster), Some(namespace), Some(service_account)) =
                (read.association_arn, read.cluster_name, read.namespace, read.service_account)
            else {
                self.skip(NO_ASSOCIATION);
                continue;
            };
            let position = self.context.builder.position();
            let tags = read.disable_session_tags != Some(true);
            let association = Association { cluster, namespace, service_account, role: read.role_arn, tags, position };
            let known = self.world.pod_identities.entry(arn);
            known.and_modify(|known| known.learn(&association)).or_insert(association);
        }
        list.is_some() || one.is_some()
    }
}

impl Association {
    fn learn(&mut self, other: &Association) {
        self.role = self.role.take().or_else(|| other.role.clone());
        self.tags &= other.tags;
    }
}

/// Adds the service accounts as the reader of Kubernetes names them, and the roles that their pods act as. A cluster is known there by its name alone: of one
/// that two accounts or regions have, nobody can say which it is.
pub(super) fn add(accounts: &Accounts<'_>, builder: &mut EstateBuilder) {
    let associations = &accounts.world.pod_identities;
    let mut clusters: BTreeMap<&str, BTreeSet<(&str, &str)>> = BTreeMap::new();
    for (arn, association) in associations {
        let place = Arn::parse(arn).map_or(("", ""), |arn| (arn.account, arn.region));
        clusters.entry(&association.cluster).or_default().insert(place);
    }
    for (arn, association) in associations {
        builder.resume(association.position);
        let Some(role) = &association.role else { continue };
        let alone = clusters.get(association.cluster.as_str()).is_some_and(|places| places.len() == 1);
        let decision = association.may_act_as(accounts, arn, role).and(if alone { Decision::ALLOWED } else { Decision::POSSIBLE });
        let from = subjects::service_account(&association.cluster, &association.namespace, &association.service_account);
        association.add(&from, builder);
        if let Some(tenant) = Arn::parse(role).map(|role| account_id(role.partition, role.account)) {
            entities::stranger(&tenant, builder);
        }
        let relation = Relation::new(&from, RelationKind::FederatesTo, role).permission("pod identity association");
        decided(relation, decision).into_iter().for_each(|relation| builder.relate(relation));
    }
}

impl Association {
    fn add(&self, id: &str, builder: &mut EstateBuilder) {
        let cluster = subjects::cluster(&self.cluster);
        let namespace = subjects::namespace(&self.cluster, &self.namespace);
        builder.add(Tenant { name: Some(self.cluster.clone()), ..Tenant::new(&cluster, TenantKind::KubernetesCluster) });
        let parent = Some(cluster);
        builder.add(Tenant { name: Some(self.namespace.clone()), parent, ..Tenant::new(&namespace, TenantKind::KubernetesNamespace) });
        let name = Some(self.service_account.clone());
        builder.add(Identity { name, tenant: Some(namespace), ..Identity::new(id, IdentityKind::ServiceAccount) });
    }

    /// What the trust of the role says to EKS, which comes for the pod and tells whose it is. A role that is not in the input may say anything.
    /// Source: EKS user guide, "Grant Pods access to AWS resources based on tags".
    fn may_act_as(&self, accounts: &Accounts<'_>, arn: &str, role: &str) -> Decision {
        let Some(principal) = accounts.world.principals.get(role) else { return Decision::POSSIBLE };
        let Some(trust) = &principal.trust else { return Decision::POSSIBLE };
        let parsed = Arn::parse(arn);
        let cluster = parsed.map(|arn| format!("arn:{}:eks:{}:{}:cluster/{}", arn.partition, arn.region, arn.account, self.cluster));
        let one = |value: &str| Known::Values(vec![value.to_owned()]);
        let tag = |value: Option<&str>| match value.filter(|_| self.tags) {
            Some(value) => one(value),
            None => Known::Absent,
        };
        let known = |key: &str| match key {
            "aws:requesttag/eks-cluster-arn" => tag(cluster.as_deref()),
            "aws:requesttag/eks-cluster-name" => tag(Some(&self.cluster)),
            "aws:requesttag/kubernetes-namespace" => tag(Some(&self.namespace)),
            "aws:requesttag/kubernetes-service-account" => tag(Some(&self.service_account)),
            "aws:sourceaccount" => account_of(arn).map_or(Known::Unknown, one),
            "aws:sourcearn" => cluster.as_deref().map_or(Known::Unknown, one),
            "aws:principalisawsservice" => one("true"),
            "aws:principalservicename" => one(SERVICE),
            _ => Known::Unknown,
        };
        let asked = |action| asked(accounts, role, trust, action, Principal::Service(SERVICE), &known);
        if self.tags { asked(ASSUME).and(asked(TAG)) } else { asked(ASSUME) }
    }
}
