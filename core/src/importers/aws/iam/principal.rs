//! [`PrincipalPattern`]: whom a policy on a resource names, and [`Principal`]: who asks.

use super::known::{Known, Truth};
use super::pattern::{Case, Pattern};

/// Whom a policy on a resource names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PrincipalPattern {
    /// Everyone, without signing in too.
    Anyone,
    /// An account: whoever that account lets.
    Account(String),
    /// A user, a role or a session of a role.
    Arn(String),
    /// A service of AWS.
    Service(String),
    /// A provider of web identities or SAML.
    Federated(String),
    /// A principal that was deleted: AWS leaves its id in its place, and nobody can become it again.
    Deleted(String),
    /// Anything else.
    Other,
}

impl PrincipalPattern {
    /// Reads a principal by the type it is listed under.
    pub fn parse(kind: &str, text: &str) -> Self {
        match kind {
            "Service" => PrincipalPattern::Service(text.to_owned()),
            "Federated" => PrincipalPattern::Federated(text.to_owned()),
            "AWS" if text == "*" => PrincipalPattern::Anyone,
            "AWS" if is_account(text) => PrincipalPattern::Account(text.to_owned()),
            "AWS" if text.starts_with("arn:") => match account_of(text).filter(|_| text.ends_with(":root")) {
                Some(account) => PrincipalPattern::Account(account.to_owned()),
                None => PrincipalPattern::Arn(text.to_owned()),
            },
            "AWS" if is_unique_id(text) => PrincipalPattern::Deleted(text.to_owned()),
            _ => PrincipalPattern::Other,
        }
    }

    /// Whether it names a principal, and whether it names that principal itself rather than its account.
    pub fn names(&self, principal: &Principal<'_>) -> (Truth, Directly) {
        match (self, principal) {
            (PrincipalPattern::Anyone, Principal::Aws { .. }) => (Truth::Yes, Directly(true)),
            (PrincipalPattern::Account(account), Principal::Aws { account: of, .. }) => (Truth::of(account == of), Directly(false)),
            (PrincipalPattern::Arn(named), Principal::Aws { arn, .. }) => (Truth::of(same_principal(named, arn)), Directly(true)),
            (PrincipalPattern::Federated(named), Principal::Federated(provider)) => (Truth::of(named == provider), Directly(true)),
            (PrincipalPattern::Anyone, _) => (Truth::Yes, Directly(true)),
            (PrincipalPattern::Service(named), Principal::Service(service)) => (Truth::of(same_service(named, service)), Directly(true)),
            (PrincipalPattern::Other, _) => (Truth::Unknown, Directly(true)),
            _ => (Truth::No, Directly(true)),
        }
    }
}

/// Whether a principal is named itself, not by its account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Directly(pub bool);

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Principal<'a> {
    /// A user or a role, by its ARN.
    Aws { arn: &'a str, account: &'a str },
    /// Whoever holds a token of a provider.
    Federated(&'a str),
    /// A service of AWS.
    Service(&'a str),
}

impl<'a> Principal<'a> {
    /// A user or a role.
    pub fn aws(arn: &'a str) -> Self {
        Principal::Aws { arn, account: account_of(arn).unwrap_or_default() }
    }
}

/// Whether a text is the number of an account.
pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The account in an ARN.
pub(crate) fn account_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(4).filter(|account| is_account(account))
}

/// The name of a service as policies of every partition mean it: `ec2.amazonaws.com.cn` is `ec2.amazonaws.com`, `logs.eu-west-1.amazonaws.com` stays.
pub(crate) fn same_service(one: &str, other: &str) -> bool {
    let plain = |name: &str| name.strip_suffix(".cn").unwrap_or(name).to_ascii_lowercase();
    plain(one) == plain(other)
}

