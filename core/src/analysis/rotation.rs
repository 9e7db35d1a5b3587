//! [`rotation`]: the age, the limit, the due date and the status of every secret.

use crate::estate::{EntityIndex, Estate, SecretRef};
use crate::model::words::words;
use crate::model::{Environment, Instant, SecretKind, Storage};
use crate::policy::Policy;
use serde::Serialize;
use std::collections::BTreeMap;

words! {
    /// How a secret stands against its limits.
    RotationStatus {
        /// Nothing is due for a while.
        Within => "within",
        /// It must be replaced within the days of the policy.
        DueSoon => "due_soon",
        /// It is older than its limit.
        Overdue => "overdue",
        /// Nothing says how old it is.
        UnknownAge => "unknown_age",
        /// It is stated never to expire, and its kind must.
        NeverExpires => "never_expires",
        /// It has stopped working.
        Expired => "expired",
        /// It is issued on request for a short life.
        Dynamic => "dynamic",
        /// It was revoked.
        Revoked => "revoked",
    }
}

/// Every secret and how it stands, and the sums over them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rotation {
    /// The secrets, by id.
    pub secrets: Vec<SecretRotation>,
    /// The sums.
    pub summary: RotationSummary,
}

/// How a secret stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SecretRotation {
    /// Its id.
    pub secret: String,
    /// What it is.
    pub kind: SecretKind,
    /// The id of its tenant.
    pub tenant: Option<String>,
    /// Its environment.
    pub environment: Environment,
    /// Whole days since it was rotated, or else created; absent where that is unknown or lies in the future.
    pub age_days: Option<i64>,
    /// The days after which it is too old; for a dynamic secret the days it may live. Absent where nothing limits it.
    pub limit_days: Option<u32>,
    /// When it must be replaced: at its limit or at its expiry, whichever comes first.
    pub due: Option<Instant>,
    /// How it stands.
    pub status: RotationStatus,
}

/// Sums over the secrets of an estate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RotationSummary {
    /// The sums over all secrets.
    #[serde(flatten)]
    pub all: RotationShare,
    /// How many secrets have each status; every status is listed.
    pub by_status: BTreeMap<RotationStatus, u64>,
    /// The sums by kind.
    pub by_kind: BTreeMap<SecretKind, RotationShare>,
    /// The sums by tenant; a secret that names none is left out.
    pub by_tenant: BTreeMap<String, RotationShare>,
    /// The sums by environment.
    pub by_environment: BTreeMap<Environment, RotationShare>,
    /// The sums by where the secrets are kept.
    pub by_storage: BTreeMap<Storage, RotationShare>,
    /// The dates that cannot be true.
    pub data_problems: Vec<DataProblem>,
}

/// How many of some secrets are within their limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct RotationShare {
    /// The secrets.
    pub secrets: u64,
    /// Those of them that could be judged: they work, they are not dynamic, and both their age and a limit are known.
    pub judged: u64,
    /// Those of the judged that are no older than their limit. A secret that never expires may well be young enough.
    pub within_limit: u64,
    /// `within_limit` of `judged`; absent where none could be judged.
    pub share_within_limit: Option<f64>,
}

/// A date that cannot be true.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct DataProblem {
    /// The secret.
    pub secret: String,
    /// The field: `created_at`, `rotated_at` or `last_used_at`.
    pub field: &'static str,
    /// What is wrong with it.
    pub problem: &'static str,
}

/// Holds every secret of an estate against the limits of a policy. Costs one pass over the entities.
///
/// A status is the first of these that applies: revoked, expired, dynamic, unknown age, overdue, never expires, due soon, within. An age that is
/// unknown, or whose date lies in the future, is never taken for zero.
pub fn rotation(estate: &Estate, policy: &Policy, as_of: Instant) -> Rotation {
    let mut secrets = Vec::new();
    let mut summary = RotationSummary::new();
    for index in estate.indices() {
        if let Some(secret) = estate.entity(index).as_secret() {
            let entry = judge(estate, index, secret, policy, as_of);
            summary.count(&entry, secret.storage.unwrap_or(Storage::Unknown));
            summary.data_problems.extend(problems(secret, as_of));
            secrets.push(entry);
        }
    }
    summary.settle();
    Rotation { secrets, summary }
}

