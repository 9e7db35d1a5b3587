//! [`Binding`]: whom a role of an auth method lets in.

use super::names::Home;
use super::world::World;
use crate::estate::EstateBuilder;
use crate::importers::objects::Fields;
use crate::importers::subjects::{Trusted, federated};
use crate::model::{Certainty, Identity, IdentityKind, Relation, RelationKind, Right};

/// Whom a role lets in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Binding {
    /// A subject of the method's issuer, or a pattern; not alone where more is asked.
    Subject { subject: Option<String>, wildcards: bool, alone: bool },
    /// A service account of Kubernetes; `*` for any namespace or name. Not exact where too many were named to be written out.
    ServiceAccount { namespace: String, name: String, exact: bool },
    /// An identity that other readers know by this id.
    Identity(String, IdentityKind),
    /// Anybody of a trust domain of SPIFFE.
    TrustDomain(String),
    /// An AWS account.
    Account(String),
}

/// How many pairs of a namespace and a name are written out.
const MOST_PAIRS: usize = 1000;

/// The bindings that the configuration of a role states.
pub(super) fn of(fields: Fields<'_>) -> Vec<Binding> {
    let mut bindings = Vec::new();
    let texts = |name: &str| fields.texts(name);
    let (namespaces, names) = (texts("bound_service_account_namespaces"), texts("bound_service_account_names"));
    let exact = namespaces.len().saturating_mul(names.len()) <= MOST_PAIRS;
    let names = if exact { names } else { vec!["*"] };
    for namespace in namespaces {
        for name in &names {
            bindings.push(Binding::ServiceAccount { namespace: namespace.to_owned(), name: (*name).to_owned(), exact });
        }
    }
    if fields.has("bound_audiences") || fields.has("bound_claims") || fields.has("bound_subject") {
        bindings.push(subject(fields));
    }
    for arn in texts("bound_iam_principal_arn").into_iter().chain(texts("bound_iam_role_arn")) {
        bindings.push(Binding::Identity(arn.to_owned(), IdentityKind::Role));
    }
    bindings.extend(texts("bound_account_id").into_iter().map(|account| Binding::Account(account.to_owned())));
    for email in texts("bound_service_accounts") {
        bindings.push(Binding::Identity(format!("serviceAccount:{email}"), IdentityKind::ServiceAccount));
    }
    for id in texts("bound_service_principal_ids") {
        bindings.push(Binding::Identity(id.to_ascii_lowercase(), IdentityKind::ServicePrincipal));
    }
    for name in texts("allowed_uri_sans").into_iter().chain(texts("allowed_names")).filter_map(|name| name.strip_prefix("spiffe://")) {
        match name.split_once('/').filter(|(domain, path)| !domain.contains('*') && !path.contains('*')) {
            Some(_) => bindings.push(Binding::Identity(format!("spiffe://{name}"), IdentityKind::Workload)),
            None => bindings.push(Binding::TrustDomain(name.split(['/', '*']).next().unwrap_or(name).to_ascii_lowercase())),
        }
    }
    bindings
}

/// What a role of JWT asks of the subject. Claims that a well-known issuer writes into its subjects are read as such.
fn subject(fields: Fields<'_>) -> Binding {
    let claims = fields.inner("bound_claims").filter(|claims| !claims.0.is_empty());
    if let Some(subject) = fields.text("bound_subject") {
        return Binding::Subject { subject: Some(subject.to_owned()), wildcards: false, alone: claims.is_none() };
    }
    let Some(claims) = claims else { return Binding::Subject { subject: None, wildcards: true, alone: true } };
    let wildcards = fields.text("bound_claims_type") == Some("glob");
    let claim = |name: &str| claims.text(name);
    let count = claims.0.len();
    if let Some(subject) = claim("sub").or_else(|| claim("/sub")) {
        return Binding::Subject { subject: Some(subject.to_owned()), wildcards, alone: count == 1 };
    }
    // Within these subjects the value of a claim stands letter by letter, so a pattern of it is one of them.
    let made = match (claim("repository"), claim("repository_owner"), claim("project_path")) {
        (Some(repository), owner, _) => {
            let rest = claim("environment")
                .map_or_else(|| claim("ref").map_or("*".to_owned(), |at| format!("ref:{at}")), |it| format!("environment:{it}"));
            let used = 1 + usize::from(rest != "*") + usize::from(owner.is_some_and(|owner| repository.starts_with(owner)));
            Some((format!("repo:{repository}:{rest}"), used))
        }
        (None, Some(owner), _) => Some((format!("repo:{owner}/*"), 1)),
        (None, None, Some(project)) => {
            let kind = claim("ref_type").unwrap_or("*");
            let at = claim("ref").unwrap_or("*");
            Some((format!("project_path:{project}:ref_type:{kind}:ref:{at}"), 1 + usize::from(kind != "*") + usize::from(at != "*")))
        }
        _ => None,
    };
    match made {
        Some((subject, used)) => Binding::Subject { subject: Some(subject), wildcards: true, alone: used == count },
        None => Binding::Subject { subject: None, wildcards: true, alone: false },
    }
}

