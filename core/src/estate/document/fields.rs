//! The fields of each record of the document, in one table: what a bad record is told by, and what the schema is made from.

use crate::model::{
    Authentication, Certainty, DataKind, Environment, Guard, IdentityKind, RelationKind, ResourceKind, Right, SecretKind, Storage,
    TenantKind,
};

/// A field of a record.
#[derive(Debug)]
pub(crate) struct Field {
    pub name: &'static str,
    pub need: Need,
    pub form: Form,
    pub about: &'static str,
}

/// Whether a field must stand in a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    /// It may be left out, but where it stands it says something.
    Listed,
    /// It may be left out or be `null`; both say nothing.
    Optional,
}

/// What the value of a field is.
#[derive(Debug)]
pub(crate) enum Form {
    Text,
    Instant,
    Flag,
    Days,
    /// One word of a list.
    Word(fn() -> Vec<&'static str>),
    /// Any of the words of a list.
    Words(fn() -> Vec<&'static str>),
    /// Texts by key.
    Labels,
    Object(&'static [Field]),
    Objects(&'static [Field]),
}

macro_rules! list {
    ($type:ident) => {
        || $type::ALL.iter().map(|word| word.as_str()).collect()
    };
}

const fn field(name: &'static str, need: Need, form: Form, about: &'static str) -> Field {
    Field { name, need, form, about }
}

use Form::{Days, Flag, Instant, Labels, Object, Objects, Text, Word, Words};
use Need::{Listed, Optional, Required};

const ID: Field = field("id", Required, Text, "unique across the estate");
const NAME: Field = field("name", Optional, Text, "what people call it; the id where absent");
const TENANT_OF: Field = field("tenant", Optional, Text, "the id of the tenant it belongs to");
const ENVIRONMENT: Field = field("environment", Optional, Word(list!(Environment)), "the declared environment; `unknown` says nothing");
const OWNER: Field = field("owner", Optional, Text, "who answers for it");
const LABELS: Field = field("labels", Listed, Labels, "labels; some keys tell the environment");
const CREATED_AT: Field = field("created_at", Optional, Instant, "when it was made");
const LAST_USED_AT: Field = field("last_used_at", Optional, Instant, "when it was last used");

pub(super) const TENANT: &[Field] = &[
    ID,
    NAME,
    field("kind", Listed, Word(list!(TenantKind)), "what draws the boundary; `other` where absent"),
    ENVIRONMENT,
    field("parent", Optional, Text, "the id of the tenant that contains it"),
    OWNER,
    LABELS,
    CREATED_AT,
    field("expires_at", Optional, Instant, "when it should be gone; an expired tenant still conducts"),
    field("controls", Listed, Object(CONTROLS), "the controls in force; what is absent is not known"),
];

const CONTROLS: &[Field] = &[
    field("mfa_required", Optional, Flag, "whether people must use a second factor"),
    field("audit_logging", Optional, Flag, "whether actions are logged"),
    field("monitored", Optional, Flag, "whether somebody watches"),
    field("max_secret_age_days", Optional, Days, "the oldest a secret may be"),
];

pub(super) const IDENTITY: &[Field] = &[
    ID,
    NAME,
    field("kind", Listed, Word(list!(IdentityKind)), "what it is; `other` where absent"),
    TENANT_OF,
    ENVIRONMENT,
    OWNER,
    LABELS,
    field("enabled", Optional, Flag, "whether it may sign in"),
    CREATED_AT,
    field("expires_at", Optional, Instant, "when it ends"),
    LAST_USED_AT,
    field("authentication", Listed, Words(list!(Authentication)), "how it proves itself"),
    field("vendor", Optional, Text, "the supplier who runs it"),
];

pub(super) const SECRET: &[Field] = &[
    ID,
    NAME,
    field("kind", Listed, Word(list!(SecretKind)), "what it is; `generic` where absent"),
    TENANT_OF,
    ENVIRONMENT,
    OWNER,
    LABELS,
    field("fingerprint", Optional, Text, "a keyed hash of the value, never the value; equal ones are one secret"),
    CREATED_AT,
    field("rotated_at", Optional, Instant, "when its value was last replaced"),
    field(
        "expires_at",
        Optional,
        Instant,
        "when it stops working; `9999-12-31T23:59:59Z` states that it never does, absent states nothing",
    ),
    LAST_USED_AT,
    field("dynamic", Optional, Flag, "whether it is issued on request for a short life"),
    field("revoked", Optional, Flag, "whether it was revoked"),
    field("storage", Optional, Word(list!(Storage)), "where it is kept"),
    field("exposures", Listed, Objects(EXPOSURE), "where scanners found it"),
];

const EXPOSURE: &[Field] = &[
    field("detector", Optional, Text, "the detector that found it"),
    field("location", Optional, Text, "where it was found"),
    field("verified", Optional, Flag, "whether the scanner proved that it still works"),
    field("found_at", Optional, Instant, "when it was found"),
];

pub(super) const RESOURCE: &[Field] = &[
    ID,
    NAME,
    field("kind", Listed, Word(list!(ResourceKind)), "what it is; `other` where absent"),
    TENANT_OF,
    ENVIRONMENT,
    OWNER,
    LABELS,
    field("critical", Optional, Flag, "whether its loss would hurt most"),
    field("data", Optional, Word(list!(DataKind)), "what data it holds"),
];

pub(super) const RELATION: &[Field] = &[
    field("from", Required, Text, "the id of the entity that must be held"),
    field("kind", Required, Word(written_kinds), "what is required and granted, unless the relation says otherwise"),
    field("to", Required, Text, "the id of the entity that is gained"),
    field("requires", Optional, Word(list!(Right)), "the right over `from`, where it is not the kind's own"),
    field("grants", Optional, Word(list!(Right)), "the right over `to`, where it is not the kind's own"),
    field("also", Listed, Objects(PREMISE), "what must be held besides `from`"),
    field("guards", Listed, Words(list!(Guard)), "the conditions that stop a holder"),
    field("certainty", Listed, Word(list!(Certainty)), "`possible` where a condition of the input could not be evaluated"),
    field("permission", Optional, Text, "the provider's own name of the right"),
    field("granted_at", Optional, Instant, "when it was granted"),
    field("valid_from", Optional, Instant, "from when it holds, this instant included"),
    field("valid_until", Optional, Instant, "until when it holds, this instant excluded"),
    LAST_USED_AT,
    field("subject", Optional, Text, "a regular expression over the federated subject"),
];

const PREMISE: &[Field] =
    &[field("entity", Required, Text, "the id of the entity"), field("right", Required, Word(list!(Right)), "the right over it")];

fn written_kinds() -> Vec<&'static str> {
    RelationKind::ALL.iter().filter(|kind| kind.is_written()).map(|kind| kind.as_str()).collect()
}

impl Form {
    /// What is expected, in words for a reason.
    pub fn expected(&self) -> String {
        match self {
            Text => "a text".into(),
            Instant => "an RFC 3339 instant such as `2026-05-01T00:00:00Z`, or a date".into(),
            Flag => "`true` or `false`".into(),
            Days => format!("a whole number of days from 0 to {}", u32::MAX),
            Word(words) => format!("one of {}", quoted(words().into_iter())),
            Words(words) => format!("a list of words out of {}", quoted(words().into_iter())),
            Labels => "an object whose values are texts".into(),
            Object(fields) => format!("an object of the fields {}", names(fields)),
            Objects(fields) => format!("a list of objects of the fields {}", names(fields)),
        }
    }
}

/// The names of fields in words.
pub(super) fn names(fields: &[Field]) -> String {
    quoted(fields.iter().map(|field| field.name))
}

fn quoted<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
