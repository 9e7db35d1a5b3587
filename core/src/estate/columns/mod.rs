//! What the columns of an estate are made of: [`Sparse`] fields, [`Lists`] and [`Texts`].

mod lists;
mod sparse;
mod stored;
mod texts;

pub(super) use lists::Lists;
pub(super) use sparse::Sparse;
pub(super) use stored::{Fixed, Stored, Stream};
pub(super) use texts::{Texts, UniqueTexts};
