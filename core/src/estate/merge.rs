//! Joins two descriptions of one entity.

use crate::model::{
    Controls, Entity, Identity, IdentityKind, Labels, Resource, ResourceKind, Secret, SecretKind, Storage, Tenant, TenantKind,
};
use std::borrow::Cow;

/// What became of the fields of a second description.
#[derive(Debug, Default)]
pub(super) struct Merged {
    /// The fields that only the second one knows.
    pub filled: Vec<Cow<'static, str>>,
    /// The fields on which the two disagree.
    pub conflicts: Vec<Cow<'static, str>>,
}

/// Adds what `other` knows to `known`, which is of the same type.
pub(super) fn merge(known: &mut Entity, other: Entity) -> Merged {
    let mut merged = Merged::default();
    match (known, other) {
        (Entity::Tenant(known), Entity::Tenant(other)) => tenant(known, *other, &mut merged),
        (Entity::Identity(known), Entity::Identity(other)) => identity(known, *other, &mut merged),
        (Entity::Secret(known), Entity::Secret(other)) => secret(known, *other, &mut merged),
        (Entity::Resource(known), Entity::Resource(other)) => resource(known, *other, &mut merged),
        _ => {}
    }
    merged
}

macro_rules! fields {
    ($known:expr, $other:expr, $merged:expr; $($field:ident)*) => {
        $( field(&mut $known.$field, $other.$field, stringify!($field), $merged); )*
    };
}

fn tenant(known: &mut Tenant, other: Tenant, merged: &mut Merged) {
    fields!(known, other, merged; name environment parent owner created_at expires_at);
    kind(&mut known.kind, other.kind, TenantKind::Other, merged);
    labels(&mut known.labels, other.labels, merged);
    controls(&mut known.controls, other.controls, merged);
}

fn controls(known: &mut Controls, other: Controls, merged: &mut Merged) {
    fields!(known, other, merged; mfa_required audit_logging monitored max_secret_age_days);
}

fn identity(known: &mut Identity, other: Identity, merged: &mut Merged) {
    fields!(known, other, merged; name tenant environment owner enabled created_at expires_at vendor);
    latest(&mut known.last_used_at, other.last_used_at);
    kind(&mut known.kind, other.kind, IdentityKind::Other, merged);
    labels(&mut known.labels, other.labels, merged);
    union(&mut known.authentication, other.authentication);
}

fn secret(known: &mut Secret, other: Secret, merged: &mut Merged) {
    fields!(known, other, merged; name tenant environment owner fingerprint created_at expires_at dynamic revoked);
    // Use and rotation move on between two exports: the later one is the truth, not a conflict.
    latest(&mut known.last_used_at, other.last_used_at);
    latest(&mut known.rotated_at, other.rotated_at);
    kind(&mut known.kind, other.kind, SecretKind::Generic, merged);
    if known.storage == Some(Storage::Unknown) {
        known.storage = None;
    }
    field(&mut known.storage, other.storage.filter(|storage| *storage != Storage::Unknown), "storage", merged);
    labels(&mut known.labels, other.labels, merged);
    union(&mut known.exposures, other.exposures);
}

fn resource(known: &mut Resource, other: Resource, merged: &mut Merged) {
    fields!(known, other, merged; name tenant environment owner critical data);
    kind(&mut known.kind, other.kind, ResourceKind::Other, merged);
    labels(&mut known.labels, other.labels, merged);
}

/// A known fact beats an unknown one; two that differ are a conflict, and the first stays.
fn field<T: PartialEq>(known: &mut Option<T>, other: Option<T>, name: &'static str, merged: &mut Merged) {
    match (&*known, other) {
        (None, Some(other)) => {
            *known = Some(other);
            merged.filled.push(name.into());
        }
        (Some(known), Some(other)) if *known != other => merged.conflicts.push(name.into()),
        _ => {}
    }
}

fn kind<T: PartialEq + Copy>(known: &mut T, other: T, unsaid: T, merged: &mut Merged) {
    if *known == unsaid && other != unsaid {
        *known = other;
        merged.filled.push("kind".into());
    } else if other != unsaid && *known != other {
        merged.conflicts.push("kind".into());
    }
}

fn latest<T: Ord>(known: &mut Option<T>, other: Option<T>) {
    if other > *known {
        *known = other;
    }
}

fn labels(known: &mut Labels, other: Labels, merged: &mut Merged) {
    for (key, value) in other {
        match known.get(&key) {
            Some(present) if *present != value => merged.conflicts.push(format!("labels.{key}").into()),
            Some(_) => {}
            None => {
                merged.filled.push(format!("labels.{key}").into());
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
        let merged = merge(&mut known, other.into());
        assert_eq!((merged.conflicts, merged.filled), (vec!["owner".into()], vec!["environment".into(), "kind".into()]));
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
        assert!(merge(&mut known, used(3).into()).conflicts.is_empty());
        assert_eq!(known.as_secret().and_then(|secret| secret.last_used_at), Some(Instant::from_unix_seconds(3)));
    }
}
