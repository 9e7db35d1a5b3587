//! The pages of rules.

use crate::failure::Failure;
use napi::bindgen_prelude::Either;
use napi_derive::napi;
use tenantgraph::Result;
use tenantgraph::door;
use tenantgraph::report::text::TextOptions;

/// The page of a rule.
#[napi(object, object_from_js = false)]
pub struct RulePageTexts {
    /// As JSON.
    pub json: String,
    /// As Markdown.
    pub markdown: String,
    /// For a person, in lines of 100 characters.
    pub text: String,
}

/// The page of the rule of an id.
#[napi(catch_unwind)]
pub fn explain(rule: String) -> Either<RulePageTexts, Failure> {
    texts(&rule).map_or_else(|error| Either::B(error.into()), Either::A)
}

fn texts(rule: &str) -> Result<RulePageTexts> {
    let page = door::explain(rule)?;
    Ok(RulePageTexts { json: page.to_json()?, markdown: page.to_markdown(), text: page.to_text(&TextOptions::default()) })
}
