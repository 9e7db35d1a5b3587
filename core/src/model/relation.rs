//! [`Relation`], [`RelationKind`] and the table that says what each kind requires and grants.

use super::right::{Certainty, GuardSet, Right};
use super::words::words;
use super::{EntityType, Instant};
use serde::{Deserialize, Serialize};

words! {
    /// The kind of a relation, read "who holds FROM can gain TO".
    RelationKind {
        /// Whoever controls the container controls what is in it.
        Contains => "contains",
        /// Whoever knows the secret acts as the identity.
        AuthenticatesAs => "authenticates_as",
        /// The identity holds the secret at run time.
        Uses => "uses",
        /// Whoever reads the store knows the secret.
        Stores => "stores",
        /// Role assumption, impersonation, token minting.
        Assumes => "assumes",
        /// A token of one issuer is accepted as the other identity.
        FederatesTo => "federates_to",
        /// Member of a group or holder of a role.
        MemberOf => "member_of",
        /// An application and its service principals, in its own and in other tenants.
        Instantiates => "instantiates",
        /// Can add a credential, an owner or a trust to it.
        Manages => "manages",
        /// An entitlement to read.
        Reads => "reads",
        /// An entitlement to write.
        Writes => "writes",
        /// An entitlement to control.
        Administers => "administers",
        /// A pipeline ships code there.
        DeploysTo => "deploys_to",
        /// Its jobs execute on that runner, node or host.
        RunsOn => "runs_on",
        /// Code placed there acts as the identity.
        RunsAs => "runs_as",
        /// Holds a copy of the other's data.
        CopyOf => "copy_of",
        /// Principals of FROM are accepted in TO.
        TrustedBy => "trusted_by",
        /// A tool author's own; says itself what it requires and grants.
        Custom => "custom",
        /// An entitlement whose meaning nobody mapped: kept and counted, conducts nothing.
        Unmapped => "unmapped",
        /// Two records of one secret. Derived from equal fingerprints, never written in a document.
        SameSecret => "same_secret",
    }
}

/// The kinds of entity an end of a relation may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// Any entity.
    Any,
    /// A tenant.
    Tenant,
    /// An identity.
    Identity,
    /// A secret.
    Secret,
    /// A resource.
    Resource,
    /// A tenant or a resource.
    Container,
}

impl End {
    /// Whether an entity of this type may stand there; what nobody described may stand anywhere.
    pub const fn fits(self, entity_type: EntityType) -> bool {
        matches!(
            (self, entity_type),
            (End::Any, _)
                | (_, EntityType::Unknown)
                | (End::Tenant | End::Container, EntityType::Tenant)
                | (End::Resource | End::Container, EntityType::Resource)
                | (End::Identity, EntityType::Identity)
                | (End::Secret, EntityType::Secret)
        )
    }

    /// The end in words, for messages and documentation.
    pub const fn as_str(self) -> &'static str {
        match self {
            End::Any => "anything",
            End::Tenant => "a tenant",
            End::Identity => "an identity",
            End::Secret => "a secret",
            End::Resource => "a resource",
            End::Container => "a tenant or resource",
        }
    }
}

/// A row of the relation table: the ends of a kind, the right it requires over FROM and the one it grants over TO.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RelationRow {
    /// The kind.
    pub kind: RelationKind,
    /// What FROM is.
    pub from: End,
    /// What TO is.
    pub to: End,
    /// The right over FROM; `None` where the relation must say so itself.
    pub requires: Option<Right>,
    /// The right over TO; `None` where the relation must say so itself, or grants nothing.
    pub grants: Option<Right>,
}

const fn row(kind: RelationKind, from: End, to: End, requires: Right, grants: Right) -> RelationRow {
    RelationRow { kind, from, to, requires: Some(requires), grants: Some(grants) }
}

/// The table of the relation kinds, one row a kind in the order of [`RelationKind::ALL`]. `requires` and `grants` may be overridden on a relation.
pub const RELATION_TABLE: [RelationRow; 20] = {
    use End::*;
    use RelationKind as K;
    use Right::{Control, Read, Write};
    [
        row(K::Contains, Container, Any, Control, Control),
        row(K::AuthenticatesAs, Secret, Identity, Read, Control),
        row(K::Uses, Identity, Secret, Control, Read),
        row(K::Stores, Resource, Secret, Read, Read),
        row(K::Assumes, Identity, Identity, Control, Control),
        row(K::FederatesTo, Identity, Identity, Control, Control),
        row(K::MemberOf, Identity, Identity, Control, Control),
        row(K::Instantiates, Identity, Identity, Control, Control),
        row(K::Manages, Identity, Identity, Control, Control),
        row(K::Reads, Identity, Any, Control, Read),
        row(K::Writes, Identity, Any, Control, Write),
        row(K::Administers, Identity, Any, Control, Control),
        row(K::DeploysTo, Identity, Resource, Control, Write),
        row(K::RunsOn, Identity, Resource, Control, Write),
        row(K::RunsAs, Resource, Identity, Write, Control),
        row(K::CopyOf, Resource, Resource, Read, Read),
        row(K::TrustedBy, Tenant, Tenant, Control, Control),
        RelationRow { kind: K::Custom, from: Any, to: Any, requires: None, grants: None },
        RelationRow { kind: K::Unmapped, from: Any, to: Any, requires: Some(Control), grants: None },
        row(K::SameSecret, Secret, Secret, Read, Read),
    ]
};