fn judge(estate: &Estate, index: EntityIndex, secret: SecretRef<'_>, policy: &Policy, as_of: Instant) -> SecretRotation {
    let environment = estate.environment(index);
    let dynamic = secret.dynamic == Some(true);
    let limit = policy.limit(secret.kind, environment.class());
    let limit_days = if dynamic { Some(policy.dynamic_lifetime_days) } else { limit.oldest_days() };
    // A dynamic secret is judged on its lifetime: from its creation, whatever happened since.
    let base = if dynamic { secret.created_at } else { secret.rotated_at.or(secret.created_at) };
    let known = base.filter(|base| *base <= as_of);
    let too_old = known.zip(limit_days).map(|(base, days)| base.plus_days(days.into()));
    let never = secret.expires_at.is_some_and(|end| policy.says_never(end, as_of));
    let end = secret.expires_at.filter(|_| !never);
    let due = too_old.into_iter().chain(end).min();
    let status = if secret.revoked == Some(true) {
        RotationStatus::Revoked
    } else if secret.expires_at.is_some_and(|end| end <= as_of) {
        RotationStatus::Expired
    } else if dynamic {
        RotationStatus::Dynamic
    } else if base.is_some() && known.is_none() || base.is_none() && needs_age(limit.age_days, limit_days, secret) {
        RotationStatus::UnknownAge
    } else if too_old.is_some_and(|too_old| too_old < as_of) {
        RotationStatus::Overdue
    } else if never && limit.must_expire {
        RotationStatus::NeverExpires
    } else if due.is_some_and(|due| due <= as_of.plus_days(policy.due_soon_days.into())) {
        RotationStatus::DueSoon
    } else {
        RotationStatus::Within
    };
    SecretRotation {
        secret: secret.id.to_owned(),
        kind: secret.kind,
        tenant: secret.tenant.map(str::to_owned),
        environment: environment.environment,
        age_days: secret.rotated_at.or(secret.created_at).filter(|base| *base <= as_of).map(|base| as_of.days_since(base)),
        limit_days,
        due,
        status,
    }
}

/// Whether a secret without a date cannot be judged: its kind has an age limit, or a lifetime limit and it states no end either.
fn needs_age(age_days: Option<u32>, limit_days: Option<u32>, secret: SecretRef<'_>) -> bool {
    age_days.is_some() || limit_days.is_some() && secret.expires_at.is_none()
}

