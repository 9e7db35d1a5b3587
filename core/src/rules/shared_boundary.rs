//! `shared-boundary`: a vault, a project, a namespace, a runner, a cluster or a store serves both sides.

use super::rule::{Context, Draft, Rule};
use super::{Standards, both_sides};
use crate::analysis::SharedEntity;
use crate::estate::{EntityIndex, EntityView};
use crate::model::ResourceKind;
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "shared-boundary",
    title: "Production and non-production share a boundary",
    why: "A project, a vault or a runner is where an attack should end. Where both sides live in it, the rights, quotas and failures of one are those of the \
          other, and every grant on the whole of it is a grant on production.",
    remedy: "Split it: move what serves one side into a project, vault, namespace or runner of its own, and grant each side rights on its own part only.",
    example: "The project `platform` holds the state of the sandboxes beside the databases of production. Move the state into a project of the sandboxes.",
    severity: Severity::Medium,
    severity_reason: "a right over all of it, or an escape within it, gives the other side as well",
    standards: Standards::new(&["NHI8:2025"], &["PR.IR-01"], &["SC-7(21)", "CM-4(1)"]).ai_rmf(&["MEASURE 2.7"]),
    check,
};

/// What stands in production and is used from outside it is crossed, and is found as that.
fn check(context: &Context<'_>) -> Vec<Draft> {
    let spanning = context.sharing.shared.iter().filter(|shared| shared.spans_production());
    let boundary = spanning.filter_map(|shared| Some((boundary(context, shared)?, shared)));
    boundary.map(|(entity, shared)| draft(context, entity, shared)).collect()
}

/// The entity, where it is a boundary. A repository is none: what is built from it for each side is the same code.
fn boundary(context: &Context<'_>, shared: &SharedEntity) -> Option<EntityIndex> {
    let entity = context.estate.find(&shared.entity)?;
    let bounds = match context.estate.entity(entity).view() {
        EntityView::Tenant(_) => true,
        EntityView::Resource(resource) => resource.kind != ResourceKind::Repository,
        _ => false,
    };
    bounds.then_some(entity)
}

fn draft(context: &Context<'_>, entity: EntityIndex, shared: &SharedEntity) -> Draft {
    let kind = shared.kind.replace('_', " ");
    let message = format!("{} ({kind}) serves both sides: {}", context.name(entity), both_sides::said(context, shared));
    let draft = Draft::new(vec![shared.entity.clone()], message).weight(shared.ties.values().sum());
    Draft { evidence: both_sides::evidence(context, shared), ..draft.raised_by(vec![entity]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Relation, RelationKind, Resource};
    use crate::rules::testing::Scene;

    fn scene() -> Scene {
        Scene::new().tenant("acme-dev").tenant("acme-prod").identity("dev-robot", "acme-dev").identity("prod-robot", "acme-prod")
    }

    fn used(kind: ResourceKind, tenant: Option<&str>, by: &[(&str, RelationKind)]) -> Scene {
        let resource = Resource { tenant: tenant.map(Into::into), ..Resource::new("thing", kind) };
        by.iter().fold(scene().add(resource), |scene, (robot, relation)| scene.relate(Relation::new(*robot, *relation, "thing")))
    }

    fn messages(scene: Scene) -> Vec<String> {
        scene.findings("shared-boundary", "").into_iter().map(|finding| finding.message).collect()
    }

    const BOTH: [(&str, RelationKind); 2] = [("dev-robot", RelationKind::Writes), ("prod-robot", RelationKind::Reads)];

    #[test]
    fn what_both_sides_use_is_found() {
        for kind in [ResourceKind::Vault, ResourceKind::Runner, ResourceKind::Database, ResourceKind::Cluster, ResourceKind::Saas] {
            assert_eq!(messages(used(kind, None, &BOTH)).len(), 1, "{kind}");
        }
        let findings = used(ResourceKind::ObjectStore, None, &BOTH).findings("shared-boundary", "");
        assert_eq!(
            findings[0].message,
            "`thing` (object store) serves both sides: it is used by `prod-robot` in production and `dev-robot` outside it"
        );
        assert_eq!(findings[0].severity, Severity::Medium);
        let relied = messages(used(ResourceKind::Runner, Some("acme-dev"), &[("prod-robot", RelationKind::RunsOn)]));
        assert_eq!(relied, ["`thing` (runner) serves both sides: it stands outside production and is used by `prod-robot` of production"]);
    }

    #[test]
    fn a_tenant_that_holds_both_sides_is_found() {
        let scene = Scene::new().tenant("hub").tenant_in("acme-dev", "hub").tenant_in("acme-prod", "hub");
        assert_eq!(messages(scene), ["`hub` (other) serves both sides: it holds `acme-prod` in production and `acme-dev` outside it"]);
        let inner = Resource {
            environment: Some(crate::model::Environment::Sandbox),
            tenant: Some("acme-prod".into()),
            ..Resource::new("state", ResourceKind::ObjectStore)
        };
        let found = messages(Scene::new().tenant("acme-prod").add(inner));
        assert_eq!(found, ["`acme-prod` (other) serves both sides: it stands in production and holds `state` from outside it"]);
    }

    #[test]
    fn a_crossing_a_repository_and_production_that_looks_down_are_silent() {
        assert!(messages(used(ResourceKind::Vault, Some("acme-prod"), &BOTH)).is_empty());
        assert!(messages(used(ResourceKind::Repository, None, &BOTH)).is_empty());
        assert!(messages(used(ResourceKind::ObjectStore, Some("acme-dev"), &BOTH)).is_empty());
        assert!(
            messages(used(ResourceKind::Vault, None, &[("dev-robot", RelationKind::Reads), ("dev-robot", RelationKind::Writes)]))
                .is_empty()
        );
    }
}
