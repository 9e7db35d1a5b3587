//! Everything that can come out of an estate, as one text.

use tenantgraph::model::Instant;
use tenantgraph::policy::Policy;
use tenantgraph::report::{json, markdown, sarif, text};
use tenantgraph::{Error, Estate, Input, ReadOptions, Unobserved, door};

/// Reads inputs and gathers all that comes out: documents, answers, reports in every format, `Debug`, or else the error.
pub fn of_inputs(inputs: &[Input], labels: &[Input]) -> String {
    let debug = format!("{inputs:?} {labels:?}");
    let options = ReadOptions { labels: labels.to_vec(), ..ReadOptions::default() };
    let rest = match tenantgraph::read(inputs, &options) {
        Ok(estate) => of_estate(&estate),
        Err(error) => of_error(&error),
    };
    debug + &rest
}

/// All that an error shows.
pub fn of_error(error: &Error) -> String {
    format!("{error} {error:?} {error:#?}")
}

/// All that comes out of an estate.
pub fn of_estate(estate: &Estate) -> String {
    let as_of = Instant::parse("2026-05-01").expect("an instant");
    let report = estate.assess(&Policy::default(), as_of).expect("the default policy assesses everything");
    let mut all = vec![
        estate.to_document_json(),
        estate.to_document_ndjson(),
        format!("{estate:?}"),
        json::to_json(estate.reading()).expect("a reading is JSON"),
        json::to_json(&report).expect("a report is JSON"),
        sarif::to_sarif(&report).expect("a report is SARIF"),
        markdown::to_markdown(&report, estate),
        text::report(&report, estate, &text::TextOptions::default()),
        format!("{report:?}"),
    ];
    let lost = estate.entities().iter().map(|entity| format!("{:?}", entity.id())).collect::<Vec<_>>().join(",");
    for question in door::QUESTIONS {
        let lost = if question.options.contains(&"lost") { format!(", \"lost\": [{lost}]") } else { String::new() };
        let options = door::options(&format!("{{\"as_of\": \"2026-05-01\"{lost}}}")).expect("options");
        match door::ask(estate, question.name, options, &Unobserved) {
            Ok(answer) => all.push(format!("{} {answer:?}", json::to_json(&answer).expect("an answer is JSON"))),
            // Nothing can be lost of an empty estate.
            Err(error) => all.push(of_error(&error)),
        }
    }
    all.join("\n")
}
