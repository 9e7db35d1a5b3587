//! Reports of every tool, with made-up names and values.

use crate::estate::Estate;
use crate::importers::{Input, ReadOptions, is_recognised, read};
use crate::model::{Certainty, Entity, RelationKind, Secret, SecretKind, Storage};

/// The SHA-1 of the value that most reports hold.
const HASH: &str = "3c284b4af8b48c2f023fb373b625454ee34fb453";

const GITLEAKS: &str = r#"[{"RuleID":"generic-api-key","Description":"","StartLine":3,"StartColumn":9,"Match":"key=hunter2-of-acme-till","Secret":"hunter2-of-acme-till",
  "File":"config/production.yml","SymlinkFile":"","Commit":"0123456789abcdef","Entropy":3.1,"Author":"Ann","Email":"ann@acme.example","Date":"2025-03-01T10:00:00Z","Message":"m","Tags":[],"Fingerprint":"f"},
 {"RuleID":"aws-access-token","StartLine":7,"Secret":"AKIAACMETILLDEPLOYER","Match":"AKIAACMETILLDEPLOYER","File":"deploy.sh","Commit":"","Date":""},
 {"RuleID":"private-key","StartLine":1,"Secret":"-----BEGIN RSA PRIVATE KEY-----","Match":"x","File":"a.pem"},
 {"RuleID":"private-key","StartLine":1,"Secret":"-----BEGIN RSA PRIVATE KEY-----","Match":"x","File":"b.pem"},
 {"RuleID":"generic-api-key","StartLine":2,"Secret":"REDACTED","Match":"REDACTED","File":"c.py"},
 {"RuleID":"generic-api-key","StartLine":2,"Secret":"REDACTED","Match":"REDACTED","File":"d.py"}]"#;
const OLD: &str = r#"[{"line":"TOKEN=\"hunter2-of-acme-till\"","lineNumber":3,"offender":"TOKEN=\"hunter2-of-acme-till\"","commit":"c1","repo":".","repoURL":"","rule":"Token",
  "file":"old/.bashrc","date":"2020-04-04T15:52:59-07:00","tags":"key, x"}]"#;
const TABLE: &str = "RuleID,Commit,File,SymlinkFile,Secret,Match,StartLine,EndLine,StartColumn,EndColumn,Author,Message,Date,Email,Fingerprint,Tags\n\
  generic-api-key,c2,table.py,,hunter2-of-acme-till,\"a,b\",4,4,1,2,Ann,m,2025-01-01T00:00:00Z,a@b.example,f,t\n,,,,\n";
const SARIF: &str = r#"{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":{"name":"gitleaks"}},"results":[{"ruleId":"generic-api-key",
  "message":{"text":"t"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"sarif.py"},"region":{"startLine":5,"startColumn":1,"snippet":{"text":"hunter2-of-acme-till"}}}}],
  "partialFingerprints":{"commitSha":"c3","date":"2025-01-02T00:00:00Z"}}]},{"tool":{"driver":{"name":"other"}},"results":[]}]}"#;
