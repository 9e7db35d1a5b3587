//! What names and labels tell of an environment by default: the tokens of a name, the one table of default name rules, the keys of labels.

use super::environments::NameRule;
use crate::model::Environment;

/// The default label keys, in the order in which they are asked.
pub(super) const LABEL_KEYS: [&str; 6] = ["environment", "environment-name", "env", "stage", "tier", "is-production"];

/// The default name rules, in the order in which they are tried: words that say nothing, then compounds with `prod`, then every other
/// non-production word, then production, then shared. A word that is ambiguous inside a name counts only as the last word of it (`acme-live`,
/// never `live-chat`) or only as the whole of it (`training`), which is how labels write it.
const NAMES: [(&str, Environment); 13] = [
    // A rule that tells `unknown` hides its words from the rules after it.
    (
        r"dev-?(sec-?)?ops|sec-dev-ops|dev-?rel|dev-?tools?|dev-center|git-?lab|post-?prod(uction)?|prod-eng|test-?flight|stage-gate",
        Environment::Unknown,
    ),
    (r"no[nt]?-?(prod(uction)?|prd)|nprod|nprd|np(-\d+)?$|lower-env(ironment)?s?|^training(-\d+)?$", Environment::Nonproduction),
    (r"pre-?(prod(uction)?|prd|live)|p-?prod|pprd|ppe|ppd|pre(-\d+)?$|(prod(uction)?|live)-?like", Environment::Staging),
    (r"previews?|ephemeral|review-apps?|^review-\d+$|(pr|mr)-\d+|pull-request-\d+", Environment::Preview),
    (r"staging|stage|stg|stag|stge", Environment::Staging),
    (r"dev|devel|develop|development|^local$", Environment::Development),
    (
        r"tests?|testing|tst|qa|qas|qc|uat|e-2-e|loadtests?|smoketests?|perf|acceptance|acpt|acc(-\d+)?$|mocks?|quality-assurance|^ci$",
        Environment::Testing,
    ),
    (r"sit|integ|integration(-\d+)?$|int(-\d+)?$", Environment::Integration),
    (r"sandbox(es)?|sand-box|sbx|sbox|sandpit|playground|poc|proof-of-concept|scratch|prototyp(e|ing)|lab(-\d+)?$", Environment::Sandbox),
    (r"demos?|showcase", Environment::Demo),
    (r"prod|production|prd|prods", Environment::Production),
    (r"live(-\d+)?$", Environment::Production),
    (r"shared|^common$", Environment::Shared),
];

/// The default name rules as plain data.
pub(super) fn name_rules() -> Vec<NameRule> {
    NAMES.iter().map(|(pattern, environment)| NameRule { pattern: (*pattern).into(), environment: *environment }).collect()
}

/// A label's own name, without the prefix of the domain that defines it, as Kubernetes writes it.
pub(super) fn bare(label: &str) -> &str {
    label.rsplit('/').next().unwrap_or(label)
}

/// Whether a label is the one that a key asks for.
pub(super) fn is_key(key: &str, label: &str) -> bool {
    let same = |label: &str| {
        let fold = |byte: u8| if byte == b'_' { b'-' } else { byte.to_ascii_lowercase() };
        key.len() == label.len() && key.bytes().zip(label.bytes()).all(|(one, other)| fold(one) == fold(other))
    };
    same(label) || same(bare(label))
}

/// The tokens of a name, lower case and joined by `-`. A token ends at anything but a letter or digit, between a letter and a digit, before
/// the capital of `camelCase`, and before the last capital of `ABCWord`.
pub(super) fn tokens(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 8);
    let mut before = Kind::Border;
    let mut characters = name.chars().peekable();
    while let Some(character) = characters.next() {
        let kind = Kind::of(character);
        let starts = match (before, kind) {
            (_, Kind::Border) => false,
            (Kind::Upper, Kind::Upper) => characters.peek().is_some_and(|next| Kind::of(*next) == Kind::Lower),
            (Kind::Upper, Kind::Lower) => false,
            (before, kind) => before != kind,
        };
        if starts && !text.is_empty() {
            text.push('-');
        }
        if kind != Kind::Border {
            text.extend(character.to_lowercase());
        }
        before = kind;
    }
    text
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Border,
    Lower,
    Upper,
    Digit,
}

impl Kind {
    fn of(character: char) -> Kind {
        match character {
            'a'..='z' => Kind::Lower,
            'A'..='Z' => Kind::Upper,
            '0'..='9' => Kind::Digit,
            other if other.is_uppercase() => Kind::Upper,
            other if other.is_alphabetic() => Kind::Lower,
            other if other.is_numeric() => Kind::Digit,
            _ => Kind::Border,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_at_borders_cases_and_digits() {
        for (name, expected) in [
            ("acme-Prod_01", "acme-prod-01"),
            ("euw1prod2", "euw-1-prod-2"),
            ("acmeNonProd", "acme-non-prod"),
            ("ACMEProdEU", "acme-prod-eu"),
            ("//x.example.com/Ünder", "x-example-com-ünder"),
            ("--", ""),
            ("", ""),
        ] {
            assert_eq!(tokens(name), expected, "{name}");
        }
    }
}
