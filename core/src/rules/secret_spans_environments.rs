//! `secret-spans-environments`: one secret serves production and non-production.

use super::rule::{Context, Draft, Rule};
use super::wording::listed;
use super::{Evidence, SecretUse, Standards};
use crate::analysis::{SharedEntity, SharingEvidence};
use crate::estate::{EntityIndex, Tie};
use crate::model::{Certainty, EntityType, EnvironmentClass, RelationKind};
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "secret-spans-environments",
    title: "One secret serves production and non-production",
    why: "A secret is as safe as the weakest place that knows it. Where a test system holds the value that opens production, taking the test system is \
          enough, and rotating in one place breaks the other.",
    remedy: "Give each environment a secret of its own, then rotate the shared value and revoke it.",
    example: "The same API key lies in the vaults of staging and of production. Issue one a side and rotate the shared one.",
    severity: Severity::Medium,
    severity_reason: "what is taken on the weaker side works on the other without another step",
    standards: Standards::new(&["NHI8:2025", "NHI9:2025"], &["PR.AA-01"], &["IA-5"]).ai_rmf(&["MEASURE 2.7"]),
    check,
};

/// Stands on what is shared; records of one fingerprint are one secret.
fn check(context: &Context<'_>) -> Vec<Draft> {
    let is_secret = |shared: &&SharedEntity| {
        context.estate.find(&shared.entity).is_some_and(|entity| context.estate.entity(entity).entity_type() == EntityType::Secret)
    };
    context
        .sharing
        .shared
        .iter()
        .filter(|shared| shared.spans_production())
        .filter(is_secret)
        .map(|shared| draft(context, shared))
        .collect()
}

fn draft(context: &Context<'_>, shared: &SharedEntity) -> Draft {
    let side = |class: EnvironmentClass| {
        let ties: u64 = shared.ties.iter().filter(|(environment, _)| environment.class() == class).map(|(_, ties)| ties).sum();
        listed(shared.ties_to(class).map(|tie| said(context, tie)).collect(), ties)
    };
    let names = listed(shared.records.iter().map(|secret| context.name_of(secret)).collect(), shared.records.len() as u64);
    let sides = [EnvironmentClass::Production, EnvironmentClass::NonProduction];
    let is_sure = sides.iter().all(|class| shared.ties_to(*class).any(|tie| !is_possible(tie)));
    let one = match (is_sure, shared.records.len()) {
        (false, _) => "may be one secret",
        (true, 1) => "is one secret",
        (true, _) => "are one secret",
    };
    let (production, elsewhere) = (side(EnvironmentClass::Production), side(EnvironmentClass::NonProduction));
    let message = format!("{names} {one} on both sides: in production {production}; outside it {elsewhere}");
    let records: Vec<EntityIndex> = shared.records.iter().filter_map(|secret| context.estate.find(secret)).collect();
    let stand = records
        .iter()
        .map(|secret| (context.id(*secret), SecretUse::Record, context.id(*secret), context.estate.environment(*secret).environment));
    let used = shared.evidence.iter().filter_map(|tie| {
        let relation = tie.relation.as_ref()?;
        Some((secret_of(relation).clone(), role(tie), tie.entity.clone(), tie.environment))
    });
    let mut uses: Vec<_> = stand.chain(used).collect();
    uses.sort_unstable();
    let uses = uses.into_iter().map(|(secret, role, entity, environment)| Evidence::Use { secret, role, entity, environment });
    let perhaps = shared.evidence.iter().filter(|tie| is_possible(tie)).filter_map(|tie| tie.relation.clone());
    let evidence = uses.chain(perhaps.map(|relation| Evidence::Relation { relation })).collect();
    let draft = Draft::new(shared.records.clone(), message).weight(shared.ties.values().sum());
    // What may be two secrets is no step more severe for what one of them reaches.
    Draft { evidence, ..if is_sure { draft.raised_by(records) } else { draft } }
}

/// Whether a tie is only possible: a secret of the same name may stand before this one.
fn is_possible(tie: &SharingEvidence) -> bool {
    tie.relation.as_ref().is_some_and(|relation| relation.certainty == Certainty::Possible)
}

fn role(tie: &SharingEvidence) -> SecretUse {
    match tie.relation.as_ref().map(|relation| relation.kind) {
        None => SecretUse::Record,
        Some(RelationKind::AuthenticatesAs) => SecretUse::AuthenticatesAs,
        Some(RelationKind::Stores) => SecretUse::StoredIn,
        Some(_) => SecretUse::UsedBy,
    }
}

fn secret_of(relation: &Tie) -> &String {
    if relation.kind == RelationKind::AuthenticatesAs { &relation.from } else { &relation.to }
}

fn said(context: &Context<'_>, tie: &SharingEvidence) -> String {
    let name = context.name_of(&tie.entity);
    match (role(tie), is_possible(tie)) {
        (SecretUse::Record, _) => format!("{name} belongs there"),
        (SecretUse::AuthenticatesAs, false) => format!("it authenticates as {name}"),
        (SecretUse::AuthenticatesAs, true) => format!("it may authenticate as {name}"),
        (SecretUse::UsedBy, false) => format!("{name} uses it"),
        (SecretUse::UsedBy, true) => format!("{name} may use it"),
        (SecretUse::StoredIn, false) => format!("{name} stores it"),
        (SecretUse::StoredIn, true) => format!("{name} may store it"),
    }
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