const TRUFFLEHOG: &str = r#"{"level":"info-0","ts":"2025-01-01T00:00:00Z","logger":"trufflehog","msg":"running source"}
{"SourceMetadata":{"Data":{"Git":{"commit":"c4","file":"deploy.sh","email":"Ann <ann@acme.example>","repository":"https://ann:hunter2@github.com/acme/ops.git","timestamp":"2025-01-03 10:00:00 +0000","line":8}}},"SourceID":1,"SourceType":16,"SourceName":"trufflehog - git","DetectorType":2,"DetectorName":"AWS","DecoderName":"PLAIN","Verified":true,"Raw":"AKIAACMETILLDEPLOYER","RawV2":"AKIAACMETILLDEPLOYER:hunter2/of/acme/till/deploy","Redacted":"AKIAACMETILLDEPLOYER","ExtraData":{"account":"111122223333","arn":"arn:aws:iam::111122223333:user/deployer","rotation_guide":"x"},"StructuredData":null}
{"SourceMetadata":{"Data":{"Slack":{"channel_id":"C01","channel_name":"till","timestamp":"1"}}},"DetectorName":"Generic","Verified":false,"Raw":"aHVudGVyMi1vZi1hY21lLXRpbGw=","RawV2":"","ExtraData":null}
{"SourceMetadata":{"Data":{"S3":{"bucket":"acme-till","file":"k.json"}}},"DetectorName":"GCP","DecoderName":"PLAIN","Verified":false,"VerificationError":"timeout","Raw":"{\"type\":\"service_account\",\"project_id\":\"acme-till\",\"private_key_id\":\"a1b2\",\"private_key\":\"hunter2-of-the-robot\",\"client_email\":\"robot@acme-till.iam.gserviceaccount.com\"}"}
"#;
const BASELINE: &str = r#"{"version":"1.5.0","plugins_used":[],"filters_used":[],"results":{
  "a/x.py":[{"type":"Secret Keyword","filename":"a/x.py","hashed_secret":"HASH_OF_VALUE","is_verified":false,"line_number":4}],
  "a/y.py":[{"type":"Secret Keyword","filename":"a/y.py","hashed_secret":"HASH_OF_VALUE","is_verified":false,"line_number":5,"is_secret":true},
            {"type":"Secret Keyword","hashed_secret":"c0ffee00c0ffee00c0ffee00c0ffee00c0ffee11","is_secret":false},
            {"type":"Secret Keyword","hashed_secret":"da39a3ee5e6b4b0d3255bfef95601890afd80709","line_number":9},
            {"type":"Secret Keyword","hashed_secret":"c0ffee00c0ffee00c0ffee00c0ffee00c0ffee22","line_number":10,"is_secret":null,"verified_result":false},
            7]},
  "generated_at":"2025-01-01T00:00:00Z"}"#;
const NOSEY: &str = r#"{"finding_id":"f1","rule_name":"Generic Secret","groups":["aHVudGVyMi1vZi1hY21lLXRpbGw="],"num_matches":2,"matches":[
 {"provenance":[{"kind":"file","path":"./n/x.py"},{"kind":"git_repo","repo_path":"./.git","first_commit":{"commit_metadata":{"commit_id":"c5","committer_timestamp":"1678401216 +0100"},"blob_path":"n/x.py"}}],"location":{"source_span":{"start":{"line":2,"column":3}}},"snippet":{"before":"b","matching":"hunter2-of-acme-till","after":"a"}},
 {"provenance":[],"location":null}]}
{"type":"finding","rule_name":"Generic Password","match_content":"hunter2-of-acme-till","num_matches":1,"matches":[{"provenance":[{"kind":"file","path":"./n/y.py"}],"location":{"source_span":{"start":{"line":9,"column":1}}}}]}
"#;
const GGSHIELD: &str = r#"{"id":"r","type":"commit-range","scans":[{"id":"c6","type":"commit","entities_with_incidents":[{"mode":"NEW","filename":"s.py","incidents":[
  {"policy":"Secrets detection","occurrences":[{"match":"hunt***till","type":"apikey","line_start":23,"index_start":14}],"type":"Generic High Entropy Secret","validity":"valid","ignore_sha":"06b15f1d8c0095386c7bbc4f423f5ec30b41b22b1565a836e55b978202ba5690","total_occurrences":1}]}],
  "extra_info":{"author":"a","date":"Sat Mar 13 17:42:00 2021 +0530"}},
  {"id":"c7","type":"commit","entities_with_incidents":[{"filename":"t.py","incidents":[{"type":"Generic High Entropy Secret","validity":"invalid","ignore_sha":"06b15f1d8c0095386c7bbc4f423f5ec30b41b22b1565a836e55b978202ba5690","occurrences":[]}]}]}],
  "total_incidents":2,"total_occurrences":2}"#;
const ALERTS: &str = r#"[{"number":2,"created_at":"2025-11-06T18:48:51Z","html_url":"https://github.com/acme/site/security/secret-scanning/2","state":"open","secret_type":"acme_key","secret":"hunter2-of-acme-till",
  "validity":"active","repository":{"full_name":"acme/site"},"first_location_detected":{"path":"i.js","start_line":2,"start_column":1,"commit_sha":"c8"}},
 {"number":3,"html_url":"https://github.com/acme/site/security/secret-scanning/3","state":"resolved","resolution":"revoked","secret_type":"acme_key","secret":"hunter2-that-was-revoked"},
 {"number":4,"state":"resolved","resolution":"false_positive","secret_type":"acme_key","secret":"hunter2-that-is-none"}]"#;

