//! The entities: accounts and what they stand in, users, roles and groups, their keys and passwords, and secrets.

use super::accounts::Accounts;
use super::add::{is_provider_managed, plain, tenant_of};
use super::iam::document::Matcher;
use super::iam::principal::{PrincipalPattern, is_account};
use super::names::{Arn, account_id, root_user_id};
use super::world::{AccessKey, ManagedSecret, Principal, PrincipalKind, ReportRow, Slot, World};
use crate::estate::EstateBuilder;
use crate::model::{
    Authentication, Guard, GuardSet, Identity, IdentityKind, Instant, Labels, RelationKind, Secret, SecretKind, Storage, Tenant, TenantKind,
};
use std::collections::BTreeSet;

/// The organization, its roots and units, and the accounts.
pub(super) fn tenants(world: &World, accounts: &Accounts<'_>, builder: &mut EstateBuilder) {
    let id = |member: &str| if is_account(member) { account_id(accounts.partition(member), member) } else { member.to_owned() };
    if let Some(organization) = &world.organization {
        builder.add(Tenant::new(organization, TenantKind::AwsOrganization));
    }
    for (member, known) in &world.members {
        builder.resume(known.position);
        let kind = match member {
            _ if is_account(member) => TenantKind::AwsAccount,
            _ if member.starts_with("o-") => TenantKind::AwsOrganization,
            _ => TenantKind::AwsOrganizationalUnit,
        };
        let mut labels: Labels = known.labels.clone();
        labels.extend(world.tags.get(member).cloned().unwrap_or_default());
        let parent = known
            .parent
            .as_deref()
            .map(&id)
            .or_else(|| world.organization.clone().filter(|organization| organization != member && member.starts_with("r-")));
        let owner = owner_of(&labels);
        builder.add(Tenant {
            name: known.name.clone(),
            parent,
            owner,
            labels,
            created_at: known.created_at,
            ..Tenant::new(id(member), kind)
        });
    }
    let mut named: BTreeSet<String> = accounts.known().filter(|account| is_account(account)).map(id).collect();
    named.extend(world.report.keys().chain(world.secrets.keys()).filter_map(|arn| tenant_of(arn)));
    for tenant in named {
        builder.add(Tenant::new(tenant, TenantKind::AwsAccount));
    }
}

/// An account that only a trust names.
pub(super) fn stranger(tenant: &str, builder: &mut EstateBuilder) {
    builder.add(Tenant::new(tenant, TenantKind::AwsAccount));
}

/// Users, roles and groups, and what users prove themselves by.
pub(super) fn principals(accounts: &Accounts<'_>, builder: &mut EstateBuilder) {
    let world = accounts.world;
    let keys = &accounts.listed;
    for (arn, principal) in accounts.all() {
        builder.resume(principal.position);
        builder.add(identity(arn, principal, world));
    }
    for (arn, row) in &world.report {
        builder.resume(row.position);
        report_row(arn, row, keys.get(arn.as_str()).map_or(&[], Vec::as_slice), world, builder);
    }
    for (arn, keys) in keys {
        for (id, key) in keys {
            builder.resume(key.position);
            builder.add(Secret {
                tenant: tenant_of(arn),
                created_at: key.created_at,
                last_used_at: key.last_used_at,
                revoked: key.active.map(|active| !active),
                ..Secret::new(*id, SecretKind::AccessKey)
            });
            if !arn.starts_with("arn:") {
                // The list names a user and no account: somebody, of whom nothing else is known.
                builder.add(Identity { name: Some((*arn).to_owned()), ..Identity::new(nobody(arn), IdentityKind::Other) });
            }
            let user = if arn.starts_with("arn:") { (*arn).to_owned() } else { nobody(arn) };
            builder.relate(plain(id, RelationKind::AuthenticatesAs, &user, "access key", GuardSet::NONE));
        }
    }
}

/// The id of a user of an account that nobody names.
fn nobody(name: &str) -> String {
    format!("arn:aws:iam:::user/{name}")
}

fn identity(arn: &str, principal: &Principal, world: &World) -> Identity {
    let row = world.report.get(arn);
    let mut labels = principal.labels.clone();
    labels.extend(world.tags.get(arn).cloned().unwrap_or_default());
    if is_provider_managed(arn) {
        labels.insert(Identity::PROVIDER_MANAGED.to_owned(), "true".to_owned());
    }
    let kind = match principal.kind {
        PrincipalKind::Group => IdentityKind::Group,
        PrincipalKind::Role if is_machine(principal) => IdentityKind::ServiceAccount,
        PrincipalKind::Role => IdentityKind::Role,
        // Without a password nobody signs in: what has keys alone is a machine.
        PrincipalKind::User => match row.and_then(|row| row.password_enabled) {
            Some(true) => IdentityKind::Human,
            Some(false) => IdentityKind::ServiceAccount,
            None => IdentityKind::Other,
        },
    };
    Identity {
        name: Some(principal.name.clone()),
        tenant: tenant_of(arn),
        owner: owner_of(&labels),
        labels,
        created_at: principal.created_at,
        last_used_at: principal.last_used_at.max(row.and_then(last_use)),
        authentication: row.map(authentication).unwrap_or_default(),
        ..Identity::new(arn, kind)
    }
}

