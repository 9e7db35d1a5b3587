use super::*;
use crate::model::{Environment, Secret};

fn at(text: &str) -> Instant {
    Instant::parse(text).expect("a test instant")
}

fn secret(id: &str, kind: SecretKind, created: &str) -> Secret {
    Secret { created_at: Some(at(created)), ..Secret::new(id, kind) }
}

fn judged(secrets: Vec<Secret>, policy: &Policy) -> Rotation {
    let mut builder = Estate::builder();
    for secret in secrets {
        builder.add(secret);
    }
    rotation(&builder.build(), policy, at("2026-05-01"))
}

fn status(secret: Secret) -> RotationStatus {
    let judged = judged(vec![secret], &Policy::default());
    judged.secrets().map(|row| row.status).next().expect("one secret")
}

#[test]
fn age_is_counted_from_the_last_rotation_and_is_overdue_after_its_last_day() {
    use SecretKind::AccessKey;
    assert_eq!(status(secret("a", AccessKey, "2026-01-30")), RotationStatus::Overdue);
    assert_eq!(status(secret("a", AccessKey, "2026-01-31")), RotationStatus::DueSoon);
    assert_eq!(status(secret("a", AccessKey, "2026-02-14")), RotationStatus::DueSoon);
    assert_eq!(status(secret("a", AccessKey, "2026-02-15")), RotationStatus::Within);
    let rotated = Secret { rotated_at: Some(at("2026-04-01")), ..secret("a", AccessKey, "2020-01-01") };
    let judged = judged(vec![rotated], &Policy::default());
    let entry = judged.secret(EntityIndex(0)).expect("a secret");
    assert_eq!((entry.age_days, entry.limit_days, entry.due), (Some(30), Some(90), Some(at("2026-06-30"))));
}

#[test]
fn an_unknown_or_future_date_is_never_taken_for_zero() {
    assert_eq!(status(Secret::new("a", SecretKind::Token)), RotationStatus::UnknownAge);
    let future = judged(vec![secret("a", SecretKind::Token, "2026-05-02")], &Policy::default());
    assert_eq!(future.secrets().map(|row| (row.status, row.age_days)).collect::<Vec<_>>(), [(RotationStatus::UnknownAge, None)]);
    assert_eq!(future.summary().data_problems[0].field, "created_at");
    assert_eq!((future.summary().all.judged, future.summary().all.share_within_limit), (0, None));
}

#[test]
fn never_is_what_is_said_to_be_never_not_what_is_unknown() {
    let ends = |end: &str| Secret { expires_at: Some(at(end)), ..secret("a", SecretKind::AccessKey, "2026-04-01") };
    assert_eq!(status(ends("2100-12-31")), RotationStatus::NeverExpires);
    assert_eq!(status(ends("9999-12-31T23:59:59Z")), RotationStatus::NeverExpires);
    assert_eq!(status(ends("2036-05-01")), RotationStatus::Within);
    assert_eq!(status(secret("a", SecretKind::AccessKey, "2026-04-01")), RotationStatus::Within);
    let old = Secret { created_at: Some(at("2020-01-01")), ..ends("9999-12-31T23:59:59Z") };
    assert_eq!(status(old), RotationStatus::Overdue);
}

#[test]
fn a_certificate_is_judged_on_its_end_and_never_older_than_it_may_live() {
    let ends = |created: Option<&str>, end: &str| Secret {
        created_at: created.map(at),
        expires_at: Some(at(end)),
        ..Secret::new("a", SecretKind::Certificate)
    };
    assert_eq!(status(ends(None, "2026-09-01")), RotationStatus::Within);
    assert_eq!(status(ends(None, "2026-05-10")), RotationStatus::DueSoon);
    assert_eq!(status(ends(Some("2021-01-01"), "2031-01-01")), RotationStatus::Overdue);
    assert_eq!(status(Secret::new("a", SecretKind::Certificate)), RotationStatus::UnknownAge);
}

#[test]
fn what_does_not_work_any_more_comes_first_and_dynamic_secrets_are_judged_on_lifetime() {
    let old = || secret("a", SecretKind::Token, "2020-01-01");
    assert_eq!(status(Secret { revoked: Some(true), expires_at: Some(at("2021-01-01")), ..old() }), RotationStatus::Revoked);
    assert_eq!(status(Secret { dynamic: Some(true), expires_at: Some(at("2026-05-01")), ..old() }), RotationStatus::Expired);
    let judged = judged(vec![Secret { dynamic: Some(true), ..old() }], &Policy::default());
    let dynamic = judged.secret(EntityIndex(0)).expect("a secret");
    assert_eq!((dynamic.status, dynamic.limit_days, dynamic.due), (RotationStatus::Dynamic, Some(1), Some(at("2020-01-02"))));
}

