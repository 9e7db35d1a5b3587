//! The page of the needs names rules, questions and scenarios that there are.

use std::collections::BTreeSet;
use tenantgraph::door::QUESTIONS;
use tenantgraph::rules::RULES;
use tenantgraph_tests::corpus::scenarios;
use tenantgraph_tests::house::root;

/// The cells of each row.
fn rows(page: &str) -> Vec<Vec<&str>> {
    let rows = page.lines().skip_while(|line| !line.starts_with("| # |")).skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// The words in backticks.
fn names(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_need_has_an_answer_and_every_answer_is_there() {
    let page = std::fs::read_to_string(root().join("NEEDS.md")).expect("the page of the needs");
    let rows = rows(&page);
    let numbers: Vec<String> = (1..=26).map(|number| number.to_string()).collect();
    assert_eq!(rows.iter().map(|row| row[0]).collect::<Vec<_>>(), numbers);
    let rules: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    let questions: BTreeSet<&str> = QUESTIONS.iter().map(|question| question.name).collect();
    let scenarios = scenarios();
    for row in &rows {
        let [number, need, of_rules, of_questions, rest] = row[..] else { panic!("need {} has {} cells", row[0], row.len()) };
        assert!(!need.is_empty(), "need {number} says nothing");
        assert!(!names(of_rules).is_empty() || !names(of_questions).is_empty(), "need {number} has no answer");
        for rule in names(of_rules) {
            assert!(rules.contains(rule), "need {number}: `{rule}` is no rule");
        }
        for question in names(of_questions) {
            assert!(questions.contains(question), "need {number}: `{question}` is no question");
        }
        for name in names(rest).into_iter().filter(|name| name.starts_with("breach-")) {
            assert!(scenarios.iter().any(|scenario| scenario.file == name), "need {number}: `{name}` is no scenario");
        }
    }
}

#[test]
fn the_readme_leads_to_the_needs() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the README");
    assert!(readme.contains("](NEEDS.md)"));
}
