//! What every reader is held to on its made-up exports in `tests/data/readers`: planted values stay inside, what is cut off, changed or of the wrong type is
//! survived, and the order of files does not matter.

use proptest::prelude::*;
use serde_json::Value;
use std::path::PathBuf;
use tenantgraph::{Estate, Input, ReadOptions};
use tenantgraph_tests::canary::{CANARY, silent, with_unknown_fields, with_wrong_types};
use tenantgraph_tests::dealt::dealt;
use tenantgraph_tests::estates::config;
use tenantgraph_tests::house::root;
use tenantgraph_tests::outputs::of_inputs;

/// A format, fields whose texts are names and shown, and ids that tell that its exports are good.
struct Reader {
    format: &'static str,
    names: &'static [&'static str],
    shows: &'static [&'static str],
}

const READERS: [Reader; 7] = [
    Reader {
        format: "anthropic",
        names: &["workspace_ids"],
        shows: &["apikey_01A/client", "https://git.example#repo:acme/till:*", "hmac-sha256:"],
    },
    Reader {
        format: "okta",
        names: &["grantedScopes"],
        shows: &["0oa0001/client-secret", "https://acme.okta.com/oauth2/aus0001#0oa0002", "hmac-sha256:"],
    },
    Reader {
        format: "openai",
        names: &["attribute_matchers"],
        shows: &["key_0003/client", "https://git.example#repo:acme/till:*", "hmac-sha256:"],
    },
    Reader {
        format: "spire",
        names: &["federates_with"],
        shows: &["spiffe://till.example/spire/agent/join_token/1", "stored-svid", "hmac-sha256:"],
    },
    Reader {
        format: "vault",
        names: &[
            "policies",
            "token_policies",
            "display_name",
            "member_entity_ids",
            "bound_service_account_names",
            "bound_service_account_namespaces",
            "path",
        ],
        shows: &["vault://vault/kv/data/prod/till", "https://git.example#repo:acme/till:*", "hmac-sha256:", "policies/till-test"],
    },
    Reader { format: "bloodhound", names: &["kinds"], shows: &["S-1-5-21-1-1103/password", "aaaa-1", "hmac-sha256:", "New_Thing"] },
    Reader {
        format: "modernisation-platform",
        names: &["github-oidc-team-repositories"],
        shows: &["till-production/github-actions", "modernisation-platform/groups/audit"],
    },
];

impl Reader {
    /// The files of made-up exports; each line of one of JSON is a record.
    fn files(&self) -> Vec<(String, String)> {
        let folder = root().join("tests/data/readers");
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path()).collect();
        files.retain(|path| path.file_stem().is_some_and(|stem| stem.to_string_lossy().split('@').next() == Some(self.format)));
        files.sort();
        let read = |path: PathBuf| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let name = name.split_once('@').map_or(name.clone(), |(_, rest)| rest.replace('+', "/"));
            (name, std::fs::read_to_string(&path).expect("a file").replace("CANARY", CANARY))
        };
        files.into_iter().map(read).collect()
    }

    fn inputs(&self, files: &[(String, String)]) -> Vec<Input> {
        files.iter().map(|(name, text)| Input::new(name, text.as_str()).format(self.format)).collect()
    }

    /// The records of the files of JSON, and the other files.
    fn records(&self) -> (Vec<Value>, Vec<(String, String)>) {
        let (json, other): (Vec<_>, Vec<_>) = self.files().into_iter().partition(|(name, _)| name.ends_with("json"));
        let records = json.iter().flat_map(|(_, text)| text.lines()).map(|line| serde_json::from_str(line).expect("a line is JSON"));
        (records.collect(), other)
    }
}

fn text_of(records: &[Value]) -> String {
    records.iter().map(|record| record.to_string() + "\n").collect()
}

fn read(inputs: &[Input]) -> Estate {
    tenantgraph::read(inputs, &ReadOptions::default()).expect("good inputs")
}

