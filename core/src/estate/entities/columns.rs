//! [`Entities`]: a column a field. What nearly every entity has is dense, the rest sparse, and every text stands once.

use super::Plain;
use crate::error::Result;
use crate::estate::EntityIndex;
use crate::estate::columns::{Lists, Sparse, Texts, UniqueTexts};
use crate::model::{
    Authentication, Controls, DataKind, Entity, EntityType, Environment, Exposure, IdentityKind, Instant, Labels, ResourceKind, SecretKind,
    Storage, TenantKind,
};
use crate::observer::Pace;

/// The entities of an estate, in the order of their ids. Without labels and dates an entity costs its id and 16 bytes.
#[derive(Debug, Default)]
pub(in crate::estate) struct Entities {
    pub(super) ids: Texts,
    pub(super) types: Vec<EntityType>,
    /// The place of the kind in the list of its type's kinds.
    pub(super) kinds: Vec<u8>,
    pub(super) environments: Vec<Option<Environment>>,
    /// What the entity names as its tenant or parent, whatever that is; [`NONE`] where it names none.
    pub(super) containers: Vec<u32>,
    pub(super) flags: Vec<Flags>,
    /// Every text but the ids, each once.
    pub(super) texts: Texts,
    pub(super) names: Sparse<u32>,
    pub(super) owners: Sparse<u32>,
    pub(super) labels: Lists<(u32, u32)>,
    pub(super) created_at: Sparse<Instant>,
    pub(super) expires_at: Sparse<Instant>,
    pub(super) last_used_at: Sparse<Instant>,
    pub(super) rotated_at: Sparse<Instant>,
    pub(super) controls: Sparse<Controls>,
    pub(super) authentication: Lists<Authentication>,
    pub(super) vendors: Sparse<u32>,
    pub(super) fingerprints: Sparse<u32>,
    pub(super) storage: Sparse<Storage>,
    pub(super) exposures: Lists<Exposure>,
    pub(super) data: Sparse<DataKind>,
}

/// In the place of an entity where there is none.
pub(super) const NONE: u32 = u32::MAX;

/// Two facts of an entity that are true, false or unknown: whether an identity is enabled; whether a secret is revoked, and dynamic; whether a
/// resource is critical.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::estate) struct Flags(pub(super) u8);

/// An entity on its way into the columns.
pub(in crate::estate) enum Described<'b> {
    /// A plain one, its id, and the texts that it has by number.
    Plain(Plain, &'b str, &'b UniqueTexts),
    /// Any other.
    Whole(Entity),
}

impl Flags {
    /// Those of two facts.
    pub const fn of(first: Option<bool>, second: Option<bool>) -> Flags {
        Flags(Flags::code(first) | Flags::code(second) << 2)
    }

    const fn code(flag: Option<bool>) -> u8 {
        match flag {
            None => 0,
            Some(false) => 1,
            Some(true) => 2,
        }
    }

    /// The first fact.
    pub const fn first(self) -> Option<bool> {
        match self.0 & 3 {
            0 => None,
            code => Some(code == 2),
        }
    }

    /// Whether either is true.
    #[inline]
    pub const fn any(self) -> bool {
        self.0 & 0b1010 != 0
    }

    /// The second fact.
    pub const fn second(self) -> Option<bool> {
        Flags(self.0 >> 2).first()
    }
}

