//! [`verify`]: a certificate of isolation, as text, against an estate.

use crate::analysis::{self, Certificate};
use crate::error::Result;
use crate::estate::Estate;
use crate::policy::Policy;

/// Checks a certificate of isolation, alone or within the answer of `isolation`, against an estate and the policy that the question was asked with. `name`
/// is what places show.
///
/// # Errors
/// [`crate::ErrorCode::InvalidDocument`] where it is no certificate, with its line and column, or where it proves nothing of this estate, with the reason;
/// what [`Estate::with_environment_rules`] gives.
pub fn verify(name: &str, certificate: &str, estate: &Estate, policy: Option<&Policy>) -> Result<()> {
    let certificate = Certificate::from_json(name, certificate)?;
    match policy {
        Some(policy) => analysis::verify(&certificate, &estate.with_environment_rules(&policy.environments)?, policy),
        None => analysis::verify(&certificate, estate, &Policy::default()),
    }
}
