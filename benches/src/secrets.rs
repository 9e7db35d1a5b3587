//! [`Secrets`]: seeded secrets with the days they were created on, to be held against limits by kind.

use crate::arrays::{bytes, numbers};
use crate::random::Random;
use std::path::Path;
use std::{fs, io};
use tenantgraph::Estate;
use tenantgraph::model::{EnvironmentClass, Instant, Secret, SecretKind};
use tenantgraph::policy::Policy;

/// The kinds that are drawn.
pub const KINDS: [SecretKind; 4] = [SecretKind::ApiKey, SecretKind::AccessKey, SecretKind::Password, SecretKind::SshKey];
/// The age of a secret that nobody knows.
const UNKNOWN: u32 = u32::MAX;
/// Nothing is older than so many days.
const OLDEST: u64 = 1_000;
const SEED: u64 = 6;

/// Secrets as arrays.
#[derive(Debug)]
pub struct Secrets {
    /// The kind of each, by its place in [`KINDS`].
    pub kind: Vec<u32>,
    /// The days since each was created; `u32::MAX` where nobody knows.
    pub age: Vec<u32>,
}

impl Secrets {
    /// So many secrets, one in ten of which has no date.
    pub fn new(many: usize) -> Secrets {
        let mut random = Random::new(SEED);
        let kind = (0..many).map(|_| random.below(KINDS.len() as u64) as u32).collect();
        let age = (0..many).map(|_| if random.one_in(10) { UNKNOWN } else { random.below(OLDEST) as u32 }).collect();
        Secrets { kind, age }
    }

    /// Writes `secret_kind.u32`, `secret_age.u32`, and `limits.u32`: of each kind the days of the default policy, and at the end the days ahead in
    /// which a secret is due soon.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let policy = Policy::default();
        let days = |kind| policy.limit(kind, EnvironmentClass::Unknown).age_days.unwrap_or(UNKNOWN);
        let limits: Vec<u32> = KINDS.into_iter().map(days).chain([policy.due_soon_days]).collect();
        fs::write(folder.join("limits.u32"), bytes(&limits))?;
        fs::write(folder.join("secret_kind.u32"), bytes(&self.kind))?;
        fs::write(folder.join("secret_age.u32"), bytes(&self.age))
    }

    /// The secrets that [`Secrets::write`] wrote.
    ///
    /// # Errors
    /// A file that is not there.
    pub fn read(folder: &Path) -> io::Result<Secrets> {
        let file = |name| fs::read(folder.join(name)).map(|bytes| numbers(&bytes));
        Ok(Secrets { kind: file("secret_kind.u32")?, age: file("secret_age.u32")? })
    }

    /// An estate of nothing but these secrets, as they stand at an instant.
    pub fn estate(&self, as_of: Instant) -> Estate {
        let mut builder = Estate::builder();
        for (number, (kind, age)) in self.kind.iter().zip(&self.age).enumerate() {
            let created_at = (*age != UNKNOWN).then(|| as_of.plus_days(-i64::from(*age)));
            builder.add(Secret { created_at, ..Secret::new(format!("secret:{number:08}"), KINDS[*kind as usize]) });
        }
        builder.build()
    }
}
