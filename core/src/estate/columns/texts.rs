//! [`Texts`]: many texts in one piece, and [`UniqueTexts`], each of them once.

use hashbrown::HashTable;
use std::hash::{BuildHasher, RandomState};

/// Many texts in one piece, by number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::estate) struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Adds a text, whose number is the number of those before it.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    /// The text of a number.
    ///
    /// # Panics
    /// Where there is none.
    #[inline]
    pub fn get(&self, number: u32) -> &str {
        let at = number as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.text[start..self.ends[at]]
    }

    /// Frees what was reserved in advance.
    pub fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

/// Texts, each once, numbered in the order of first sight. The table holds numbers only: a large estate is read as fast as its ids are found again.
#[derive(Debug, Default)]
pub(in crate::estate) struct UniqueTexts {
    texts: Texts,
    table: HashTable<Entry>,
    hasher: RandomState,
    /// The number that was asked for last: relations mostly come sorted by where they start.
    last: Option<u32>,
}

/// A number, and a part of the hash of its text that spares most comparisons.
#[derive(Debug, Clone, Copy)]
struct Entry {
    part: u32,
    number: u32,
}

impl UniqueTexts {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// The text of a number.
    pub fn get(&self, number: u32) -> &str {
        self.texts.get(number)
    }

    /// The number of a text, if it was seen.
    pub fn find(&self, text: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(text);
        let same = |entry: &Entry| entry.part == part(hash) && self.get(entry.number) == text;
        self.table.find(hash, same).map(|entry| entry.number)
    }

    /// The number of a text, a new one where it was not seen.
    pub fn number(&mut self, text: &str) -> u32 {
        if let Some(last) = self.last
            && self.get(last) == text
        {
            return last;
        }
        let hash = self.hasher.hash_one(text);
        let UniqueTexts { texts, table, hasher, last } = self;
        let number = match table.find(hash, |entry| entry.part == part(hash) && texts.get(entry.number) == text) {
            Some(entry) => entry.number,
            None => {
                let number = texts.len() as u32;
                texts.push(text);
                table.insert_unique(hash, Entry { part: part(hash), number }, |entry| hasher.hash_one(texts.get(entry.number)));
                number
            }
        };
        *last = Some(number);
        number
    }

    /// The texts alone.
    pub fn into_texts(self) -> Texts {
        self.texts
    }
}

/// The middle of a hash: the table itself goes by both ends.
const fn part(hash: u64) -> u32 {
    (hash >> 16) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_has_one_number() {
        let mut unique = UniqueTexts::default();
        let texts: Vec<String> = (0..5_000).map(|at| format!("id-{}", at % 2_500)).collect();
        for (at, text) in texts.iter().enumerate() {
            assert_eq!(unique.number(text), at as u32 % 2_500);
            assert_eq!(unique.number(text), at as u32 % 2_500);
        }
        assert_eq!((unique.len(), unique.get(7), unique.find("id-2499"), unique.find("id-2500")), (2_500, "id-7", Some(2_499), None));
        assert_eq!((unique.number(""), unique.get(2_500)), (2_500, ""));
    }
}
