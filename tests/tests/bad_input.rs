//! What is broken, hostile or huge: a clear error with a place, or a skipped record; no panic, and no text of the input in the message.

use std::sync::atomic::{AtomicU64, Ordering};
use tenantgraph::door::{self, QUESTIONS};
use tenantgraph::importers::{IMPORTERS, read_observed};
use tenantgraph::model::Instant;
use tenantgraph::policy::Policy;
use tenantgraph::{Error, ErrorCode, Estate, Input, Limited, Observer, ReadOptions, Unobserved};

/// Stands in every bad input, so that a message that repeats the input is seen.
const WORD: &str = "xyzzy";

/// Every format, and detection.
fn formats() -> Vec<Option<String>> {
    let named = IMPORTERS.iter().map(|importer| Some(importer.format().to_owned()));
    std::iter::once(None).chain(named).collect()
}

fn read(bytes: &[u8], format: Option<&str>) -> Result<Estate, Error> {
    let input = Input { format: format.map(str::to_owned), ..Input::new("bad", bytes) };
    tenantgraph::read(&[input], &ReadOptions::default())
}

/// Reads in every format: what is refused or skipped names its place and none of its text.
fn is_survived(what: &str, bytes: &[u8]) {
    for format in formats() {
        is_survived_as(what, bytes, format.as_deref());
    }
}

fn is_survived_as(what: &str, bytes: &[u8], format: Option<&str>) {
    match read(bytes, format) {
        Ok(estate) => {
            for skipped in &estate.reading().skipped {
                assert_eq!(skipped.place.source, "bad", "{what}");
                assert!(skipped.place.record.is_some() || skipped.place.line.is_some(), "{what}: {}", skipped.place);
                is_clear(what, &skipped.reason);
            }
        }
        Err(error) => {
            assert_eq!(error.place().map(|place| place.source.as_str()), Some("bad"), "{what}: {error}");
            is_clear(what, error.message());
        }
    }
}

/// The house's form of a message.
fn is_clear(what: &str, message: &str) {
    assert!(!message.contains(WORD), "{what}: repeats its input: {message}");
    assert!(!message.ends_with('.') && !message.is_empty() && message.len() < 400, "{what}: {message}");
    let first = message.chars().next().expect("not empty");
    assert!(first.is_lowercase() || first == '`' || message.starts_with("JSON") || message.starts_with("UTF"), "{what}: {message}");
    for word in ["serde", "Option<", "unwrap", "invalid type:", "at line"] {
        assert!(!message.contains(word), "{what}: {message}");
    }
}

fn is_refused(what: &str, bytes: &[u8], format: Option<&str>) {
    let Err(error) = read(bytes, format) else { panic!("{what}: {format:?} was read") };
    is_clear(what, error.message());
}

/// A good record of each format, and a good file of some.
fn good() -> [&'static str; 8] {
    [
        r#"{"record": "tenant", "id": "xyzzy", "environment": "production", "labels": {"a": "xyzzy"}}"#,
        r#"{"format": "tenantgraph/1", "tenants": [{"id": "xyzzy"}], "relations": [{"from": "xyzzy", "kind": "trusted_by", "to": "b"}]}"#,
        r#"{"name": "//storage.googleapis.com/xyzzy", "asset_type": "storage.googleapis.com/Bucket", "ancestors": ["projects/1"], "iam_policy": {"bindings": [{"role": "roles/viewer", "members": ["user:xyzzy@example.com"]}]}}"#,
        r#"{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "xyzzy", "namespace": "a"}, "data": {"password": "eHl6enk="}}"#,
        r#"{"RoleDetailList": [{"RoleName": "xyzzy", "Arn": "arn:aws:iam::111122223333:role/xyzzy", "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "777788889999"}, "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"sts:ExternalId": "xyzzy"}}}}}]}"#,
        r#"{"RuleID": "xyzzy", "StartLine": 1, "Secret": "xyzzy", "Match": "xyzzy", "File": "xyzzy", "Commit": "xyzzy", "Date": "2026-01-01"}"#,
        r#"{"version": 4, "serial": 1, "lineage": "xyzzy", "resources": [{"type": "random_password", "name": "xyzzy", "instances": [{"attributes": {"result": "xyzzy"}}]}]}"#,
        r#"{"total_count": 1, "secrets": [{"name": "XYZZY", "created_at": "2024-01-01T00:00:00Z", "updated_at": "xyzzy", "visibility": "all"}]}"#,
    ]
}