fn text(text: &str) -> String {
    text.replace("HASH_OF_VALUE", HASH)
}

fn read_all(reports: &[&str]) -> Estate {
    let input = |(at, report): (usize, &&str)| Input::new(format!("report-{at}"), text(report)).format("leaks@acme/shop");
    read(&reports.iter().enumerate().map(input).collect::<Vec<_>>(), &ReadOptions::default()).expect("reports")
}

fn secrets(estate: &Estate) -> Vec<Secret> {
    let all = estate.entities().iter().filter_map(|entity| match entity.to_entity() {
        Entity::Secret(secret) => Some(*secret),
        _ => None,
    });
    all.collect()
}

/// The one secret that was found at so many places.
fn found_at(estate: &Estate, places: usize) -> Secret {
    let mut all = secrets(estate).into_iter().filter(|secret| secret.exposures.len() == places);
    let found = all.next().unwrap_or_else(|| panic!("no secret at {places} places"));
    assert!(all.next().is_none(), "several at {places} places");
    found
}

#[test]
fn one_value_is_one_secret_whatever_tool_found_it() {
    let estate = read_all(&[GITLEAKS, OLD, TABLE, SARIF, TRUFFLEHOG, NOSEY, ALERTS]);
    // Three of Nosey Parker, one of each other.
    let secret = found_at(&estate, 9);
    assert!(
        secret.fingerprint.is_some()
            && secret.id.starts_with("leak:https://github.com/acme/shop config/production.yml:3:9 at 0123456789ab#")
    );
    assert_eq!((secret.name.as_deref(), secret.kind), (Some("generic-api-key in config/production.yml:3"), SecretKind::ApiKey));
    let locations: Vec<_> = secret.exposures.iter().filter_map(|exposure| exposure.location.clone()).collect();
    assert!(locations.contains(&"https://github.com/acme/site i.js:2:1 at c8".to_owned()), "{locations:?}");
    assert_eq!(secret.exposures.iter().filter(|exposure| exposure.verified == Some(true)).count(), 1);
}

#[test]
fn what_stands_for_a_value_joins_nothing() {
    let estate = read_all(&[GITLEAKS]);
    let alone = secrets(&estate).into_iter().filter(|secret| secret.fingerprint.is_none()).count();
    // Two headers of keys, two redacted, and the name of a key.
    assert_eq!((alone, secrets(&estate).len()), (5, 6));
}

#[test]
fn hashes_join_among_themselves_and_never_with_values() {
    let estate = read_all(&[BASELINE, GITLEAKS, GGSHIELD]);
    let hashed: Vec<Secret> = secrets(&estate).into_iter().filter(|secret| secret.id.contains("Secret Keyword")).collect();
    assert_eq!(hashed.iter().map(|secret| secret.exposures.len()).collect::<Vec<_>>(), [2, 1, 1]);
    assert_eq!(hashed.iter().map(|secret| secret.revoked).collect::<Vec<_>>(), [None, Some(true), None]);
    assert!(hashed[2].fingerprint.is_none(), "the hash of nothing");
    let reasons: Vec<_> = estate.reading().skipped.iter().map(|skipped| skipped.reason.as_str()).collect();
    assert_eq!(reasons, ["a finding that was marked as no secret", "a finding with a field of a wrong type"]);
    // ggshield proved one of two places of its hash to work: the secret works.
    let masked = secrets(&estate).into_iter().find(|secret| secret.id.contains("Entropy")).expect("a masked secret");
    assert_eq!((masked.exposures.len(), masked.revoked), (2, None));
    assert_eq!(masked.exposures[0].found_at.map(|at| at.to_string()).as_deref(), Some("2021-03-13T12:12:00Z"));
}

