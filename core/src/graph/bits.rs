//! [`Bits`]: a bit a node. Those of a million nodes stay in the cache.

use std::ops::Range;

/// A bit a node.
#[derive(Debug, Clone)]
pub(super) struct Bits(Vec<u64>);

const WORD: usize = Bits::WORD;

impl Bits {
    /// The nodes of a word.
    pub const WORD: usize = u64::BITS as usize;

    /// As many nodes, none of them set.
    pub fn new(nodes: usize) -> Bits {
        Bits(vec![0; nodes.div_ceil(WORD)])
    }

    #[inline]
    pub fn set(&mut self, node: u32) {
        self.0[node as usize / WORD] |= 1 << (node as usize % WORD);
    }

    #[inline]
    pub fn has(&self, node: u32) -> bool {
        self.0[node as usize / WORD] >> (node as usize % WORD) & 1 != 0
    }

    /// Whether all of these are set; looks at each, since most are.
    #[inline]
    pub fn has_all(&self, nodes: &[u32]) -> bool {
        nodes.iter().fold(true, |all, node| all & self.has(*node))
    }

    /// Sets what is set elsewhere.
    pub fn add(&mut self, other: &Bits) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, other)| *word |= other);
    }

    /// The words, of 64 nodes each.
    pub fn words(&self) -> &[u64] {
        &self.0
    }

    /// The nodes that are set in some words, in order.
    pub fn nodes(&self, words: Range<usize>) -> impl Iterator<Item = u32> + '_ {
        words.flat_map(|word| {
            let mut left = self.0[word];
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros())?;
                left &= left - 1;
                Some((word * WORD) as u32 + bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_found_in_order() {
        let mut bits = Bits::new(200);
        [199, 3, 64, 63].iter().for_each(|node| bits.set(*node));
        assert_eq!(bits.nodes(0..bits.words().len()).collect::<Vec<_>>(), [3, 63, 64, 199]);
        assert!(bits.has_all(&[3, 64]) && !bits.has_all(&[3, 4]) && !bits.has(0));
        let mut more = Bits::new(200);
        more.set(0);
        bits.add(&more);
        assert!(bits.has(0) && bits.has(199));
    }
}