impl Entities {
    /// The columns of entities that come in the order of their ids, each with the place of what it names as its tenant or parent.
    ///
    /// # Errors
    /// As [`crate::Observer::check`].
    pub fn new<'b>(entities: impl Iterator<Item = (Described<'b>, Option<u32>)>, pace: &mut Pace<'_>) -> Result<Entities> {
        let mut columns = Entities::default();
        let mut texts = UniqueTexts::default();
        for (entity, container) in entities {
            match entity {
                Described::Plain(plain, id, named) => columns.push_plain(plain, id, container, named, &mut texts),
                Described::Whole(entity) => columns.push(entity, container, &mut texts),
            }
            pace.step()?;
        }
        columns.texts = texts.into_texts();
        columns.shrink();
        Ok(columns)
    }

    fn push_plain(&mut self, plain: Plain, id: &str, container: Option<u32>, named: &UniqueTexts, texts: &mut UniqueTexts) {
        let row = self.len();
        self.ids.push(id);
        self.types.push(plain.entity_type);
        self.kinds.push(plain.kind);
        self.environments.push(plain.environment);
        self.containers.push(container.unwrap_or(NONE));
        self.flags.push(plain.flags);
        self.names.push_some(row, plain.name().map(|name| texts.number(named.get(name))));
        self.owners.push_some(row, plain.owner().map(|owner| texts.number(named.get(owner))));
    }

    fn push(&mut self, entity: Entity, container: Option<u32>, texts: &mut UniqueTexts) {
        let row = self.len();
        self.ids.push(entity.id());
        self.types.push(entity.entity_type());
        self.environments.push(entity.declared_environment());
        self.containers.push(container.unwrap_or(NONE));
        self.owners.push_some(row, entity.owner().map(|owner| texts.number(owner)));
        self.labels(row, entity.labels(), texts);
        let (kind, flags, name) = match entity {
            Entity::Tenant(it) => {
                self.created_at.push_some(row, it.created_at);
                self.expires_at.push_some(row, it.expires_at);
                self.controls.push_some(row, Some(it.controls).filter(|controls| *controls != Controls::default()));
                (it.kind as u8, Flags::default(), it.name)
            }
            Entity::Identity(it) => {
                self.created_at.push_some(row, it.created_at);
                self.expires_at.push_some(row, it.expires_at);
                self.last_used_at.push_some(row, it.last_used_at);
                self.authentication.push(row, it.authentication);
                self.vendors.push_some(row, it.vendor.map(|vendor| texts.number(&vendor)));
                (it.kind as u8, Flags::of(it.enabled, None), it.name)
            }
            Entity::Secret(it) => {
                self.created_at.push_some(row, it.created_at);
                self.expires_at.push_some(row, it.expires_at);
                self.last_used_at.push_some(row, it.last_used_at);
                self.rotated_at.push_some(row, it.rotated_at);
                self.fingerprints.push_some(row, it.fingerprint.map(|fingerprint| texts.number(&fingerprint)));
                self.storage.push_some(row, it.storage);
                self.exposures.push(row, it.exposures);
                (it.kind as u8, Flags::of(it.revoked, it.dynamic), it.name)
            }
            Entity::Resource(it) => {
                self.data.push_some(row, it.data);
                (it.kind as u8, Flags::of(it.critical, None), it.name)
            }
            Entity::Unknown(_) => (0, Flags::default(), None),
        };
        self.kinds.push(kind);
        self.flags.push(flags);
        self.names.push_some(row, name.map(|name| texts.number(&name)));
    }

    fn labels(&mut self, row: usize, labels: Option<&Labels>, texts: &mut UniqueTexts) {
        self.labels.push(row, labels.into_iter().flatten().map(|(key, value)| (texts.number(key), texts.number(value))));
    }

    fn shrink(&mut self) {
        self.ids.shrink();
        self.types.shrink_to_fit();
        self.kinds.shrink_to_fit();
        self.environments.shrink_to_fit();
        self.containers.shrink_to_fit();
        self.flags.shrink_to_fit();
        self.texts.shrink();
        self.labels.shrink();
        self.authentication.shrink();
        self.exposures.shrink();
        for column in [&mut self.names, &mut self.owners, &mut self.vendors, &mut self.fingerprints] {
            column.shrink();
        }
        for column in [&mut self.created_at, &mut self.expires_at, &mut self.last_used_at, &mut self.rotated_at] {
            column.shrink();
        }
    }

    pub fn len(&self) -> usize {
        self.types.len()
    }

    /// Whether no entity is said to end, or to have ended.
    pub fn never_end(&self) -> bool {
        self.expires_at.values().is_empty() && self.flags.iter().all(|flags| flags.0 == 0)
    }

    /// Whether no secret has a fingerprint.
    pub fn no_fingerprints(&self) -> bool {
        self.fingerprints.values().is_empty()
    }

    /// The place of an id. Costs a binary search.
    pub fn find(&self, id: &str) -> Option<EntityIndex> {
        let (mut first, mut end) = (0, self.len() as u32);
        while first < end {
            let middle = first + (end - first) / 2;
            match self.ids.get(middle).cmp(id) {
                std::cmp::Ordering::Less => first = middle + 1,
                std::cmp::Ordering::Equal => return Some(EntityIndex(middle)),
                std::cmp::Ordering::Greater => end = middle,
            }
        }
        None
    }
}

