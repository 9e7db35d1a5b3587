//! [`Body`]: reads HCL as the first version has it, in which Vault writes its policies and SPIRE its configuration. No maintained crate reads it: the second
//! version refuses a `{` on the next line.

use serde_json::Value;

/// The attributes and blocks of a file or of a block, in order.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Body {
    pub attributes: Vec<(String, Value)>,
    pub blocks: Vec<Block>,
}

/// A block: `name "label" { … }`, or an object given to a name.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Block {
    pub name: String,
    pub labels: Vec<String>,
    /// Where it begins.
    pub line: u64,
    pub body: Body,
}

/// How deep blocks and lists may be nested.
const DEPTH: usize = 60;
const NO_HCL: &str = "not valid HCL";
const TOO_DEEP: &str = "nested too deeply";

impl Body {
    /// The body of a text.
    ///
    /// # Errors
    /// The line at which it is none, and a reason without text of the input.
    pub fn parse(text: &str) -> Result<Body, (u64, &'static str)> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut parser = Parser { bytes: text.as_bytes(), at: 0, counted: 0, line: 1 };
        parser.body(None, DEPTH).map_err(|reason| (parser.line(), reason))
    }

    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The text of an attribute, where it is one and not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// The texts of an attribute that is a list, or the one in its place.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        match self.get(name) {
            Some(Value::Array(elements)) => elements.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(text)) => vec![text],
            _ => Vec::new(),
        }
    }

    /// The blocks of a name.
    pub fn named<'b>(&'b self, name: &str) -> impl Iterator<Item = &'b Block> {
        self.blocks.iter().filter(move |block| block.name == name)
    }
}

struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
    counted: usize,
    line: u64,
}

type Parsed<T> = Result<T, &'static str>;