#[test]
fn empty_and_binary_inputs_are_refused() {
    let binary: Vec<u8> = (0..4096u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let cases: [(&str, &[u8]); 9] = [
        ("empty", b""),
        ("blank", b" \r\n\t\n"),
        ("only a byte order mark", b"\xef\xbb\xbf"),
        ("binary", &binary),
        ("zeros", &[0; 1024]),
        ("a program", b"\x7fELF\x02\x01\x01\x00xyzzy"),
        ("compressed", b"\x1f\x8b\x08\x00xyzzy"),
        ("UTF-16", b"\xff\xfe{\x00\"\x00x\x00"),
        ("text", b"xyzzy: not an export"),
    ];
    for (what, bytes) in cases {
        is_survived(what, bytes);
        for format in formats() {
            is_refused(what, bytes, format.as_deref());
        }
    }
}

#[test]
fn a_good_input_cut_anywhere_is_survived() {
    for text in good() {
        for end in 0..text.len() {
            is_survived("cut", &text.as_bytes()[..end]);
            is_survived("cut in the second line", format!("{text}\n{}", &text[..end]).as_bytes());
            is_survived("cut in an array", format!("[{text},{}", &text[..end]).as_bytes());
        }
    }
}

#[test]
fn a_good_input_with_any_byte_changed_is_survived() {
    // Two values a place, in turn; every value at every place is for `make fuzz`.
    const VALUES: [u8; 8] = [0, b'"', b'}', b'[', b'\n', b'\\', 0xff, b'9'];
    for text in good() {
        for at in 0..text.len() {
            for byte in [VALUES[at % 8], VALUES[(at + 3) % 8]] {
                let mut bytes = text.as_bytes().to_vec();
                bytes[at] = byte;
                is_survived("changed", &bytes);
            }
        }
    }
}

/// YAML has a grammar of its own to be broken in.
#[test]
fn yaml_that_is_cut_or_changed_anywhere_is_survived() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: &a 'xyzzy'}\n---\nkind: Role\napiVersion: rbac.authorization.k8s.io/v1\nmetadata:\n  name: |-\n    xyzzy\n\
        rules:\n- {apiGroups: [\"\"], verbs: [get], <<: {resources: *a}}\n";
    for at in 0..text.len() {
        is_survived_as("cut", &text.as_bytes()[..at], Some("kubernetes"));
        for byte in [0u8, b'"', b'}', b'[', b'\n', b'\\', 0xff, b'&', b'*', b'%', b':', b' ', b'-', b'|', b'\t'] {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] = byte;
            is_survived_as("changed", &bytes, Some("kubernetes"));
        }
    }
    for (what, bad) in [
        ("a mapping in a flow", "{".repeat(100_000)),
        ("a list in a flow", "[".repeat(100_000)),
        ("a list in blocks", "- ".repeat(100_000)),
        ("blocks", (0..2_000).map(|depth| " ".repeat(depth) + "a:\n").collect()),
        ("anchors", (0..50_000).map(|at| format!("- &a{at} *a{}\n", at.max(1) - 1)).collect()),
        ("keys", "? ".repeat(50_000)),
        ("tags", "!".repeat(100_000)),
        ("quotes", "'\"".repeat(100_000)),
        ("documents", "---\n".repeat(100_000)),
    ] {
        let started = std::time::Instant::now();
        is_survived_as(what, format!("apiVersion: v1\nkind: Pod\nxyzzy:\n{bad}").as_bytes(), Some("kubernetes"));
        is_survived_as(what, bad.as_bytes(), Some("kubernetes"));
        is_survived_as(what, bad.as_bytes(), None);
        assert!(started.elapsed().as_secs() < 20, "{what} takes {:?}", started.elapsed());
    }
}