#[test]
fn a_class_may_have_its_own_limits_and_sums_say_what_was_judged() {
    let policy = Policy::from_toml("limits_by_class.production.token = { age_days = 10 }").expect("a policy");
    let live = Secret { environment: Some(Environment::Production), ..secret("live", SecretKind::Token, "2026-04-01") };
    let test = Secret { environment: Some(Environment::Testing), ..secret("test", SecretKind::Token, "2026-04-01") };
    let result = judged(vec![live, test, Secret::new("unknown", SecretKind::Token)], &policy);
    assert_eq!(result.secrets().map(|entry| entry.status.as_str()).collect::<Vec<_>>(), ["overdue", "within", "unknown_age"]);
    let all = result.summary().all;
    assert_eq!((all.secrets, all.judged, all.within_limit, all.share_within_limit), (3, 2, 1, Some(0.5)));
    assert_eq!(result.summary().by_environment[&Environment::Production].share_within_limit, Some(0.0));
    assert_eq!(result.summary().by_status[&RotationStatus::Revoked], 0);
}

/// Secrets of many ages and kinds, of which most say nothing rare, and tenants between them. Those of an odd seed have dates within seconds too.
fn random_secrets(seed: u64) -> Estate {
    let mut state = seed;
    let mut random = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut builder = Estate::builder();
    for number in 0..2_000 {
        let id = format!("{number:04}");
        if number / 64 % 5 == 1 && random(3) == 0 {
            builder.add(crate::model::Tenant::new(id, crate::model::TenantKind::GcpProject));
            continue;
        }
        let within = if seed % 2 == 1 && random(3) == 0 { random(1_000_000) as i64 } else { 0 };
        let moved = |at: Instant| Some(Instant::from_unix_microseconds(at.unix_microseconds() + within));
        let days = |days: u64| moved(at("2026-05-02").plus_days(-(days as i64)));
        let mut secret = Secret::new(id, SecretKind::ALL[random(9) as usize]);
        secret.environment = Some(Environment::ALL[random(11) as usize]);
        secret.created_at = if random(5) == 0 { None } else { days(random(120)) };
        if random(50) == 0 {
            secret.created_at = moved(at(["1960-01-01", "1980-01-01", "2050-01-01"][random(3) as usize]));
        }
        if number / 64 % 7 == 3 {
            secret.rotated_at = if random(2) == 0 { None } else { days(random(100)) };
            secret.expires_at = if random(2) == 0 { None } else { Some(at("2026-04-01").plus_days(random(60_000) as i64)) };
            (secret.dynamic, secret.revoked) = (Some(random(3) == 0), Some(random(9) == 0));
        }
        builder.add(secret);
    }
    builder.build()
}

#[test]
fn the_column_says_what_the_rows_say() {
    let strict = "due_soon_days = 9\nlimits.token = { age_days = 30 }\nlimits_by_class.production.token = { lifetime_days = 10 }";
    let far = "due_soon_days = 4000000\nlimits.token = { age_days = 4000000 }";
    for (seed, policy) in (0..).zip(["", strict, far]) {
        let (estate, policy) = (random_secrets(seed), Policy::from_toml(policy).expect("a policy"));
        for as_of in ["2026-05-01", "2026-04-30T00:00:00.5Z", "1970-01-01", "2060-01-01", "9999-12-31"] {
            let found = rotation(&estate, &policy, at(as_of));
            let rows: Vec<_> = found.secrets().collect();
            assert_eq!(rows.len(), found.len());
            for row in &rows {
                let entity = estate.find(row.secret).expect("the id of an entity");
                assert_eq!(found.status(entity), Some(row.status), "{row:?}");
            }
            for status in RotationStatus::ALL {
                let of_status = rows.iter().filter(|row| row.status == *status);
                assert_eq!(found.count(*status), of_status.clone().count() as u64);
                assert!(found.of_status(*status).eq(of_status.copied()));
            }
        }
        let first = estate.indices().find(|entity| estate.entity(*entity).as_tenant().is_some()).expect("a tenant");
        assert_eq!((rotation(&estate, &policy, at("2026-05-01")).status(first), found_nothing(&estate)), (None, None));
    }
}

fn found_nothing(estate: &Estate) -> Option<RotationStatus> {
    rotation(estate, &Policy::default(), at("2026-05-01")).status(EntityIndex(estate.len() as u32))
}
