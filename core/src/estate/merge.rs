//! Joins two descriptions of one entity.

use crate::model::{
    Controls, Entity, Identity, IdentityKind, Labels, Resource, ResourceKind, Secret, SecretKind, Storage, Tenant, TenantKind,
};

/// Adds what `other` knows to `known`, which is of the same type, and names the fields on which they disagree.
pub(super) fn merge(known: &mut Entity, other: Entity) -> Vec<String> {
    let mut conflicts = Vec::new();
    match (known, other) {
        (Entity::Tenant(known), Entity::Tenant(other)) => tenant(known, *other, &mut conflicts),
        (Entity::Identity(known), Entity::Identity(other)) => identity(known, *other, &mut conflicts),
        (Entity::Secret(known), Entity::Secret(other)) => secret(known, *other, &mut conflicts),
        (Entity::Resource(known), Entity::Resource(other)) => resource(known, *other, &mut conflicts),
        _ => {}
    }
    conflicts
}

macro_rules! fields {
    ($known:expr, $other:expr, $conflicts:expr; $($field:ident)*) => {
        $( field(&mut $known.$field, $other.$field, stringify!($field), $conflicts); )*
    };
}

fn tenant(known: &mut Tenant, other: Tenant, conflicts: &mut Vec<String>) {
    fields!(known, other, conflicts; name environment parent owner created_at expires_at);
    kind(&mut known.kind, other.kind, TenantKind::Other, conflicts);
    labels(&mut known.labels, other.labels, conflicts);
    controls(&mut known.controls, other.controls, conflicts);
}

fn controls(known: &mut Controls, other: Controls, conflicts: &mut Vec<String>) {
    fields!(known, other, conflicts; mfa_required audit_logging monitored max_secret_age_days);
}

fn identity(known: &mut Identity, other: Identity, conflicts: &mut Vec<String>) {
    fields!(known, other, conflicts; name tenant environment owner enabled created_at expires_at vendor);
    latest(&mut known.last_used_at, other.last_used_at);
    kind(&mut known.kind, other.kind, IdentityKind::Other, conflicts);
    labels(&mut known.labels, other.labels, conflicts);
    union(&mut known.authentication, other.authentication);
}

fn secret(known: &mut Secret, other: Secret, conflicts: &mut Vec<String>) {
    fields!(known, other, conflicts; name tenant environment owner fingerprint created_at expires_at dynamic revoked);
    // Use and rotation move on between two exports: the later one is the truth, not a conflict.
    latest(&mut known.last_used_at, other.last_used_at);
    latest(&mut known.rotated_at, other.rotated_at);
    kind(&mut known.kind, other.kind, SecretKind::Generic, conflicts);
    if known.storage == Some(Storage::Unknown) {
        known.storage = None;
    }
    field(&mut known.storage, other.storage.filter(|storage| *storage != Storage::Unknown), "storage", conflicts);
    labels(&mut known.labels, other.labels, conflicts);
    union(&mut known.exposures, other.exposures);
}

fn resource(known: &mut Resource, other: Resource, conflicts: &mut Vec<String>) {
    fields!(known, other, conflicts; name tenant environment owner critical data);
    kind(&mut known.kind, other.kind, ResourceKind::Other, conflicts);
    labels(&mut known.labels, other.labels, conflicts);
}

/// A known fact beats an unknown one; two that differ are a conflict, and the first stays.
fn field<T: PartialEq>(known: &mut Option<T>, other: Option<T>, name: &str, conflicts: &mut Vec<String>) {
    match (&*known, other) {
        (None, other) => *known = other,
        (Some(known), Some(other)) if *known != other => conflicts.push(name.to_owned()),
        _ => {}
    }
}

fn kind<T: PartialEq + Copy>(known: &mut T, other: T, unsaid: T, conflicts: &mut Vec<String>) {
    if *known == unsaid {
        *known = other;
    } else if other != unsaid && *known != other {
        conflicts.push("kind".to_owned());
    }
}

fn latest<T: Ord>(known: &mut Option<T>, other: Option<T>) {
    if other > *known {
        *known = other;
    }
}

fn labels(known: &mut Labels, other: Labels, conflicts: &mut Vec<String>) {
    for (key, value) in other {
        match known.get(&key) {
            Some(present) if *present != value => conflicts.push(format!("labels.{key}")),
            Some(_) => {}
            None => {
                known.insert(key, value);
            }
        }
    }
}

fn union<T: Ord>(known: &mut Vec<T>, other: Vec<T>) {
    known.extend(other);
    known.sort_unstable();
    known.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Environment, Instant};

    #[test]
    fn known_beats_unknown_and_the_first_stays() {
        let mut known = Entity::from(Tenant { owner: Some("one".into()), ..Tenant::new("t", TenantKind::Other) });
        let other =
            Tenant { owner: Some("two".into()), environment: Some(Environment::Testing), ..Tenant::new("t", TenantKind::GcpProject) };
        assert_eq!(merge(&mut known, other.into()), ["owner"]);
        let tenant = known.as_tenant().expect("a tenant");
        assert_eq!(
            (tenant.owner.as_deref(), tenant.environment, tenant.kind),
            (Some("one"), Some(Environment::Testing), TenantKind::GcpProject)
        );
    }

    #[test]
    fn the_later_use_is_kept_without_a_conflict() {
        let used = |seconds| Secret { last_used_at: Some(Instant::from_unix_seconds(seconds)), ..Secret::new("s", SecretKind::Token) };
        let mut known = Entity::from(used(2));
        assert!(merge(&mut known, used(3).into()).is_empty());
        assert_eq!(known.as_secret().and_then(|secret| secret.last_used_at), Some(Instant::from_unix_seconds(3)));
    }
}