fn problems(secret: SecretRef<'_>, as_of: Instant) -> impl Iterator<Item = DataProblem> + '_ {
    let dates = [("created_at", secret.created_at), ("last_used_at", secret.last_used_at), ("rotated_at", secret.rotated_at)];
    dates.into_iter().filter(move |(_, date)| date.is_some_and(|date| date > as_of)).map(|(field, _)| DataProblem {
        secret: secret.id.to_owned(),
        field,
        problem: "lies after the instant of the question",
    })
}

impl RotationSummary {
    fn new() -> Self {
        RotationSummary {
            all: RotationShare::default(),
            by_status: RotationStatus::ALL.iter().map(|status| (*status, 0)).collect(),
            by_kind: BTreeMap::new(),
            by_tenant: BTreeMap::new(),
            by_environment: BTreeMap::new(),
            by_storage: BTreeMap::new(),
            data_problems: Vec::new(),
        }
    }

    fn count(&mut self, entry: &SecretRotation, storage: Storage) {
        *self.by_status.entry(entry.status).or_default() += 1;
        self.all.count(entry);
        self.by_kind.entry(entry.kind).or_default().count(entry);
        self.by_environment.entry(entry.environment).or_default().count(entry);
        self.by_storage.entry(storage).or_default().count(entry);
        if let Some(tenant) = &entry.tenant {
            match self.by_tenant.get_mut(tenant) {
                Some(share) => share.count(entry),
                None => self.by_tenant.entry(tenant.clone()).or_default().count(entry),
            }
        }
    }

    fn settle(&mut self) {
        let groups = self.by_kind.values_mut().chain(self.by_tenant.values_mut());
        let groups = groups.chain(self.by_environment.values_mut()).chain(self.by_storage.values_mut());
        for share in groups.chain(std::iter::once(&mut self.all)) {
            share.share_within_limit = (share.judged > 0).then(|| share.within_limit as f64 / share.judged as f64);
        }
    }
}

impl RotationShare {
    fn count(&mut self, entry: &SecretRotation) {
        use RotationStatus::{DueSoon, NeverExpires, Overdue, Within};
        let works = matches!(entry.status, Within | DueSoon | Overdue | NeverExpires);
        let judged = works && entry.age_days.is_some() && entry.limit_days.is_some();
        self.secrets += 1;
        self.judged += u64::from(judged);
        self.within_limit += u64::from(judged && entry.status != Overdue);
    }
}

#[cfg(test)]
mod tests {
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
        judged(vec![secret], &Policy::default()).secrets[0].status
    }

    #[test]
    fn age_is_counted_from_the_last_rotation_and_is_overdue_after_its_last_day() {
        use SecretKind::AccessKey;
        assert_eq!(status(secret("a", AccessKey, "2026-01-30")), RotationStatus::Overdue);
        assert_eq!(status(secret("a", AccessKey, "2026-01-31")), RotationStatus::DueSoon);
        assert_eq!(status(secret("a", AccessKey, "2026-02-14")), RotationStatus::DueSoon);
        assert_eq!(status(secret("a", AccessKey, "2026-02-15")), RotationStatus::Within);
        let rotated = Secret { rotated_at: Some(at("2026-04-01")), ..secret("a", AccessKey, "2020-01-01") };
        let entry = judged(vec![rotated], &Policy::default()).secrets.remove(0);
        assert_eq!((entry.age_days, entry.limit_days, entry.due), (Some(30), Some(90), Some(at("2026-06-30"))));
    }

    #[test]
    fn an_unknown_or_future_date_is_never_taken_for_zero() {
        assert_eq!(status(Secret::new("a", SecretKind::Token)), RotationStatus::UnknownAge);
        let future = judged(vec![secret("a", SecretKind::Token, "2026-05-02")], &Policy::default());
        assert_eq!((future.secrets[0].status, future.secrets[0].age_days), (RotationStatus::UnknownAge, None));
        assert_eq!(future.summary.data_problems[0].field, "created_at");
        assert_eq!((future.summary.all.judged, future.summary.all.share_within_limit), (0, None));
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
        let dynamic = judged(vec![Secret { dynamic: Some(true), ..old() }], &Policy::default()).secrets.remove(0);
        assert_eq!((dynamic.status, dynamic.limit_days, dynamic.due), (RotationStatus::Dynamic, Some(1), Some(at("2020-01-02"))));
    }

    #[test]
    fn a_class_may_have_its_own_limits_and_sums_say_what_was_judged() {
        let policy = Policy::from_toml("limits_by_class.production.token = { age_days = 10 }").expect("a policy");
        let live = Secret { environment: Some(Environment::Production), ..secret("live", SecretKind::Token, "2026-04-01") };
        let test = Secret { environment: Some(Environment::Testing), ..secret("test", SecretKind::Token, "2026-04-01") };
        let result = judged(vec![live, test, Secret::new("unknown", SecretKind::Token)], &policy);
        assert_eq!(result.secrets.iter().map(|entry| entry.status.as_str()).collect::<Vec<_>>(), ["overdue", "within", "unknown_age"]);
        let all = result.summary.all;
        assert_eq!((all.secrets, all.judged, all.within_limit, all.share_within_limit), (3, 2, 1, Some(0.5)));
        assert_eq!(result.summary.by_environment[&Environment::Production].share_within_limit, Some(0.0));
        assert_eq!(result.summary.by_status[&RotationStatus::Revoked], 0);
    }
}