/// A session of a role (`assumed-role/NAME/SESSION`) is that role.
fn same_principal(named: &str, arn: &str) -> bool {
    if named == arn {
        return true;
    }
    let session = named.split_once(":sts::").and_then(|(partition, rest)| {
        let (account, path) = rest.split_once(":assumed-role/")?;
        Some((partition, account, path.split('/').next()?))
    });
    session.is_some_and(|(partition, account, role)| {
        let (start, name) = arn.rsplit_once('/').unwrap_or((arn, ""));
        name == role && start.starts_with(&format!("{partition}:iam::{account}:role"))
    })
}

/// The unique id of a user or role: letters and digits behind a prefix that tells its type.
/// Source: IAM user guide, "IAM identifiers", unique identifiers.
fn is_unique_id(text: &str) -> bool {
    text.len() >= 16
        && ["AIDA", "AROA", "AGPA", "ASIA", "AKIA"].iter().any(|prefix| text.starts_with(prefix))
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Whether an ARN matches one with wildcards part by part: what `ArnLike` compares. A wildcard does not cross a colon.
/// Source: IAM user guide, "IAM JSON policy elements: Condition operators", ARN.
pub(crate) fn arn_matches(pattern: &str, arn: &str, variable: &dyn Fn(&str) -> Known) -> Truth {
    let (patterns, parts): (Vec<_>, Vec<_>) = (pattern.splitn(6, ':').collect(), arn.splitn(6, ':').collect());
    if patterns.len() != parts.len() {
        // No ARN, but it may be meant to match some: AWS does not say.
        return if pattern.contains('*') { Truth::Unknown } else { Truth::No };
    }
    let mut all = Truth::Yes;
    for (pattern, part) in patterns.iter().zip(parts) {
        match Pattern::parse(pattern).matches(part, Case::Counts, variable) {
            Truth::No => return Truth::No,
            Truth::Unknown => all = Truth::Unknown,
            Truth::Yes => {}
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANN: &str = "arn:aws:iam::111122223333:user/ann";
    const ROLE: &str = "arn:aws:iam::111122223333:role/team/deploy";

    #[test]
    fn every_form_of_a_principal_is_told() {
        let parse = |text| PrincipalPattern::parse("AWS", text);
        assert_eq!(parse("*"), PrincipalPattern::Anyone);
        assert_eq!(parse("111122223333"), parse("arn:aws:iam::111122223333:root"));
        assert_eq!(parse("AROAEXAMPLEEXAMPLE123"), PrincipalPattern::Deleted("AROAEXAMPLEEXAMPLE123".into()));
        assert_eq!(PrincipalPattern::parse("CanonicalUser", "79a5"), PrincipalPattern::Other);
    }

    #[test]
    fn an_account_names_its_principals_but_not_directly() {
        let names = |text: &str, arn| PrincipalPattern::parse("AWS", text).names(&Principal::aws(arn));
        assert_eq!(names("111122223333", ANN), (Truth::Yes, Directly(false)));
        assert_eq!(names(ANN, ANN), (Truth::Yes, Directly(true)));
        assert_eq!(names("444455556666", ANN).0, Truth::No);
        assert_eq!(names("arn:aws:sts::111122223333:assumed-role/deploy/run-7", ROLE), (Truth::Yes, Directly(true)));
        assert_eq!(names("AIDAEXAMPLEEXAMPLE123", ANN).0, Truth::No);
    }

    #[test]
    fn services_are_the_same_in_every_partition() {
        assert!(same_service("ec2.amazonaws.com.cn", "ec2.amazonaws.com") && !same_service("lambda.amazonaws.com", "ec2.amazonaws.com"));
    }

    #[test]
    fn a_wildcard_of_an_arn_does_not_cross_a_colon() {
        let matches = |pattern| arn_matches(pattern, ROLE, &|_| Known::Unknown);
        assert_eq!(matches("arn:aws:iam::*:role/*"), Truth::Yes);
        assert_eq!(matches("arn:aws:iam::111122223333:role/team/d?ploy"), Truth::Yes);
        assert_eq!((matches("arn:*"), matches("deploy")), (Truth::Unknown, Truth::No));
    }
}
