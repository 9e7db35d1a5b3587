//! Applications, their service principals in every tenant, their secrets, and whose tokens they take.

use super::add::{Adding, is_microsoft};
use super::credentials::Credential;
use super::permissions::{self, How, Meaning, Over};
use super::reach::Reaching;
use super::tenants::UNNAMED;
use super::world::{Federated, Kept, Subject};
use crate::importers::subjects;
use crate::model::{Authentication, Certainty, Guard, GuardSet, Identity, IdentityKind, Instant, Relation, RelationKind, SecretKind};
use std::collections::{BTreeMap, BTreeSet};

/// The names of the vendor of its own applications.
const VENDOR: &str = "Microsoft";
const SINGLE_SIGN_ON: &str = "saml signing";

/// Adds them.
pub(super) fn add(adding: &mut Adding<'_>) {
    let methods = methods(adding);
    registrations(adding, &methods);
    service_principals(adding, &methods);
    for kept in &adding.world.loose_credentials {
        adding.at(&kept.origin);
        let (owner, credential) = &kept.value;
        let owner = adding.world.entity_of(owner);
        let tenant = adding.world.tenants.known(&kept.origin);
        secret(adding, &owner, tenant.as_deref(), credential);
    }
    for kept in &adding.world.federated {
        adding.at(&kept.origin);
        federate(adding, kept);
    }
    grants(adding);
    consents(adding);
}

/// How each application proves itself, by its own credentials, those of its service principals and whose tokens it takes.
fn methods(adding: &Adding<'_>) -> BTreeMap<String, BTreeSet<Authentication>> {
    let mut methods: BTreeMap<String, BTreeSet<Authentication>> = BTreeMap::new();
    let mut note = |id: &str, credentials: &[Credential]| {
        for credential in credentials.iter().filter(|credential| credential.kind != SecretKind::SigningKey) {
            let certificate = credential.kind == SecretKind::Certificate;
            let method = if certificate { Authentication::Certificate } else { Authentication::StaticSecret };
            methods.entry(id.to_owned()).or_default().insert(method);
        }
    };
    for kept in &adding.world.applications {
        note(&kept.value.app_id, &kept.value.credentials);
    }
    for kept in &adding.world.service_principals {
        note(&kept.value.id, &kept.value.credentials);
    }
    for kept in &adding.world.federated {
        let id = owner_of(adding, &kept.value.over);
        methods.entry(id).or_default().insert(Authentication::Federated);
    }
    methods
}

fn registrations(adding: &mut Adding<'_>, methods: &BTreeMap<String, BTreeSet<Authentication>>) {
    for kept in &adding.world.applications {
        adding.at(&kept.origin);
        let tenant = adding.tenant_of(&kept.origin);
        let application = &kept.value;
        adding.builder.add(Identity {
            name: application.name.clone(),
            tenant: Some(tenant.clone()),
            created_at: application.created_at,
            authentication: methods.get(&application.app_id).into_iter().flatten().copied().collect(),
            ..Identity::new(&application.app_id, IdentityKind::Application)
        });
        for credential in &application.credentials {
            secret(adding, &application.app_id, Some(&tenant), credential);
        }
    }
}

