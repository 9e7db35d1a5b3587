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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::door::{ask, options};
    use crate::error::ErrorCode;
    use crate::model::{Tenant, TenantKind};
    use crate::observer::Unobserved;

    fn estate(id: &str) -> Estate {
        let mut builder = Estate::builder();
        builder.add(Tenant::new(id, TenantKind::Other));
        builder.build()
    }

    #[test]
    fn the_answer_of_isolation_proves_its_own_estate_alone() {
        let [own, other] = ["acme-staging", "globex-staging"].map(estate);
        let at = options(r#"{"as_of": "2026-05-01"}"#).expect("options");
        let answer = ask(&own, "isolation", at, &Unobserved).expect("an answer").to_json().expect("JSON");
        verify("proof", &answer, &own, None).expect("a proof");
        verify("proof", &answer, &own, Some(&Policy::default())).expect("the same proof under the policy that was meant");
        for (certificate, estate) in [(answer.as_str(), &other), ("{", &own), (r#"{"certificate": null}"#, &own)] {
            assert_eq!(verify("proof", certificate, estate, None).expect_err(certificate).code(), ErrorCode::InvalidDocument);
        }
    }
}
