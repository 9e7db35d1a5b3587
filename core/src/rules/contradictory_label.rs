//! `contradictory-label`: sources disagree on what an entity is for.

use super::rule::{Context, Draft, Rule};
use super::{Evidence, Standards};
use crate::estate::{EntityIndex, EnvironmentClaim};
use crate::model::{EntityType, EnvironmentSource};
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "contradictory-label",
    title: "Sources disagree on an environment",
    why: "Where one source says production and another says test, some control or other follows the wrong one, and no answer about this entity is \
          sure.",
    remedy: "Decide what it is, correct the source that is wrong, and where no source can be corrected write the environment into a labels overlay.",
    example: "A project is named `shop-staging` and carries the label `env=production`. Correct the one that is wrong; the finding goes when both say the \
              same.",
    severity: Severity::Medium,
    severity_reason: "a control or a question that follows the wrong source looks for production in the wrong place",
    standards: Standards::new(&[], &["ID.AM-02"], &["CM-8"]).ai_rmf(&["GOVERN 1.6"]),
    check,
};

fn check(context: &Context<'_>) -> Vec<Draft> {
    let described = |entity: &EntityIndex| context.estate.entity(*entity).entity_type() != EntityType::Unknown;
    context.estate.indices().filter(described).filter_map(|entity| contradiction(context, entity)).collect()
}

fn contradiction(context: &Context<'_>, entity: EntityIndex) -> Option<Draft> {
    let claims = context.estate.environment_claims(entity);
    let class = claims.first()?.environment.class();
    if claims.iter().all(|claim| claim.environment.class() == class) {
        return None;
    }
    let says = |claim: &EnvironmentClaim| match (claim.source, &claim.label) {
        (EnvironmentSource::Label, Some(label)) => format!("its label `{label}` says {}", claim.environment),
        (EnvironmentSource::Name, _) => format!("its name says {}", claim.environment),
        (EnvironmentSource::Parent, _) => format!("its parent says {}", claim.environment),
        _ => format!("it is declared {}", claim.environment),
    };
    let said: Vec<_> = claims.iter().map(says).collect();
    let used = context.estate.environment(entity).environment;
    let message = format!("sources disagree on {}: {}; it is taken for {used}", context.name(entity), said.join(", "));
    let mut draft = Draft::new(vec![context.id(entity)], message).raised_by(vec![entity]);
    draft.evidence = claims
        .into_iter()
        .map(|claim| Evidence::Environment {
            entity: context.id(entity),
            environment: claim.environment,
            source: claim.source,
            label: claim.label,
        })
        .collect();
    Some(draft)
}

#[cfg(test)]
mod tests {
    use crate::model::{Environment, Tenant, TenantKind};
    use crate::rules::testing::Scene;

    fn tenant(id: &str, environment: Option<Environment>, labels: &[(&str, &str)]) -> Tenant {
        let labels = labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Tenant { environment, labels, ..Tenant::new(id, TenantKind::Other) }
    }

    fn message(scene: Scene) -> Option<String> {
        scene.findings("contradictory-label", "").pop().map(|finding| finding.message)
    }

    #[test]
    fn sources_of_different_classes_are_named_one_by_one() {
        let of = |tenant: Tenant| message(Scene::new().add(tenant));
        assert_eq!(
            of(tenant("acme-dev", None, &[("env", "prod"), ("tier", "staging")])).as_deref(),
            Some(
                "sources disagree on `acme-dev`: its label `env` says production, its label `tier` says staging, its name says development; it is taken for production"
            )
        );
        assert!(of(tenant("acme", Some(Environment::Production), &[("env", "test")])).is_some());
        assert!(of(tenant("acme-test", Some(Environment::Staging), &[("stage", "dev")])).is_none());
        let inner = Scene::new().tenant("acme-prod").tenant_in("acme-dev", "acme-prod");
        assert!(message(inner).is_some_and(|message| message.contains("its parent says production")));
        assert!(message(Scene::new().tenant("shared").tenant_in("acme-dev", "shared")).is_none());
    }

    #[test]
    fn a_name_of_both_classes_is_a_contradiction_until_somebody_declares() {
        let of = |environment| message(Scene::new().add(tenant("k8s-release-test-prod", environment, &[])));
        assert!(of(None).is_some_and(|message| message.contains("it is taken for testing")));
        assert!(of(Some(Environment::Production)).is_none());
    }

    #[test]
    fn the_names_of_what_is_no_tenant_are_no_claims() {
        assert!(message(Scene::new().tenant("acme-prod").identity("test-robot", "acme-prod")).is_none());
    }
}
