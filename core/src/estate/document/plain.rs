//! Lines of the plainest form, read without a parser between: most of a large document are relations of texts without an escape.

use crate::estate::builder::PlainRelation;
use crate::model::{Certainty, RelationKind, Right};

/// The relation of a line, where the line is one object of texts without an escape, begins with its record type, and holds nothing but what
/// [`PlainRelation`] does, each once and none empty. Anything else, right or wrong, is for the parser.
pub(super) fn plain_relation(line: &str) -> Option<PlainRelation<'_>> {
    let mut scan = Scan { text: line, at: 0 };
    scan.byte(b'{')?;
    if scan.pair()? != ("record", "relation") {
        return None;
    }
    let [mut from, mut kind, mut to, mut requires, mut grants, mut certainty, mut permission] = [None; 7];
    while scan.byte(b',').is_some() {
        let (key, value) = scan.pair()?;
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
    scan.byte(b'}')?;
    scan.space();
    let right = |word: Option<&str>| word.map_or(Some(None), |word| Right::parse(word).map(Some));
    let relation = PlainRelation {
        from: from?,
        kind: RelationKind::parse(kind?)?,
        to: to?,
        requires: right(requires)?,
        grants: right(grants)?,
        certainty: certainty.map_or(Some(Certainty::Proven), Certainty::parse)?,
        permission,
    };
    (scan.at == line.len() && !relation.from.is_empty() && !relation.to.is_empty()).then_some(relation)
}

/// A position in a line.
struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    fn space(&mut self) {
        while matches!(self.text.as_bytes().get(self.at), Some(b' ' | b'\t' | b'\r')) {
            self.at += 1;
        }
    }

    /// Goes past a byte and the space before it.
    fn byte(&mut self, byte: u8) -> Option<()> {
        self.space();
        (*self.text.as_bytes().get(self.at)? == byte).then(|| self.at += 1)
    }

    /// A key and its value.
    fn pair(&mut self) -> Option<(&'a str, &'a str)> {
        let key = self.string()?;
        self.byte(b':')?;
        Some((key, self.string()?))
    }

    /// A text without an escape.
    fn string(&mut self) -> Option<&'a str> {
        self.byte(b'"')?;
        let rest = self.text.get(self.at..)?;
        let length = rest.bytes().position(|byte| byte == b'"' || byte == b'\\' || byte < b' ')?;
        let text = rest.get(..length)?;
        self.at += length;
        self.byte(b'"')?;
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estate::document::record::{Line, Record};

    #[test]
    fn a_plain_line_says_what_the_parser_says() {
        for line in [
            r#"{"record":"relation","from":"a","kind":"assumes","to":"b"}"#,
            "{ \"record\" : \"relation\",\t\"to\":\"b ü\", \"kind\":\"custom\",\"from\":\"a\",\"requires\":\"read\",\"grants\":\"write\"} \r",
            r#"{"record":"relation","from":"a","kind":"reads","to":"b","certainty":"possible","permission":""}"#,
        ] {
            let plain = plain_relation(line).expect(line);
            let Ok(Line(Record::Relation(relation))) = serde_json::from_str(line) else { panic!("{line}") };
            assert_eq!((plain.from, plain.kind, plain.to), (relation.from.as_str(), relation.kind, relation.to.as_str()));
            assert_eq!((plain.requires, plain.grants, plain.certainty), (relation.requires, relation.grants, relation.certainty));
            assert_eq!(plain.permission, relation.permission.as_deref());
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
            r#"{"record":"relation","from":"a","kind":"assumes","to":"b","guards":["mfa"]}"#,
            r#"{"record":"relation","from":"a","kind":"assumes","to":"b","permission":null}"#,
            r#"{"record":"relation","from":"a","kind":"assumes","to":"b"} x"#,
            r#"{"record":"relation","from":"a","kind":"assumes","to":"b",}"#,
            r#"{"record":"relation","from":"a","kind":"assumes","to":"b"#,
            r#"{"record":"tenant","id":"a"}"#,
        ] {
            assert_eq!(plain_relation(line), None, "{line}");
        }
    }
}