#[test]
fn wrong_types_are_survived() {
    for value in
        ["null", "true", "7", "-1e999", "1e400", "\"xyzzy\"", "[]", "{}", "[[]]", "{\"xyzzy\": null}", "\"\\ud800\"", "\"\\u0000xyzzy\""]
    {
        for text in [
            value.to_owned(),
            format!("[{value}]"),
            format!("{{\"format\": {value}}}"),
            format!("{{\"record\": {value}}}"),
            format!("{{\"asset_type\": {value}}}"),
        ] {
            is_survived("a value alone", text.as_bytes());
        }
        for list in ["tenants", "identities", "secrets", "resources", "relations", "collected_at", "source"] {
            is_survived(list, format!("{{\"format\": \"tenantgraph/1\", \"{list}\": {value}}}").as_bytes());
            is_survived(list, format!("{{\"format\": \"tenantgraph/1\", \"{list}\": [{value}]}}").as_bytes());
        }
        for field in ["name", "resource", "iam_policy", "ancestors", "policy", "bindings", "assets", "update_time"] {
            let asset = format!(
                "{{\"asset_type\": \"storage.googleapis.com/Bucket\", \"name\": \"//storage.googleapis.com/b\", \"{field}\": {value}}}"
            );
            is_survived(field, asset.as_bytes());
            is_survived(field, format!("{{\"{field}\": {value}}}").as_bytes());
        }
        for field in ["metadata", "data", "items", "spec", "rules", "subjects", "roleRef", "aggregationRule"] {
            for (version, kind) in [
                ("v1", "Secret"),
                ("v1", "Pod"),
                ("rbac.authorization.k8s.io/v1", "ClusterRole"),
                ("rbac.authorization.k8s.io/v1", "RoleBinding"),
            ] {
                let object = format!(
                    "{{\"apiVersion\": \"{version}\", \"kind\": \"{kind}\", \"metadata\": {{\"name\": \"a\"}}, \"{field}\": {value}}}"
                );
                is_survived(field, object.as_bytes());
            }
        }
    }
}

#[test]
fn one_bad_record_never_stops_a_read() {
    let bad =
        ["xyzzy", "{\"record\": \"tenant\"}", "{\"record\": \"xyzzy\"}", "{\"record\": \"tenant\", \"id\": 1}", "[1]", "{", "\u{0}", "7"];
    for bad in bad {
        let text = format!("{{\"record\": \"tenant\", \"id\": \"a\"}}\n{bad}\n{{\"record\": \"tenant\", \"id\": \"b\"}}\n");
        let estate = read(text.as_bytes(), Some("tenantgraph")).expect("one bad record never stops a read");
        assert_eq!((estate.len(), estate.reading().skipped.len()), (2, 1), "{bad}");
        assert_eq!(estate.reading().skipped[0].place.line, Some(2), "{bad}");
        let asset = |id: &str| {
            format!(
                "{{\"name\": \"//storage.googleapis.com/{id}\", \"asset_type\": \"storage.googleapis.com/Bucket\", \"ancestors\": [\"projects/p\"]}}"
            )
        };
        let text = format!("{}\n{bad}\n{}\n", asset("a"), asset("b"));
        let estate = read(text.as_bytes(), Some("google-cloud-asset-inventory")).expect("one bad record never stops a read");
        assert!(estate.find("//storage.googleapis.com/a").is_some() && estate.find("//storage.googleapis.com/b").is_some(), "{bad}");
        assert!(!estate.reading().skipped.is_empty(), "{bad}");
    }
    // Bytes that are no text within a record.
    let text = b"{\"record\": \"tenant\", \"id\": \"a\"}\n{\"record\": \"tenant\", \"id\": \"\xff\xfe\"}\n{\"record\": \"tenant\", \"id\": \"b\"}\n";
    let estate = read(text, Some("tenantgraph")).expect("one bad record never stops a read");
    assert_eq!((estate.len(), estate.reading().skipped.len()), (2, 1));
}

