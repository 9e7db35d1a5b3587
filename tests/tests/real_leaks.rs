//! Real reports of secret scanners, where they are at hand: what each file holds was counted from it by another program, and what is skipped has its reason.

use std::collections::BTreeSet;
use std::path::PathBuf;
use tenantgraph::model::Entity;
use tenantgraph::{ErrorCode, Estate, Input, ReadOptions, read};

/// The folder of the reports; `None`, said loudly, where the data is not at hand.
fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("TENANTGRAPH_REAL_DATA").map(|folder| PathBuf::from(folder).join("secretscan"));
    if folder.is_none() {
        eprintln!("NOTHING CHECKED: set TENANTGRAPH_REAL_DATA to a folder whose secretscan/ holds reports of scanners");
    }
    folder
}

fn bytes(folder: &std::path::Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).unwrap_or_else(|_| panic!("{name} can be read"))
}

fn estate(name: &str, bytes: Vec<u8>) -> Estate {
    read(&[Input::new(name, bytes).format("leaks")], &ReadOptions::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

const NONE: &str = "a finding that was marked as no secret";
const EMPTY: &str = "a record with nothing in it";
const UNKNOWN: &str = "no finding of a scanner that this reader knows";
const BROKEN: &str = "not valid JSON";

/// Each file: its secrets, the places where they were found (one that is reported twice is one), the secrets whose value can be compared, and why something was skipped. A value that stands for
/// none (`REDACTED`, `Password`, the header of a key, fewer than eight letters) is a secret at each of its places.
const FILES: &[(&str, [usize; 3], &[&str])] = &[
    ("DefectDojo/detect_secrets__many_findings.json", [3, 3, 3], &[NONE]),
    ("DefectDojo/detect_secrets__no_findings.json", [0, 0, 0], &[]),
    ("DefectDojo/ggshield__many_findings.json", [1, 2, 1], &[]),
    ("DefectDojo/ggshield__no_finding.json", [0, 0, 0], &[]),
    ("DefectDojo/ggshield__one_finding.json", [1, 1, 1], &[]),
    ("DefectDojo/github_secrets_detection_report__github_secrets_detection_report_invalid.json", [0, 0, 0], &[EMPTY]),
    ("DefectDojo/github_secrets_detection_report__github_secrets_detection_report_many_vul.json", [2, 2, 0], &[NONE]),
    ("DefectDojo/github_secrets_detection_report__github_secrets_detection_report_one_vul.json", [0, 0, 0], &[NONE]),
    ("DefectDojo/github_secrets_detection_report__github_secrets_detection_report_zero_vul.json", [0, 0, 0], &[]),
    ("DefectDojo/gitleaks__data_many.json", [2, 2, 2], &[]),
    ("DefectDojo/gitleaks__data_one.json", [1, 1, 0], &[]),
    ("DefectDojo/gitleaks__gitleaks8_many.json", [3, 4, 2], &[]),
    ("DefectDojo/gitleaks__issue4336.json", [1, 1, 1], &[]),
    ("DefectDojo/gitleaks__no_findings.json", [0, 0, 0], &[]),
    ("DefectDojo/gitleaks__redacted_data_many.json", [6, 6, 0], &[]),
    ("DefectDojo/gitleaks__version_7.5.0.json", [8, 8, 0], &[]),
    // The log of another tool.
    ("DefectDojo/noseyparker__empty_with_error.json", [0, 0, 0], &[UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN]),
    // One of its 26 values is `$(…)`, in three places.
    ("DefectDojo/noseyparker__noseyparker_0_22_0.jsonl", [28, 42, 25], &[]),
    ("DefectDojo/noseyparker__noseyparker_0_22_0_without_githistory.jsonl", [6, 6, 5], &[]),
    ("DefectDojo/noseyparker__noseyparker_many_vul.jsonl", [5, 8, 1], &[]),
    ("DefectDojo/noseyparker__noseyparker_one_vul.jsonl", [1, 2, 1], &[]),
    ("DefectDojo/noseyparker__noseyparker_zero_vul.jsonl", [0, 0, 0], &[EMPTY]),
    ("DefectDojo/trufflehog3__issue_6999.json", [1, 1, 1], &[]),
    ("DefectDojo/trufflehog3__many_vulns_current.json", [3, 4, 3], &[]),
    ("DefectDojo/trufflehog3__zero_vulns.json", [0, 0, 0], &[]),
    // Whoever made names unreadable broke every line.
    ("DefectDojo/trufflehog__v3_git.json", [0, 0, 0], &[BROKEN, BROKEN, BROKEN, BROKEN]),
    ("DefectDojo/trufflehog__v3_github.json", [0, 0, 0], &[BROKEN, BROKEN, BROKEN, BROKEN]),
    ("Yelp__detect-secrets.secrets.baseline", [13, 16, 13], &[]),
    ("gitleaks/baseline.csv", [1, 1, 0], &[]),
    ("gitleaks/baseline.json", [2, 2, 0], &[]),
    ("gitleaks/baseline.sarif", [0, 0, 0], &[]),
    ("gitleaks/csv_simple.csv", [1, 1, 1], &[]),
    ("gitleaks/empty.json", [0, 0, 0], &[]),
    ("gitleaks/json_simple.json", [1, 1, 1], &[]),
    ("gitleaks/sarif_simple.sarif", [1, 1, 1], &[]),
    ("gitleaks/template_jsonextra.json", [1, 1, 1], &[]),
];

/// Reports in a form that nothing reads: XML, and a table for people.
const REFUSED: &[&str] = &["gitleaks/junit_empty.xml", "gitleaks/junit_simple.xml", "gitleaks/template_markdown.md"];

#[test]
fn every_report_is_read_and_the_counts_are_right() {
    let Some(folder) = folder() else { return };
    let mut there = BTreeSet::new();
    for inner in ["", "DefectDojo/", "gitleaks/"] {
        let files = std::fs::read_dir(folder.join(inner)).expect("the folder").map(|file| file.expect("a file"));
        let files = files.filter(|file| file.file_type().is_ok_and(|kind| kind.is_file()));
        there.extend(files.map(|file| format!("{inner}{}", file.file_name().to_string_lossy())));
    }
    let listed: BTreeSet<String> = FILES.iter().map(|(name, ..)| *name).chain(REFUSED.iter().copied()).map(str::to_owned).collect();
    assert_eq!(there, listed, "every file is in the table");
    for (name, counts, reasons) in FILES {
        let estate = estate(name, bytes(&folder, name));
        assert_eq!(counted(&estate), *counts, "{name}");
        let skipped = &estate.reading().skipped;
        assert_eq!(skipped.len(), reasons.len(), "{name}: {skipped:?}");
        assert!(skipped.iter().zip(*reasons).all(|(skipped, reason)| skipped.reason.starts_with(reason)), "{name}: {skipped:?}");
        assert!(estate.reading().conflicts.is_empty(), "{name}");
    }
    for name in REFUSED {
        let input = Input::new(*name, bytes(&folder, name)).format("leaks");
        assert_eq!(read(&[input], &ReadOptions::default()).expect_err(name).code(), ErrorCode::InvalidInput);
    }
}

/// The secrets, their places, and those that can be compared.
fn counted(estate: &Estate) -> [usize; 3] {
    let secrets: Vec<_> = estate
        .entities()
        .iter()
        .filter_map(|entity| match entity.to_entity() {
            Entity::Secret(secret) => Some(secret),
            _ => None,
        })
        .collect();
    let places = secrets.iter().map(|secret| secret.exposures.len()).sum();
    [secrets.len(), places, secrets.iter().filter(|secret| secret.fingerprint.is_some()).count()]
}

#[test]
fn what_was_broken_afterwards_is_read_once_it_is_mended() {
    let Some(folder) = folder() else { return };
    for name in ["DefectDojo/trufflehog__v3_git.json", "DefectDojo/trufflehog__v3_github.json"] {
        let text = String::from_utf8(bytes(&folder, name)).expect("text").replace("\\person", "person");
        let estate = estate(name, text.into_bytes());
        // Three findings, of which one is reported twice; the key of AWS names its account and user.
        assert_eq!((counted(&estate)[0], counted(&estate)[1]), (3, 3), "{name}");
        assert!(estate.reading().skipped.is_empty(), "{name}");
        let user = "arn:aws:iam::595918472158:user/canarytokens.com@@mirux23ppyky6hx3l6vclmhnj";
        assert!(estate.find(user).is_some() && estate.find("https://github.com/trufflesecurity/test_keys").is_some(), "{name}");
    }
}

#[test]
fn one_value_in_several_reports_is_one_secret() {
    let Some(folder) = folder() else { return };
    let names = ["gitleaks/json_simple.json", "gitleaks/csv_simple.csv", "gitleaks/sarif_simple.sarif", "gitleaks/template_jsonextra.json"];
    let inputs: Vec<_> = names.iter().map(|name| Input::new(*name, bytes(&folder, name))).collect();
    let estate = read(&inputs, &ReadOptions::default()).expect("reports");
    assert_eq!(counted(&estate), [1, 4, 1]);
}
