//! [`Entry`], [`Agent`] and [`Federation`]: what SPIRE writes, kept until all was read.

use crate::importers::objects::Fields;
use crate::model::Instant;

/// A SPIFFE ID.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SpiffeId {
    pub trust_domain: String,
    /// With its leading `/`; empty for the trust domain itself.
    pub path: String,
}

/// A registration entry.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub id: SpiffeId,
    pub parent: Option<SpiffeId>,
    /// `type:value`.
    pub selectors: Vec<String>,
    pub federates_with: Vec<String>,
    pub admin: bool,
    pub downstream: bool,
    pub stored: bool,
    pub created_at: Option<Instant>,
    pub expires_at: Option<Instant>,
}

/// An agent that was attested.
#[derive(Debug, Clone)]
pub(super) struct Agent {
    pub id: SpiffeId,
    pub banned: bool,
    pub selectors: Vec<String>,
}

/// That one trust domain takes the bundles of another; the first is unknown where the output does not say whose it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Federation {
    pub own: Option<String>,
    pub other: String,
}

const NOT_SPIFFE: &str = "the id of the entry is no SPIFFE ID: it does not begin with `spiffe://` and a trust domain";
/// The path under which agents of join tokens stand.
const JOIN_TOKEN: &str = "/spire/agent/join_token/";

impl SpiffeId {
    /// The id that a text writes.
    pub fn of(text: &str) -> Option<SpiffeId> {
        let rest = text.trim().strip_prefix("spiffe://")?;
        let (domain, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        (!domain.is_empty()).then(|| SpiffeId { trust_domain: domain.to_ascii_lowercase(), path: path.trim_end_matches('/').to_owned() })
    }

    /// The id in a field, which is a text or `{trust_domain, path}`.
    pub fn in_field(fields: Fields<'_>, name: &str) -> Option<SpiffeId> {
        if let Some(inner) = fields.inner(name) {
            return SpiffeId::of(&format!("spiffe://{}{}", inner.text("trust_domain")?, inner.text("path").unwrap_or_default()));
        }
        SpiffeId::of(fields.text(name)?)
    }

    /// The join token that an agent's id holds.
    pub fn join_token(&self) -> Option<&str> {
        self.path.strip_prefix(JOIN_TOKEN)
    }

    /// The same id, its join token replaced by a number.
    pub fn numbered(&self, number: usize) -> SpiffeId {
        SpiffeId { trust_domain: self.trust_domain.clone(), path: format!("{JOIN_TOKEN}{number}") }
    }

    /// As it is written.
    pub fn text(&self) -> String {
        format!("spiffe://{}{}", self.trust_domain, self.path)
    }
}

impl Entry {
    /// The entry that an object is.
    pub fn of(fields: Fields<'_>) -> Result<Entry, &'static str> {
        let id = SpiffeId::in_field(fields, "spiffe_id").ok_or(NOT_SPIFFE)?;
        let on = |name: &str| fields.flag(name) == Some(true);
        Ok(Entry {
            id,
            parent: SpiffeId::in_field(fields, "parent_id"),
            selectors: selectors(fields),
            federates_with: fields.texts("federates_with").into_iter().map(trust_domain).collect(),
            admin: on("admin"),
            downstream: on("downstream"),
            stored: on("store_svid"),
            created_at: fields.instant("created_at"),
            expires_at: fields.instant("expires_at").or_else(|| fields.instant("entry_expiry")),
        })
    }
}

/// The selectors of an entry or an agent.
pub(super) fn selectors(fields: Fields<'_>) -> Vec<String> {
    let text = |selector: Fields<'_>| Some(format!("{}:{}", selector.text("type")?, selector.text("value")?));
    fields.objects("selectors").filter_map(text).collect()
}

/// The name of a trust domain, however it is written.
pub(super) fn trust_domain(text: &str) -> String {
    let text = text.strip_prefix("spiffe://").unwrap_or(text);
    text.split('/').next().unwrap_or(text).to_ascii_lowercase()
}
