//! [`Lists`]: a field of several values that few rows have.

use super::Sparse;

/// A field of several values that few rows have. The values of all rows stand in one piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::estate) struct Lists<T> {
    pub(super) ends: Sparse<u32>,
    pub(super) values: Vec<T>,
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Lists { ends: Sparse::default(), values: Vec::new() }
    }
}

impl<T> Lists<T> {
    /// Gives a row its values; none is as if it were not called. Rows come in ascending order.
    pub fn push(&mut self, row: usize, values: impl IntoIterator<Item = T>) {
        let before = self.values.len();
        self.values.extend(values);
        if self.values.len() > before {
            self.ends.push(row, self.values.len() as u32);
        }
    }

    /// The values of a row.
    #[inline]
    pub fn get(&self, row: usize) -> &[T] {
        match self.ends.get_with_previous(row) {
            Some((previous, end)) => &self.values[previous.copied().unwrap_or(0) as usize..*end as usize],
            None => &[],
        }
    }

    /// The values of all rows in one piece.
    pub fn values(&self) -> &[T] {
        &self.values
    }

    /// The rows that have values, with them.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &[T])> {
        self.ends.iter().map(|(row, _)| (row, self.get(row)))
    }

    /// Frees what was reserved in advance.
    pub fn shrink(&mut self) {
        self.ends.shrink();
        self.values.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_gives_its_own_values() {
        let mut lists = Lists::default();
        lists.push(2, [1, 2]);
        lists.push(3, []);
        lists.push(70, [3]);
        assert_eq!((lists.get(0), lists.get(2), lists.get(3), lists.get(70)), (&[][..], &[1, 2][..], &[][..], &[3][..]));
    }
}
