//! Text in Markdown that nobody's names can break out of: no markup, no HTML, no link, no mention, no cell and no line end comes of them.

use crate::report::text::printable;

/// A space that is not seen, as a reference: what stands on both sides of it is no address, mention or reference any more.
const BREAK: &str = "&#8203;";

/// Words of a report: whatever means something in Markdown or HTML is written as a character reference, which no parser takes for structure.
pub(super) fn text(words: &str) -> String {
    let words = printable(words);
    let mut escaped = String::with_capacity(words.len());
    for (at, character) in words.char_indices() {
        match character {
            '&' | '<' | '>' | '`' | '*' | '_' | '[' | ']' | '{' | '}' | '\\' | '|' | '~' | '$' => reference(&mut escaped, character),
            // Where tickets live, `@name` calls somebody and `#1` links.
            '@' | '#' => {
                reference(&mut escaped, character);
                escaped.push_str(BREAK);
            }
            ':' if words[at..].starts_with("://") => {
                reference(&mut escaped, character);
                escaped.push_str(BREAK);
            }
            '.' if words[..at].to_ascii_lowercase().ends_with("www") => {
                reference(&mut escaped, character);
                escaped.push_str(BREAK);
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

/// A name, as code: nothing in it is markup. One that would end the code or a cell of a table is written as words instead.
pub(super) fn code(name: &str) -> String {
    let name = printable(name);
    if name.trim().is_empty() {
        return "(no name)".to_owned();
    }
    if name.contains(['`', '|']) { text(&name) } else { format!("`{name}`") }
}

/// A sentence of the library, with the names in backticks as code. Whatever a name holds, each piece is escaped.
pub(super) fn sentence(sentence: &str) -> String {
    let pieces: Vec<&str> = sentence.split('`').collect();
    // An odd backtick is part of a name, and then no pair can be trusted.
    if pieces.len().is_multiple_of(2) {
        return text(sentence);
    }
    let piece = |(at, piece): (usize, &&str)| if at.is_multiple_of(2) { text(piece) } else { code(piece) };
    pieces.iter().enumerate().map(piece).collect()
}

fn reference(escaped: &mut String, character: char) {
    escaped.push_str(&format!("&#{};", u32::from(character)));
}

#[cfg(test)]
/// Names that try to break out, each of what an id may hold.
pub(super) const HOSTILE: &[&str] = &[
    "a|b",
    "`|x|`",
    "``` \n# heading",
    "<script>alert(1)</script>",
    "<!-- hidden",
    "![x](http://evil.example/x.png)",
    "[text](javascript:alert(1))",
    "@everyone #1 www.evil.example https://evil.example",
    "a\u{202e}b\u{1b}[31m\r\n\n- item\u{2028}x",
    "\\`",
    "{code}$x$~~y~~",
    "",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_hold_nothing_that_means_something() {
        for hostile in HOSTILE {
            let escaped = text(hostile);
            assert!(!escaped.contains(['<', '>', '`', '|', '*', '[', ']', '\\', '@', '\n', '\r', '\u{202e}', '\u{1b}']), "{escaped}");
            assert!(!escaped.contains("://") && !escaped.contains("www."), "{escaped}");
        }
        assert_eq!(text("3 of 4 (75 %); see below."), "3 of 4 (75 %); see below.");
    }

    #[test]
    fn a_name_is_one_code_span_or_words() {
        for hostile in HOSTILE {
            let escaped = code(hostile);
            let inner = escaped.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')).unwrap_or(&escaped);
            assert!(!inner.contains(['`', '|', '\n', '\r', '\u{202e}', '\u{2028}']) && !inner.is_empty(), "{escaped}");
        }
        assert_eq!([code("a_b"), code("a|b"), code(" ")], ["`a_b`", "a&#124;b", "(no name)"]);
    }

    #[test]
    fn the_names_in_a_sentence_cannot_reach_the_words_around_them() {
        assert_eq!(sentence("`robot` gains control of `acme|prod`"), "`robot` gains control of acme&#124;prod");
        for hostile in HOSTILE {
            let escaped = sentence(&format!("`{hostile}` gains control of `b`"));
            let outside: String = escaped.split('`').step_by(2).collect();
            assert!(escaped.matches('`').count().is_multiple_of(2), "{escaped}");
            assert!(!outside.contains(['<', '>', '|', '*', '[', '\\', '@']) && !escaped.contains(['\n', '\r', '|']), "{escaped}");
        }
    }
}
