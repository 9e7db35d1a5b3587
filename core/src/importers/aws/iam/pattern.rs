//! [`Pattern`]: a text of a policy with wildcards and variables, and whether a value matches it.

use super::known::{Known, Truth};

/// A text of a policy: `*` stands for any characters, `?` for one, `${key}` for a value of the request.
///
/// Source: IAM user guide, "IAM policy elements: variables and tags" and "Resource".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// Exactly this.
    Text(String),
    /// Any number of characters.
    Any,
    /// One character.
    One,
    /// The value of a key of the request, in lower case, or a default where it has none.
    Variable { key: String, default: Option<String> },
}

/// Whether the case of letters counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// `a` is not `A`: resources, most conditions.
    Counts,
    /// `a` is `A`: actions, and operators that ignore it.
    Ignored,
}

impl Pattern {
    /// A text with wildcards and variables.
    pub fn parse(text: &str) -> Self {
        Pattern { pieces: pieces(text, true) }
    }

    /// A text in which only variables mean something: what `StringEquals` compares with.
    pub fn literal(text: &str) -> Self {
        Pattern { pieces: pieces(text, false) }
    }

    /// Whether it is `*`, which everything matches.
    pub fn is_anything(&self) -> bool {
        !self.pieces.is_empty() && self.pieces.iter().all(|piece| *piece == Piece::Any)
    }

    /// A value that matches, with `x` for every wildcard and variable.
    pub fn example(&self) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Any | Piece::One => "x".to_owned(),
            Piece::Variable { default, .. } => default.clone().unwrap_or_else(|| "x".to_owned()),
        };
        self.pieces.iter().map(piece).collect()
    }

    /// The text before the first wildcard or variable, and whether that is all of it.
    pub fn fixed(&self) -> (&str, bool) {
        match self.pieces.as_slice() {
            [Piece::Text(text)] => (text, true),
            [Piece::Text(text), ..] => (text, false),
            pieces => ("", pieces.is_empty()),
        }
    }

    /// The keys whose values it holds.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| if let Piece::Variable { key, .. } = piece { Some(key.as_str()) } else { None })
    }

    /// Whether a value matches. Unknown where it does so for some values of a variable that nobody knows.
    pub fn matches(&self, value: &str, case: Case, variable: &dyn Fn(&str) -> Known) -> Truth {
        if self.variables().next().is_none() {
            return Truth::of(matches(&self.pieces, value, case));
        }
        let mut open = false;
        let mut pieces = Vec::with_capacity(self.pieces.len());
        for piece in &self.pieces {
            let Piece::Variable { key, default } = piece else {
                pieces.push(piece.clone());
                continue;
            };
            match (variable(key), default) {
                (Known::Values(values), _) if values.len() == 1 => pieces.push(Piece::Text(values[0].clone())),
                (Known::Absent, Some(default)) => pieces.push(Piece::Text(default.clone())),
                // A variable without a value makes the whole text match nothing.
                (Known::Absent, None) => return Truth::No,
                _ => {
                    open = true;
                    pieces.push(Piece::Any);
                }
            }
        }
        match (matches(&pieces, value, case), open) {
            (false, _) => Truth::No,
            (true, false) => Truth::Yes,
            (true, true) => Truth::Unknown,
        }
    }
}

fn pieces(text: &str, wildcards: bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    let flush = |plain: &mut String, pieces: &mut Vec<Piece>| {
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(plain)));
        }
    };
    while let Some(first) = rest.chars().next() {
        if let Some((name, after)) = rest.strip_prefix("${").and_then(|inner| inner.split_once('}')) {
            rest = after;
            match name {
                // The three characters that cannot be written otherwise.
                "*" | "?" | "$" => plain.push_str(name),
                _ => {
                    flush(&mut plain, &mut pieces);
                    pieces.push(variable(name));
                }
            }
            continue;
        }
        rest = &rest[first.len_utf8()..];
        match first {
            '*' if wildcards => {
                flush(&mut plain, &mut pieces);
                pieces.push(Piece::Any);
            }
            '?' if wildcards => {
                flush(&mut plain, &mut pieces);
                pieces.push(Piece::One);
            }
            _ => plain.push(first),
        }
    }
    flush(&mut plain, &mut pieces);
    pieces
}

