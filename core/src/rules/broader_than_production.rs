//! `broader-than-production`: what is not production holds more than its twin there, or more is held over it.

use super::rule::{Context, Draft, Rule};
use super::wording::{granted, listed};
use super::{Evidence, Standards};
use crate::analysis::{BroaderRight, TwinDrift};
use crate::model::EntityType;
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "broader-than-production",
    title: "Holds more than its twin in production",
    why: "Rights are widened outside production to get a test through, and stay. A rehearsal under other rights than production's proves nothing, and what is \
          broad there reaches what production was careful to keep apart.",
    remedy: "Grant outside production what is granted in production, from one definition. What only tests need gets an identity of its own that ends with them.",
    example: "The staging deployer controls the database that production's deployer only reads. Give it the same right to read.",
    severity: Severity::Medium,
    severity_reason: "a right that production itself does without is in force where the guard is weaker",
    standards: Standards::new(&["NHI5:2025"], &["PR.AA-05"], &["AC-6"]).ai_rmf(&["MEASURE 2.7"]),
    check,
};

/// How much evidence is shown.
const SHOWN: usize = 25;

/// One finding for each entity that differs. Without a twin, or where nothing is known of what the twin holds, nothing is said; it stands in the coverage.
fn check(context: &Context<'_>) -> Vec<Draft> {
    context.privilege.broader_than_production.iter().map(|drift| draft(context, drift)).collect()
}

fn draft(context: &Context<'_>, drift: &TwinDrift) -> Draft {
    let all = drift.broader.len() as u64;
    let mut rights: Vec<_> = drift.broader.iter().map(|right| said(context, drift, right)).collect();
    rights.dedup();
    let several = rights.len() as u64;
    let said = listed(rights, several);
    let (name, environment) = (context.name_of(&drift.entity), drift.environment);
    let twins = listed(drift.twins.iter().map(|twin| told_apart(context, twin, &name)).collect(), drift.twins.len() as u64);
    let message = match drift.entity_type {
        EntityType::Tenant => format!("over {name} ({environment}) more is held than over its twin {twins}: {said}"),
        _ => format!("{name} ({environment}) holds more than its twin {twins}: {said}"),
    };
    let draft = Draft::new(vec![drift.entity.clone()], message).weight(all);
    let draft = draft.raised_by(context.estate.find(&drift.entity).into_iter().collect());
    let shown = drift.broader.iter().take(SHOWN);
    shown.fold(draft, |draft, right| draft.show(Evidence::Relation { relation: right.relation.clone() }))
}

/// The name of a twin, or its id where the name is the same.
fn told_apart(context: &Context<'_>, twin: &str, name: &str) -> String {
    let twins = context.name_of(twin);
    if twins == name { format!("`{twin}`") } else { twins }
}

fn said(context: &Context<'_>, drift: &TwinDrift, right: &BroaderRight) -> String {
    let holder = match drift.entity_type {
        EntityType::Tenant => format!("{} has ", context.name_of(&right.relation.from)),
        _ => String::new(),
    };
    let there = right.held.map_or_else(|| "nothing".to_owned(), |held| held.to_string());
    format!("{holder}{} ({there} there)", granted(context, &right.relation))
}

#[cfg(test)]
mod tests {
    use crate::model::{Identity, IdentityKind, Relation, RelationKind, Resource, ResourceKind};
    use crate::rules::testing::Scene;

    /// A deployer and a database on each side.
    fn scene() -> Scene {
        let mut scene = Scene::new();
        for tenant in ["shop-prod", "shop-dev"] {
            let named = |name: &str| (format!("{tenant}/{name}"), Some(name.to_owned()), Some(tenant.to_owned()));
            let (id, name, home) = named("deployer");
            scene = scene.tenant(tenant).add(Identity { name, tenant: home, ..Identity::new(id, IdentityKind::Workload) });
            let (id, name, home) = named("orders");
            scene = scene.add(Resource { name, tenant: home, ..Resource::new(id, ResourceKind::Database) });
        }
        scene
    }

    fn messages(scene: Scene) -> Vec<String> {
        scene.findings("broader-than-production", "").into_iter().map(|finding| finding.message).collect()
    }

    fn right(side: &str, kind: RelationKind) -> Relation {
        Relation::new(format!("{side}/deployer"), kind, format!("{side}/orders"))
    }

    #[test]
    fn an_identity_that_holds_more_than_its_twin_is_found() {
        let scene = scene().relate(right("shop-prod", RelationKind::Reads)).relate(right("shop-dev", RelationKind::Administers));
        assert_eq!(
            messages(scene),
            ["`deployer` (development) holds more than its twin `shop-prod/deployer`: `administers` over `orders` (read there)"]
        );
    }

    #[test]
    fn a_tenant_over_which_more_is_held_is_found() {
        let vendor = |kind, tenant| Relation::new("vendor", kind, tenant);
        let scene = scene().add(Identity::new("vendor", IdentityKind::Group)).relate(vendor(RelationKind::Administers, "shop-dev"));
        assert_eq!(
            messages(scene.relate(vendor(RelationKind::Reads, "shop-prod"))),
            [
                "over `shop-dev` (development) more is held than over its twin `shop-prod`: `vendor` has `administers` over `shop-dev` (read there)"
            ]
        );
    }

    #[test]
    fn the_same_rights_less_and_no_twin_are_silent() {
        let same = scene().relate(right("shop-prod", RelationKind::Writes)).relate(right("shop-dev", RelationKind::Writes));
        assert!(messages(same).is_empty());
        let less = scene().relate(right("shop-prod", RelationKind::Administers)).relate(right("shop-dev", RelationKind::Reads));
        assert!(messages(less).is_empty());
        assert!(messages(scene().relate(right("shop-dev", RelationKind::Administers))).is_empty());
    }
}