#[test]
fn what_the_report_names_joins_the_leak_to_the_identity() {
    let estate = read_all(&[GITLEAKS, TRUFFLEHOG]);
    let key = secrets(&estate).into_iter().find(|secret| secret.id == "AKIAACMETILLDEPLOYER").expect("the key by its name");
    assert_eq!((key.exposures.len(), key.kind, key.storage), (2, SecretKind::AccessKey, Some(Storage::SourceCode)));
    assert_eq!(key.tenant.as_deref(), Some("arn:aws:iam::111122223333:root"));
    assert!(key.fingerprint.is_some());
    let relations: Vec<_> = estate
        .relations()
        .map(|relation| (estate.entity(relation.from()).id(), relation.kind(), estate.entity(relation.to()).id(), relation.certainty()))
        .collect();
    let robot = "//iam.googleapis.com/projects/acme-till/serviceAccounts/robot@acme-till.iam.gserviceaccount.com/keys/a1b2";
    for wanted in [
        ("AKIAACMETILLDEPLOYER", RelationKind::AuthenticatesAs, "arn:aws:iam::111122223333:user/deployer", Certainty::Proven),
        // Only the name of the key was seen in one repository, the key itself in the other.
        ("https://github.com/acme/ops", RelationKind::Stores, "AKIAACMETILLDEPLOYER", Certainty::Proven),
        ("https://github.com/acme/shop", RelationKind::Stores, "AKIAACMETILLDEPLOYER", Certainty::Possible),
        (robot, RelationKind::AuthenticatesAs, "serviceAccount:robot@acme-till.iam.gserviceaccount.com", Certainty::Proven),
        ("arn:aws:s3:::acme-till", RelationKind::Stores, robot, Certainty::Proven),
        // The value of the chat was found in the repository too, which comes first.
        (
            "slack://C01",
            RelationKind::Stores,
            "leak:https://github.com/acme/shop config/production.yml:3:9 at 0123456789ab#generic-api-key",
            Certainty::Proven,
        ),
    ] {
        assert!(relations.contains(&wanted), "{wanted:?} in {relations:#?}");
    }
    let reasons: Vec<_> = estate.reading().skipped.iter().map(|skipped| (skipped.place.to_string(), skipped.reason.as_str())).collect();
    assert_eq!(reasons, [("report-1:1 (record 1)".to_owned(), "a line of the scanner's log, not a finding")]);
}

#[test]
fn what_was_revoked_is_revoked_and_what_is_none_is_left_out() {
    let estate = read_all(&[ALERTS]);
    let revoked: Vec<_> = secrets(&estate).into_iter().map(|secret| (secret.id.contains("i.js"), secret.revoked)).collect();
    assert_eq!(revoked, [(false, Some(true)), (true, None)]);
    assert_eq!(estate.reading().skipped.len(), 1);
}

#[test]
fn two_values_in_one_place_are_two_secrets() {
    let line = |value: &str| format!(r#"{{"RuleID":"r","StartLine":1,"Secret":"{value}","Match":"m","File":"f"}}"#);
    let estate = read_all(&[&format!("[{},{}]", line("hunter2-number-one"), line("hunter2-number-two"))]);
    let ids: Vec<_> = secrets(&estate).into_iter().map(|secret| secret.id).collect();
    assert_eq!(ids, ["leak:https://github.com/acme/shop f:1#r", "leak:https://github.com/acme/shop f:1#r-2"]);
}

#[test]
fn a_report_that_names_nothing_is_of_its_own_file() {
    let inputs = [Input::new("a.json", GITLEAKS), Input::new("b.json", GITLEAKS)];
    let estate = read(&inputs, &ReadOptions::default()).expect("reports");
    // One value and one key; the rest stands alone in each.
    assert_eq!(secrets(&estate).len(), 2 + 2 * 4);
    assert!(!estate.entities().iter().any(|entity| entity.id().starts_with("scanned://")));
}

#[test]
fn its_own_are_detected_and_others_are_left() {
    for report in [GITLEAKS, OLD, TABLE, TRUFFLEHOG, BASELINE, NOSEY, GGSHIELD, ALERTS] {
        assert!(is_recognised(&Input::new("report", text(report))), "{report}");
    }
    for name in ["gitleaks.json", "out/detect_secrets.json"] {
        assert!(is_recognised(&Input::new(name, "[]")));
        assert_eq!(read(&[Input::new(name, "null")], &ReadOptions::default()).expect("nothing").len(), 0);
    }
    for report in ["[]", "null", r#"{"secret":"x"}"#, r#"{"level":"info","msg":"gitleaks"}"#, "RuleID,File\n", SARIF] {
        assert!(!is_recognised(&Input::new("report", report)), "{report}");
    }
    assert!(is_recognised(&Input::new("report", SARIF.replace("\"other\"", "\"Gitleaks\""))));
}
