//! `identity-spans-environments`: one identity serves production and non-production.

use super::rule::{Context, Draft, Rule};
use super::{Standards, both_sides};
use crate::analysis::{SharedEntity, SharingCategory};
use crate::estate::EntityIndex;
use crate::model::IdentityKind;
use crate::policy::Severity;
use std::collections::HashSet;

pub(super) static RULE: Rule = Rule {
    id: "identity-spans-environments",
    title: "One identity serves production and non-production",
    why: "An identity is as safe as the weakest system that can act as it. Where the account of a test system is also an account of production, taking the \
          test system is enough, no log tells the two apart, and it cannot be blocked on one side alone.",
    remedy: "Give each environment an identity of its own with the rights of its side only, move the workloads over, then take the rights of the other side \
             away.",
    example: "The service account `deployer` administers the clusters of staging and of production. Make a `deployer` for each and let each administer its own \
              cluster.",
    severity: Severity::Medium,
    severity_reason: "whoever acts as it on the weaker side acts as it in production without another step",
    standards: Standards::new(&["NHI8:2025", "NHI9:2025"], &["PR.AA-05"], &["AC-6"]).ai_rmf(&["MEASURE 2.7"]),
    check,
};

/// An identity spans by its rights, or by who acts as it; one of staging whose only right is one in production crosses. People work on both sides, groups and
/// bindings act through their members, vendors and pipelines have rules of their own.
fn check(context: &Context<'_>) -> Vec<Draft> {
    let acted_as = acted_as(context);
    let spans = |shared: &&SharedEntity| {
        let pipeline = !shared.pipelines.is_empty() && shared.rights_span_production();
        shared.category == SharingCategory::Identity && shared.spans_production() && !pipeline
    };
    let acts = |shared: &SharedEntity| {
        let entity = context.estate.find(&shared.entity)?;
        let acts = match context.estate.entity(entity).as_identity()?.kind {
            IdentityKind::Human | IdentityKind::Group => false,
            IdentityKind::Role => acted_as.contains(&entity),
            _ => true,
        };
        acts.then_some(entity)
    };
    let found = context.sharing.shared.iter().filter(spans).filter_map(|shared| Some((acts(shared)?, shared)));
    found.map(|(identity, shared)| draft(context, identity, shared)).collect()
}

/// What somebody can act as; a role that is only ever joined is a binding of rights.
fn acted_as(context: &Context<'_>) -> HashSet<EntityIndex> {
    let acts = context.estate.relations().filter(|relation| relation.kind().acts_as() && relation.valid_at(context.as_of));
    acts.map(|relation| relation.to()).collect()
}

fn draft(context: &Context<'_>, identity: EntityIndex, shared: &SharedEntity) -> Draft {
    let message = format!("{} is one identity on both sides: {}", context.name(identity), both_sides::said(context, shared));
    let draft = Draft::new(vec![shared.entity.clone()], message).weight(shared.ties.values().sum());
    Draft { evidence: both_sides::evidence(context, shared), ..draft.raised_by(vec![identity]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Identity, Relation, RelationKind};
    use crate::rules::testing::Scene;

    fn scene() -> Scene {
        Scene::new().tenant("acme-dev").tenant("acme-prod").identity("dev-robot", "acme-dev").identity("prod-robot", "acme-prod")
    }

    fn messages(scene: Scene) -> Vec<String> {
        scene.findings("identity-spans-environments", "").into_iter().map(|finding| finding.message).collect()
    }

    fn with_rights_on_both_sides(identity: Identity) -> Scene {
        let id = identity.id.clone();
        let scene = scene().add(identity).relate(Relation::new(id.clone(), RelationKind::Writes, "acme-prod"));
        scene.relate(Relation::new(id, RelationKind::Reads, "acme-dev"))
    }

    #[test]
    fn rights_on_both_sides_are_one_finding() {
        let findings =
            with_rights_on_both_sides(Identity::new("robot", IdentityKind::Workload)).findings("identity-spans-environments", "");
        assert_eq!(findings.len(), 1);
        assert_eq!(
            findings[0].message,
            "`robot` is one identity on both sides: it has rights over `acme-prod` in production and `acme-dev` outside it"
        );
        assert_eq!((findings[0].severity, findings[0].evidence.len()), (Severity::High, 2));
    }

    #[test]
    fn workloads_of_both_sides_that_act_as_one_are_found() {
        let scene = scene().identity("app", "acme-prod").relate(Relation::new("dev-robot", RelationKind::FederatesTo, "app"));
        let scene = scene.relate(Relation::new("prod-robot", RelationKind::FederatesTo, "app"));
        assert_eq!(
            messages(scene),
            ["`app` is one identity on both sides: it is used by `prod-robot` in production and `dev-robot` outside it"]
        );
    }

    #[test]
    fn what_crosses_or_looks_down_is_no_identity_of_both_sides() {
        let crossing = || scene().relate(Relation::new("dev-robot", RelationKind::Writes, "acme-prod"));
        assert!(messages(crossing()).is_empty());
        let acting = crossing().relate(Relation::new("dev-robot", RelationKind::Assumes, "prod-robot"));
        assert!(messages(acting.relate(Relation::new("prod-robot", RelationKind::Writes, "acme-prod"))).is_empty());
        let down = scene().relate(Relation::new("prod-robot", RelationKind::Assumes, "dev-robot"));
        assert!(messages(down.relate(Relation::new("dev-robot", RelationKind::Writes, "acme-dev"))).is_empty());
    }

    #[test]
    fn people_groups_bindings_vendors_and_pipelines_are_left_to_others() {
        for kind in
            [IdentityKind::Human, IdentityKind::Group, IdentityKind::Role, IdentityKind::ThirdPartyIntegration, IdentityKind::Pipeline]
        {
            assert!(messages(with_rights_on_both_sides(Identity::new("robot", kind))).is_empty(), "{kind}");
        }
        let role = with_rights_on_both_sides(Identity::new("robot", IdentityKind::Role));
        assert_eq!(messages(role.relate(Relation::new("dev-robot", RelationKind::Assumes, "robot"))).len(), 1);
        let disabled = Identity { enabled: Some(false), ..Identity::new("robot", IdentityKind::Workload) };
        assert!(messages(with_rights_on_both_sides(disabled)).is_empty());
    }
}
