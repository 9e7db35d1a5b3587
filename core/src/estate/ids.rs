//! [`Ids`]: every id once, numbered in the order of first sight.

use hashbrown::HashTable;
use std::hash::{BuildHasher, RandomState};

/// Every id once, numbered in the order of first sight. The texts stand in one piece and the table holds numbers only: a large estate is read as
/// fast as its ids are found again.
#[derive(Debug, Default)]
pub(super) struct Ids {
    text: String,
    ends: Vec<usize>,
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

impl Ids {
    /// How many ids there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The id of a number.
    pub fn get(&self, number: u32) -> &str {
        text(&self.text, &self.ends, number)
    }

    /// The number of an id, if it was seen.
    pub fn find(&self, id: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(id);
        let same = |entry: &Entry| entry.part == part(hash) && self.get(entry.number) == id;
        self.table.find(hash, same).map(|entry| entry.number)
    }

    /// The number of an id, a new one where it was not seen.
    pub fn number(&mut self, id: &str) -> u32 {
        if let Some(last) = self.last
            && self.get(last) == id
        {
            return last;
        }
        let hash = self.hasher.hash_one(id);
        let Ids { text: texts, ends, table, hasher, last } = self;
        let number = match table.find(hash, |entry| entry.part == part(hash) && text(texts, ends, entry.number) == id) {
            Some(entry) => entry.number,
            None => {
                let number = ends.len() as u32;
                texts.push_str(id);
                ends.push(texts.len());
                table.insert_unique(hash, Entry { part: part(hash), number }, |entry| hasher.hash_one(text(texts, ends, entry.number)));
                number
            }
        };
        *last = Some(number);
        number
    }
}

fn text<'t>(texts: &'t str, ends: &[usize], number: u32) -> &'t str {
    let at = number as usize;
    let start = if at == 0 { 0 } else { ends[at - 1] };
    &texts[start..ends[at]]
}

/// The middle of a hash: the table itself goes by both ends.
const fn part(hash: u64) -> u32 {
    (hash >> 16) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_has_one_number() {
        let mut ids = Ids::default();
        let texts: Vec<String> = (0..5_000).map(|at| format!("id-{}", at % 2_500)).collect();
        for (at, id) in texts.iter().enumerate() {
            assert_eq!(ids.number(id), at as u32 % 2_500);
            assert_eq!(ids.number(id), at as u32 % 2_500);
        }
        assert_eq!((ids.len(), ids.get(7), ids.find("id-2499"), ids.find("id-2500")), (2_500, "id-7", Some(2_499), None));
        assert_eq!((ids.number(""), ids.get(2_500)), (2_500, ""));
    }
}
