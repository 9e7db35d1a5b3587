//! Records of the plainest form, read without a parser between: most of a large document are objects of texts without an escape and of truth values.

use super::record::RecordType;
use crate::estate::builder::{PlainEntity, PlainLine, PlainRelation};
use crate::estate::entities::Flags;
use crate::estate::relations::rights;
use crate::model::{Certainty, EntityType, Environment, IdentityKind, RelationKind, ResourceKind, Right, SecretKind, TenantKind};

/// The record of a line that begins with its type, where it is one object of texts without an escape and of truth values, and holds nothing but what
/// [`PlainLine`] does, each once and no id empty. Anything else, right or wrong, is for the parser.
pub(super) fn plain_line(line: &str) -> Option<PlainLine<'_>> {
    let mut scan = Scan { text: line, at: 0 };
    scan.byte(b'{')?;
    let (key, Value::Text(word)) = scan.pair()? else { return None };
    if key != "record" {
        return None;
    }
    plain(scan, RecordType::of_word(word)?, false)
}

/// The record of an object of a list, as [`plain_line`] else.
pub(super) fn plain_record(text: &str, record_type: RecordType) -> Option<PlainLine<'_>> {
    let mut scan = Scan { text, at: 0 };
    scan.byte(b'{')?;
    plain(scan, record_type, true)
}

