//! [`UniqueTexts`]: many texts in one piece, each of them once.

use super::Texts;
use crate::error::Result;
use crate::observer::{Observer, Pace};
use crate::parallel;
use foldhash::fast::RandomState;
use std::hash::BuildHasher;

/// Texts, each once, numbered in the order of first sight. The table holds numbers only: a large estate is read as fast as its ids are found again.
#[derive(Debug, Default)]
pub(in crate::estate) struct UniqueTexts {
    texts: Texts,
    /// Where each text is found: at the place that its hash tells or soon after it. A power of two long, and at most half full.
    table: Vec<Entry>,
    hasher: RandomState,
    /// The number that was asked for last: relations mostly come sorted by where they start.
    last: Option<u32>,
}

/// A number, and a part of the hash of its text that tells the place and spares most comparisons.
#[derive(Debug, Clone, Copy)]
struct Entry {
    part: u32,
    number: u32,
}

impl Entry {
    const NONE: Entry = Entry { part: 0, number: u32::MAX };

    fn is_none(self) -> bool {
        self.number == Entry::NONE.number
    }
}

/// How many texts are looked for together: the memory is asked for all of them before the first answer is needed.
const TOGETHER: usize = 32;
const LEAST_TABLE: usize = 64;

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
        if self.table.is_empty() {
            return None;
        }
        self.look_for(self.part(text), text).ok()
    }

    /// The number of a text, a new one where it was not seen.
    pub fn number(&mut self, text: &str) -> u32 {
        if let Some(last) = self.last
            && self.get(last) == text
        {
            return last;
        }
        self.reserve(1);
        let number = self.number_of(self.part(text), text);
        self.last = Some(number);
        number
    }

    /// Appends the numbers of texts, new ones for those that were not seen. Many at once are found several times as fast as one by one.
    pub fn numbers(&mut self, texts: &[&str], numbers: &mut Vec<u32>) {
        for texts in texts.chunks(TOGETHER) {
            self.reserve(texts.len());
            let (mut parts, mut entries, mut bounds) = ([0; TOGETHER], [Entry::NONE; TOGETHER], [(0, 0); TOGETHER]);
            for (part, text) in parts.iter_mut().zip(texts) {
                *part = self.part(text);
            }
            for (entry, part) in entries.iter_mut().zip(parts).take(texts.len()) {
                *entry = self.table[self.place(part)];
            }
            for ((bounds, entry), part) in bounds.iter_mut().zip(entries).zip(parts) {
                if entry.part == part && !entry.is_none() {
                    *bounds = self.texts.bounds(entry.number);
                }
            }
            for (at, text) in texts.iter().enumerate() {
                let (start, end) = bounds[at];
                // A text that is not where its hash tells may stand behind, or be new.
                let same = end > start && self.texts.text.as_bytes()[start..end] == *text.as_bytes();
                numbers.push(if same { entries[at].number } else { self.number_of(parts[at], text) });
            }
        }
    }

    /// The numbers of all texts of another list, by their numbers there.
    ///
    /// # Errors
    /// As [`Observer::check`].
    pub fn adopt(&mut self, other: &UniqueTexts, pace: &mut Pace<'_>) -> Result<Vec<u32>> {
        let mut numbers = Vec::with_capacity(other.len());
        let mut texts = Vec::with_capacity(TOGETHER);
        for first in (0..other.len() as u32).step_by(TOGETHER) {
            texts.clear();
            texts.extend((first..other.len() as u32).take(TOGETHER).map(|number| other.get(number)));
            self.numbers(&texts, &mut numbers);
            pace.steps(texts.len())?;
        }
        Ok(numbers)
    }

    /// Numbers in the order of their texts. Deals them out to buckets of some thousands and sorts each by the first bytes that differ within it.
    ///
    /// # Errors
    /// As [`Observer::check`].
    pub fn sorted(&self, numbers: Vec<u32>, observer: &dyn Observer) -> Result<Vec<u32>> {
        let buckets = self.dealt(numbers, &mut Pace::new(observer))?;
        Ok(parallel::all(buckets, observer, |bucket| self.sorted_bucket(bucket))?.concat())
    }

    /// The texts alone.
    pub fn into_texts(self) -> Texts {
        self.texts
    }

    /// The middle of a hash: enough to tell the place in any table of 32-bit numbers.
    fn part(&self, text: &str) -> u32 {
        (self.hasher.hash_one(text) >> 16) as u32
    }

    /// Where in the table a search begins.
    #[inline]
    fn place(&self, part: u32) -> usize {
        ((u64::from(part) * self.table.len() as u64) >> 32) as usize
    }

    /// The number of a text, or where it would stand in the table.
    fn look_for(&self, part: u32, text: &str) -> std::result::Result<u32, usize> {
        let mut place = self.place(part);
        loop {
            let entry = self.table[place];
            if entry.is_none() {
                return Err(place);
            }
            if entry.part == part && self.texts.get(entry.number) == text {
                return Ok(entry.number);
            }
            place = (place + 1) & (self.table.len() - 1);
        }
    }

    /// The number of a text, for which there is room in the table.
    fn number_of(&mut self, part: u32, text: &str) -> u32 {
        self.look_for(part, text).unwrap_or_else(|place| {
            let number = self.texts.len() as u32;
            self.texts.push(text);
            self.table[place] = Entry { part, number };
            number
        })
    }

    /// Makes room for so many more.
    fn reserve(&mut self, more: usize) {
        if (self.len() + more) * 2 <= self.table.len() {
            return;
        }
        let length = ((self.len() + more) * 2).next_power_of_two().max(LEAST_TABLE);
        let before = std::mem::replace(&mut self.table, vec![Entry::NONE; length]);
        for entry in before.into_iter().filter(|entry| !entry.is_none()) {
            let mut place = self.place(entry.part);
            while !self.table[place].is_none() {
                place = (place + 1) & (length - 1);
            }
            self.table[place] = entry;
        }
    }

    /// Numbers in buckets, of which each stands before the next.
    fn dealt(&self, numbers: Vec<u32>, pace: &mut Pace<'_>) -> Result<Vec<Vec<u32>>> {
        const A_BUCKET: usize = 1 << 14;
        const SAMPLED: usize = 16;
        let count = numbers.len() / A_BUCKET;
        if count < 2 {
            return Ok(vec![numbers]);
        }
        let key = |number: u32| (beginning(self.get(number), 0), number);
        let order = |(a, one): &(u128, u32), (b, other): &(u128, u32)| a.cmp(b).then_with(|| self.get(*one).cmp(self.get(*other)));
        let step = (numbers.len() / (count * SAMPLED)).max(1);
        let mut sample: Vec<_> = numbers.iter().step_by(step).map(|number| key(*number)).collect();
        sample.sort_unstable_by(order);
        let splitters: Vec<_> = sample.into_iter().skip(SAMPLED).step_by(SAMPLED).collect();
        let mut buckets: Vec<Vec<u32>> = vec![Vec::with_capacity(A_BUCKET + A_BUCKET / 4); splitters.len() + 1];
        for number in numbers {
            let key = key(number);
            buckets[splitters.partition_point(|splitter| order(splitter, &key).is_le())].push(number);
            pace.step()?;
        }
        Ok(buckets)
    }

    fn sorted_bucket(&self, mut numbers: Vec<u32>) -> Vec<u32> {
        let common = numbers.iter().fold(None, |common: Option<&[u8]>, number| {
            let text = self.get(*number).as_bytes();
            let length = common.map(|common| common.iter().zip(text).take_while(|(one, other)| one == other).count());
            Some(&text[..length.unwrap_or(text.len())])
        });
        let common = common.map_or(0, <[u8]>::len);
        let mut keyed: Vec<(u128, u32)> = numbers.iter().map(|number| (beginning(self.get(*number), common), *number)).collect();
        keyed.sort_unstable_by(|(a, one), (b, other)| a.cmp(b).then_with(|| self.get(*one).cmp(self.get(*other))));
        numbers.clear();
        numbers.extend(keyed.into_iter().map(|(_, number)| number));
        numbers
    }
}

