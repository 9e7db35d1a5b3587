//! What an input is, told by the keys of its first object.

use super::record::{RecordType, Text};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sniffed {
    /// A record with its type: the first of many lines.
    Line,
    /// A record of a type that the format does not have.
    StrangeLine,
    /// A document that names the format, in any version.
    Document,
}

/// How far an input is looked at.
const WINDOW: usize = 1 << 20;

/// Whether an input is a document of this format, of any version. Looks at its first object only, and not far.
pub(crate) fn looks_like_document(bytes: &[u8]) -> bool {
    matches!(sniff(bytes), Some(Sniffed::Line | Sniffed::Document))
}

/// Looks at the keys of the first object until one tells what it is.
pub(super) fn sniff(bytes: &[u8]) -> Option<Sniffed> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut told = None;
    // A text that ends within the window, or goes wrong later on, is no fault here: what was told by then counts.
    let _ = Sniffer(&mut told).deserialize(&mut serde_json::Deserializer::from_slice(&bytes[..bytes.len().min(WINDOW)]));
    told
}

struct Sniffer<'s>(&'s mut Option<Sniffed>);

impl<'de> DeserializeSeed<'de> for Sniffer<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Sniffer<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Text(key)) = map.next_key()? {
            match &*key {
                "record" => {
                    let Text(word) = map.next_value()?;
                    let known = word == super::HEADER || RecordType::of_word(&word).is_some();
                    *self.0 = Some(if known { Sniffed::Line } else { Sniffed::StrangeLine });
                    return Ok(());
                }
                "format" => {
                    let Text(format) = map.next_value()?;
                    if !format.starts_with("tenantgraph/") {
                        return Ok(());
                    }
                    // A header line may state it too: the keys after it tell.
                    *self.0 = Some(Sniffed::Document);
                }
                key if self.0.is_some() && RecordType::of_list(key).is_some() => return Ok(()),
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(())
    }
}
