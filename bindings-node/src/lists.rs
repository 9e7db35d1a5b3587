//! The lists of the crate: its words and its questions.

use napi_derive::napi;
use tenantgraph::door;

/// A closed list of words.
#[napi(object, object_from_js = false)]
pub struct WordList {
    /// What the words are, for example `relation_kind`.
    pub name: &'static str,
    /// The words, in the crate's order.
    pub words: Vec<&'static str>,
}

/// Every closed list of words that the crate's JSON uses.
#[napi]
pub fn words() -> Vec<WordList> {
    door::words().into_iter().map(|list| WordList { name: list.name, words: list.words }).collect()
}

/// A question and what it may be told.
#[napi(object, object_from_js = false)]
pub struct Question {
    /// Its name.
    pub name: &'static str,
    /// The options that it knows besides `as_of` and `policy`.
    pub options: Vec<&'static str>,
}

/// Every question.
#[napi]
pub fn questions() -> Vec<Question> {
    door::QUESTIONS.iter().map(|question| Question { name: question.name, options: question.options.to_vec() }).collect()
}