/// The 16 bytes after the first ones as a number that sorts like them; a shorter text ends in zeros, so that equal numbers do not mean equal texts.
fn beginning(text: &str, after: usize) -> u128 {
    let bytes = &text.as_bytes()[after..];
    let mut first = [0; 16];
    let length = bytes.len().min(first.len());
    first[..length].copy_from_slice(&bytes[..length]);
    u128::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Unobserved;

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
        numbers = unique.sorted(numbers, &Unobserved).expect("nobody cancels");
        let mut sorted = texts.to_vec();
        sorted.sort_unstable();
        assert_eq!(numbers.iter().map(|number| unique.get(*number)).collect::<Vec<_>>(), sorted);
    }

    #[test]
    fn many_at_once_get_the_numbers_that_one_by_one_would() {
        let texts: Vec<String> =
            (0..50_000_u32).map(|at| format!("id-{}", at.wrapping_mul(2_654_435_761) % 30_000)).chain([String::new()]).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let (mut one, mut many, mut numbers) = (UniqueTexts::default(), UniqueTexts::default(), vec![7]);
        texts.chunks(77).for_each(|texts| many.numbers(texts, &mut numbers));
        let expected: Vec<u32> = [7].into_iter().chain(texts.iter().map(|text| one.number(text))).collect();
        assert_eq!(numbers, expected);
        let mut adopting = UniqueTexts::default();
        adopting.number("id-1");
        let adopted = adopting.adopt(&many, &mut Pace::new(&Unobserved)).expect("nobody cancels");
        assert!((0..many.len() as u32).all(|number| adopting.get(adopted[number as usize]) == many.get(number)));
    }

    #[test]
    fn many_numbers_sort_like_few_whatever_their_texts_begin_with() {
        let mut unique = UniqueTexts::default();
        for at in 0..60_000_u32 {
            unique.number(&format!("projects/acme-payments-{}", at.wrapping_mul(2_654_435_761) % 1_000_003));
            unique.number(&format!("{}", at.wrapping_mul(40_503)));
        }
        let mut expected: Vec<u32> = (0..unique.len() as u32).collect();
        expected.sort_unstable_by_key(|number| unique.get(*number));
        assert_eq!(unique.sorted((0..unique.len() as u32).collect(), &Unobserved).expect("nobody cancels"), expected);
    }
}
