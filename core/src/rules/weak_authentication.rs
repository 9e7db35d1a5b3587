//! `weak-authentication`: an identity proves itself by too little.

use super::rule::{Context, Draft, Rule};
use super::wording::listed;
use super::{Evidence, SecretUse, Standards};
use crate::analysis::{IdentityPrivilege, PrivilegeReason};
use crate::estate::{EntityIndex, IdentityRef};
use crate::model::{Authentication, IdentityKind, RelationKind, SecretKind};
use crate::policy::Severity;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static RULE: Rule = Rule {
    id: "weak-authentication",
    title: "Weak authentication",
    why: "A password without a second factor falls to guessing, spraying and phishing; a static secret works for whoever copies it. In test tenants both are \
          common, and the way into production has begun there.",
    remedy: "Ask for a second factor from people, and give machines a certificate or a federated token in place of a static secret; then revoke the secret.",
    example: "An administrator signs in with a password alone. Ask for a second factor, or for a key that does not leave the device.",
    severity: Severity::Medium,
    severity_reason: "guessing or copying is all it takes to be that identity",
    standards: Standards::new(&["NHI4:2025"], &["PR.AA-03"], &["IA-2", "IA-5"]).ai_rmf(&["MEASURE 2.7"]),
    check,
};

/// A password without a second factor, anywhere; a static secret or password of a machine identity, where the policy asks for more. Of an identity of which
/// nobody says how it proves itself nothing is said; it stands in the coverage.
fn check(context: &Context<'_>) -> Vec<Draft> {
    let strong = strong(context);
    let secrets = secrets(context, &strong);
    let living = context.estate.indices().filter(|index| context.graph.lives(*index));
    let identities = living.filter_map(|index| Some((index, context.estate.entity(index).as_identity()?)));
    identities
        .filter_map(|(index, identity)| {
            let static_secret = strong.contains(&index) && identity.authentication.contains(&Authentication::StaticSecret);
            weak(context, index, identity, static_secret, secrets.get(&index).map_or(&[], Vec::as_slice))
        })
        .collect()
}

/// The machine identities of which the policy asks for a certificate or a federated token: those of some classes, and those that command much.
fn strong(context: &Context<'_>) -> BTreeSet<EntityIndex> {
    let estate = context.estate;
    let of_class = estate.indices().filter(|index| context.policy.strong_authentication.contains(&estate.environment(*index).class()));
    let commands = |identity: &&IdentityPrivilege| {
        let grants = || identity.privileged.iter();
        !identity.through.is_empty() || grants().any(|it| it.tier == Some(0) || it.reasons.contains(&PrivilegeReason::Administrator))
    };
    let privileged = context.privilege.identities.iter().filter(|_| context.policy.strong_authentication_of_privileged).filter(commands);
    let privileged = privileged.filter_map(|identity| estate.find(&identity.identity));
    let is_machine = |index: &EntityIndex| estate.entity(*index).as_identity().is_some_and(|identity| identity.kind.is_machine());
    of_class.chain(privileged).filter(is_machine).collect()
}

/// The living static secrets by which these identities sign in.
fn secrets(context: &Context<'_>, strong: &BTreeSet<EntityIndex>) -> BTreeMap<EntityIndex, Vec<EntityIndex>> {
    let mut secrets: BTreeMap<EntityIndex, Vec<EntityIndex>> = BTreeMap::new();
    for relation in context.estate.relations().filter(|relation| relation.kind() == RelationKind::AuthenticatesAs) {
        let secret = context.estate.entity(relation.from()).as_secret();
        let is_static = secret.is_some_and(|secret| {
            let kind = matches!(
                secret.kind,
                SecretKind::ApiKey | SecretKind::AccessKey | SecretKind::ClientSecret | SecretKind::Password | SecretKind::Token
            );
            kind && secret.dynamic != Some(true)
        });
        if is_static && relation.valid_at(context.as_of) && context.graph.lives(relation.from()) && strong.contains(&relation.to()) {
            let known = secrets.entry(relation.to()).or_default();
            if known.last() != Some(&relation.from()) {
                known.push(relation.from());
            }
        }
    }
    secrets
}

