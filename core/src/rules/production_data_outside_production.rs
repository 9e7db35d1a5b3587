//! `production-data-outside-production`: data of production, or a copy of it, in a store of another environment.

use super::rule::{Context, Draft, Rule};
use super::wording::listed;
use super::{Evidence, Standards};
use crate::analysis::ProductionData;
use crate::estate::EntityIndex;
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "production-data-outside-production",
    title: "Production data outside production",
    why: "Data is worth the same wherever it lies. A copy in a test system is read by more people and more programs, watched by fewer, and outlives the test, and \
          it makes the test system a target that nobody defends as one.",
    remedy: "Delete the copy, or mask it so that no record leads to a person, and feed tests with made-up data. Say what data each store holds.",
    example: "The database `orders-staging` is restored from the backup of `orders` every night. Mask the names and addresses on the way, and mark it as masked.",
    severity: Severity::High,
    severity_reason: "the data is already where whoever takes a test system reads it, without another step",
    standards: Standards::new(&["NHI8:2025"], &["PR.DS-01"], &["SA-3(2)"]).ai_rmf(&["MEASURE 2.7"]),
    check,
};

/// A store of which nobody says what data it holds is unknown; it stands in the coverage.
fn check(context: &Context<'_>) -> Vec<Draft> {
    let found = context.classification.production_data.iter();
    found.filter_map(|data| Some(draft(context, context.estate.find(&data.resource)?, data))).collect()
}

fn draft(context: &Context<'_>, resource: EntityIndex, data: &ProductionData) -> Draft {
    let mut originals: Vec<_> = data.copies.iter().map(|copy| context.name_of(&copy.to)).collect();
    originals.dedup();
    let all = originals.len() as u64;
    let copied = (all > 0).then(|| format!("it is a copy of {}", listed(originals, all)));
    let stated = data.stated.then(|| "it is stated to hold data of production".to_owned());
    let why: Vec<_> = stated.into_iter().chain(copied).collect();
    let message = format!("{} ({}) holds production data: {}", context.name(resource), data.environment, why.join(", and "));
    let (entity, resolved) = (data.resource.clone(), context.estate.environment(resource));
    let draft = Draft::new(vec![data.resource.clone()], message).weight(all).show(Evidence::Environment {
        entity,
        environment: resolved.environment,
        source: resolved.source,
        label: None,
    });
    let copies = data.copies.iter().map(|relation| Evidence::Relation { relation: relation.clone() });
    copies.fold(draft, Draft::show).raised_by(vec![resource])
}

#[cfg(test)]
mod tests {
    use crate::model::{DataKind, Relation, RelationKind, Resource, ResourceKind};
    use crate::policy::Severity;
    use crate::rules::testing::Scene;

    fn store(id: &str, tenant: &str, data: Option<DataKind>) -> Resource {
        Resource { tenant: Some(tenant.into()), data, ..Resource::new(id, ResourceKind::Database) }
    }

    fn scene() -> Scene {
        Scene::new().tenant("acme-dev").tenant("acme-prod").add(store("orders", "acme-prod", None))
    }

    fn messages(scene: Scene) -> Vec<String> {
        scene.findings("production-data-outside-production", "").into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn data_that_is_stated_copied_or_copied_again_is_found() {
        let scene = scene()
            .add(store("dump", "acme-dev", Some(DataKind::Production)))
            .add(store("clone", "acme-dev", None))
            .add(store("second", "acme-dev", None))
            .relate(Relation::new("clone", RelationKind::CopyOf, "orders"))
            .relate(Relation::new("second", RelationKind::CopyOf, "clone"));
        let findings = scene.findings("production-data-outside-production", "");
        let mut found: Vec<_> = findings.iter().map(|finding| finding.message.as_str()).collect();
        found.sort_unstable();
        assert_eq!(
            found,
            [
                "`clone` (development) holds production data: it is a copy of `orders`",
                "`dump` (development) holds production data: it is stated to hold data of production",
                "`second` (development) holds production data: it is a copy of `clone`",
            ]
        );
        assert!(findings.iter().all(|finding| finding.severity >= Severity::High));
    }

    #[test]
    fn masked_made_up_and_unknown_data_and_data_in_production_are_silent() {
        let scene = scene()
            .add(store("masked", "acme-dev", Some(DataKind::Masked)))
            .add(store("made-up", "acme-dev", Some(DataKind::Synthetic)))
            .add(store("unknown", "acme-dev", None))
            .add(store("replica", "acme-prod", Some(DataKind::Production)))
            .relate(Relation::new("masked", RelationKind::CopyOf, "orders"))
            .relate(Relation::new("unknown", RelationKind::CopyOf, "masked"))
            .relate(Relation::new("replica", RelationKind::CopyOf, "orders"));
        assert!(messages(scene).is_empty());
    }
}
