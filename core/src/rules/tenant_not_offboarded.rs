//! `tenant-not-offboarded`: a tenant that should be gone is still trusted or still holds working secrets.

use super::rule::{Context, Draft, Rule};
use super::wording::counted;
use super::{Evidence, Standards};
use crate::analysis::{NotOffboarded, OffboardingReason};
use crate::policy::Severity;

pub(super) static RULE: Rule = Rule {
    id: "tenant-not-offboarded",
    title: "Tenant is not offboarded",
    why: "Previews, demos and trials outlive their purpose. Nobody watches or patches them any more, but what they were once trusted with still works, and \
          whoever takes them comes in by it.",
    remedy: "Revoke its secrets, end the trust in it, then delete it. Give every preview and demo an end when it is made, so that it goes by itself.",
    example: "The demo organisation of a vendor ended in spring, and its application still signs in to yours. Remove the trust and the secrets, then the \
              tenant.",
    severity: Severity::Medium,
    severity_reason: "it still has access, and nobody watches or patches it",
    standards: Standards::new(&["NHI1:2025"], &["ID.AM-08"], &["AC-2"]).ai_rmf(&["GOVERN 1.7", "MANAGE 4.1"]),
    check,
};

fn check(context: &Context<'_>) -> Vec<Draft> {
    context.lifecycle.offboarding.iter().map(|tenant| draft(context, tenant)).collect()
}

fn draft(context: &Context<'_>, tenant: &NotOffboarded) -> Draft {
    let why = match (tenant.reason, tenant.expires_at) {
        (OffboardingReason::Expired, Some(end)) => format!("ended on {}", end.date()),
        _ => format!("is a {} without an end", tenant.environment),
    };
    let secrets = tenant.living_secrets.len() as u64;
    let held = [
        (tenant.trusts, format!("{} into other tenants", counted(tenant.trusts, "relation leads", "relations lead").trim())),
        (secrets, format!("holds {}", counted(secrets, "working secret", "working secrets"))),
    ];
    let held: Vec<_> = held.into_iter().filter(|(number, _)| *number > 0).map(|(_, text)| text).collect();
    let message = format!("{} {why} and is still there: {}", context.name_of(&tenant.tenant), held.join(", and it "));
    let raising = context.estate.find(&tenant.tenant).into_iter().collect();
    let mut draft = Draft::new(vec![tenant.tenant.clone()], message).weight(tenant.trusts + secrets).raised_by(raising);
    let end = tenant.expires_at.map(|expires_at| Evidence::Expiry { entity: tenant.tenant.clone(), expires_at });
    let trusts = tenant.trusted_by.iter().map(|relation| Evidence::Relation { relation: relation.clone() });
    let holds = tenant.living_secrets.iter().map(|secret| Evidence::Holds { entity: tenant.tenant.clone(), secret: secret.clone() });
    draft.evidence = end.into_iter().chain(trusts).chain(holds.take(SHOWN)).collect();
    draft
}

/// How many secrets are shown.
const SHOWN: usize = 25;

#[cfg(test)]
mod tests {
    use crate::model::{Environment, Instant, Relation, RelationKind, Secret, SecretKind, Tenant, TenantKind};
    use crate::rules::testing::{Scene, at};

    fn tenant(environment: Environment, expires_at: Option<Instant>) -> Tenant {
        Tenant { environment: Some(environment), expires_at, ..Tenant::new("trial", TenantKind::SaasOrganization) }
    }

    fn scene(tenant: Tenant) -> Scene {
        let key = Secret { tenant: Some("trial".into()), ..Secret::new("key", SecretKind::Token) };
        let scene = Scene::new().add(tenant).tenant("acme-dev").identity("guest", "trial").secret(key);
        scene.relate(Relation::new("guest", RelationKind::Reads, "acme-dev"))
    }

    fn messages(tenant: Tenant) -> Vec<String> {
        scene(tenant).findings("tenant-not-offboarded", "").into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_tenant_past_its_end_and_a_demo_without_one_are_found() {
        assert_eq!(
            messages(tenant(Environment::Testing, Some(at("2026-04-01")))),
            ["`trial` ended on 2026-04-01 and is still there: 1 relation leads into other tenants, and it holds 1 working secret"]
        );
        let findings = scene(tenant(Environment::Demo, None)).findings("tenant-not-offboarded", "");
        assert!(findings[0].message.starts_with("`trial` is a demo without an end and is still there: 1 relation leads"));
        assert_eq!(findings[0].evidence.len(), 2);
    }

    #[test]
    fn what_still_runs_or_holds_nothing_is_silent() {
        assert!(messages(tenant(Environment::Preview, Some(at("2026-05-08")))).is_empty());
        assert!(messages(tenant(Environment::Testing, None)).is_empty());
        let empty = Scene::new().add(tenant(Environment::Demo, Some(at("2026-04-01"))));
        assert!(empty.findings("tenant-not-offboarded", "").is_empty());
    }
}