/// Whether code acts as a role: a service of AWS, or a workload of a provider.
fn is_machine(role: &Principal) -> bool {
    let named = role.trust.iter().flat_map(|trust| &trust.statements).filter_map(|statement| statement.principals.as_ref());
    named.flat_map(|named| if let Matcher::Only(named) = named { named.as_slice() } else { &[] }).any(|principal| match principal {
        PrincipalPattern::Service(_) => true,
        PrincipalPattern::Federated(provider) => !provider.contains(":saml-provider/"),
        _ => false,
    })
}

fn owner_of(labels: &Labels) -> Option<String> {
    labels.iter().find(|(key, value)| key.eq_ignore_ascii_case("owner") && !value.is_empty()).map(|(_, value)| value.clone())
}

fn last_use(row: &ReportRow) -> Option<Instant> {
    row.keys.iter().map(|slot| slot.last_used).chain([row.password_last_used]).max().flatten()
}

fn authentication(row: &ReportRow) -> Vec<Authentication> {
    let all = [
        (row.password_enabled == Some(true), Authentication::Password),
        (row.keys.iter().any(|slot| slot.active == Some(true)), Authentication::StaticSecret),
        (row.certificates.iter().any(|slot| slot.active == Some(true)), Authentication::Certificate),
        (row.mfa_active == Some(true), Authentication::Mfa),
    ];
    all.into_iter().filter_map(|(has, way)| has.then_some(way)).collect()
}

/// A user of a credential report, with what it proves itself by. A slot whose key is in a list is told there, under the key's own id.
fn report_row(arn: &str, row: &ReportRow, keys: &[(&str, &AccessKey)], world: &World, builder: &mut EstateBuilder) {
    let tenant = tenant_of(arn);
    let is_root = arn.ends_with(":root-user");
    if !world.principals.contains_key(arn) {
        let kind = if is_root || row.password_enabled == Some(true) { IdentityKind::Human } else { IdentityKind::ServiceAccount };
        let name = if is_root { "root user".to_owned() } else { Arn::parse(arn).map(|arn| arn.name().to_owned()).unwrap_or_default() };
        let identity = Identity {
            name: Some(name),
            tenant: tenant.clone(),
            created_at: row.created_at,
            last_used_at: last_use(row),
            authentication: authentication(row),
            ..Identity::new(arn, kind)
        };
        builder.add(identity);
    }
    if let Some(account) = Arn::parse(arn).filter(|_| is_root) {
        let tenant = account_id(account.partition, account.account);
        debug_assert_eq!(arn, root_user_id(account.partition, account.account));
        builder.relate(plain(arn, RelationKind::Administers, &tenant, "root user", GuardSet::NONE));
    }
    let mut prove = |name: &str, kind, slot: Slot, guards: GuardSet| {
        let id = format!("{arn}#{name}");
        builder.add(Secret {
            name: Some(format!("{name} of {}", Arn::parse(arn).map_or("a user", |arn| arn.name()))),
            tenant: tenant.clone(),
            rotated_at: slot.last_rotated,
            last_used_at: slot.last_used,
            revoked: slot.active.map(|active| !active),
            ..Secret::new(&id, kind)
        });
        builder.relate(plain(&id, RelationKind::AuthenticatesAs, arn, name, guards));
    };
    if row.password_enabled == Some(true) {
        let slot = Slot { active: Some(true), last_rotated: row.password_last_changed, last_used: row.password_last_used };
        let guards = if row.mfa_active == Some(true) { GuardSet::NONE.with(Guard::Mfa) } else { GuardSet::NONE };
        prove("password", SecretKind::Password, slot, guards);
    }
    for (number, slot) in row.keys.iter().enumerate() {
        let listed = keys.iter().any(|(_, key)| key.created_at.is_some() && key.created_at == slot.last_rotated);
        if !listed && (slot.active == Some(true) || slot.last_rotated.is_some()) {
            prove(&format!("access-key-{}", number + 1), SecretKind::AccessKey, *slot, GuardSet::NONE);
        }
    }
    for (number, slot) in row.certificates.iter().enumerate() {
        if slot.active == Some(true) || slot.last_rotated.is_some() {
            prove(&format!("certificate-{}", number + 1), SecretKind::Certificate, *slot, GuardSet::NONE);
        }
    }
}

/// The secrets of the Secrets Manager.
pub(super) fn secrets(world: &World, builder: &mut EstateBuilder) {
    for (arn, secret) in &world.secrets {
        builder.resume(secret.position);
        builder.add(managed(arn, secret, world));
    }
}

fn managed(arn: &str, secret: &ManagedSecret, world: &World) -> Secret {
    let mut labels = secret.labels.clone();
    labels.extend(world.tags.get(arn).cloned().unwrap_or_default());
    Secret {
        name: secret.name.clone(),
        tenant: tenant_of(arn),
        owner: owner_of(&labels).or(secret.owner.clone()),
        labels,
        created_at: secret.created_at,
        // The value that is the current one was written then, whatever rotated it.
        rotated_at: world.written.get(arn).copied().or(secret.rotated_at),
        last_used_at: secret.last_used_at,
        revoked: secret.deleted.then_some(true),
        storage: Some(Storage::SecretManager),
        ..Secret::new(arn, SecretKind::Generic)
    }
}