fn plain(scan: Scan<'_>, record_type: RecordType, first: bool) -> Option<PlainLine<'_>> {
    match record_type {
        RecordType::Relation => plain_relation(scan, first).map(PlainLine::Relation),
        _ => plain_entity(scan, record_type, first).map(PlainLine::Entity),
    }
}

/// The rest of a relation; `first` where no field is behind.
fn plain_relation(mut scan: Scan<'_>, mut first: bool) -> Option<PlainRelation<'_>> {
    let [mut from, mut kind, mut to, mut requires, mut grants, mut certainty, mut permission] = [None; 7];
    while first || scan.byte(b',').is_some() {
        first = false;
        let (key, Value::Text(value)) = scan.pair()? else { return None };
        let field = match key {
            "from" => &mut from,
            "kind" => &mut kind,
            "to" => &mut to,
            "requires" => &mut requires,
            "grants" => &mut grants,
            "certainty" => &mut certainty,
            "permission" => &mut permission,
            _ => return None,
        };
        if field.replace(value).is_some() {
            return None;
        }
    }
    scan.end()?;
    let right = |word: Option<&str>| word.map_or(Some(None), |word| Right::parse(word).map(Some));
    let kind = RelationKind::parse(kind?)?;
    let certainty = certainty.map_or(Some(Certainty::Proven), Certainty::parse)?;
    let rights = rights(kind, right(requires)?, right(grants)?, certainty)?;
    let relation = PlainRelation { from: from?, kind, to: to?, rights, permission };
    (kind.is_written() && !relation.from.is_empty() && !relation.to.is_empty()).then_some(relation)
}

/// The rest of an entity; `first` where no field is behind.
fn plain_entity(mut scan: Scan<'_>, record_type: RecordType, mut first: bool) -> Option<PlainEntity<'_>> {
    let [mut id, mut kind, mut container, mut environment, mut name, mut owner] = [None; 6];
    let [mut enabled, mut revoked, mut dynamic, mut critical] = [None; 4];
    while first || scan.byte(b',').is_some() {
        first = false;
        let twice = match scan.pair()? {
            (key, Value::Text(value)) => {
                let field = match (key, record_type) {
                    ("id", _) => &mut id,
                    ("kind", _) => &mut kind,
                    ("parent", RecordType::Tenant) => &mut container,
                    ("tenant", RecordType::Identity | RecordType::Secret | RecordType::Resource) => &mut container,
                    ("environment", _) => &mut environment,
                    ("name", _) => &mut name,
                    ("owner", _) => &mut owner,
                    _ => return None,
                };
                field.replace(value).is_some()
            }
            (key, Value::Truth(value)) => {
                let field = match (key, record_type) {
                    ("enabled", RecordType::Identity) => &mut enabled,
                    ("revoked", RecordType::Secret) => &mut revoked,
                    ("dynamic", RecordType::Secret) => &mut dynamic,
                    ("critical", RecordType::Resource) => &mut critical,
                    _ => return None,
                };
                field.replace(value).is_some()
            }
        };
        if twice {
            return None;
        }
    }
    scan.end()?;
    let (entity_type, kind, flags) = match record_type {
        RecordType::Tenant => (EntityType::Tenant, parsed(kind, TenantKind::parse, TenantKind::Other)? as u8, Flags::default()),
        RecordType::Identity => {
            (EntityType::Identity, parsed(kind, IdentityKind::parse, IdentityKind::Other)? as u8, Flags::of(enabled, None))
        }
        RecordType::Secret => {
            (EntityType::Secret, parsed(kind, SecretKind::parse, SecretKind::Generic)? as u8, Flags::of(revoked, dynamic))
        }
        RecordType::Resource => {
            (EntityType::Resource, parsed(kind, ResourceKind::parse, ResourceKind::Other)? as u8, Flags::of(critical, None))
        }
        RecordType::Relation => return None,
    };
    let environment = environment.map_or(Some(None), |word| Environment::parse(word).map(Some))?;
    let entity = PlainEntity { entity_type, id: id?, kind, container, environment, name, owner, flags };
    (!entity.id.is_empty() && container != Some("")).then_some(entity)
}

/// The word that is given, else the one that stands for none; nothing for a word that is none.
fn parsed<T>(word: Option<&str>, parse: impl Fn(&str) -> Option<T>, unsaid: T) -> Option<T> {
    word.map_or(Some(unsaid), parse)
}

/// A position in a line.
struct Scan<'a> {
    text: &'a str,
    at: usize,
}

enum Value<'a> {
    Text(&'a str),
    Truth(bool),
}

/// The bytes that a text without an escape cannot hold.
const ENDS: [bool; 256] = {
    let mut ends = [false; 256];
    let mut byte = 0;
    while byte < b' ' as usize {
        ends[byte] = true;
        byte += 1;
    }
    ends[b'"' as usize] = true;
    ends[b'\\' as usize] = true;
    ends
};

impl<'a> Scan<'a> {
    #[inline]
    fn space(&mut self) {
        while matches!(self.text.as_bytes().get(self.at), Some(b' ' | b'\t' | b'\r')) {
            self.at += 1;
        }
    }

    /// Goes past a byte and the space before it.
    #[inline]
    fn byte(&mut self, byte: u8) -> Option<()> {
        if self.text.as_bytes().get(self.at) != Some(&byte) {
            self.space();
        }
        (*self.text.as_bytes().get(self.at)? == byte).then(|| self.at += 1)
    }

    /// A key and its value.
    #[inline]
    fn pair(&mut self) -> Option<(&'a str, Value<'a>)> {
        let key = self.string()?;
        self.byte(b':')?;
        if let Some(value) = self.string() {
            return Some((key, Value::Text(value)));
        }
        self.space();
        let rest = self.text.get(self.at..)?;
        let truth = rest.starts_with("true");
        self.at += if truth { 4 } else { rest.starts_with("false").then_some(5)? };
        Some((key, Value::Truth(truth)))
    }

    /// A text without an escape.
    #[inline]
    fn string(&mut self) -> Option<&'a str> {
        self.byte(b'"')?;
        let rest = self.text.as_bytes().get(self.at..)?;
        let length = rest.iter().position(|byte| ENDS[*byte as usize])?;
        let text = self.text.get(self.at..self.at + length)?;
        self.at += length;
        (rest[length] == b'"').then(|| self.at += 1)?;
        Some(text)
    }

    /// The end of the object, and of the text.
    fn end(&mut self) -> Option<()> {
        self.byte(b'}')?;
        self.space();
        (self.at == self.text.len()).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estate::document::record::{Line, Record};

    #[test]
    fn a_plain_relation_says_what_the_parser_says() {
        for line in [
            r#"{"record":"relation","from":"a","kind":"assumes","to":"b"}"#,
            "{ \"record\" : \"relation\",\t\"to\":\"b ü\", \"kind\":\"custom\",\"from\":\"a\",\"requires\":\"read\",\"grants\":\"write\"} \r",
            r#"{"record":"relation","from":"a","kind":"reads","to":"b","certainty":"possible","permission":""}"#,
        ] {
            let Some(PlainLine::Relation(plain)) = plain_line(line) else { panic!("{line}") };
            let Ok(Line(Record::Relation(relation))) = serde_json::from_str(line) else { panic!("{line}") };
            assert_eq!((plain.from, plain.kind, plain.to), (relation.from.as_str(), relation.kind, relation.to.as_str()));
            assert_eq!(Some(plain.rights), rights(relation.kind, relation.requires, relation.grants, relation.certainty));
            assert_eq!(plain.permission, relation.permission.as_deref());
        }
    }

    #[test]
    fn a_plain_entity_says_what_the_parser_says() {
        for (line, whole) in [
            (
                r#"{"record":"tenant","id":"t","kind":"gcp_project","parent":"org","environment":"testing"}"#,
                r#"{"id":"t","kind":"gcp_project","environment":"testing","parent":"org"}"#,
            ),
            (r#"{"record":"tenant","id":"t"}"#, r#"{"id":"t"}"#),
            (
                r#"{ "record": "identity", "id": "i", "enabled": false, "name": "Robot ü", "owner": "" }"#,
                r#"{"id":"i","name":"Robot ü","owner":"","enabled":false}"#,
            ),
            (
                r#"{"record":"secret","dynamic":true,"revoked":false,"id":"s","tenant":"t","kind":"token"}"#,
                r#"{"id":"s","kind":"token","tenant":"t","dynamic":true,"revoked":false}"#,
            ),
            (r#"{"record":"resource","id":"r","critical":true}"#, r#"{"id":"r","critical":true}"#),
        ] {
            assert!(plain_line(line).is_some(), "{line}");
            let text = |lines: &str| {
                let mut builder = crate::Estate::builder();
                builder.source("lines", "tenantgraph");
                crate::estate::document::read_document(&mut builder, &crate::Unobserved, lines.as_bytes()).expect("a line");
                builder.build().to_document_ndjson()
            };
            assert!(text(line).contains(&whole[1..]), "{}", text(line));
            let Ok(Line(Record::Entity(entity))) = serde_json::from_str(line) else { panic!("{line}") };
            let mut builder = crate::Estate::builder();
            builder.add(entity);
            assert_eq!(builder.build().to_document_ndjson(), text(line));
        }
    }

    #[test]
    fn anything_else_is_for_the_parser() {
        for line in [
            "",
            "{}",
            r#"{"from":"a","kind":"assumes","to":"b","record":"relation"}"#,
            r#"{"record":"relation","from":"a","kind":"assumes"}"#,
            r#"{"record":"relation","from":"a","kind":"assumes","to":"b","to":"c"}"#,
            r#"{"record":"relation","from":"","kind":"assumes","to":"b"}"#,
            r#"{"record":"relation","from":"a\n","kind":"assumes","to":"b"}"#,
            r#"{"record":"relation","from":"a","kind":"dreams","to":"b"}"#,
            r#"{"record":"relation","from":"a","kind":"custom","to":"b"}"#,
            r#"{"record":"relation","from":"a","kind":"same_secret","to":"b"}"#,
            r#"{"record":"relation","from":"a","kind":"assumes","to":"b","guards":["mfa"]}"#,
            r#"{"record":"relation","from":"a","kind":"assumes","to":"b","permission":null}"#,
            r#"{"record":"relation","from":"a","kind":"assumes","to":"b"} x"#,
            r#"{"record":"relation","from":"a","kind":"assumes","to":"b",}"#,
            r#"{"record":"relation","from":"a","kind":"assumes","to":"b"#,
            r#"{"record":"tenant"}"#,
            r#"{"record":"tenant","id":""}"#,
            r#"{"record":"tenant","id":"t","parent":""}"#,
            r#"{"record":"tenant","id":"t","tenant":"u"}"#,
            r#"{"record":"tenant","id":"t","kind":"dream"}"#,
            r#"{"record":"identity","id":"t","enabled":"false"}"#,
            r#"{"record":"identity","id":"t","enabled":falsehood}"#,
            r#"{"record":"identity","id":"t","critical":false}"#,
            r#"{"record":"secret","id":"t","created_at":"2026-01-01"}"#,
            r#"{"record":"estate","format":"tenantgraph/1"}"#,
        ] {
            assert_eq!(plain_line(line), None, "{line}");
        }
    }
}
