//! [`rotation`]: the age, the limit, the due date and the status of every secret.

mod judge;
mod statuses;
mod summary;
#[cfg(test)]
mod tests;

pub use summary::{DataProblem, RotationShare, RotationSummary};

use crate::estate::{EntityIndex, Estate};
use crate::model::words::words;
use crate::model::{Environment, Instant, SecretKind};
use crate::policy::Policy;
use judge::Judge;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use statuses::{Counts, Statuses};
use std::sync::OnceLock;

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

/// Every secret and how it stands, and the sums over them. A row is made when it is asked for, a status worked out anew, and the sums counted when they are.
///
/// ```
/// use tenantgraph::analysis::{RotationStatus, rotation};
/// use tenantgraph::model::{Instant, Secret, SecretKind};
/// use tenantgraph::policy::Policy;
/// let mut builder = tenantgraph::Estate::builder();
/// builder.add(Secret { created_at: Some(Instant::parse("2020-01-01")?), ..Secret::new("key", SecretKind::AccessKey) });
/// let rotation = rotation(&builder.build(), &Policy::default(), Instant::parse("2026-05-01")?);
/// assert_eq!(rotation.count(RotationStatus::Overdue), 1);
/// assert_eq!(rotation.of_status(RotationStatus::Overdue).map(|row| row.secret).collect::<Vec<_>>(), ["key"]);
/// # Ok::<(), tenantgraph::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Rotation {
    estate: Estate,
    judge: Judge,
    statuses: Statuses,
    counts: Counts,
    summary: OnceLock<RotationSummary>,
}

/// How a secret stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SecretRotation<'a> {
    /// Its id.
    pub secret: &'a str,
    /// What it is.
    pub kind: SecretKind,
    /// The id of its tenant.
    pub tenant: Option<&'a str>,
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

/// Holds every secret of an estate against the limits of a policy. Costs one pass over five bytes a secret, on as many threads as there are; secrets that state an
/// end, are dynamic or revoked cost more. The answer is as small for many secrets as for one.
///
/// A status is the first of these that applies: revoked, expired, dynamic, unknown age, overdue, never expires, due soon, within. An age that is
/// unknown, or whose date lies in the future, is never taken for zero.
pub fn rotation(estate: &Estate, policy: &Policy, as_of: Instant) -> Rotation {
    let judge = Judge::new(policy, as_of);
    let statuses = Statuses::new(estate, &judge);
    let counts = statuses.count(estate, &judge);
    Rotation { estate: estate.clone(), judge, statuses, counts, summary: OnceLock::new() }
}

impl Rotation {
    /// How many secrets there are.
    pub fn len(&self) -> usize {
        self.counts.iter().sum::<u64>() as usize
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many secrets have a status.
    pub fn count(&self, status: RotationStatus) -> u64 {
        self.counts[status as usize]
    }

    /// The status of an entity; `None` where it is no secret.
    pub fn status(&self, entity: EntityIndex) -> Option<RotationStatus> {
        let is_there = entity.position() < self.estate.len();
        is_there.then(|| self.statuses.get(&self.estate, &self.judge, entity)).flatten()
    }

    /// How an entity stands; `None` where it is no secret.
    pub fn secret(&self, entity: EntityIndex) -> Option<SecretRotation<'_>> {
        let is_there = entity.position() < self.estate.len();
        is_there.then(|| self.judge.row(&self.estate, entity)).flatten()
    }

    /// The secrets, by id.
    pub fn secrets(&self) -> impl Iterator<Item = SecretRotation<'_>> {
        self.estate.indices().filter_map(|entity| self.secret(entity))
    }

    /// The secrets that have a status, by id.
    pub fn of_status(&self, status: RotationStatus) -> impl Iterator<Item = SecretRotation<'_>> {
        let has_it = move |entity: &EntityIndex| self.status(*entity) == Some(status);
        self.estate.indices().filter(has_it).filter_map(|entity| self.secret(entity))
    }

    /// The sums. Costs a pass over the secrets when it is first asked for.
    pub fn summary(&self) -> &RotationSummary {
        self.summary.get_or_init(|| RotationSummary::of(self))
    }
}

/// Two answers are equal that say the same of the same secrets.
impl PartialEq for Rotation {
    fn eq(&self, other: &Self) -> bool {
        self.secrets().eq(other.secrets()) && self.summary() == other.summary()
    }
}

impl Serialize for Rotation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rotation = serializer.serialize_struct("Rotation", 2)?;
        rotation.serialize_field("secrets", &Rows(self))?;
        rotation.serialize_field("summary", self.summary())?;
        rotation.end()
    }
}

struct Rows<'a>(&'a Rotation);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.secrets())
    }
}