impl RelationKind {
    /// The kind's row of [`RELATION_TABLE`].
    pub const fn row(self) -> RelationRow {
        RELATION_TABLE[self as usize]
    }

    /// Whether the kind is an entitlement: a right of its own that somebody granted and may take away, mapped or not.
    pub const fn is_entitlement(self) -> bool {
        use RelationKind as K;
        matches!(
            self,
            K::Assumes | K::MemberOf | K::Manages | K::Reads | K::Writes | K::Administers | K::DeploysTo | K::Custom | K::Unmapped
        )
    }

    /// Whether who holds FROM acts as TO, an identity, by it.
    pub const fn acts_as(self) -> bool {
        use RelationKind as K;
        matches!(self, K::Assumes | K::FederatesTo | K::Instantiates | K::RunsAs | K::AuthenticatesAs)
    }

    /// Whether the kind is a trust: principals of one side are accepted on another.
    pub const fn is_trust(self) -> bool {
        matches!(self, RelationKind::TrustedBy | RelationKind::FederatesTo | RelationKind::Instantiates)
    }

    /// Whether the kind may be written in a document; `same_secret` is only ever derived.
    pub const fn is_written(self) -> bool {
        !matches!(self, RelationKind::SameSecret)
    }
}

/// A further premise of a relation: a right over another entity that must be held as well.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Premise {
    /// The id of the entity.
    pub entity: String,
    /// The right over it.
    pub right: Right,
}

/// A directed, typed statement between two entities, read "who holds FROM can gain TO".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// The id of the entity that must be held.
    pub from: String,
    /// The kind, which says what is required and granted unless the relation says otherwise.
    pub kind: RelationKind,
    /// The id of the entity that is gained.
    pub to: String,
    /// The right over FROM, where it is not the kind's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requires: Option<Right>,
    /// The right over TO, where it is not the kind's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grants: Option<Right>,
    /// What must be held besides FROM.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Premise>,
    /// The conditions that stop a holder.
    #[serde(default, skip_serializing_if = "GuardSet::is_empty")]
    pub guards: GuardSet,
    /// Whether every condition of the input was evaluated; proven unless stated.
    #[serde(default = "proven", skip_serializing_if = "is_proven")]
    pub certainty: Certainty,
    /// The provider's own name of the right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission: Option<String>,
    /// When it was granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granted_at: Option<Instant>,
    /// From when it holds, this instant included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Instant>,
    /// Until when it holds, this instant excluded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Instant>,
    /// When it was last used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Instant>,
    /// A regex over the federated subject. One that has no condition on it accepts `.*`; absent says nothing beyond FROM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
}

impl Relation {
    /// A proven, unguarded relation of a kind, with the rights of the relation table.
    pub fn new(from: impl Into<String>, kind: RelationKind, to: impl Into<String>) -> Self {
        Relation {
            from: from.into(),
            kind,
            to: to.into(),
            requires: None,
            grants: None,
            also: Vec::new(),
            guards: GuardSet::NONE,
            certainty: Certainty::Proven,
            permission: None,
            granted_at: None,
            valid_from: None,
            valid_until: None,
            last_used_at: None,
            subject: None,
        }
    }

    /// The same relation, with the provider's own name of the right.
    #[must_use]
    pub fn permission(mut self, permission: impl Into<String>) -> Self {
        self.permission = Some(permission.into());
        self
    }

    /// The same relation, granting another right than its kind does.
    #[must_use]
    pub fn granting(mut self, right: Right) -> Self {
        self.grants = Some(right);
        self
    }

    /// The same relation, requiring another right than its kind does.
    #[must_use]
    pub fn requiring(mut self, right: Right) -> Self {
        self.requires = Some(right);
        self
    }

    /// The same relation, with a further premise.
    #[must_use]
    pub fn also(mut self, entity: impl Into<String>, right: Right) -> Self {
        self.also.push(Premise { entity: entity.into(), right });
        self
    }

    /// The same relation, as sure as this.
    #[must_use]
    pub fn certainty(mut self, certainty: Certainty) -> Self {
        self.certainty = certainty;
        self
    }

    /// The same relation, behind these guards.
    #[must_use]
    pub fn guards(mut self, guards: GuardSet) -> Self {
        self.guards = guards;
        self
    }
}

const fn proven() -> Certainty {
    Certainty::Proven
}

fn is_proven(certainty: &Certainty) -> bool {
    *certainty == Certainty::Proven
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_row_a_kind_in_order() {
        assert_eq!(RELATION_TABLE.len(), RelationKind::ALL.len());
        for (row, kind) in RELATION_TABLE.iter().zip(RelationKind::ALL) {
            assert_eq!(row.kind, *kind);
        }
    }
}