fn service_principals(adding: &mut Adding<'_>, methods: &BTreeMap<String, BTreeSet<Authentication>>) {
    let mut used: BTreeMap<(String, &str), Instant> = BTreeMap::new();
    for kept in &adding.world.sign_ins {
        let (app_id, at) = &kept.value;
        let latest = used.entry((adding.world.tenants.of(&kept.origin), app_id)).or_insert(*at);
        *latest = (*latest).max(*at);
    }
    for kept in &adding.world.service_principals {
        adding.at(&kept.origin);
        let tenant = adding.tenant_of(&kept.origin);
        let value = &kept.value;
        let home = value.home.clone().or_else(|| value.app_id.as_ref().and_then(|app_id| adding.homes.get(app_id).cloned()));
        let first_party = home.as_deref().is_some_and(is_microsoft) && !value.managed;
        let foreign = home.as_ref().filter(|home| !adding.own.contains(*home) && !value.managed && tenant != UNNAMED).cloned();
        let own = methods.get(&value.id);
        let of_application = value.app_id.as_ref().and_then(|app_id| methods.get(app_id));
        let authentication: BTreeSet<_> = own.into_iter().chain(of_application).flatten().copied().collect();
        let used = value.app_id.as_ref().and_then(|app_id| used.get(&(tenant.clone(), app_id.as_str())).copied());
        let enabled = value.enabled.or_else(|| (kept.origin.omits_false && adding.world.seen.enabled_told).then_some(false));
        adding.builder.add(Identity {
            name: value.name.clone(),
            tenant: Some(tenant.clone()),
            labels: value.labels.clone(),
            enabled,
            created_at: value.created_at,
            last_used_at: used,
            authentication: authentication.into_iter().collect(),
            vendor: if first_party { Some(VENDOR.to_owned()) } else { foreign.clone() },
            owner: first_party.then(|| VENDOR.to_owned()),
            ..Identity::new(&value.id, if value.managed { IdentityKind::ManagedIdentity } else { IdentityKind::ServicePrincipal })
        });
        for credential in &value.credentials {
            secret(adding, &value.id, Some(&tenant), credential);
        }
        if let Some(app_id) = value.app_id.as_deref().filter(|_| !first_party) {
            instantiate(adding, app_id, &value.id, value.name.clone(), home.as_deref(), value.managed);
        }
    }
}

/// Joins an application with a service principal. Where nothing describes the application it stands in its home tenant all the same: whoever holds that
/// tenant holds it. A managed identity has no registration; its client id only leads to it, and is no identity to count.
fn instantiate(adding: &mut Adding<'_>, app_id: &str, principal: &str, name: Option<String>, home: Option<&str>, managed: bool) {
    let tenant = adding.principals.get(principal).map(|known| known.tenant.clone());
    if adding.builder.get(app_id).is_none() {
        let kind = if managed { IdentityKind::Other } else { IdentityKind::Application };
        let home = home.filter(|_| !managed);
        if let Some(home) = home {
            adding.tenant(home);
        }
        let tenant = home.map(str::to_owned).or_else(|| tenant.filter(|_| managed));
        adding.builder.add(Identity { name, tenant, ..Identity::new(app_id, kind) });
    }
    adding.relate(Relation::new(app_id, RelationKind::Instantiates, principal).guards(networks(adding, principal)));
}

fn secret(adding: &mut Adding<'_>, owner: &str, tenant: Option<&str>, credential: &Credential) {
    let secret = credential.secret(owner, tenant);
    let relation = Relation::new(&secret.id, RelationKind::AuthenticatesAs, owner).guards(networks(adding, owner));
    adding.builder.add(secret);
    // The private key of a signing pair is Microsoft's; its holder signs tokens for the application, and may be let in as it.
    let signs = credential.kind == SecretKind::SigningKey;
    adding.relate(if signs { relation.permission(SINGLE_SIGN_ON).certainty(Certainty::Possible) } else { relation });
}

/// What conditional access puts before the sign-in of a service principal.
fn networks(adding: &Adding<'_>, principal: &str) -> GuardSet {
    if adding.demands.network.contains(principal) { GuardSet::NONE.with(Guard::Network) } else { GuardSet::NONE }
}

/// The entity that a federated credential is of: an application, or the service principal of a managed identity that its path names.
fn owner_of(adding: &Adding<'_>, over: &str) -> String {
    adding.by_resource.get(over).cloned().unwrap_or_else(|| adding.world.entity_of(over))
}

