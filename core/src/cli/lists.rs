//! The commands that read no estate: the rules, the policy and the schema.

use super::arguments::{
    AnswerFormat, ExplainArguments, OutputArguments, PageFormat, PolicyArguments, PolicyFormat, SchemaArguments, SchemaOf,
};
use super::output::Output;
use super::read;
use crate::door;
use crate::error::{Error, ErrorCode, Result};
use crate::estate::document;
use crate::policy::Policy;
use crate::report::json::to_json;
use crate::report::opengraph::to_extension;
use crate::report::text;
use crate::rules::RULES;

pub(super) fn rules(arguments: &OutputArguments, output: &mut Output<'_>) -> Result<()> {
    let text = match arguments.format {
        AnswerFormat::Text => text::rules(RULES, &output.text_options(&arguments.to)),
        AnswerFormat::Json => to_json(RULES)?,
        AnswerFormat::Opengraph => return Err(Error::new(ErrorCode::InvalidOption, "rules have no paths; write them as `text` or `json`")),
    };
    output.answer(&text, &arguments.to)
}

pub(super) fn explain(arguments: &ExplainArguments, output: &mut Output<'_>) -> Result<()> {
    let page = door::explain(&arguments.rule)?;
    let text = match arguments.format {
        PageFormat::Text => page.to_text(&output.text_options(&arguments.to)),
        PageFormat::Json => page.to_json()?,
        PageFormat::Markdown => page.to_markdown(),
    };
    output.answer(&text, &arguments.to)
}

pub(super) fn policy(arguments: &PolicyArguments, output: &mut Output<'_>) -> Result<()> {
    let policy = read::policy(arguments.policy.as_deref())?;
    let text = match (arguments.format, policy) {
        // The default as it is kept: with the comments and sources.
        (PolicyFormat::Toml, None) => Policy::DEFAULT_TOML.to_owned(),
        (PolicyFormat::Toml, Some(policy)) => policy.to_toml(),
        (PolicyFormat::Json, policy) => policy.unwrap_or_default().to_json(),
    };
    output.answer(&text, &arguments.to)
}

pub(super) fn schema(arguments: &SchemaArguments, output: &mut Output<'_>) -> Result<()> {
    match arguments.of {
        SchemaOf::Document => output.answer(document::schema(), &arguments.to),
        SchemaOf::Opengraph => output.answer(to_extension()?, &arguments.to),
    }
}
