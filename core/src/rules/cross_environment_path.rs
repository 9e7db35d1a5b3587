//! `cross-environment-path`: non-production reaches production.

use super::rule::{Context, Draft, Raise, Rule};
use super::{Evidence, Standards};
use crate::analysis::{Crossing, Path};
use crate::model::{Certainty, Environment, EnvironmentSource};
use crate::policy::Severity;
use std::collections::HashMap;

pub(super) static RULE: Rule = Rule {
    id: "cross-environment-path",
    title: "Non-production reaches production",
    why: "Test and staging systems are guarded less than production. Where one of them can gain a right over production, whoever takes the weaker \
          system takes the stronger one: the label on a tenant stops nobody.",
    remedy: "Remove the relation that crosses, or give production its own identity, secret or runner for the purpose. Where the crossing is wanted, \
             allow the flow in the policy with a reason, an owner and an end.",
    example: "A pod of `shop-staging` may act as a deployer that writes to `shop-production`. Give staging a deployer of its own and end the right of the \
              shared one.",
    severity: Severity::High,
    severity_reason: "whoever takes a test system gains a right over production with it",
    standards: Standards::new(&["NHI8:2025"], &["PR.IR-01"], &["SC-7(21)", "AC-4"]).ai_rmf(&["MEASURE 2.7"]),
    check,
};

/// One finding a crossing; relations that grant one right between the same two are one crossing with several permissions.
fn check(context: &Context<'_>) -> Vec<Draft> {
    let mut places = HashMap::new();
    let mut crossings: Vec<Grouped<'_>> = Vec::new();
    for (crossing, path) in context.reach.crossings.iter().zip(&context.reach.paths) {
        let permission = path.steps.last().and_then(|step| step.permission.as_deref());
        let at = *places.entry((&crossing.from, crossing.kind, &crossing.to, crossing.right)).or_insert(crossings.len());
        match crossings.get_mut(at) {
            Some(known) => known.add(crossing, path, permission),
            None => crossings.push(Grouped { crossing, path, permissions: permission.into_iter().collect() }),
        }
    }
    crossings.into_iter().map(|grouped| draft(context, grouped)).collect()
}

/// Crossings between the same two that grant the same right: the surest of them, and every permission.
struct Grouped<'a> {
    crossing: &'a Crossing,
    path: &'a Path,
    permissions: Vec<&'a str>,
}

impl<'a> Grouped<'a> {
    fn add(&mut self, crossing: &'a Crossing, path: &'a Path, permission: Option<&'a str>) {
        if crossing.certainty < self.crossing.certainty {
            (self.crossing, self.path) = (crossing, path);
        }
        self.permissions.extend(permission);
    }
}

fn draft(context: &Context<'_>, grouped: Grouped<'_>) -> Draft {
    let Grouped { crossing, path, mut permissions } = grouped;
    permissions.sort_unstable();
    permissions.dedup();
    let side = |id: &str| context.estate.find(id).map(|entity| context.estate.environment(entity));
    let (from, to) = (side(&crossing.from), side(&crossing.to));
    let environment = |resolved: Option<crate::model::ResolvedEnvironment>| resolved.map_or(Environment::Unknown, |it| it.environment);
    let mut draft = Draft::new(vec![crossing.from.clone(), crossing.to.clone()], message(context, crossing, path, environment(from)));
    draft.facet = format!("{} {}", crossing.kind, crossing.right);
    draft.weight = crossing.reached;
    draft.crossing = Some((environment(from), crossing.right, environment(to)));
    if crossing.certainty == Certainty::Proven {
        draft.raise = Raise::Because("every relation of the path is proven".into());
    }
    draft.evidence = vec![
        Evidence::Crossing {
            from: crossing.from.clone(),
            kind: crossing.kind,
            to: crossing.to.clone(),
            right: crossing.right,
            certainty: crossing.certainty,
            reached: crossing.reached,
            permissions: permissions.into_iter().map(str::to_owned).collect(),
        },
        Evidence::Path { certainty: path.certainty, steps: path.steps.clone() },
    ];
    for (id, resolved) in [(&crossing.from, from), (&crossing.to, to)] {
        let (environment, source) = resolved.map_or((Environment::Unknown, EnvironmentSource::None), |it| (it.environment, it.source));
        draft.evidence.push(Evidence::Environment { entity: id.clone(), environment, source, label: None });
    }
    draft
}

