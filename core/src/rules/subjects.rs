//! [`accepted`]: whom a regex over federated subjects lets in.

use regex::Regex;

/// Whom a regex over federated subjects lets in, where that is more than somebody named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Accepted {
    /// Any subject at all.
    Everything,
    /// Any subject of one issuer's form, whoever's it is.
    Everyone(&'static str),
    /// Only subjects that have something in common that somebody chose.
    Named,
}

/// Two subjects of each form, of owners that have nothing in common. A regex that takes both does not say whose they must be.
const FORMS: &[(&str, [&str; 2])] = &[
    ("GitHub Actions", ["repo:qxwvz/kjhyt:ref:refs/heads/main", "repo:bnmlp/fdsgr:ref:refs/heads/main"]),
    ("GitHub Actions", ["repo:qxwvz/kjhyt:environment:production", "repo:bnmlp/fdsgr:environment:production"]),
    ("GitHub Actions", ["repo:qxwvz/kjhyt:environment:prod", "repo:bnmlp/fdsgr:environment:prod"]),
    ("GitHub Actions", ["repo:qxwvz/kjhyt:pull_request", "repo:bnmlp/fdsgr:pull_request"]),
    ("GitLab", ["project_path:qxwvz/kjhyt:ref_type:branch:ref:main", "project_path:bnmlp/fdsgr:ref_type:branch:ref:main"]),
    (
        "Terraform Cloud",
        [
            "organization:qxwvz:project:kjhyt:workspace:wpoiu:run_phase:apply",
            "organization:bnmlp:project:fdsgr:workspace:xcvjk:run_phase:apply",
        ],
    ),
    ("Kubernetes", ["system:serviceaccount:qxwvz:kjhyt", "system:serviceaccount:bnmlp:fdsgr"]),
    ("SPIFFE", ["spiffe://qxwvz.example/ns/kjhyt/sa/wpoiu", "spiffe://bnmlp.test/ns/fdsgr/sa/xcvjk"]),
    ("repository", ["attribute.repository/qxwvz/kjhyt", "attribute.repository/bnmlp/fdsgr"]),
    ("person", ["qxwvz@kjhyt.example", "bnmlp@fdsgr.test"]),
];

/// Whom a regex lets in; `None` where it is no regex that can be read here. It is tried on subjects that nobody meant, so that `.*`, `^repo:` and
/// `repo:[^/]+/.+` are told from a pattern that names an owner, however they are written. A regex without anchors matches anywhere.
pub(super) fn accepted(subject: &str) -> Option<Accepted> {
    let regex = Regex::new(subject).ok()?;
    let takes = |[one, two]: &[&str; 2]| regex.is_match(one) && regex.is_match(two);
    if FORMS.iter().all(|(_, pair)| takes(pair)) {
        return Some(Accepted::Everything);
    }
    let form = FORMS.iter().find(|(_, pair)| takes(pair)).map(|(form, _)| Accepted::Everyone(form));
    Some(form.unwrap_or(Accepted::Named))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_that_names_nobody_is_told_by_what_it_takes() {
        for subject in [".*", "^.*$", "", "^.+$", "[a-z]", "(?s:.)*", "^[^ ]*$"] {
            assert_eq!(accepted(subject), Some(Accepted::Everything), "{subject}");
        }
        for (subject, form) in [
            ("^repo:.*$", "GitHub Actions"),
            (r"^repo:[^/]+/[^:]+:ref:refs/heads/main$", "GitHub Actions"),
            (":environment:production$", "GitHub Actions"),
            ("^repo:.*:pull_request$", "GitHub Actions"),
            ("^system:serviceaccount:.*", "Kubernetes"),
            ("^project_path:.+", "GitLab"),
            ("^organization:[^:]+:project:.*", "Terraform Cloud"),
        ] {
            assert_eq!(accepted(subject), Some(Accepted::Everyone(form)), "{subject}");
        }
    }

    #[test]
    fn a_pattern_that_names_an_owner_is_not_and_what_is_no_regex_is_unknown() {
        for subject in [
            r"^repo:acme/.*$",
            r"^repo:acme/shop:environment:production$",
            "repo:acme/shop",
            "^system:serviceaccount:shop:.*$",
            "^spiffe://acme\\.example/.*$",
            "^project_path:acme/.*",
            r"^attribute\.repository/acme/shop$",
            "^5fd924f6-2f1e-4a5f-8f0e-6d3a1c2b4e5f$",
            "^.+@acme\\.example$",
        ] {
            assert_eq!(accepted(subject), Some(Accepted::Named), "{subject}");
        }
        assert_eq!(accepted("repo:(?!acme)"), None);
    }
}
