//! Instants of a policy: as text, or as one of TOML's own dates.

use crate::model::Instant;
use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Toml(toml::value::Datetime),
}

/// Reads `"2026-12-31"`, `"2026-12-31T12:00:00Z"`, or in TOML the same without quotes.
pub(super) fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Instant>, D::Error> {
    let Some(written) = Option::<Written>::deserialize(deserializer)? else { return Ok(None) };
    let text = match written {
        Written::Text(text) => text,
        Written::Toml(datetime) => datetime.to_string(),
    };
    Instant::parse(&text).map(Some).map_err(serde::de::Error::custom)
}