fn federate(adding: &mut Adding<'_>, kept: &Kept<Federated>) {
    let federated = &kept.value;
    let owner = owner_of(adding, &federated.over);
    let host = federated.issuer.split_once("://").map_or(federated.issuer.as_str(), |(_, host)| host);
    let (shown, subject, certainty) = match &federated.subject {
        Subject::Exact(text) => (text.clone(), subjects::expression(text, false), Certainty::Proven),
        Subject::Pattern(text) => (text.clone(), subjects::expression(text, true), Certainty::Proven),
        Subject::Unknown => ("*".to_owned(), ".*".to_owned(), Certainty::Possible),
    };
    // A managed identity is the subject of its own tenant's tokens: it is known by that id.
    let of_entra = host.starts_with("login.microsoftonline.") || host.starts_with("sts.windows.net");
    let from = if of_entra && matches!(federated.subject, Subject::Exact(_)) {
        shown.to_ascii_lowercase()
    } else {
        let id = subjects::id(&federated.issuer, &shown, !matches!(federated.subject, Subject::Exact(_)));
        adding.builder.add(Identity { name: Some(shown), ..Identity::new(&id, subjects::kind_of(host)) });
        id
    };
    let mut relation = Relation::new(from, RelationKind::FederatesTo, owner).certainty(certainty);
    relation.subject = Some(subject);
    adding.relate(relation);
}

/// The application permissions that service principals, users and groups were given.
fn grants(adding: &mut Adding<'_>) {
    for kept in &adding.world.grants {
        adding.at(&kept.origin);
        let grant = &kept.value;
        let tenant = adding.principals.get(&grant.resource).map(|resource| resource.tenant.clone());
        let tenant = tenant.or_else(|| adding.principals.get(&grant.principal).map(|principal| principal.tenant.clone()));
        let tenant = tenant.unwrap_or_else(|| adding.tenant_of(&kept.origin));
        let application = adding.resource_application(&grant.resource);
        adding.counts.grants += 1;
        let names = &adding.world.permission_names;
        let named =
            names.get(&(grant.resource.clone(), grant.role.clone())).or_else(|| names.get(&(application.clone(), grant.role.clone())));
        // Ids of permissions are unique over Microsoft's own applications, so that a resource that was not read is known by them.
        let known = permissions::permission(&application, &grant.role).or_else(|| permissions::any_permission(&grant.role));
        let template = |relation: Relation| Relation { granted_at: grant.created_at, ..relation };
        match known {
            Some(meaning) if !meaning.reaches.is_empty() => {
                let reaching = Reaching {
                    from: &grant.principal,
                    tenant: &tenant,
                    unit: None,
                    permission: meaning.name,
                    certainty: Certainty::Proven,
                };
                reaching.add(adding, &meaning.reaches, &template);
            }
            known => {
                let name = known.map(|meaning| meaning.name.to_owned()).or_else(|| named.cloned());
                let is_default = grant.role.bytes().all(|letter| matches!(letter, b'0' | b'-'));
                if known.is_none() && !is_default && application.starts_with("0000000") {
                    adding.counts.unmapped_grants += 1;
                    adding.counts.unmapped.insert(name.clone().unwrap_or_else(|| grant.role.clone()));
                }
                let name = name.unwrap_or_else(|| if is_default { "default access".to_owned() } else { grant.role.clone() });
                let relation = Relation::new(&grant.principal, RelationKind::Unmapped, &grant.resource).permission(name);
                adding.relate(template(relation));
            }
        }
    }
}

/// Delegated permissions: the client acts as a person who uses it, so that what it reaches hangs on who does: possible.
fn consents(adding: &mut Adding<'_>) {
    for kept in &adding.world.consents {
        adding.at(&kept.origin);
        let consent = &kept.value;
        let tenant = adding.principals.get(&consent.client).map(|client| client.tenant.clone());
        let tenant = tenant.unwrap_or_else(|| adding.tenant_of(&kept.origin));
        let application = adding.resource_application(&consent.resource);
        for name in &consent.scopes {
            let meaning: Option<&Meaning> = permissions::scope(&application, name);
            let plain =
                meaning.is_none_or(|meaning| meaning.reaches.iter().all(|reach| reach.over == Over::Azure || reach.how == How::Possible));
            match meaning {
                Some(meaning) if !plain => {
                    let reaching = Reaching {
                        from: &consent.client,
                        tenant: &tenant,
                        unit: None,
                        permission: meaning.name,
                        certainty: Certainty::Possible,
                    };
                    reaching.add(adding, &meaning.reaches, &|relation| relation);
                }
                _ => adding.relate(Relation::new(&consent.client, RelationKind::Unmapped, &consent.resource).permission(name.as_str())),
            }
        }
    }
}