/// Adds what a binding lets in; whether it was joined to what other readers know. `to` is the role, `mount` its auth method.
pub(super) fn add(
    binding: &Binding,
    home: &Home,
    mount: &str,
    to: &str,
    world: &World,
    builder: &mut EstateBuilder,
) -> (Option<Relation>, bool) {
    let issuer = world.issuers.get(&(home.clone(), mount.to_owned()));
    let unknown = home.at(&format!("auth/{mount}"));
    let possible = |alone: bool| if alone { Certainty::Proven } else { Certainty::Possible };
    match binding {
        Binding::Subject { subject, wildcards, alone } => {
            let issuer = issuer.map_or(unknown.as_str(), String::as_str);
            let trusted = Trusted { issuer, subject: subject.as_deref(), wildcards: *wildcards, certainty: possible(*alone) };
            (Some(federated(builder, &trusted, to)), issuer != unknown)
        }
        Binding::ServiceAccount { namespace, name, exact } => {
            let subject = format!("system:serviceaccount:{namespace}:{name}");
            let known = issuer.is_some();
            let issuer = issuer.map_or(unknown.as_str(), String::as_str);
            let trusted = Trusted { issuer, subject: Some(&subject), wildcards: true, certainty: possible(*exact) };
            (Some(federated(builder, &trusted, to)), known)
        }
        Binding::Identity(id, kind) => {
            // A pattern of ARNs is none of the ids that others know.
            if id.contains('*') {
                builder.add(Identity::new(id, IdentityKind::Other));
            } else if builder.get(id).is_none() {
                builder.add(Identity::new(id, *kind));
            }
            (Some(Relation::new(id, RelationKind::FederatesTo, to)), !id.contains('*'))
        }
        Binding::TrustDomain(domain) => {
            let from = format!("spiffe-trust-domain://{domain}");
            let relation = Relation::new(from, RelationKind::Custom, to).requiring(Right::Control).granting(Right::Control);
            (Some(relation.permission("allowed_uri_sans").certainty(Certainty::Possible)), true)
        }
        Binding::Account(account) => {
            // Who controls the account may be any of its principals.
            let relation = Relation::new(account, RelationKind::Custom, to).requiring(Right::Control).granting(Right::Control);
            (Some(relation.permission("bound_account_id")), true)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn subjects(value: &serde_json::Value) -> Vec<Binding> {
        of(Fields(value.as_object().expect("an object")))
    }

    #[test]
    fn claims_of_known_issuers_are_subjects() {
        let rows = [
            (json!({"bound_subject": "a*"}), Some("a*"), false, true),
            (json!({"bound_audiences": ["x"]}), None, true, true),
            (json!({"bound_claims_type": "glob", "bound_claims": {"sub": "repo:acme/*"}}), Some("repo:acme/*"), true, true),
            (
                json!({"bound_claims": {"repository": "acme/till", "ref": "refs/heads/main"}}),
                Some("repo:acme/till:ref:refs/heads/main"),
                true,
                true,
            ),
            (json!({"bound_claims": {"repository": "acme/till", "actor": "ann"}}), Some("repo:acme/till:*"), true, false),
            (json!({"bound_claims": {"repository_owner": "acme"}}), Some("repo:acme/*"), true, true),
            (
                json!({"bound_claims": {"project_path": "acme/till", "ref_type": "branch"}}),
                Some("project_path:acme/till:ref_type:branch:ref:*"),
                true,
                true,
            ),
            (json!({"bound_claims": {"project_id": "22"}}), None, true, false),
        ];
        for (role, subject, wildcards, alone) in rows {
            let wanted = Binding::Subject { subject: subject.map(str::to_owned), wildcards, alone };
            assert_eq!(subjects(&role), [wanted], "{role}");
        }
    }

    #[test]
    fn clouds_and_certificates_are_bound_by_their_ids() {
        let role = json!({
            "bound_iam_principal_arn": "arn:aws:iam::111122223333:role/till", "bound_service_accounts": ["ci@acme.iam.gserviceaccount.com"],
            "bound_service_principal_ids": ["AA"], "allowed_uri_sans": ["spiffe://till.example/shop", "spiffe://till.example/*"],
            "bound_service_account_names": ["shop", "ci"], "bound_service_account_namespaces": ["*"],
        });
        assert_eq!(subjects(&role).len(), 7);
        let many: Vec<String> = (0..50).map(|number| format!("a{number}")).collect();
        let role = json!({ "bound_service_account_names": many, "bound_service_account_namespaces": many });
        assert!(subjects(&role).len() == 50 && subjects(&role).iter().all(|it| matches!(it, Binding::ServiceAccount { exact: false, .. })));
        let role = json!({
            "bound_iam_principal_arn": "arn:aws:iam::111122223333:role/till", "bound_service_principal_ids": ["AA"],
            "allowed_uri_sans": ["spiffe://till.example/*"],
        });
        assert!(subjects(&role).contains(&Binding::TrustDomain("till.example".into())));
        assert!(subjects(&role).contains(&Binding::Identity("aa".into(), IdentityKind::ServicePrincipal)));
    }
}
