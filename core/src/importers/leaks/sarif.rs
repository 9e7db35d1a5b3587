//! SARIF of gitleaks: the snippet of a result is the value.

use super::finding::{Found, Reason};
use super::gitleaks::{Finding, found as found_by_gitleaks};
use super::reading::Key;
use serde::Deserialize;

/// A log. It holds values, so it has no `Debug`.
#[derive(Deserialize)]
pub(super) struct Log {
    runs: Vec<Run>,
}

#[derive(Deserialize)]
struct Run {
    tool: Tool,
    #[serde(default)]
    results: Option<Vec<ResultOf>>,
}

#[derive(Deserialize)]
struct Tool {
    driver: Driver,
}

#[derive(Deserialize)]
struct Driver {
    name: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ResultOf {
    rule_id: Option<String>,
    locations: Vec<Location>,
    partial_fingerprints: Option<Commit>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Location {
    physical_location: Physical,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Artifact {
    uri: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Region {
    start_line: Option<u64>,
    start_column: Option<u64>,
    snippet: Snippet,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Snippet {
    text: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Commit {
    commit_sha: Option<String>,
    date: Option<String>,
}

const OTHER_TOOL: Reason = "a run of a tool whose results this reader does not know; give the tool's own JSON";
const NO_PLACE: Reason = "a result without a place";

/// Whether runs are of gitleaks, by the name that its driver has, or there is none.
pub(super) fn is_known(log: &Log) -> bool {
    log.runs.iter().all(is_gitleaks)
}

fn is_gitleaks(run: &Run) -> bool {
    run.tool.driver.name.eq_ignore_ascii_case("gitleaks")
}

/// What the results of a log say.
pub(super) fn found(log: Log, key: &Key) -> Vec<Result<Found, Reason>> {
    let of_run = |run: Run| {
        if !is_gitleaks(&run) {
            return vec![Err(OTHER_TOOL)];
        }
        run.results.into_iter().flatten().flat_map(|result| of_result(result, key)).collect()
    };
    log.runs.into_iter().flat_map(of_run).collect()
}

fn of_result(result: ResultOf, key: &Key) -> Vec<Result<Found, Reason>> {
    if result.locations.is_empty() {
        return vec![Err(NO_PLACE)];
    }
    let commit = result.partial_fingerprints.unwrap_or_default();
    let of_location = |location: Location| {
        let Physical { artifact_location, region } = location.physical_location;
        let finding = Finding {
            rule_id: result.rule_id.clone(),
            start_line: region.start_line,
            start_column: region.start_column,
            secret: region.snippet.text,
            file: artifact_location.uri,
            commit: commit.commit_sha.clone(),
            date: commit.date.clone(),
            ..Finding::default()
        };
        Ok(found_by_gitleaks(finding, key))
    };
    result.locations.into_iter().map(of_location).collect()
}