#[test]
fn a_byte_order_mark_and_line_ends_of_any_kind_are_read() {
    for text in good() {
        for variant in [format!("\u{feff}{text}"), format!("{text}\r\n\r\n"), format!("\n\n {text}")] {
            let estate = read(variant.as_bytes(), None).expect("it is read");
            assert!(!estate.is_empty() && estate.reading().skipped.is_empty(), "{variant:?}");
        }
    }
}

#[test]
fn duplicate_ids_are_told() {
    let text = "{\"record\": \"tenant\", \"id\": \"a\", \"owner\": \"one\"}\n{\"record\": \"tenant\", \"id\": \"a\", \"owner\": \"two\"}\n";
    let reading = read(text.as_bytes(), None).expect("it is read").reading().clone();
    assert_eq!(reading.skipped.len() + reading.conflicts.len(), 1, "a duplicate in one document is told once");
    let text = "{\"record\": \"tenant\", \"id\": \"a\"}\n{\"record\": \"secret\", \"id\": \"a\"}\n";
    let reading = read(text.as_bytes(), None).expect("it is read").reading().clone();
    assert_eq!(reading.skipped.len() + reading.conflicts.len(), 1, "an id of two types is told");
}

/// 100,000 levels of lists and objects, wherever they may stand.
#[test]
fn any_depth_is_survived() {
    const DEPTH: usize = 100_000;
    let lists = format!("{}{}", "[".repeat(DEPTH), "]".repeat(DEPTH));
    let objects = format!("{}1{}", "{\"xyzzy\":".repeat(DEPTH), "}".repeat(DEPTH));
    for deep in [lists.as_str(), objects.as_str(), &lists[..DEPTH], &objects[..DEPTH]] {
        let asset = "\"name\": \"//storage.googleapis.com/b\", \"asset_type\": \"storage.googleapis.com/Bucket\"";
        for text in [
            deep.to_owned(),
            format!("{}\n{deep}\n", good()[0]),
            format!("[{deep}]"),
            format!("{{\"format\": \"tenantgraph/1\", \"tenants\": [{{\"id\": \"a\", \"labels\": {deep}}}]}}"),
            format!("{{\"record\": \"tenant\", \"id\": \"a\", \"xyzzy\": {deep}}}"),
            format!("{{{asset}, \"resource\": {{\"data\": {deep}}}}}"),
            format!(
                "{{{asset}, \"iam_policy\": {{\"bindings\": [{{\"role\": \"roles/viewer\", \"members\": [\"user:a@example.com\"], \"condition\": {deep}}}]}}}}"
            ),
            format!("{{{asset}, \"unknown\": {deep}}}\n{{{asset}}}"),
        ] {
            is_survived("deep", text.as_bytes());
        }
        let policy = format!("{{\"limits\": {deep}}}");
        assert_eq!(Policy::from_json(&policy).expect_err("too deep").code(), ErrorCode::InvalidPolicy);
        assert!(door::options(&format!("{{\"from\": {deep}}}")).is_err());
    }
    let toml = format!("limits = {}", "[".repeat(DEPTH));
    assert_eq!(Policy::from_toml(&toml).expect_err("too deep").code(), ErrorCode::InvalidPolicy);
}

/// One line of 64 MiB; of 1 GiB where `TENANTGRAPH_HUGE` is set.
#[test]
fn a_huge_line_is_survived() {
    let size = if std::env::var_os("TENANTGRAPH_HUGE").is_some() { 1 << 30 } else { 64 << 20 };
    let filler = |text: &str| {
        let (before, after) = text.split_once("FILL").expect("a place to fill");
        let mut bytes = Vec::with_capacity(size + text.len());
        bytes.extend_from_slice(before.as_bytes());
        bytes.resize(size, b'x');
        bytes.extend_from_slice(after.as_bytes());
        bytes
    };
    let asset = "{\"name\": \"//storage.googleapis.com/b\", \"asset_type\": \"storage.googleapis.com/Bucket\", \"resource\": {\"data\": {\"name\": \"FILL\"}}}";
    for (text, format) in [
        ("FILL", None),
        ("{\"record\": \"tenant\", \"id\": \"a\", \"name\": \"FILL\"}", None),
        ("{\"format\": \"tenantgraph/1\", \"tenants\": [{\"id\": \"FILL", Some("tenantgraph")),
        (asset, None),
        ("{\"name\": \"FILL", Some("google-cloud-asset-inventory")),
    ] {
        is_survived_as("huge", &filler(text), format);
    }
}

