//! [`joined`]: which subjects of an issuer are taken by which patterns over its subjects.
//!
//! A reader of a cloud names whom a trust takes by `ISSUER#PATTERN`, in which `*` stands for any text and `?` for one character; whoever brings the actor
//! itself names it by `ISSUER#SUBJECT`. Subjects are compared letter by letter, as issuers mean them.

use super::selector::Glob;
use std::collections::{BTreeMap, BTreeSet};

/// Where an issuer that is an address ends and its subject begins.
const BETWEEN: char = '#';

/// The pairs of a subject and a pattern that takes it, by number. Patterns are those of `trusts`, from which a federation goes out; a pattern that takes all
/// of another's subjects takes the other too. Costs a sort of the subjects, and for each pattern those that begin as it does.
pub(super) fn joined<'a>(identities: impl Iterator<Item = (u32, &'a str)>, trusts: &BTreeSet<u32>) -> Vec<(u32, u32)> {
    if trusts.is_empty() {
        return Vec::new();
    }
    let mut issuers: BTreeMap<&str, Vec<(&str, u32)>> = BTreeMap::new();
    for (number, id) in identities {
        if let Some((issuer, subject)) = id.split_once(BETWEEN).filter(|(issuer, _)| issuer.starts_with("https://")) {
            issuers.entry(issuer).or_default().push((subject, number));
        }
    }
    let mut pairs = Vec::new();
    for subjects in issuers.values_mut() {
        subjects.sort_unstable();
        let patterns = subjects.iter().filter(|(subject, number)| is_pattern(subject) && trusts.contains(number));
        for (pattern, number) in patterns {
            let taken = taken(subjects, pattern).filter(|taken| taken != number);
            pairs.extend(taken.map(|taken| (taken, *number)));
        }
    }
    pairs
}

fn is_pattern(subject: &str) -> bool {
    subject.contains(['*', '?'])
}

/// The subjects, in order, that a pattern takes.
fn taken<'s>(subjects: &'s [(&str, u32)], pattern: &str) -> impl Iterator<Item = u32> + use<'s> {
    let fixed = pattern.split(['*', '?']).next().unwrap_or_default().to_owned();
    let (glob, exact) = (Glob::new(pattern), !pattern.contains('?'));
    let first = subjects.partition_point(|(subject, _)| *subject < fixed.as_str());
    let alike = subjects[first..].iter().take_while(move |(subject, _)| subject.starts_with(&fixed));
    // A `?` takes a character, but not all that a `*` of another pattern stands for.
    alike.filter(move |(subject, _)| (exact || !subject.contains('*')) && glob.matches(subject)).map(|(_, number)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(ids: &[&str], trusts: &[u32]) -> Vec<(u32, u32)> {
        joined(ids.iter().enumerate().map(|(number, id)| (number as u32, *id)), &trusts.iter().copied().collect())
    }

    #[test]
    fn subjects_meet_the_patterns_of_their_issuer_letter_by_letter() {
        let ids = [
            "https://git.example#repo:acme/*",
            "https://git.example#repo:acme/shop:ref:refs/heads/main",
            "https://git.example#repo:Acme/shop:ref:refs/heads/main",
            "https://git.example#repo:acme-evil/x",
            "https://other.example#repo:acme/shop:ref:refs/heads/main",
            "https://git.example#repo:acme/shop:*",
            "https://git.example#*",
        ];
        assert_eq!(pairs(&ids, &[0]), [(5, 0), (1, 0)]);
        assert_eq!(pairs(&ids, &[5]), [(1, 5)]);
        assert_eq!(pairs(&ids, &[6]), [(2, 6), (3, 6), (0, 6), (5, 6), (1, 6)]);
    }

    #[test]
    fn what_no_federation_starts_from_is_no_pattern() {
        assert!(pairs(&["https://a#x*", "https://a#xy"], &[]).is_empty());
        assert!(pairs(&["https://a#x%2A", "https://a#xy"], &[0]).is_empty());
        assert!(pairs(&["role#x*", "role#xy"], &[0]).is_empty());
    }

    #[test]
    fn one_character_is_not_any_text() {
        assert_eq!(pairs(&["https://a#x?", "https://a#xy", "https://a#x*", "https://a#xyz"], &[0]), [(1, 0)]);
    }
}