/// `aws:username`, or `aws:PrincipalTag/team, 'none'` with its default.
fn variable(text: &str) -> Piece {
    let (key, default) = match text.split_once(',') {
        Some((key, default)) => (key, Some(default.trim().trim_matches('\'').to_owned())),
        None => (text, None),
    };
    Piece::Variable { key: key.trim().to_ascii_lowercase(), default }
}

/// Whether a value matches pieces without variables. Costs their lengths multiplied at worst.
fn matches(pieces: &[Piece], value: &str, case: Case) -> bool {
    let (mut piece, mut at) = (0, 0);
    // Where the last `*` stands and how far it has grown: all that ever needs to be tried again.
    let mut grown: Option<(usize, usize)> = None;
    loop {
        match pieces.get(piece) {
            None if at == value.len() => return true,
            Some(Piece::Any) => {
                grown = Some((piece, at));
                piece += 1;
                continue;
            }
            Some(Piece::One) if at < value.len() => {
                at += width(value, at);
                piece += 1;
                continue;
            }
            Some(Piece::Text(text)) if starts_with(&value[at..], text, case) => {
                at += text.len();
                piece += 1;
                continue;
            }
            _ => {}
        }
        match grown {
            Some((any, from)) if from < value.len() => {
                let from = from + width(value, from);
                (piece, at, grown) = (any + 1, from, Some((any, from)));
            }
            _ => return false,
        }
    }
}

fn width(value: &str, at: usize) -> usize {
    value[at..].chars().next().map_or(1, char::len_utf8)
}

fn starts_with(value: &str, text: &str, case: Case) -> bool {
    match (case, value.get(..text.len())) {
        (_, None) => false,
        (Case::Counts, Some(start)) => start == text,
        (Case::Ignored, Some(start)) => start.eq_ignore_ascii_case(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(pattern: &str, value: &str) -> Truth {
        let variable = |key: &str| match key {
            "aws:username" => Known::Values(vec!["ann".into()]),
            "aws:principaltag/none" => Known::Absent,
            _ => Known::Unknown,
        };
        Pattern::parse(pattern).matches(value, Case::Counts, &variable)
    }

    #[test]
    fn wildcards_cross_every_separator_and_case_counts() {
        for (pattern, value) in [
            ("*", ""),
            ("arn:aws:s3:::shop*", "arn:aws:s3:::shop/a/b"),
            ("a*b*c", "a-b-b-c"),
            ("a?c", "aäc"),
            ("*:role/x", "arn:aws:iam::1:role/x"),
            ("${*}a", "*a"),
        ] {
            assert_eq!(matched(pattern, value), Truth::Yes, "{pattern} {value}");
        }
        for (pattern, value) in [("a*b", "a-bc"), ("A", "a"), ("a?", "a"), ("", "a"), ("${*}a", "xa"), ("a", "")] {
            assert_eq!(matched(pattern, value), Truth::No, "{pattern} {value}");
        }
        assert_eq!(Pattern::parse("iam:Get*").matches("IAM:getuser", Case::Ignored, &|_| Known::Unknown), Truth::Yes);
        assert_eq!(Pattern::literal("a*").matches("ab", Case::Counts, &|_| Known::Unknown), Truth::No);
    }

    #[test]
    fn a_variable_is_its_value_its_default_or_unknown() {
        assert_eq!(matched("user/${aws:username}", "user/ann"), Truth::Yes);
        assert_eq!(matched("user/${aws:username}", "user/bob"), Truth::No);
        assert_eq!(matched("team/${aws:PrincipalTag/none, 'red'}", "team/red"), Truth::Yes);
        assert_eq!(matched("team/${aws:PrincipalTag/none}", "team/"), Truth::No);
        assert_eq!(matched("team/${aws:PrincipalTag/team}", "team/red"), Truth::Unknown);
        assert_eq!(matched("team/${aws:PrincipalTag/team}", "other/red"), Truth::No);
    }

    #[test]
    fn many_wildcards_do_not_take_long() {
        let pattern = Pattern::parse(&"*a".repeat(50));
        assert_eq!(pattern.matches(&"a".repeat(20_000), Case::Counts, &|_| Known::Unknown), Truth::Yes);
        assert_eq!(pattern.matches(&"b".repeat(20_000), Case::Counts, &|_| Known::Unknown), Truth::No);
    }
}