/// The fields of one entity, by its row.
impl Entities {
    pub(super) fn kind(&self, row: usize) -> &'static str {
        let kind = self.kinds[row] as usize;
        match self.types[row] {
            EntityType::Tenant => TenantKind::ALL[kind].as_str(),
            EntityType::Identity => IdentityKind::ALL[kind].as_str(),
            EntityType::Secret => SecretKind::ALL[kind].as_str(),
            EntityType::Resource => ResourceKind::ALL[kind].as_str(),
            EntityType::Unknown => "unknown",
        }
    }

    #[inline]
    pub(super) fn tenant_kind(&self, row: usize) -> TenantKind {
        TenantKind::ALL[self.kinds[row] as usize]
    }

    #[inline]
    pub(super) fn identity_kind(&self, row: usize) -> IdentityKind {
        IdentityKind::ALL[self.kinds[row] as usize]
    }

    #[inline]
    pub(super) fn secret_kind(&self, row: usize) -> SecretKind {
        SecretKind::ALL[self.kinds[row] as usize]
    }

    #[inline]
    pub(super) fn resource_kind(&self, row: usize) -> ResourceKind {
        ResourceKind::ALL[self.kinds[row] as usize]
    }

    /// What it names as its tenant or parent.
    #[inline]
    pub(in crate::estate) fn named_container(&self, row: usize) -> Option<EntityIndex> {
        Some(EntityIndex(self.containers[row])).filter(|container| container.0 != NONE)
    }

    #[inline]
    pub(super) fn environment(&self, row: usize) -> Option<Environment> {
        self.environments[row]
    }

    pub(super) fn label_pairs(&self, row: usize) -> &[(u32, u32)] {
        self.labels.get(row)
    }

    pub(super) fn text(&self, number: u32) -> &str {
        self.texts.get(number)
    }

    #[inline]
    pub(super) fn enabled(&self, row: usize) -> Option<bool> {
        self.flags[row].first()
    }

    #[inline]
    pub(super) fn revoked(&self, row: usize) -> Option<bool> {
        self.flags[row].first()
    }

    #[inline]
    pub(super) fn dynamic(&self, row: usize) -> Option<bool> {
        self.flags[row].second()
    }

    #[inline]
    pub(super) fn critical(&self, row: usize) -> Option<bool> {
        self.flags[row].first()
    }

    #[inline]
    pub(super) fn authentication(&self, row: usize) -> &[Authentication] {
        self.authentication.get(row)
    }

    #[inline]
    pub(super) fn exposures(&self, row: usize) -> &[Exposure] {
        self.exposures.get(row)
    }
}

macro_rules! columns {
    (texts: [$($text:ident $of:ident,)*] values: [$($field:ident $column:ident $type:ty,)*]) => {
        impl Entities {
            $(#[inline]
            pub(super) fn $text(&self, row: usize) -> Option<&str> {
                self.$of.get(row).map(|number| self.texts.get(*number))
            })*
            $(#[inline]
            pub(super) fn $field(&self, row: usize) -> Option<$type> {
                self.$column.get(row).copied()
            })*
        }
    };
}

columns! {
    texts: [
    name names,
    owner owners,
    vendor vendors,
    fingerprint fingerprints,
    ]
    values: [
    created_at created_at Instant,
    expires_at expires_at Instant,
    last_used_at last_used_at Instant,
    rotated_at rotated_at Instant,
    controls controls Controls,
    storage storage Storage,
    data data DataKind,
    ]
}
