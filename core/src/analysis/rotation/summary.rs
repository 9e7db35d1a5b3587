//! [`RotationSummary`]: sums over the secrets of an estate.

use super::{Rotation, RotationStatus, SecretRotation};
use crate::estate::SecretRef;
use crate::model::{Environment, Instant, SecretKind, Storage};
use serde::Serialize;
use std::collections::BTreeMap;

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

fn problems(secret: SecretRef<'_>, as_of: Instant) -> impl Iterator<Item = DataProblem> + '_ {
    let dates = [("created_at", secret.created_at), ("last_used_at", secret.last_used_at), ("rotated_at", secret.rotated_at)];
    dates.into_iter().filter(move |(_, date)| date.is_some_and(|date| date > as_of)).map(|(field, _)| DataProblem {
        secret: secret.id.to_owned(),
        field,
        problem: "lies after the instant of the question",
    })
}

impl RotationSummary {
    /// Costs a pass over the secrets.
    pub(super) fn of(rotation: &Rotation) -> Self {
        let mut summary = RotationSummary {
            all: RotationShare::default(),
            by_status: RotationStatus::ALL.iter().map(|status| (*status, rotation.count(*status))).collect(),
            by_kind: BTreeMap::new(),
            by_tenant: BTreeMap::new(),
            by_environment: BTreeMap::new(),
            by_storage: BTreeMap::new(),
            data_problems: Vec::new(),
        };
        for entity in rotation.estate.indices() {
            if let (Some(entry), Some(secret)) = (rotation.secret(entity), rotation.estate.entity(entity).as_secret()) {
                summary.count(&entry, secret.storage.unwrap_or(Storage::Unknown));
                summary.data_problems.extend(problems(secret, rotation.judge.as_of));
            }
        }
        summary.settle();
        summary
    }

    fn count(&mut self, entry: &SecretRotation<'_>, storage: Storage) {
        self.all.count(entry);
        self.by_kind.entry(entry.kind).or_default().count(entry);
        self.by_environment.entry(entry.environment).or_default().count(entry);
        self.by_storage.entry(storage).or_default().count(entry);
        if let Some(tenant) = entry.tenant {
            match self.by_tenant.get_mut(tenant) {
                Some(share) => share.count(entry),
                None => self.by_tenant.entry(tenant.to_owned()).or_default().count(entry),
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
    fn count(&mut self, entry: &SecretRotation<'_>) {
        use RotationStatus::{DueSoon, NeverExpires, Overdue, Within};
        let works = matches!(entry.status, Within | DueSoon | Overdue | NeverExpires);
        let judged = works && entry.age_days.is_some() && entry.limit_days.is_some();
        self.secrets += 1;
        self.judged += u64::from(judged);
        self.within_limit += u64::from(judged && entry.status != Overdue);
    }
}
