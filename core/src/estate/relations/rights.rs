//! [`Rights`]: what a relation requires and grants, and how sure it is, in a byte.

use crate::model::{Certainty, Right};

/// What a relation requires and grants, and how sure it is: two bits for each right, one for the certainty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rights(pub u8);

const NO_RIGHT: u8 = 3;

impl Rights {
    pub fn new(requires: Right, grants: Option<Right>, certainty: Certainty) -> Rights {
        Rights(requires as u8 | grants.map_or(NO_RIGHT, |right| right as u8) << 2 | u8::from(certainty == Certainty::Possible) << 4)
    }

    #[inline]
    pub fn requires(self) -> Right {
        Rights::right(self.0 & 3).unwrap_or(Right::Control)
    }

    #[inline]
    pub fn grants(self) -> Option<Right> {
        Rights::right(self.0 >> 2 & 3)
    }

    #[inline]
    pub fn certainty(self) -> Certainty {
        if self.0 & 0b1_0000 == 0 { Certainty::Proven } else { Certainty::Possible }
    }

    /// The same rights, only possible.
    pub fn doubted(self) -> Rights {
        Rights(self.0 | 0b1_0000)
    }

    #[inline]
    fn right(code: u8) -> Option<Right> {
        match code {
            0 => Some(Right::Control),
            1 => Some(Right::Read),
            2 => Some(Right::Write),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rights_are_kept_in_a_byte() {
        for requires in Right::ALL.iter().copied() {
            for grants in Right::ALL.iter().copied().map(Some).chain([None]) {
                for certainty in Certainty::ALL.iter().copied() {
                    let rights = Rights::new(requires, grants, certainty);
                    assert_eq!((rights.requires(), rights.grants(), rights.certainty()), (requires, grants, certainty));
                }
            }
        }
    }
}
