//! Nosey Parker: a value a line, with every place where it stands.

use super::dates;
use super::finding::{Found, Reason};
use super::places::{Holder, Place, said};
use super::reading::Key;
use super::told::Told;
use super::trufflehog::decoded;
use crate::model::Storage;
use serde::Deserialize;

/// A finding. It holds the value, so it has no `Debug`.
#[derive(Deserialize)]
pub(super) struct Finding {
    rule_name: Option<String>,
    /// What the rule captured, in base64.
    groups: Option<Vec<String>>,
    /// The same in versions before 0.14, plain.
    match_content: Option<String>,
    #[serde(default)]
    matches: Vec<Match>,
}

#[derive(Deserialize)]
struct Match {
    #[serde(default)]
    provenance: Vec<Provenance>,
    location: Option<Location>,
}

#[derive(Deserialize)]
struct Location {
    source_span: Option<Span>,
}

#[derive(Deserialize)]
struct Span {
    start: Point,
}

#[derive(Deserialize)]
struct Point {
    line: Option<u64>,
    column: Option<u64>,
}

#[derive(Deserialize)]
struct Provenance {
    kind: Option<String>,
    path: Option<String>,
    repo_path: Option<String>,
    #[serde(alias = "commit_provenance")]
    first_commit: Option<FirstCommit>,
}

#[derive(Deserialize)]
struct FirstCommit {
    commit_metadata: Option<Commit>,
    blob_path: Option<String>,
}

#[derive(Deserialize)]
struct Commit {
    commit_id: Option<String>,
    committer_timestamp: Option<String>,
}

const NO_PLACE: Reason = "a finding without a place";

/// What a finding says of each of its places.
pub(super) fn found(finding: Finding, key: &Key) -> Vec<Result<Found, Reason>> {
    let groups = finding.groups.unwrap_or_default().into_iter().map(|group| decoded(&group).unwrap_or_default()).collect::<Vec<_>>();
    // Of several groups the last is the secret; the one before it is the name of a key, or of a user.
    let value = match &groups[..] {
        [] => finding.match_content.unwrap_or_default(),
        [alone] => alone.clone(),
        [.., name, secret] => {
            let pair = format!("{name}:{secret}");
            if Told::of_value(&pair, key).credential.is_some() { pair } else { secret.clone() }
        }
    };
    if finding.matches.iter().all(|found| found.provenance.is_empty()) {
        return vec![Err(NO_PLACE)];
    }
    let detector = said(finding.rule_name);
    let of_match = |found: Match| {
        let start = found.location.and_then(|location| location.source_span).map(|span| span.start);
        let (line, column) = start.map_or((None, None), |start| (start.line, start.column));
        found.provenance.into_iter().map(move |provenance| (provenance, line, column))
    };
    let places = finding.matches.into_iter().flat_map(of_match);
    let found = places.map(|(provenance, line, column)| {
        let (place, found_at) = place(provenance, line, column);
        Ok(Found { detector: detector.clone(), place, told: Told::of_value(&value, key), found_at, ..Found::default() })
    });
    found.collect()
}

fn place(provenance: Provenance, line: Option<u64>, column: Option<u64>) -> (Place, Option<crate::model::Instant>) {
    let is_git = provenance.kind.as_deref() == Some("git_repo");
    let first = provenance.first_commit;
    let (commit, blob) = first.map_or((None, None), |first| (first.commit_metadata, first.blob_path));
    let date = commit.as_ref().and_then(|commit| dates::parse(commit.committer_timestamp.as_deref()?));
    let path = said(provenance.path).or(said(blob)).map(|path| path.strip_prefix("./").unwrap_or(&path).to_owned());
    let place = Place {
        holder: provenance.repo_path.as_deref().and_then(Holder::repository),
        path,
        line,
        column,
        commit: commit.and_then(|commit| said(commit.commit_id)),
        storage: is_git.then_some(Storage::SourceCode),
    };
    (place, date)
}
