//! [`Texts`]: many texts in one piece, and [`UniqueTexts`], each of them once.

use hashbrown::DefaultHashBuilder;
use hashbrown::HashTable;
use std::hash::BuildHasher;

/// Many texts in one piece, by number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::estate) struct Texts {
    pub(super) text: String,
    pub(super) ends: Vec<usize>,
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
    hasher: DefaultHashBuilder,
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

    /// Sorts numbers by their texts. Compares the first 16 bytes of each as one number, and what stands behind them where these are the same.
    pub fn sort(&self, numbers: &mut [u32]) {
        let mut keyed: Vec<(u128, u32)> = numbers.iter().map(|number| (beginning(self.get(*number)), *number)).collect();
        keyed.sort_unstable_by(|(a, one), (b, other)| a.cmp(b).then_with(|| self.get(*one).cmp(self.get(*other))));
        for (number, (_, sorted)) in numbers.iter_mut().zip(keyed) {
            *number = sorted;
        }
    }

    /// The texts alone.
    pub fn into_texts(self) -> Texts {
        self.texts
    }
}

/// The first 16 bytes as a number that sorts like them; a shorter text ends in zeros, so that equal numbers do not mean equal texts.
fn beginning(text: &str) -> u128 {
    let bytes = text.as_bytes();
    let mut first = [0; 16];
    let length = bytes.len().min(first.len());
    first[..length].copy_from_slice(&bytes[..length]);
    u128::from_be_bytes(first)
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

    #[test]
    fn numbers_sort_by_the_bytes_of_their_texts() {
        let mut unique = UniqueTexts::default();
        let texts = ["b", "", "a\0", "a", "ü", "0123456789abcdef", "0123456789abcdefg", "0123456789abcdef\0", "0123456789abcdeü"];
        let mut numbers: Vec<u32> = texts.iter().map(|text| unique.number(text)).collect();
        unique.sort(&mut numbers);
        let mut sorted = texts.to_vec();
        sorted.sort_unstable();
        assert_eq!(numbers.iter().map(|number| unique.get(*number)).collect::<Vec<_>>(), sorted);
    }
}
