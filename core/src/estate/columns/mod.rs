//! What the columns of an estate are made of: [`Sparse`] fields, [`Lists`] and [`Texts`].

mod lists;
mod sparse;
mod stored;
mod texts;
mod unique_texts;

pub(super) use lists::Lists;
pub(super) use sparse::Sparse;
pub(super) use stored::{Fixed, Sink, Stored, Stream};
pub(super) use texts::Texts;
pub(super) use unique_texts::UniqueTexts;
