//! What the README says is so: its Rust runs as a test of the crate's documentation, its tables name what there is, its text is what comes out.

use tenantgraph::door::QUESTIONS;
use tenantgraph::importers::IMPORTERS;
use tenantgraph::model::Instant;
use tenantgraph::policy::Policy;
use tenantgraph::report::text;
use tenantgraph::{Input, ReadOptions};
use tenantgraph_tests::house::root;

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).expect("the README")
}

/// The first cells of the table whose header starts so.
fn first_cells<'t>(text: &'t str, header: &str) -> Vec<&'t str> {
    let rows = text.lines().skip_while(|line| !line.starts_with(header)).skip(2).take_while(|line| line.starts_with('|'));
    rows.filter_map(|row| row.split('`').nth(1)).collect()
}

/// The fenced blocks of a language.
fn blocks<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let fence = format!("```{language}\n");
    text.split(fence.as_str()).skip(1).filter_map(|rest| rest.split("\n```").next()).collect()
}

#[test]
fn the_tables_name_every_format_and_every_question() {
    let readme = readme();
    let mut formats: Vec<_> = IMPORTERS.iter().map(|importer| importer.format()).collect();
    formats.sort_unstable();
    assert_eq!(first_cells(&readme, "| format |"), formats);
    let questions: Vec<_> = QUESTIONS.iter().map(|question| question.name).collect();
    assert_eq!(first_cells(&readme, "| question |"), questions);
}

#[test]
fn the_path_that_is_shown_is_the_one_that_comes_out() {
    let file = |name: &str| {
        let path = root().join("tests/data/acme").join(name);
        Input::new(name, std::fs::read(path).expect("a file of the estate acme"))
    };
    let options = ReadOptions { labels: vec![file("labels.csv")], ..ReadOptions::default() };
    let estate = tenantgraph::read(&[file("iam_policy.ndjson"), file("resource.ndjson")], &options).expect("the estate acme");
    let report = estate.assess(&Policy::default(), Instant::parse("2026-05-01").expect("an instant")).expect("a report");
    let text = text::report(&report, &estate, &text::TextOptions::default());
    let readme = readme();
    let shown = blocks(&readme, "text");
    assert!(!shown.is_empty());
    for block in shown {
        let lines: Vec<_> = block.lines().map(str::trim_end).take_while(|line| line.trim() != "…").collect();
        assert!(lines.len() > 5 && text.contains(&lines.join("\n")), "the README shows\n{block}\nbut this comes out:\n{text}");
    }
}

#[test]
fn every_block_says_its_language() {
    let readme = readme();
    let fences = readme.lines().filter(|line| line.starts_with("```"));
    let opening: Vec<_> = fences.step_by(2).collect();
    for fence in &opening {
        assert!(
            ["```rust", "```python", "```js", "```ts", "```console", "```text", "```csv", "```json", "```sql", "```toml"].contains(fence),
            "{fence}"
        );
    }
    assert!(opening.contains(&"```rust"));
}
