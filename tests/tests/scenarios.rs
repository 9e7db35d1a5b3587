//! The Rust runner of the corpus, and what it must cover.

use std::collections::BTreeSet;
use tenantgraph::door::QUESTIONS;
use tenantgraph::importers::IMPORTERS;
use tenantgraph::rules::RULES;
use tenantgraph::{ErrorCode, Input, ReadOptions};
use tenantgraph_tests::corpus::{Ask, Scenario, scenarios};

fn all_pass(mut check: impl FnMut(&Scenario) -> Result<(), String>) {
    let failures: Vec<String> = scenarios()
        .iter()
        .filter_map(|scenario| check(scenario).err().map(|why| format!("{}: {}\n    {why}", scenario.file, scenario.name)))
        .collect();
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_scenario_passes() {
    all_pass(Scenario::run);
}

#[test]
fn the_order_of_the_inputs_does_not_matter() {
    all_pass(|scenario| {
        let mut inputs = scenario.inputs();
        inputs.reverse();
        match scenario.read(&inputs) {
            Ok(estate) => scenario.check(&estate),
            Err(_) => Ok(()),
        }
    });
}

/// The estate written and read again answers the same, and is written the same.
#[test]
fn a_document_keeps_every_answer() {
    all_pass(|scenario| {
        let Ok(estate) = scenario.read(&scenario.inputs()) else { return Ok(()) };
        let (json, ndjson) = (estate.to_document_json(), estate.to_document_ndjson());
        for text in [&json, &ndjson] {
            let again =
                tenantgraph::read(&[Input::new("again", text.as_bytes())], &ReadOptions::default()).map_err(|error| error.to_string())?;
            if again.to_document_json() != json || again.to_document_ndjson() != ndjson {
                return Err("the document changes when it is read and written again".to_owned());
            }
            scenario.check(&again)?;
        }
        Ok(())
    });
}

#[test]
fn names_are_unique() {
    let mut names = BTreeSet::new();
    for scenario in scenarios() {
        assert!(!scenario.about.is_empty() && names.insert(scenario.name.clone()), "{}", scenario.name);
    }
}

#[test]
fn every_question_and_reader_has_a_scenario() {
    let scenarios = scenarios();
    for question in QUESTIONS {
        let asked = scenarios.iter().flat_map(|scenario| &scenario.ask).any(|ask| ask.question == question.name && ask.expect.is_some());
        assert!(asked, "no scenario asks `{}`", question.name);
    }
    let mut formats = BTreeSet::new();
    for scenario in scenarios.iter().filter(|scenario| scenario.expect_reading_error.is_none()) {
        let estate = scenario.read(&scenario.inputs()).expect("it is read");
        formats.extend(estate.reading().sources.iter().map(|source| source.format.clone()));
    }
    for importer in IMPORTERS {
        assert!(formats.contains(importer.format()), "no scenario reads `{}`", importer.format());
    }
}

/// The rules of the findings that a question expects; nothing where it expects no list of findings.
fn expected_rules(ask: &Ask) -> Option<BTreeSet<&str>> {
    let findings = ask.expect.as_ref()?.get("findings")?.as_array()?;
    Some(findings.iter().filter_map(|finding| finding.get("rule")?.as_str()).collect())
}

#[test]
fn every_rule_has_a_scenario_in_which_it_fires_and_one_in_which_it_is_silent() {
    let scenarios = scenarios();
    for rule in RULES {
        let file = format!("rule-{}", rule.id);
        let own = scenarios.iter().filter(|scenario| scenario.file == file).flat_map(|scenario| &scenario.ask);
        let expected: Vec<_> = own.filter_map(expected_rules).collect();
        assert!(expected.iter().any(|rules| rules.contains(rule.id)), "`{}` does not fire in {file}.json", rule.id);
        assert!(expected.iter().any(|rules| !rules.contains(rule.id)), "`{}` is not silent in {file}.json", rule.id);
    }
    let known = |id: &str| RULES.iter().any(|rule| rule.id == id);
    for file in scenarios.iter().filter_map(|scenario| scenario.file.strip_prefix("rule-")) {
        assert!(known(file), "`{file}` is no rule");
    }
}

/// Codes that no scenario can give, and what covers them.
const ELSEWHERE: &[(ErrorCode, &str)] = &[
    (ErrorCode::Cancelled, "a scenario has nobody who cancels: tests/bad_input.rs, and each language's own tests"),
    (ErrorCode::Io, "a scenario touches no files: the tests of the command"),
    (ErrorCode::Internal, "a broken invariant: none is known"),
    (ErrorCode::InvalidInstant, "dates stand in documents and options, which give their own code: tests/bad_input.rs"),
];

#[test]
fn every_error_code_has_a_scenario() {
    let scenarios = scenarios();
    let asks = scenarios.iter().flat_map(|scenario| &scenario.ask).filter_map(|ask| ask.expect_error.as_deref());
    let given: BTreeSet<&str> = scenarios.iter().filter_map(|scenario| scenario.expect_reading_error.as_deref()).chain(asks).collect();
    for code in ErrorCode::ALL {
        let elsewhere = ELSEWHERE.iter().any(|(elsewhere, _)| elsewhere == code);
        assert_ne!(given.contains(code.as_str()), elsewhere, "`{code}` must have a scenario, or else stand in the list of exceptions");
    }
    for code in given {
        assert!(ErrorCode::ALL.iter().any(|known| known.as_str() == code), "`{code}` is no error code");
    }
}