#[test]
fn planted_values_stay_inside() {
    for reader in &READERS {
        let files = reader.files();
        let shown = of_inputs(&reader.inputs(&files), &[]);
        for id in reader.shows {
            assert!(shown.contains(id), "{}: {id} is not shown, so the exports are not good", reader.format);
        }
        silent(reader.format, &shown);
        for (name, text) in &files {
            silent(name, &of_inputs(&[Input::new(name, text.as_str())], &[]));
        }
        let (mut records, _) = reader.records();
        records.iter_mut().for_each(|record| with_unknown_fields(record, reader.names));
        silent(reader.format, &of_inputs(&[Input::new("x", text_of(&records)).format(reader.format)], &[]));
    }
}

#[test]
fn every_file_is_recognised() {
    for reader in &READERS {
        for (name, text) in reader.files() {
            let estate = read(&[Input::new(&name, text)]);
            assert_eq!(estate.reading().sources[0].format, reader.format, "{name}");
            assert!(estate.reading().skipped.is_empty(), "{name}: {:?}", estate.reading().skipped);
        }
    }
}

#[test]
fn a_graph_that_we_wrote_is_recognised_whatever_it_was_read_from() {
    for reader in &READERS {
        let estate = read(&reader.inputs(&reader.files()));
        let graph = tenantgraph::report::opengraph::to_opengraph(&estate).expect("a graph");
        let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Value>(&graph).expect("JSON")).expect("JSON");
        for text in [graph, pretty] {
            let again = read(&[Input::new("graph.json", text)]);
            assert_eq!(again.reading().sources[0].format, "bloodhound", "{}", reader.format);
            assert_eq!(again.content_hash(), estate.content_hash(), "{}", reader.format);
        }
    }
}

#[test]
fn fields_of_the_wrong_type_stay_inside() {
    for reader in &READERS {
        let (records, _) = reader.records();
        let broken: Vec<Value> = records.iter().flat_map(|record| with_wrong_types(record, reader.names)).collect();
        assert!(broken.len() > 30, "{}: {}", reader.format, broken.len());
        silent(reader.format, &of_inputs(&[Input::new("x", text_of(&broken)).format(reader.format)], &[]));
        for record in broken.iter().step_by(7) {
            silent(&record.to_string(), &of_inputs(&[Input::new("x", record.to_string()).format(reader.format)], &[]));
        }
    }
}

#[test]
fn what_is_cut_off_or_changed_is_survived() {
    for reader in &READERS {
        for (name, text) in reader.files() {
            let survived = |bytes: &[u8]| {
                let input = Input::new(&name, bytes).format(reader.format);
                let told = match tenantgraph::read(&[input], &ReadOptions::default()) {
                    Ok(estate) => format!("{:?}", estate.reading().skipped),
                    Err(error) => {
                        assert!(error.place().is_some(), "{error}");
                        error.to_string()
                    }
                };
                silent(&name, &told);
            };
            for at in (0..text.len()).step_by(3) {
                survived(&text.as_bytes()[..at]);
                let mut changed = text.as_bytes().to_vec();
                changed[at] ^= 0x15;
                survived(&changed);
            }
        }
    }
}

#[test]
fn records_give_one_estate_in_any_order_and_any_files() {
    for reader in &READERS {
        let (records, other) = reader.records();
        let lines: Vec<String> = records.iter().map(Value::to_string).collect();
        let key = || Some(tenantgraph::estate::FingerprintKey::from_bytes(&[7; 32]).expect("a key"));
        let estate = |places: &[u32], files, arrays| {
            let mut inputs: Vec<Input> =
                dealt(&lines, places, files, arrays).into_iter().map(|input| input.format(reader.format)).collect();
            inputs.extend(reader.inputs(&other));
            let turned = places[0] as usize % inputs.len();
            inputs.rotate_left(turned);
            tenantgraph::read(&inputs, &ReadOptions { key: key(), ..ReadOptions::default() }).expect("good inputs")
        };
        let wanted = estate(&[0], 1, false);
        let case = (proptest::collection::vec(any::<u32>(), 20), 1..6usize, any::<bool>());
        proptest!(config(40, 11), |((places, files, arrays) in case)| {
            let found = estate(&places, files, arrays);
            prop_assert_eq!(found.to_document_ndjson(), wanted.to_document_ndjson());
            prop_assert!(found.reading().skipped.is_empty(), "{:?}", found.reading().skipped);
        });
    }
}