fn message(context: &Context<'_>, crossing: &Crossing, path: &Path, from: Environment) -> String {
    let gains = match crossing.certainty {
        Certainty::Proven => "gains",
        Certainty::Possible => "may gain",
    };
    let entities = if crossing.reached == 1 { "entity" } else { "entities" };
    let start = path.steps.first().filter(|step| step.from != crossing.from).map(|step| context.name_of(&step.from));
    let start = start.map(|start| format!(", starting from {start}")).unwrap_or_default();
    format!(
        "{} ({from}) {gains} {} of {} (production) by `{}`{start}; {} production {entities} can be held this way",
        context.name_of(&crossing.from),
        crossing.right,
        context.name_of(&crossing.to),
        crossing.kind,
        crossing.reached,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Relation, RelationKind, Right};
    use crate::policy::Policy;
    use crate::rules::testing::{Scene, at};
    use crate::rules::{Finding, WaivedBy};

    fn scene() -> Scene {
        Scene::new().tenant("acme-dev").tenant("acme-prod").identity("robot", "acme-dev").identity("admin", "acme-prod")
    }

    fn only(scene: Scene, policy: &str) -> Vec<Finding> {
        scene.findings("cross-environment-path", policy)
    }

    #[test]
    fn a_crossing_is_a_finding_with_its_path_and_what_hangs_on_it() {
        let scene = scene()
            .relate(Relation::new("robot", RelationKind::Administers, "acme-prod").permission("roles/owner"))
            .relate(Relation::new("robot", RelationKind::Administers, "acme-prod").permission("roles/editor"));
        let findings = only(scene, "");
        assert_eq!(findings.len(), 1);
        let finding = &findings[0];
        assert_eq!((finding.severity, finding.subjects.join(" ")), (Severity::Critical, "robot acme-prod".into()));
        assert_eq!(
            finding.message,
            "`robot` (development) gains control of `acme-prod` (production) by `administers`; 2 production entities can be held this way"
        );
        let Evidence::Crossing { permissions, reached: 2, .. } = &finding.evidence[0] else { panic!("{finding:?}") };
        assert_eq!(permissions, &["roles/editor", "roles/owner"]);
        let Evidence::Path { steps, .. } = &finding.evidence[1] else { panic!("{finding:?}") };
        assert_eq!(steps.len(), 1);
        assert!(finding.raised.as_deref().is_some_and(|why| why.starts_with("critical, not high")));
    }

    #[test]
    fn what_is_only_possible_is_not_raised() {
        let relation = Relation::new("robot", RelationKind::Assumes, "admin").certainty(Certainty::Possible);
        let findings = only(scene().relate(relation), "");
        assert_eq!((findings[0].severity, findings[0].raised.clone()), (Severity::High, None));
        assert!(findings[0].message.contains("may gain"));
    }

    #[test]
    fn an_allowed_flow_waives_what_it_covers_until_its_end() {
        let flow = |right: &str, expires: &str| {
            format!(
                "[[flows]]\nfrom = 'non_production'\nto = 'production'\nright = '{right}'\nreason = 'replay'\nowner = 'orders'\nexpires = {expires}"
            )
        };
        let reading = || scene().relate(Relation::new("robot", RelationKind::Reads, "acme-prod"));
        let waived = only(reading(), &flow("read", "2027-01-01"));
        assert_eq!(
            waived[0].waived.as_ref().map(|waiver| (waiver.by, waiver.expires)),
            Some((WaivedBy::AllowedFlow, Some(at("2027-01-01"))))
        );
        assert!(only(reading(), &flow("write", "2027-01-01"))[0].waived.is_none());
        assert!(only(reading(), &flow("control", "2026-01-01"))[0].waived.is_none());
        assert_eq!(Policy::default().flows.len(), 0);
    }

    #[test]
    fn production_alone_and_what_conducts_nothing_is_silent() {
        let silent = scene()
            .relate(Relation::new("admin", RelationKind::Administers, "acme-dev"))
            .relate(Relation::new("robot", RelationKind::Unmapped, "acme-prod"))
            .relate(Relation::new("admin", RelationKind::Custom, "robot").requiring(Right::Read).granting(Right::Read));
        assert!(only(silent, "").is_empty());
    }
}
