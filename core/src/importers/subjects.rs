//! What the subjects of an identity provider are, and their patterns: for every reader of a cloud that takes tokens of others.

use crate::estate::EstateBuilder;
use crate::model::{Certainty, Identity, IdentityKind, Relation, RelationKind};

/// What the subjects of an issuer are, by its address without the scheme.
pub(super) fn kind_of(host: &str) -> IdentityKind {
    const PIPELINES: [&str; 6] = [
        "token.actions.githubusercontent.com",
        "gitlab.com",
        "app.terraform.io",
        "oidc.circleci.com",
        "agent.buildkite.com",
        "vstoken.dev.azure.com",
    ];
    let cluster = host.starts_with("oidc.eks.") || host.starts_with("oidc-eks.") || host.contains(".oic.prod-aks.azure.");
    match host {
        _ if PIPELINES.iter().any(|issuer| host.starts_with(issuer)) => IdentityKind::Pipeline,
        _ if cluster => IdentityKind::Workload,
        _ => IdentityKind::Other,
    }
}

/// The id of a cluster of Kubernetes, by its name.
pub(super) fn cluster(name: &str) -> String {
    format!("kubernetes://{name}")
}

/// The id of a namespace of a cluster.
pub(super) fn namespace(cluster_name: &str, namespace: &str) -> String {
    format!("{}/namespaces/{namespace}", cluster(cluster_name))
}

/// The id of a service account of a cluster.
pub(super) fn service_account(cluster: &str, of_namespace: &str, name: &str) -> String {
    format!("{}/serviceaccounts/{name}", namespace(cluster, of_namespace))
}

/// The role of AWS whose session an ARN names: `arn:aws:sts::NUMBER:assumed-role/NAME` is of `arn:aws:iam::NUMBER:role/NAME`.
pub(super) fn role_of_session(arn: &str) -> Option<String> {
    let (partition, rest) = arn.split_once(":sts::")?;
    let (account, session) = rest.split_once(":assumed-role/")?;
    let role = session.split('/').next().filter(|role| !role.is_empty())?;
    Some(format!("{partition}:iam::{account}:role/{role}"))
}

/// The id of a subject of an issuer, or of a pattern over its subjects. A `*` that stands for itself alone must not be taken for a pattern.
pub(super) fn id(issuer: &str, subject: &str, wildcards: bool) -> String {
    let subject = if wildcards { subject.to_owned() } else { subject.replace('*', "%2A").replace('?', "%3F") };
    format!("{issuer}#{subject}")
}

/// Whom a trust takes of an issuer: a subject, a pattern over subjects, or all of them where none is told.
pub(super) struct Trusted<'a> {
    pub issuer: &'a str,
    pub subject: Option<&'a str>,
    /// Whether `*` and `?` stand for other text.
    pub wildcards: bool,
    /// Whether nothing besides the subject decides.
    pub certainty: Certainty,
}

/// The trust that an identity puts in subjects of an issuer. Adds these; gives the relation, to be completed and added.
pub(super) fn federated(builder: &mut EstateBuilder, trusted: &Trusted<'_>, to: &str) -> Relation {
    let issuer = trusted.issuer.trim_end_matches('/');
    let host = issuer.split_once("://").map_or(issuer, |(_, host)| host);
    let (subject, wildcards) = trusted.subject.map_or(("*", true), |subject| (subject, trusted.wildcards));
    let from = id(issuer, subject, wildcards);
    builder.add(Identity { name: Some(subject.to_owned()), ..Identity::new(&from, kind_of(host)) });
    let relation = Relation::new(from, RelationKind::FederatesTo, to).certainty(trusted.certainty);
    Relation { subject: Some(expression(subject, wildcards)), ..relation }
}

/// A pattern of a subject as a regular expression; cases are told apart, and a wildcard crosses every separator.
pub(super) fn expression(subject: &str, wildcards: bool) -> String {
    let escaped = regex::escape(subject);
    let open = if wildcards { escaped.replace(r"\*", ".*").replace(r"\?", ".") } else { escaped };
    format!("^{open}$")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_of_its_role() {
        let of = |arn| role_of_session(arn);
        assert_eq!(of("arn:aws:sts::111122223333:assumed-role/till").as_deref(), Some("arn:aws:iam::111122223333:role/till"));
        assert_eq!(of("arn:aws:sts::111122223333:assumed-role/till/i-1").as_deref(), Some("arn:aws:iam::111122223333:role/till"));
        assert_eq!((of("arn:aws:iam::111122223333:role/till"), of("repo:acme/shop")), (None, None));
    }

    #[test]
    fn a_star_is_a_pattern_only_where_the_operator_knows_wildcards() {
        assert_eq!((id("https://x", "repo:a/*", true), expression("repo:a/*", true)), ("https://x#repo:a/*".into(), "^repo:a/.*$".into()));
        assert_eq!(
            (id("https://x", "repo:a/*", false), expression("repo:a/*", false)),
            ("https://x#repo:a/%2A".into(), r"^repo:a/\*$".into())
        );
    }
}
