//! What names, labels and tenants tell.

use super::*;
use crate::Estate;
use crate::model::{Identity, IdentityKind, Relation, RelationKind, Tenant, TenantKind};

#[test]
fn names_tell_what_the_table_says() {
    let matcher = default_matcher();
    let mut rows = csv::Reader::from_reader(include_str!("../../../data/environment_names.csv").as_bytes());
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in rows.records() {
        let row = row.expect("a row");
        let told = matcher.of_name(&row[0]).unwrap_or(Environment::Unknown);
        if told.as_str() != &row[1] {
            wrong.push(format!("{}: {told}, not {}", &row[0], &row[1]));
        }
        assert_eq!(matcher.all_of_name(&row[0]).first().copied().unwrap_or(Environment::Unknown), told, "{}", &row[0]);
        count += 1;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count >= 120, "{count} names");
}

#[test]
fn every_word_of_the_model_is_its_own_label_and_name() {
    let matcher = default_matcher();
    for environment in Environment::ALL.iter().copied().filter(|it| *it != Environment::Unknown) {
        assert_eq!(matcher.of_name(environment.as_str()), Some(environment));
        assert_eq!(matcher.of_label(&environment.as_str().to_uppercase()), Some(environment));
    }
    assert_eq!(matcher.of_label("unknown"), None);
}

#[test]
fn a_name_may_contradict_itself() {
    let matcher = default_matcher();
    for name in ["k8s-release-test-prod", "prod-dev", "demo-prod", "QAProd"] {
        assert!(matcher.contradicts_itself(name), "{name}");
    }
    for name in ["acme-prod", "nonprod", "pre-production", "not-prod-test", "devops-prod", "shared-prod", "dev-test"] {
        assert!(!matcher.contradicts_itself(name), "{name}");
    }
    assert_eq!(matcher.all_of_name("shared-dev-prod"), [Environment::Development, Environment::Production, Environment::Shared]);
}

#[test]
fn labels_are_asked_in_order_whatever_their_case() {
    let matcher = default_matcher();
    let labels =
        |pairs: &[(&str, &str)]| pairs.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect::<crate::model::Labels>();
    assert_eq!(matcher.of_labels(&labels(&[("ENV", "stg"), ("tier", "prod")])), Some(Environment::Staging));
    assert_eq!(matcher.of_labels(&labels(&[("env", "blue"), ("Tier", "Live")])), Some(Environment::Production));
    assert_eq!(matcher.of_labels(&labels(&[("team", "prod")])), None);
    let of = |pairs: &[(&str, &str)]| matcher.of_labels(&labels(pairs));
    assert_eq!(of(&[("acme.example/is-production", "true")]), Some(Environment::Production));
    assert_eq!(of(&[("is_production", "false")]), Some(Environment::Nonproduction));
    assert_eq!(of(&[("acme.example/is-production", "true"), ("acme.example/environment_name", "uat")]), Some(Environment::Testing));
    assert_eq!(of(&[("is-production", "true"), ("environment-name", "metabase")]), Some(Environment::Production));
    assert_eq!(of(&[("env", "true")]), None);
}

#[test]
fn the_first_that_answers_is_kept_with_its_source() {
    let tenant = |id: &str, parent: Option<&str>| Tenant { parent: parent.map(Into::into), ..Tenant::new(id, TenantKind::Other) };
    let mut builder = Estate::builder();
    builder.add(Tenant { environment: Some(Environment::Production), ..tenant("top", None) });
    builder.add(tenant("below", Some("top")));
    builder.add(tenant("below-dev", Some("top")));
    builder.add(Tenant { labels: [("env".to_owned(), "qa".to_owned())].into(), ..tenant("labelled-prod", Some("top")) });
    builder.add(tenant("shared", None));
    builder.add(Tenant { environment: Some(Environment::Unknown), ..tenant("says-nothing", Some("below")) });
    builder.add(Tenant { environment: Some(Environment::Shared), ..tenant("dev-tools", None) });
    let residents = [
        ("test-robot", "below"),
        ("demo-robot", "shared"),
        ("robot", "shared"),
        ("robot@dev-tools.example", "dev-tools"),
        ("qa-robot@dev-tools.example", "dev-tools"),
        ("stray-prod", "placeholder"),
    ];
    for (id, home) in residents {
        builder.add(Identity { tenant: Some(home.into()), ..Identity::new(id, IdentityKind::Other) });
    }
    let estate = builder.build();
    let of = |id: &str| {
        let resolved = estate.environment(estate.find(id).expect("an id"));
        (resolved.environment.as_str(), resolved.source.as_str())
    };
    assert_eq!(of("below"), ("production", "parent"));
    assert_eq!(of("below-dev"), ("development", "name"));
    assert_eq!(of("labelled-prod"), ("testing", "label"));
    assert_eq!(of("says-nothing"), ("production", "parent"));
    assert_eq!(of("test-robot"), ("production", "tenant"));
    assert_eq!(of("demo-robot"), ("demo", "name"));
    assert_eq!(of("robot"), ("unknown", "none"));
    assert_eq!(of("robot@dev-tools.example"), ("unknown", "none"));
    assert_eq!(of("qa-robot@dev-tools.example"), ("testing", "name"));
    assert_eq!(of("stray-prod"), ("production", "name"));
}

#[test]
fn loops_of_tenants_end() {
    let mut builder = Estate::builder();
    for (id, parent) in [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("self", "self")] {
        builder.add(Tenant { parent: Some(parent.into()), ..Tenant::new(id, TenantKind::Other) });
    }
    for (id, tenant) in [("dev-x", "prod-y"), ("prod-y", "dev-x")] {
        builder.add(Identity { tenant: Some(tenant.into()), ..Identity::new(id, IdentityKind::Other) });
    }
    builder.relate(Relation::new("dev-x", RelationKind::Assumes, "prod-y"));
    let estate = builder.build();
    let told: Vec<_> = estate.indices().map(|index| estate.environment(index).environment.as_str()).collect();
    assert_eq!(told, ["unknown", "unknown", "unknown", "unknown", "development", "production", "unknown"]);
}

#[test]
fn other_rules_may_be_given() {
    let names = vec![NameRule { pattern: "blue|green".into(), environment: Environment::Production }];
    let rules = EnvironmentRules { names, ..EnvironmentRules::default() };
    let matcher = rules.compile().expect("rules");
    assert_eq!((matcher.of_name("acme-blue"), matcher.of_name("acme-prod")), (Some(Environment::Production), None));
    for pattern in ["(", "a)(b", "x{999999}"] {
        let rules = EnvironmentRules { names: vec![NameRule { pattern: pattern.into(), environment: Environment::Demo }], ..rules.clone() };
        assert_eq!(rules.compile().expect_err("no regex").code(), ErrorCode::InvalidPolicy, "{pattern}");
    }
}
