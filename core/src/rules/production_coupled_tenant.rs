//! `production-coupled-tenant`: a tenant that counts as non-production and holds data, credentials or trust of production.

use super::rule::{Context, Draft, Rule};
use super::wording::listed;
use super::{Evidence, Standards};
use crate::analysis::{Coupling, CouplingKind, TenantClassification};
use crate::estate::EntityIndex;
use crate::model::EnvironmentClass;
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "production-coupled-tenant",
    title: "Tenant counts as non-production and is coupled to production",
    why: "Controls follow the label: what is called a test is watched, patched and reviewed less. A tenant that holds data, credentials or trust of production is \
          production for whoever takes it, whatever it is called.",
    remedy: "Take each piece out of the tenant: end the trust, revoke the credential, delete or mask the data. Until then treat and label the tenant as production.",
    example: "The test tenant `trials` has an application that the tenant of the company accepts. Remove the application there, or guard `trials` like production.",
    severity: Severity::Medium,
    severity_reason: "what it holds works in production as it is, under the controls of a test",
    standards: Standards::new(&["NHI8:2025"], &["ID.AM-05"], &["CM-4(1)"]).ai_rmf(&["MEASURE 2.7"]),
    check,
};

/// A way into production alone couples nothing: that is a crossing, and found as one.
fn check(context: &Context<'_>) -> Vec<Draft> {
    let coupled = |tenant: &&TenantClassification| {
        let holds = tenant.counts.keys().any(|kind| *kind != CouplingKind::ProductionPath);
        tenant.environment.class() == EnvironmentClass::NonProduction && holds
    };
    let found = context.classification.tenants.iter().filter(coupled);
    found.filter_map(|tenant| Some(draft(context, context.estate.find(&tenant.tenant)?, tenant))).collect()
}

fn draft(context: &Context<'_>, entity: EntityIndex, tenant: &TenantClassification) -> Draft {
    let said: Vec<_> = tenant.counts.iter().filter_map(|(kind, count)| said(context, tenant, *kind, *count)).collect();
    let message = format!("{} counts as {}, but {}", context.name(entity), tenant.environment, said.join(", and "));
    let draft = Draft::new(vec![tenant.tenant.clone()], message).weight(tenant.counts.values().sum());
    Draft { evidence: tenant.evidence.iter().filter_map(|piece| evidence(context, piece)).collect(), ..draft.raised_by(vec![entity]) }
}

/// What the tenant has of one kind, with the first three pieces.
fn said(context: &Context<'_>, tenant: &TenantClassification, kind: CouplingKind, count: u64) -> Option<String> {
    let what = match kind {
        CouplingKind::ProductionData => "holds data of production in",
        CouplingKind::ProductionCredential => "holds credentials of production by",
        CouplingKind::ProductionTrust => "is trusted in production by",
        CouplingKind::ProductionContent => "contains what is stated to be production:",
        CouplingKind::ProductionPath => return None,
    };
    let pieces = tenant.evidence.iter().filter(|piece| piece.kind == kind);
    let named = pieces.map(|piece| match &piece.production {
        Some(production) => format!("{} ({})", context.name_of(&piece.entity), context.name_of(production)),
        None => context.name_of(&piece.entity),
    });
    Some(format!("{what} {}", listed(named.collect(), count)))
}

fn evidence(context: &Context<'_>, piece: &Coupling) -> Option<Evidence> {
    let entity = piece.entity.clone();
    Some(match (&piece.relation, &piece.production, piece.kind) {
        (Some(relation), ..) => Evidence::Relation { relation: relation.clone() },
        (None, _, CouplingKind::ProductionPath) => Evidence::Path { certainty: piece.certainty, steps: piece.path.clone() },
        (None, Some(secret), CouplingKind::ProductionCredential) => Evidence::Holds { entity, secret: secret.clone() },
        (None, ..) => {
            let resolved = context.estate.environment(context.estate.find(&entity)?);
            Evidence::Environment { entity, environment: resolved.environment, source: resolved.source, label: None }
        }
    })
}

#[cfg(test)]
mod tests {
    use crate::model::{DataKind, Environment, Relation, RelationKind, Resource, ResourceKind, Secret, SecretKind};
    use crate::policy::Severity;
    use crate::rules::testing::Scene;

    fn scene() -> Scene {
        Scene::new().tenant("acme-dev").tenant("acme-prod").identity("robot", "acme-dev").identity("app", "acme-prod")
    }

    fn messages(scene: Scene) -> Vec<String> {
        scene.findings("production-coupled-tenant", "").into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn data_credentials_trust_and_content_are_named_piece_by_piece() {
        let store = |id: &str| Resource { tenant: Some("acme-dev".into()), ..Resource::new(id, ResourceKind::Database) };
        let key = Secret { tenant: Some("acme-dev".into()), ..Secret::new("key", SecretKind::ApiKey) };
        let scene = scene()
            .add(Resource { data: Some(DataKind::Production), ..store("dump") })
            .add(Resource { environment: Some(Environment::Production), ..store("live") })
            .secret(key)
            .relate(Relation::new("key", RelationKind::AuthenticatesAs, "app"))
            .relate(Relation::new("robot", RelationKind::FederatesTo, "app"));
        let findings = scene.findings("production-coupled-tenant", "");
        assert_eq!(findings.len(), 1);
        assert_eq!(
            findings[0].message,
            "`acme-dev` counts as development, but holds data of production in `dump`, and holds credentials of production by `key` (`app`), and is trusted in \
             production by `robot` (`app`), and contains what is stated to be production: `live`"
        );
        assert_eq!((findings[0].severity, findings[0].evidence.len()), (Severity::High, 4));
    }

    #[test]
    fn a_crossing_alone_production_itself_and_what_nothing_labels_are_silent() {
        assert!(messages(scene().relate(Relation::new("robot", RelationKind::Reads, "acme-prod"))).is_empty());
        assert!(messages(scene().relate(Relation::new("app", RelationKind::Assumes, "robot"))).is_empty());
        let unlabelled = scene().tenant("hub").identity("hub-robot", "hub");
        assert!(messages(unlabelled.relate(Relation::new("hub-robot", RelationKind::FederatesTo, "app"))).is_empty());
    }
}
