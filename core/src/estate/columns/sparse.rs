//! [`Sparse`]: a field that few rows have.

/// A field that few rows have: a bit a row and the values of those that have it. A field that no row has costs nothing.
///
/// Costs a bit and a half a row and the values; a value is found in constant time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::estate) struct Sparse<T> {
    /// A bit for each row up to the last that has a value.
    pub(super) bits: Vec<u64>,
    /// How many values stand before each word of `bits`.
    pub(super) before: Vec<u32>,
    pub(super) values: Vec<T>,
}

impl<T> Default for Sparse<T> {
    fn default() -> Self {
        Sparse { bits: Vec::new(), before: Vec::new(), values: Vec::new() }
    }
}

const ROWS_A_WORD: usize = u64::BITS as usize;

impl<T> Sparse<T> {
    /// Gives a row a value. Rows come in ascending order.
    pub fn push(&mut self, row: usize, value: T) {
        let word = row / ROWS_A_WORD;
        debug_assert!(word + 1 >= self.bits.len(), "rows come in ascending order");
        while self.bits.len() <= word {
            self.bits.push(0);
            self.before.push(self.values.len() as u32);
        }
        self.bits[word] |= 1 << (row % ROWS_A_WORD);
        self.values.push(value);
    }

    /// Gives a row a value, where there is one.
    pub fn push_some(&mut self, row: usize, value: Option<T>) {
        if let Some(value) = value {
            self.push(row, value);
        }
    }

    /// The value of a row.
    #[inline]
    pub fn get(&self, row: usize) -> Option<&T> {
        self.values.get(self.place(row)?)
    }

    /// The value of a row and that of the row before it that has one.
    #[inline]
    pub fn get_with_previous(&self, row: usize) -> Option<(Option<&T>, &T)> {
        let place = self.place(row)?;
        let previous = place.checked_sub(1).and_then(|place| self.values.get(place));
        Some((previous, self.values.get(place)?))
    }

    /// The values alone, in the order of the rows.
    pub fn values(&self) -> &[T] {
        &self.values
    }

    /// The rows that have a value, with it.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &T)> {
        let rows = (0..self.bits.len() * ROWS_A_WORD).filter(|row| self.bits[row / ROWS_A_WORD] >> (row % ROWS_A_WORD) & 1 == 1);
        rows.zip(&self.values)
    }

    /// Where the value of a row stands.
    #[inline]
    pub fn place(&self, row: usize) -> Option<usize> {
        let word = row / ROWS_A_WORD;
        let bits = *self.bits.get(word)?;
        let bit = 1 << (row % ROWS_A_WORD);
        if bits & bit == 0 {
            return None;
        }
        Some((self.before[word] + (bits & (bit - 1)).count_ones()) as usize)
    }

    /// Frees what was reserved in advance.
    pub fn shrink(&mut self) {
        self.bits.shrink_to_fit();
        self.before.shrink_to_fit();
        self.values.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_gives_its_own_value() {
        let rows = [0, 3, 63, 64, 65, 200, 1_000];
        let mut sparse = Sparse::default();
        for row in rows {
            sparse.push(row, row * 2);
        }
        for row in 0..2_000 {
            assert_eq!(sparse.get(row).copied(), rows.contains(&row).then_some(row * 2), "{row}");
        }
        assert_eq!(Sparse::<u8>::default().get(0), None);
    }
}
