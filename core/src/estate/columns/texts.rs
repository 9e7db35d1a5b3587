//! [`Texts`]: many texts in one piece.

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
        let (start, end) = self.bounds(number);
        &self.text[start..end]
    }

    /// Where the text of a number starts and ends.
    #[inline]
    pub(super) fn bounds(&self, number: u32) -> (usize, usize) {
        let at = number as usize;
        (if at == 0 { 0 } else { self.ends[at - 1] }, self.ends[at])
    }

    /// Frees what was reserved in advance.
    pub fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}
