//! [`lifecycle`]: owners, dormancy, expiry and offboarding of identities, secrets, tenants and trusts.

mod dormant;
mod expired;
mod offboarding;
mod owners;
mod trusts;

pub use dormant::Dormant;
pub use expired::Expired;
pub use offboarding::{NotOffboarded, OffboardingReason};
pub use owners::{OwnerGap, OwnerProblem};
pub use trusts::{StaleTrust, TrustProblem};

use crate::estate::{Coverage, Estate};
use crate::model::Instant;
use crate::policy::Policy;
use serde::Serialize;

/// The answer of [`lifecycle`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lifecycle {
    /// What nobody answers for, by id.
    pub owners: Vec<OwnerGap>,
    /// The identities and secrets that have not been used for long, by id.
    pub dormant: Vec<Dormant>,
    /// The identities, secrets and tenants that are past their end and still there, by id.
    pub expired: Vec<Expired>,
    /// The tenants that should be gone and are still trusted or still hold working secrets, by id.
    pub offboarding: Vec<NotOffboarded>,
    /// The trusts and federations that are not used or not looked at, in the canonical order of relations.
    pub trusts: Vec<StaleTrust>,
    /// How much of what this question needs is known.
    pub coverage: Vec<Coverage>,
}

/// What should have ended, or has nobody to end it, at an instant.
///
/// What an export does not say is unknown and stands in the coverage: an identity of which nobody says when it was last used is not dormant, and one without
/// an owner is orphaned only where something else of its kind has one. Costs a few passes over entities and relations.
pub fn lifecycle(estate: &Estate, policy: &Policy, as_of: Instant) -> Lifecycle {
    let mut coverage = Vec::new();
    let lifecycle = Lifecycle {
        owners: owners::owners(estate, policy, as_of, &mut coverage),
        dormant: dormant::dormant(estate, policy, as_of, &mut coverage),
        expired: expired::expired(estate, as_of),
        offboarding: offboarding::offboarding(estate, policy, as_of),
        trusts: trusts::trusts(estate, policy, as_of, &mut coverage),
        coverage: Vec::new(),
    };
    coverage.sort_unstable();
    Lifecycle { coverage, ..lifecycle }
}

#[cfg(test)]
mod tests;
