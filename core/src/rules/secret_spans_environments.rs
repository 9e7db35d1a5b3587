//! `secret-spans-environments`: one secret serves production and non-production.

use super::rule::{Context, Draft, Rule};
use super::{Evidence, SecretUse, Standards};
use crate::estate::EntityIndex;
use crate::model::{EnvironmentClass, RelationKind};
use crate::policy::Severity;
use std::collections::{BTreeSet, HashMap};

pub(super) static RULE: Rule = Rule {
    id: "secret-spans-environments",
    title: "One secret serves production and non-production",
    why: "A secret is as safe as the weakest place that knows it. Where a test system holds the value that opens production, taking the test system is \
          enough, and rotating in one place breaks the other.",
    remedy: "Give each environment a secret of its own, then rotate the shared value and revoke it.",
    severity: Severity::Medium,
    standards: Standards::new(&["NHI8:2025", "NHI9:2025"], &["PR.AA-01"], &["IA-5"]),
    check,
};

/// A secret by one of its records, and everything that has to do with it. Records of one fingerprint are one secret.
type Uses = BTreeSet<(EntityIndex, SecretUse, EntityIndex)>;

/// Costs one pass over the entities and one over the relations.
fn check(context: &Context<'_>) -> Vec<Draft> {
    let estate = context.estate;
    let mut groups: HashMap<EntityIndex, usize> = HashMap::new();
    let mut by_fingerprint: HashMap<&str, usize> = HashMap::new();
    let mut uses: Vec<Uses> = Vec::new();
    for index in estate.indices().filter(|index| context.graph.lives(*index)) {
        let Some(secret) = estate.entity(index).as_secret() else { continue };
        let fingerprint = secret.fingerprint.as_deref().filter(|fingerprint| !fingerprint.is_empty());
        let group = fingerprint.map_or(uses.len(), |fingerprint| *by_fingerprint.entry(fingerprint).or_insert(uses.len()));
        if group == uses.len() {
            uses.push(Uses::new());
        }
        groups.insert(index, group);
        uses[group].insert((index, SecretUse::Record, index));
    }
    for relation in estate.relations() {
        let (secret, role, other) = match relation.kind() {
            RelationKind::AuthenticatesAs => (relation.from(), SecretUse::AuthenticatesAs, relation.to()),
            RelationKind::Uses => (relation.to(), SecretUse::UsedBy, relation.from()),
            RelationKind::Stores => (relation.to(), SecretUse::StoredIn, relation.from()),
            _ => continue,
        };
        if let Some(group) = groups.get(&secret).filter(|_| relation.valid_at(context.as_of) && context.graph.lives(other)) {
            uses[*group].insert((secret, role, other));
        }
    }
    uses.into_iter().filter_map(|uses| draft(context, uses)).collect()
}

fn draft(context: &Context<'_>, uses: Uses) -> Option<Draft> {
    let environment = |entity: EntityIndex| context.estate.environment(entity).environment;
    let side = |class: EnvironmentClass| {
        let on_side = uses.iter().filter(move |(_, _, entity)| environment(*entity).class() == class);
        on_side.map(|(_, role, entity)| said(context, *role, *entity)).collect::<Vec<_>>()
    };
    let (production, elsewhere) = (side(EnvironmentClass::Production), side(EnvironmentClass::NonProduction));
    if production.is_empty() || elsewhere.is_empty() {
        return None;
    }
    let records: BTreeSet<EntityIndex> = uses.iter().map(|(secret, _, _)| *secret).collect();
    let names = listed(records.iter().map(|secret| context.name(*secret)).collect());
    let one = if records.len() == 1 { "is one secret" } else { "are one secret" };
    let message = format!("{names} {one} on both sides: in production {}; outside it {}", listed(production), listed(elsewhere));
    let subjects = records.iter().map(|secret| context.id(*secret)).collect();
    let mut draft = Draft::new(subjects, message).weight(uses.len() as u64).raised_by(records.into_iter().collect());
    draft.evidence = uses
        .into_iter()
        .map(|(secret, role, entity)| Evidence::Use {
            secret: context.id(secret),
            role,
            entity: context.id(entity),
            environment: environment(entity),
        })
        .collect();
    Some(draft)
}

fn said(context: &Context<'_>, role: SecretUse, entity: EntityIndex) -> String {
    let name = context.name(entity);
    match role {
        SecretUse::Record => format!("{name} belongs there"),
        SecretUse::AuthenticatesAs => format!("it authenticates as {name}"),
        SecretUse::UsedBy => format!("{name} uses it"),
        SecretUse::StoredIn => format!("{name} stores it"),
    }
}

/// The first three of a list, and how many more there are.
fn listed(mut items: Vec<String>) -> String {
    let more = items.len().saturating_sub(3);
    items.truncate(3);
    let text = items.join(", ");
    if more > 0 { format!("{text} and {more} more") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Identity, IdentityKind, Relation, Secret, SecretKind};
    use crate::rules::testing::Scene;

    fn copy(id: &str, tenant: &str) -> Secret {
        Secret { tenant: Some(tenant.into()), fingerprint: Some("f1".into()), ..Secret::new(id, SecretKind::ApiKey) }
    }

    fn scene() -> Scene {
        Scene::new().tenant("acme-dev").tenant("acme-prod")
    }

    fn messages(scene: Scene) -> Vec<String> {
        scene.findings("secret-spans-environments", "").into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn two_records_of_one_value_on_both_sides_are_one_finding() {
        let findings =
            scene().secret(copy("dev-key", "acme-dev")).secret(copy("prod-key", "acme-prod")).findings("secret-spans-environments", "");
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].subjects, ["dev-key", "prod-key"]);
        assert_eq!(
            findings[0].message,
            "`dev-key`, `prod-key` are one secret on both sides: in production `prod-key` belongs there; outside it `dev-key` belongs there"
        );
        assert_eq!(findings[0].severity, Severity::High);
    }

    #[test]
    fn one_record_that_is_used_from_the_other_side_is_found() {
        let scene = scene().secret(copy("key", "acme-prod")).identity("robot", "acme-dev");
        let found = messages(scene.relate(Relation::new("robot", RelationKind::Uses, "key")));
        assert_eq!(found, ["`key` is one secret on both sides: in production `key` belongs there; outside it `robot` uses it"]);
    }

    #[test]
    fn what_is_dead_or_on_one_side_is_silent() {
        let revoked = Secret { revoked: Some(true), ..copy("dev-key", "acme-dev") };
        assert!(messages(scene().secret(revoked).secret(copy("prod-key", "acme-prod"))).is_empty());
        let other = Secret { fingerprint: None, ..copy("dev-key", "acme-dev") };
        assert!(messages(scene().secret(other).secret(copy("prod-key", "acme-prod"))).is_empty());
        let disabled = Identity { enabled: Some(false), tenant: Some("acme-dev".into()), ..Identity::new("robot", IdentityKind::Workload) };
        let scene = scene().secret(copy("key", "acme-prod")).add(disabled);
        assert!(messages(scene.relate(Relation::new("robot", RelationKind::Uses, "key"))).is_empty());
    }
}