impl Parser<'_> {
    /// The line of the current position. Counts each line end once.
    fn line(&mut self) -> u64 {
        let at = self.at.min(self.bytes.len());
        self.line += self.bytes[self.counted..at].iter().filter(|byte| **byte == b'\n').count() as u64;
        self.counted = at;
        self.line
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn starts(&self, text: &[u8]) -> bool {
        self.bytes[self.at.min(self.bytes.len())..].starts_with(text)
    }

    fn skip_line(&mut self) {
        while self.peek().is_some_and(|byte| byte != b'\n') {
            self.at += 1;
        }
    }

    /// Goes past white space, commas, comments.
    fn skip(&mut self) -> Parsed<()> {
        loop {
            match self.peek() {
                Some(byte) if byte.is_ascii_whitespace() || byte == b',' => self.at += 1,
                Some(b'#') => self.skip_line(),
                Some(b'/') if self.starts(b"//") => self.skip_line(),
                Some(b'/') if self.starts(b"/*") => {
                    let end = self.bytes[self.at + 2..].windows(2).position(|pair| pair == b"*/").ok_or(NO_HCL)?;
                    self.at += end + 4;
                }
                _ => return Ok(()),
            }
        }
    }

    fn body(&mut self, end: Option<u8>, depth: usize) -> Parsed<Body> {
        let depth = depth.checked_sub(1).ok_or(TOO_DEEP)?;
        let mut body = Body::default();
        loop {
            self.skip()?;
            match self.peek() {
                None if end.is_none() => return Ok(body),
                found if found == end && found.is_some() => {
                    self.at += 1;
                    return Ok(body);
                }
                _ => self.item(&mut body, depth)?,
            }
        }
    }

    fn item(&mut self, body: &mut Body, depth: usize) -> Parsed<()> {
        let line = self.line();
        let name = self.key()?;
        let mut labels = Vec::new();
        loop {
            self.skip()?;
            match self.peek() {
                Some(b'{') => {
                    self.at += 1;
                    body.blocks.push(Block { name, labels, line, body: self.body(Some(b'}'), depth)? });
                    return Ok(());
                }
                Some(b'=' | b':') if labels.is_empty() => {
                    self.at += 1;
                    self.skip()?;
                    if self.peek() == Some(b'{') {
                        self.at += 1;
                        body.blocks.push(Block { name, labels, line, body: self.body(Some(b'}'), depth)? });
                    } else {
                        body.attributes.push((name, self.value(depth)?));
                    }
                    return Ok(());
                }
                _ => labels.push(self.key()?),
            }
        }
    }

    fn key(&mut self) -> Parsed<String> {
        if self.peek() == Some(b'"') {
            return self.string();
        }
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte) || byte >= 0x80) {
            self.at += 1;
        }
        if start == self.at {
            return Err(NO_HCL);
        }
        Ok(String::from_utf8_lossy(&self.bytes[start..self.at]).into_owned())
    }

    fn value(&mut self, depth: usize) -> Parsed<Value> {
        let depth = depth.checked_sub(1).ok_or(TOO_DEEP)?;
        match self.peek() {
            Some(b'"') => self.string().map(Value::String),
            Some(b'<') if self.starts(b"<<") => self.heredoc().map(Value::String),
            Some(b'[') => {
                self.at += 1;
                let mut values = Vec::new();
                loop {
                    self.skip()?;
                    match self.peek() {
                        Some(b']') => {
                            self.at += 1;
                            return Ok(Value::Array(values));
                        }
                        Some(b'{') => {
                            self.at += 1;
                            self.body(Some(b'}'), depth)?;
                            values.push(Value::Null);
                        }
                        _ => values.push(self.value(depth)?),
                    }
                }
            }
            _ => {
                let word = self.key()?;
                Ok(match word.as_str() {
                    "true" => Value::Bool(true),
                    "false" => Value::Bool(false),
                    _ => word.parse::<i64>().map(Value::from).unwrap_or(Value::String(word)),
                })
            }
        }
    }

    fn string(&mut self) -> Parsed<String> {
        self.at += 1;
        let (mut text, mut inner) = (Vec::new(), 0u32);
        loop {
            let byte = self.peek().ok_or(NO_HCL)?;
            self.at += 1;
            match byte {
                b'"' if inner == 0 => return Ok(String::from_utf8_lossy(&text).into_owned()),
                b'\\' => {
                    let escaped = self.peek().ok_or(NO_HCL)?;
                    self.at += 1;
                    text.push(match escaped {
                        b'n' => b'\n',
                        b't' => b'\t',
                        b'r' => b'\r',
                        other => other,
                    });
                    continue;
                }
                b'$' if self.peek() == Some(b'{') => inner += 1,
                b'}' if inner > 0 => inner -= 1,
                _ => {}
            }
            text.push(byte);
        }
    }

    fn heredoc(&mut self) -> Parsed<String> {
        self.at += 2;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let mark = self.key()?;
        self.skip_line();
        let start = self.at.saturating_add(1).min(self.bytes.len());
        let rest = &self.bytes[start..];
        let mut end = 0;
        for line in rest.split_inclusive(|byte| *byte == b'\n') {
            if line.trim_ascii() == mark.as_bytes() {
                self.at = start + end + line.trim_ascii_end().len();
                return Ok(String::from_utf8_lossy(&rest[..end]).into_owned());
            }
            end += line.len();
        }
        Err(NO_HCL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn blocks_labels_and_values_are_read() {
        let text = "\u{feff}# one\npath \"auth/*\"\n{\n  capabilities = [\"read\", \"list\", ] // two\n}\n/* three\n */ key \"a\" \"b\" { on = true, n = 7\n  s = \"x ${f(\"y\")} \\\"z\\\"\"\n plugin = {} }\n\
            text = <<EOF\n line }\nEOF\nlast = x.y";
        let body = Body::parse(text).expect("HCL");
        assert_eq!(body.blocks[0].labels, ["auth/*"]);
        assert_eq!((body.blocks[0].line, body.blocks[0].body.texts("capabilities")), (2, vec!["read", "list"]));
        let second = &body.blocks[1];
        assert_eq!((second.labels.len(), second.line, second.body.get("on")), (2, 7, Some(&json!(true))));
        assert_eq!((second.body.text("s"), second.body.blocks[0].name.as_str()), (Some("x ${f(\"y\")} \"z\""), "plugin"));
        assert_eq!((body.text("text"), body.text("last")), (Some(" line }\n"), Some("x.y")));
    }

    #[test]
    fn what_is_none_has_its_line() {
        for (text, line) in
            [("a = \"x", 1), ("a {\n b = [1\n", 3), ("}", 1), ("a = 1\n!", 2), ("/* x", 1), ("a = <<E\nx\n", 1), ("a b c", 1)]
        {
            assert_eq!(Body::parse(text), Err((line, NO_HCL)), "{text}");
        }
        for open in ["a {", "[", "a = ["] {
            assert!(Body::parse(&open.repeat(100_000)).is_err());
        }
    }
}