fn weak(
    context: &Context<'_>,
    index: EntityIndex,
    identity: IdentityRef<'_>,
    static_secret: bool,
    secrets: &[EntityIndex],
) -> Option<Draft> {
    let by = |method| identity.authentication.contains(&method);
    let alone = by(Authentication::Password) && !by(Authentication::Mfa) && !asks_for_mfa(context, index, identity);
    let why = match (alone, static_secret || !secrets.is_empty()) {
        (false, false) => return None,
        (true, false) => "a password without a second factor".to_owned(),
        (true, true) => "a password without a second factor, and a static secret".to_owned(),
        (false, true) => "a static secret where a certificate or a federated token is asked for".to_owned(),
    };
    let known = listed(secrets.iter().map(|secret| context.name(*secret)).collect(), secrets.len() as u64);
    let known = if known.is_empty() { known } else { format!(": {known}") };
    let message = format!("{} proves itself by {why}{known}", context.name(index));
    let methods = Evidence::Authentication { identity: identity.id.to_owned(), methods: identity.authentication.to_vec() };
    let draft = Draft::new(vec![identity.id.to_owned()], message).show(methods).weight(u64::from(alone)).raised_by(vec![index]);
    let environment = context.estate.environment(index).environment;
    let uses = secrets.iter().map(|secret| Evidence::Use {
        secret: context.id(*secret),
        role: SecretUse::AuthenticatesAs,
        entity: identity.id.to_owned(),
        environment,
    });
    Some(uses.fold(draft, Draft::show))
}

/// Whether the identity is a person's and its tenant asks people for a second factor.
fn asks_for_mfa(context: &Context<'_>, index: EntityIndex, identity: IdentityRef<'_>) -> bool {
    let tenant = context.estate.container(index).and_then(|tenant| context.estate.entity(tenant).as_tenant());
    identity.kind == IdentityKind::Human && tenant.is_some_and(|tenant| tenant.controls.mfa_required == Some(true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Controls, Identity, Relation, Secret, Tenant, TenantKind};
    use crate::rules::testing::Scene;

    fn identity(kind: IdentityKind, tenant: &str, authentication: &[Authentication]) -> Identity {
        Identity { tenant: Some(tenant.into()), authentication: authentication.to_vec(), ..Identity::new("it", kind) }
    }

    fn messages(identity: Identity, mfa_required: Option<bool>, policy: &str) -> Vec<String> {
        let controls = Controls { mfa_required, ..Controls::default() };
        let scene = Scene::new().add(Tenant { controls, ..Tenant::new("acme-dev", TenantKind::EntraTenant) }).tenant("acme-prod");
        scene.add(identity).findings("weak-authentication", policy).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_password_alone_is_weak_everywhere() {
        let person = || identity(IdentityKind::Human, "acme-dev", &[Authentication::Password]);
        assert_eq!(messages(person(), None, ""), ["`it` proves itself by a password without a second factor"]);
        assert!(messages(person(), Some(true), "").is_empty());
        let second = identity(IdentityKind::Human, "acme-dev", &[Authentication::Password, Authentication::Mfa]);
        assert!(messages(second, None, "").is_empty());
        assert!(messages(identity(IdentityKind::Human, "acme-dev", &[]), None, "").is_empty());
    }

    #[test]
    fn a_static_secret_is_weak_where_the_policy_asks_for_more() {
        let policy = "strong_authentication = ['production']";
        let machine =
            |tenant| identity(IdentityKind::ServicePrincipal, tenant, &[Authentication::StaticSecret, Authentication::Certificate]);
        let message = "`it` proves itself by a static secret where a certificate or a federated token is asked for";
        assert_eq!(messages(machine("acme-prod"), None, policy), [message]);
        assert!(messages(machine("acme-dev"), None, policy).is_empty());
        assert!(messages(machine("acme-prod"), None, "").is_empty());
        assert!(messages(identity(IdentityKind::Workload, "acme-prod", &[Authentication::Federated]), None, policy).is_empty());
    }

    #[test]
    fn the_static_secrets_of_what_commands_a_tenant_are_weak() {
        let found = |kind, dynamic, relation, policy| {
            let key = Secret { dynamic, ..Secret::new("key", kind) };
            let scene = Scene::new().tenant("acme-dev").identity("robot", "acme-dev").secret(key);
            let scene = scene.relate(Relation::new("robot", relation, "acme-dev"));
            scene.relate(Relation::new("key", RelationKind::AuthenticatesAs, "robot")).findings("weak-authentication", policy)
        };
        let administrator = RelationKind::Administers;
        let weak = found(SecretKind::AccessKey, None, administrator, "");
        assert!(weak[0].message.ends_with("is asked for: `key`"), "{}", weak[0].message);
        assert_eq!(weak[0].evidence.len(), 2);
        assert!(found(SecretKind::AccessKey, None, RelationKind::Reads, "").is_empty());
        assert!(found(SecretKind::AccessKey, None, administrator, "strong_authentication_of_privileged = false").is_empty());
        assert!(found(SecretKind::Certificate, None, administrator, "").is_empty());
        assert!(found(SecretKind::Token, Some(true), administrator, "").is_empty());
    }
}
