//! [`Judge`]: the limits of a policy at an instant, and how a secret stands against them.

use super::{RotationStatus, SecretRotation};
use crate::estate::{EntityIndex, Estate, SecretRef};
use crate::model::{EnvironmentClass, Instant, SecretKind};
use crate::policy::{Limit, Policy};

/// The limits of a policy at an instant, by kind and class.
#[derive(Debug, Clone)]
pub(super) struct Judge {
    pub as_of: Instant,
    /// By kind, then by class.
    limits: Vec<Limit>,
    dynamic_lifetime_days: u32,
    /// What is due by then is due soon.
    soon: Instant,
    never_expires_days: u32,
}

/// The limit of a kind in a class, for a secret that states no end, as instants that its age is counted from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound {
    /// What is older than this is overdue.
    pub overdue_before: i64,
    /// What is not younger than this is due soon.
    pub soon_until: i64,
    /// Whether one without a date can be judged all the same.
    pub needs_age: bool,
}

impl Judge {
    pub fn new(policy: &Policy, as_of: Instant) -> Judge {
        let classes = |kind: &SecretKind| EnvironmentClass::ALL.iter().map(|class| policy.limit(*kind, *class)).collect::<Vec<_>>();
        Judge {
            as_of,
            limits: SecretKind::ALL.iter().flat_map(classes).collect(),
            dynamic_lifetime_days: policy.dynamic_lifetime_days,
            soon: as_of.plus_days(policy.due_soon_days.into()),
            never_expires_days: policy.never_expires_days,
        }
    }

    fn limit(&self, kind: SecretKind, class: EnvironmentClass) -> Limit {
        self.limits[kind as usize * EnvironmentClass::ALL.len() + class as usize]
    }

    /// [`Judge::row`] without an end, and neither dynamic nor revoked: the status hangs on one instant alone.
    pub fn bound(&self, kind: SecretKind, class: EnvironmentClass) -> Bound {
        let limit = self.limit(kind, class);
        let days = limit.oldest_days();
        let back = |from: Instant, days: u32| from.unix_microseconds().saturating_sub(Instant::DAY.saturating_mul(days.into()));
        Bound {
            overdue_before: days.map_or(i64::MIN, |days| back(self.as_of, days)),
            // No due date lies beyond the last instant, so that where this is the last everything is due soon.
            soon_until: days.map_or(i64::MIN, |days| if self.soon == Instant::LAST { i64::MAX } else { back(self.soon, days) }),
            needs_age: needs_age(limit, days, None),
        }
    }

    /// How an entity stands; `None` where it is no secret.
    pub fn row<'a>(&self, estate: &'a Estate, entity: EntityIndex) -> Option<SecretRotation<'a>> {
        let secret = estate.entity(entity).as_secret()?;
        let environment = estate.environment(entity);
        let dynamic = secret.dynamic == Some(true);
        let limit = self.limit(secret.kind, environment.class());
        let limit_days = if dynamic { Some(self.dynamic_lifetime_days) } else { limit.oldest_days() };
        // A dynamic secret is judged on its lifetime: from its creation, whatever happened since.
        let base = if dynamic { secret.created_at } else { dated(&secret) };
        let known = base.filter(|base| *base <= self.as_of);
        let too_old = known.zip(limit_days).map(|(base, days)| base.plus_days(days.into()));
        let never = secret.expires_at.is_some_and(|end| self.says_never(end));
        let end = secret.expires_at.filter(|_| !never);
        let due = too_old.into_iter().chain(end).min();
        let status = if secret.revoked == Some(true) {
            RotationStatus::Revoked
        } else if secret.expires_at.is_some_and(|end| end <= self.as_of) {
            RotationStatus::Expired
        } else if dynamic {
            RotationStatus::Dynamic
        } else if base.is_some() && known.is_none() || base.is_none() && needs_age(limit, limit_days, secret.expires_at) {
            RotationStatus::UnknownAge
        } else if too_old.is_some_and(|too_old| too_old < self.as_of) {
            RotationStatus::Overdue
        } else if never && limit.must_expire {
            RotationStatus::NeverExpires
        } else if due.is_some_and(|due| due <= self.soon) {
            RotationStatus::DueSoon
        } else {
            RotationStatus::Within
        };
        Some(SecretRotation {
            secret: secret.id,
            kind: secret.kind,
            tenant: secret.tenant,
            environment: environment.environment,
            age_days: dated(&secret).filter(|base| *base <= self.as_of).map(|base| self.as_of.days_since(base)),
            limit_days,
            due,
            status,
        })
    }

    /// As [`Policy::says_never`].
    fn says_never(&self, end: Instant) -> bool {
        end >= Instant::NEVER || end > self.as_of.plus_days(self.never_expires_days.into())
    }
}

/// Since when a secret has its value.
fn dated(secret: &SecretRef<'_>) -> Option<Instant> {
    secret.rotated_at.or(secret.created_at)
}

/// Whether a secret without a date cannot be judged: its kind has an age limit, or a lifetime limit and it states no end either.
fn needs_age(limit: Limit, limit_days: Option<u32>, expires_at: Option<Instant>) -> bool {
    limit.age_days.is_some() || limit_days.is_some() && expires_at.is_none()
}
