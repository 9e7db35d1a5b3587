//! `unlabelled-tenant`: nothing says what a tenant is for.

use super::rule::{Context, Draft, Rule};
use super::{Evidence, Standards};
use crate::model::{EntityType, Environment};
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "unlabelled-tenant",
    title: "Tenant without an environment",
    why: "What nobody calls production is not guarded as production, and what nobody calls a test is never cleaned up. Paths from and into such a \
          tenant cannot be judged.",
    remedy: "Label the tenant with its environment, at the provider or in a labels overlay. Use `shared` for what serves several environments by \
             design.",
    example: "A project is called `acme-7` and has no label. Label it; the rules for its environment apply from then on.",
    severity: Severity::Low,
    severity_reason: "no rule about production or about tests can look at it",
    standards: Standards::new(&[], &["ID.AM-02"], &["CM-8"]).ai_rmf(&["GOVERN 1.6"]),
    check,
};

fn check(context: &Context<'_>) -> Vec<Draft> {
    let estate = context.estate;
    let mut contents = vec![0u64; estate.len()];
    for container in estate.indices().filter_map(|entity| estate.container(entity)) {
        contents[container.position()] += 1;
    }
    let tenants = estate.indices().filter(|entity| estate.entity(*entity).entity_type() == EntityType::Tenant);
    tenants
        .filter(|tenant| estate.environment(*tenant).environment == Environment::Unknown)
        .map(|tenant| {
            let held = contents[tenant.position()];
            let holds = if held == 1 { "1 entity stands".to_owned() } else { format!("{held} entities stand") };
            let message = format!("nothing says which environment {} is; {holds} in it", context.name(tenant));
            let resolved = estate.environment(tenant);
            let evidence = Evidence::Environment {
                entity: context.id(tenant),
                environment: resolved.environment,
                source: resolved.source,
                label: None,
            };
            Draft::new(vec![context.id(tenant)], message).show(evidence).weight(held).raised_by(vec![tenant])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Relation, RelationKind};
    use crate::rules::testing::Scene;

    #[test]
    fn a_tenant_that_nothing_tells_of_is_found_and_raised_where_it_reaches_production() {
        let scene = || Scene::new().tenant("acme").tenant("acme-prod").identity("robot", "acme");
        let findings = scene().findings("unlabelled-tenant", "");
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].message, "nothing says which environment `acme` is; 1 entity stands in it");
        assert_eq!(findings[0].severity, Severity::Low);
        let reaching = scene().relate(Relation::new("robot", RelationKind::Writes, "acme-prod")).findings("unlabelled-tenant", "");
        assert_eq!(reaching[0].raised.as_deref(), Some("medium, not low: `acme` alone is proven to reach production"));
    }

    #[test]
    fn a_label_a_name_or_a_parent_is_enough() {
        let scene = Scene::new().tenant("acme-prod").tenant("shared").tenant_in("below", "acme-prod");
        assert!(scene.findings("unlabelled-tenant", "").is_empty());
    }
}
