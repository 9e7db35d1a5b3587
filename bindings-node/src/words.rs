//! The word lists of the crate.

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