#[test]
fn overlays_and_policies_that_are_no_text_are_refused() {
    let estate = Input::new("estate", r#"{"record": "tenant", "id": "acme"}"#);
    for bytes in [&b""[..], b"\n\n", b"\xff\xfe", b"\x00\x01xyzzy", b"{\"xyzzy\": 1}", b"xyzzy"] {
        let options = ReadOptions { labels: vec![Input::new("labels", bytes)], ..ReadOptions::default() };
        let error = tenantgraph::read(std::slice::from_ref(&estate), &options).expect_err("no overlay");
        assert_eq!((error.code(), error.place().map(|place| place.source.as_str())), (ErrorCode::InvalidLabels, Some("labels")));
        is_clear("an overlay", error.message());
    }
    for text in ["xyzzy", "= 1", "limits = 1", "{", "\u{0}"] {
        for error in [Policy::from_toml(text).expect_err("no policy"), Policy::from_json(text).expect_err("no policy")] {
            assert_eq!(error.code(), ErrorCode::InvalidPolicy);
            assert!(error.place().is_some_and(|place| place.line.is_some()), "{error}");
            is_clear("a policy", error.message());
        }
    }
}

#[test]
fn instants_that_are_none_are_refused() {
    for text in
        ["", "xyzzy", "2026-13-01", "2026-02-30", "01-05-2026", "2026-05-01T25:00:00Z", "1746057600", "2026-05-01 00:00", "99999-01-01"]
    {
        let error = Instant::parse(text).expect_err("no instant");
        assert_eq!(error.code(), ErrorCode::InvalidInstant, "{text}");
        is_clear("an instant", error.message());
    }
}

/// Stops the work at its so-manyth look at the observer.
struct StopsAt(AtomicU64);

impl Observer for StopsAt {
    fn cancelled(&self) -> bool {
        self.0.fetch_sub(1, Ordering::Relaxed) <= 1
    }
}

#[test]
fn what_would_take_more_memory_than_it_may_is_refused() {
    let inputs = [Input::new("a", good()[1])];
    let limited = |bytes| read_observed(&inputs, &ReadOptions::default(), &Limited::new(&Unobserved, Some(bytes)));
    let length = good()[1].len() as u64;
    assert_eq!(limited(length).expect_err("it takes more than its own length").code(), ErrorCode::LimitExceeded);
    assert!(limited(4 * length).is_ok());
}

#[test]
fn reading_and_every_question_can_be_cancelled() {
    let inputs = [Input::new("a", good()[1]), Input::new("b", good()[2])];
    let first = StopsAt(AtomicU64::new(1));
    assert_eq!(read_observed(&inputs, &ReadOptions::default(), &first).expect_err("it was cancelled").code(), ErrorCode::Cancelled);
    let estate = tenantgraph::read(&inputs, &ReadOptions::default()).expect("it is read");
    for question in QUESTIONS {
        // `what-if` takes changes or an earlier estate; here it gets the earlier estate, as `diff` does.
        let needed = if question.options.contains(&"lost") { ", \"lost\": \"b\"" } else { "" };
        let options = || door::options(&format!("{{\"as_of\": \"2026-05-01\"{needed}}}")).expect("options");
        let ask = |observer: &dyn Observer| door::ask_since(&estate, &estate, question.name, options(), observer);
        assert!(ask(&Unobserved).is_ok(), "{}", question.name);
        let error = ask(&StopsAt(AtomicU64::new(1))).expect_err("it was cancelled");
        assert_eq!(error.code(), ErrorCode::Cancelled, "{}", question.name);
    }
}
