//! The reader of leaks: what scanners of secrets report, in any mix of tools.
//!
//! - A value becomes a keyed fingerprint as it is read. The same value in several places is one secret with an exposure a place, whatever tool found it.
//!   What was redacted, is empty, or is the same for everybody (a placeholder, the header of a key, a documented example) is no value: each place stands alone.
//! - Hashes are compared under the key too, and only with hashes of the same tool: SHA-1 with SHA-1, those of ggshield with those of ggshield.
//! - Where the report or the value names the credential as its provider does, the secret has that id: an access key of AWS, a key of a Google service account.
//!   It authenticates as the identity that stands beside it: an ARN, the account of a key file, the application of a client secret.
//! - What was scanned stores the secret where its kind is known: a repository, a bucket, an image, a channel. A report that does not say what was scanned is
//!   of what its format names, `leaks@https://github.com/acme/shop` or `leaks@s3://acme-till`, or else only of its own file.
//! - A finding that somebody or the provider marked as no secret is left out, with the reason. One that was revoked, or no longer works, is a revoked secret.
//! - When it was found is when it came there, as far as that is told: the date of the commit or of the alert. When a secret was made nobody says.

mod add;
mod dates;
mod detect;
mod detect_secrets;
mod finding;
mod ggshield;
mod github_alert;
mod gitleaks;
mod gitleaks_table;
mod kinds;
mod nosey_parker;
mod places;
mod reading;
mod sarif;
mod shape;
#[cfg(test)]
mod tests;
mod told;
mod trufflehog;

use super::{ImportReading, Importer, Input};

/// The reader of reports of secret scanners.
#[derive(Debug)]
pub struct Leaks;

impl Importer for Leaks {
    fn format(&self) -> &'static str {
        "leaks"
    }

    fn summary(&self) -> &'static str {
        "leaked secrets: gitleaks (JSON, CSV, SARIF), TruffleHog, detect-secrets, Nosey Parker, ggshield, GitHub secret scanning alerts"
    }

    fn takes_name(&self) -> bool {
        true
    }

    fn detects(&self, input: &Input) -> bool {
        detect::detects(input)
    }

    fn start(&self) -> Box<dyn ImportReading> {
        Box::<reading::Reading>::default()
    }
}
