use super::*;
use crate::model::{Identity, IdentityKind, Instant, Relation, RelationKind, Secret, SecretKind, Storage, Tenant, TenantKind};
use crate::policy::Policy;

fn markdown(estate: &Estate, policy: &str) -> String {
    let policy = Policy::from_toml(policy).expect("a policy");
    let as_of = Instant::parse("2026-05-01").expect("an instant");
    to_markdown(&estate.assess(&policy, as_of).expect("a report"), estate)
}

/// A robot of development that administers production; everything is named after `name`.
fn estate(name: &str) -> Estate {
    let mut builder = Estate::builder();
    let (dev, prod, robot) = (format!("{name} dev"), format!("{name} prod"), format!("{name} robot"));
    builder.add(Tenant { environment: Some(crate::model::Environment::Development), ..Tenant::new(&*dev, TenantKind::GcpProject) });
    builder.add(Tenant { environment: Some(crate::model::Environment::Production), ..Tenant::new(&*prod, TenantKind::GcpProject) });
    builder.add(Identity { tenant: Some(dev.clone()), ..Identity::new(&*robot, IdentityKind::ServiceAccount) });
    let key = Secret { tenant: Some(dev), storage: Some(Storage::SourceCode), ..Secret::new(format!("{name} key"), SecretKind::Token) };
    builder.add(key);
    builder.relate(Relation::new(robot, RelationKind::Administers, prod).permission(format!("{name} role")));
    builder.build()
}

#[test]
fn a_report_can_be_pasted_as_it_is() {
    let waiver = "exceptions = [{ rule = 'secret-outside-manager', subject = '*', reason = 'r', owner = 'o', expires = 2027-01-01 }]";
    let page = markdown(&estate("acme"), waiver);
    for expected in [
        "# Where non-production reaches production, as of 2026-05-01\n\n## Summary\n\n|  |  |\n| --- | --- |\n",
        "| Reach | 1 of 1 non-production tenant reaches production, each taken alone; 1 of 1 production entity can be held",
        "| Cuts | 1 change ends every proven way at a cost of 1; no cheaper cut exists; `tenantgraph cuts` names them |\n",
        "### 1. critical: Non-production reaches production\n\n`acme robot` (development) gains control of `acme prod`",
        "\n\n1. `acme robot` (service account of `acme dev`, development)\n1. gains control of `acme prod` (gcp project, production) by `administers` (`acme role`)\n\n",
        "- **Severity:** critical, not high: every relation of the path is proven\n- **Remedy:** Remove the relation",
        " | 0 | 1 | NHI2:2025, PR.DS-01,",
        "| 100 % | 1 of 1 | 96 % of organisations keep some secrets",
        "| `acme dev` (1 of 1) |\n",
        "## Not known\n",
    ] {
        assert!(page.contains(expected), "{expected:?} is not in\n{page}");
    }
}

#[test]
fn an_estate_without_findings_says_that_silence_is_no_proof() {
    let page = markdown(&Estate::builder().build(), "");
    assert!(page.contains("## No open finding\n\nWhat is not known stands below"), "{page}");
    assert!(page.contains("| unknown |  |") && !page.contains("## Findings by rule"), "{page}");
}

#[test]
fn no_name_becomes_markup() {
    let plain = markdown(&estate("acme"), "");
    for hostile in escape::HOSTILE {
        let page = markdown(&estate(hostile), "");
        assert_eq!(page.lines().count(), plain.lines().count(), "{hostile:?}:\n{page}");
        for (line, like) in page.lines().zip(plain.lines()) {
            let cells = |line: &str| line.matches('|').count();
            assert_eq!(cells(line), cells(like), "{line}");
            assert!(line.matches('`').count().is_multiple_of(2), "{line}");
            let outside: String = line.split('`').step_by(2).collect();
            assert!(!outside.contains(['<', '>', '[', ']', '@', '\\', '\u{202e}', '\u{1b}']), "{line}");
            assert!(!outside.contains("://") && !outside.contains("www."), "{line}");
        }
    }
}
