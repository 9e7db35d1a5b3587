//! Plants a value that looks like a secret wherever a reader may meet one, and looks for it, or its beginning, in everything that comes out.

use serde_json::{Value, json};
use tenantgraph::importers::TableMapping;
use tenantgraph::policy::Policy;
use tenantgraph::{Input, ReadOptions};
use tenantgraph_tests::canary::{CANARY, CANARY_IN_BASE64, lines, silent, with_unknown_fields, with_wrong_types, yaml};
use tenantgraph_tests::house::root;
use tenantgraph_tests::outputs::{of_error, of_estate, of_inputs};

fn assets() -> Vec<Value> {
    let path = root().join("tests/data/canary/google-assets.json");
    let text = std::fs::read_to_string(path).expect("the assets").replace("CANARY", CANARY);
    serde_json::from_str(&text).expect("the assets are JSON")
}

/// Kubernetes objects with the canary as text, and as base64 where values stand so.
fn objects() -> Vec<Value> {
    let path = root().join("tests/data/canary/kubernetes.json");
    let text = std::fs::read_to_string(path).expect("the objects").replace("CANARY64", CANARY_IN_BASE64).replace("CANARY", CANARY);
    serde_json::from_str(&text).expect("the objects are JSON")
}

/// Outputs of AWS with the canary as text, and as base64 where bytes stand so.
fn outputs() -> Vec<Value> {
    let path = root().join("tests/data/canary/aws.json");
    let text = std::fs::read_to_string(path).expect("the outputs").replace("CANARY64", CANARY_IN_BASE64).replace("CANARY", CANARY);
    serde_json::from_str(&text).expect("the outputs are JSON")
}

/// Objects of Entra and Azure in every form, with the canary in each field that may hold a value.
fn directory() -> Vec<Value> {
    let path = root().join("tests/data/canary/entra.json");
    let text = std::fs::read_to_string(path).expect("the objects").replace("CANARY", CANARY);
    serde_json::from_str(&text).expect("the objects are JSON")
}

fn google(text: impl Into<Vec<u8>>) -> Input {
    Input::new("assets.ndjson", text).format("google-cloud-asset-inventory")
}

fn kubernetes(text: impl Into<Vec<u8>>) -> Input {
    Input::new("objects", text).format("kubernetes")
}

fn aws(text: impl Into<Vec<u8>>) -> Input {
    Input::new("outputs", text).format("aws")
}

fn entra(text: impl Into<Vec<u8>>) -> Input {
    Input::new("directory.json", text).format("entra")
}

fn document(text: impl Into<Vec<u8>>) -> Input {
    Input::new("estate.ndjson", text).format("tenantgraph")
}

/// Maps whose keys are the user's own names, and shown.
const NAMES: [&str; 2] = ["labels", "tags"];
/// The same in Kubernetes, where values of secrets stand under names.
const NAMES_IN_KUBERNETES: [&str; 3] = ["labels", "data", "stringData"];

#[test]
fn google_values_stay_inside() {
    let mut assets = assets();
    silent("as exported", &of_inputs(&[google(lines(&assets))], &[]));
    silent("as an array", &of_inputs(&[google(Value::from(assets.clone()).to_string())], &[]));
    assets.iter_mut().for_each(|asset| with_unknown_fields(asset, &NAMES));
    silent("with unknown fields", &of_inputs(&[google(lines(&assets))], &[]));
    silent("detected", &of_inputs(&[Input::new("assets.ndjson", lines(&assets))], &[]));
}

#[test]
fn google_fields_of_the_wrong_type_stay_inside() {
    let mut broken: Vec<Value> = assets().iter().flat_map(|record| with_wrong_types(record, &NAMES)).collect();
    assert!(broken.len() > 200);
    silent("all at once", &of_inputs(&[google(lines(&broken))], &[]));
    // One by one, for a record that spoils the others would hide them.
    broken.truncate(120);
    for record in broken {
        silent(&record.to_string(), &of_inputs(&[google(record.to_string())], &[]));
    }
}

#[test]
fn aws_values_stay_inside() {
    let mut outputs = outputs();
    for text in [lines(&outputs), Value::from(outputs.clone()).to_string()] {
        let read = of_inputs(&[aws(text.clone())], &[]);
        assert!(read.contains("secret:till/db-a1b2c3") && read.contains("role/partner"), "the outputs are good");
        silent("as exported", &read);
        silent("detected", &of_inputs(&[Input::new("outputs", text)], &[]));
    }
    let report = format!(
        "user,arn,user_creation_time,password_enabled,password\nann,arn:aws:iam::111122223333:user/ann,{CANARY},{CANARY},{CANARY}\n{CANARY},{CANARY},x\n"
    );
    silent("a report", &of_inputs(&[aws(report)], &[]));
    outputs.iter_mut().for_each(|output| with_unknown_fields(output, &NAMES));
    silent("with unknown fields", &of_inputs(&[aws(lines(&outputs))], &[]));
}

#[test]
fn aws_fields_of_the_wrong_type_stay_inside() {
    let mut broken: Vec<Value> = outputs().iter().flat_map(|record| with_wrong_types(record, &NAMES)).collect();
    assert!(broken.len() > 150);
    silent("all at once", &of_inputs(&[aws(lines(&broken))], &[]));
    broken.truncate(120);
    for record in broken {
        silent(&record.to_string(), &of_inputs(&[aws(record.to_string())], &[]));
    }
}

#[test]
fn kubernetes_values_stay_inside() {
    let mut objects = objects();
    let list = json!({"apiVersion": "v1", "kind": "List", "items": objects});
    for text in [lines(&objects), list.to_string(), yaml(&objects)] {
        let read = of_inputs(&[kubernetes(text.clone())], &[]);
        assert!(read.contains("hmac-sha256:") && read.contains("secrets/db/api-key"), "the objects are good");
        silent("as exported", &read);
        silent("detected", &of_inputs(&[Input::new("objects", text)], &[]));
    }
    objects.iter_mut().for_each(|object| with_unknown_fields(object, &NAMES_IN_KUBERNETES));
    silent("with unknown fields", &of_inputs(&[kubernetes(lines(&objects))], &[]));
    silent("with unknown fields, in YAML", &of_inputs(&[kubernetes(yaml(&objects))], &[]));
}

#[test]
fn kubernetes_fields_of_the_wrong_type_stay_inside() {
    let broken: Vec<Value> = objects().iter().flat_map(|object| with_wrong_types(object, &NAMES_IN_KUBERNETES)).collect();
    assert!(broken.len() > 300);
    silent("all at once", &of_inputs(&[kubernetes(lines(&broken))], &[]));
    for object in broken.iter().step_by(4) {
        silent(&object.to_string(), &of_inputs(&[kubernetes(object.to_string())], &[]));
        silent(
            &object.to_string(),
            &of_inputs(&[kubernetes(yaml(&[json!({"apiVersion": "v1", "kind": "Secret", "metadata": object})]))], &[]),
        );
    }
}

#[test]
fn entra_values_stay_inside() {
    let mut objects = directory();
    for text in [lines(&objects), Value::from(objects.clone()).to_string()] {
        let read = of_inputs(&[entra(text.clone())], &[]);
        assert!(read.contains("hmac-sha256:") && read.contains("till.vault.azure.net/secrets/db"), "the objects are good");
        silent("as exported", &read);
        silent("detected", &of_inputs(&[Input::new("directory.json", text)], &[]));
    }
    objects.iter_mut().for_each(|object| with_unknown_fields(object, &NAMES));
    silent("with unknown fields", &of_inputs(&[entra(lines(&objects))], &[]));
}

#[test]
fn entra_fields_of_the_wrong_type_stay_inside() {
    let broken: Vec<Value> = directory().iter().flat_map(|object| with_wrong_types(object, &NAMES)).collect();
    assert!(broken.len() > 200);
    silent("all at once", &of_inputs(&[entra(lines(&broken))], &[]));
    for object in broken.iter().step_by(5) {
        silent(&object.to_string(), &of_inputs(&[entra(object.to_string())], &[]));
    }
}

#[test]
fn a_file_that_ends_in_a_value_does_not_show_it() {
    let text = lines(&assets());
    let array = Value::from(assets()).to_string();
    let (objects, stream) = (lines(&objects()), yaml(&objects()));
    let entra = Value::from(directory()).to_string();
    let record = r#"{"record": "secret", "id": "key", "name": "key", "value": "CANARY"}"#.replace("CANARY", CANARY);
    for (format, text) in [
        ("google-cloud-asset-inventory", &text),
        ("google-cloud-asset-inventory", &array),
        ("tenantgraph", &record),
        ("kubernetes", &objects),
        ("kubernetes", &stream),
        ("entra", &entra),
    ] {
        let places: Vec<usize> = text.match_indices(CANARY).map(|(at, _)| at).collect();
        for at in places.into_iter().step_by(5) {
            for length in [8, 15, CANARY.len()] {
                let input = Input::new("cut", &text.as_bytes()[..at + length]).format(format);
                silent("cut", &of_inputs(&[input], &[]));
            }
        }
    }
}

/// One record of each type of the library's own format.
fn records() -> Vec<Value> {
    vec![
        json!({"record": "tenant", "id": "t", "kind": "gcp_project", "environment": "production", "labels": {"password": CANARY, "acme.example/api-token": CANARY}, "created_at": "2026-01-01", "controls": {"mfa_required": true, "max_secret_age_days": 9}}),
        json!({"record": "identity", "id": "i", "kind": "service_account", "tenant": "t", "enabled": true, "authentication": ["password"], "vendor": "acme"}),
        json!({"record": "secret", "id": "s", "kind": "token", "tenant": "t", "storage": "ci_variable", "dynamic": false, "exposures": [{"detector": "d", "location": "l", "verified": true, "found_at": "2026-01-01"}]}),
        json!({"record": "resource", "id": "r", "kind": "vault", "critical": true, "data": "masked"}),
        json!({"record": "relation", "from": "s", "kind": "authenticates_as", "to": "i", "requires": "read", "also": [{"entity": "r", "right": "read"}], "guards": ["mfa"], "certainty": "proven", "valid_from": "2026-01-01"}),
    ]
}

#[test]
fn the_own_format_refuses_values_without_showing_them() {
    let records = records();
    let read = of_inputs(&[document(lines(&records))], &[]);
    assert!(read.contains("authenticates_as"), "the records are good");
    silent("labels that name a secret", &read);
    let mut unknown = records.clone();
    unknown.iter_mut().for_each(|record| with_unknown_fields(record, &NAMES));
    silent("unknown fields", &of_inputs(&[document(lines(&unknown))], &[]));
    for record in records.iter().flat_map(|record| with_wrong_types(record, &NAMES)) {
        silent(&record.to_string(), &of_inputs(&[document(record.to_string())], &[]));
    }
    // A word or a date that is none, in each field that takes one.
    for (record, field) in [
        (0, "kind"),
        (0, "environment"),
        (0, "created_at"),
        (1, "kind"),
        (2, "kind"),
        (2, "storage"),
        (3, "data"),
        (4, "kind"),
        (4, "requires"),
        (4, "certainty"),
        (4, "valid_from"),
    ] {
        let mut wrong = records[record].clone();
        wrong[field] = json!(CANARY);
        silent(field, &of_inputs(&[document(wrong.to_string())], &[]));
        let list = json!({"format": "tenantgraph/1", (["tenants", "identities", "secrets", "resources", "relations"][record]): [wrong]});
        silent(field, &of_inputs(&[document(list.to_string())], &[]));
    }
    for frame in [
        json!({"format": CANARY}),
        json!({"format": "tenantgraph/1", CANARY: []}),
        json!({"record": CANARY, "id": "x"}),
        json!({"format": "tenantgraph/1", "collected_at": CANARY}),
        json!({"format": "tenantgraph/1", "tenants": CANARY}),
    ] {
        silent("the frame", &of_inputs(&[document(frame.to_string())], &[]));
        silent("the frame, detected", &of_inputs(&[Input::new("x", frame.to_string())], &[]));
    }
}

#[test]
fn overlays_do_not_show_their_cells() {
    let estate = document(r#"{"record": "tenant", "id": "acme"}"#);
    for text in [
        "id,environment\nacme,CANARY\n",
        "id,environment\nCANARY,production\n",
        "id,environment,critical\nacme,production,CANARY\n",
        "id,pattern,environment\nacme,CANARY*,production\n",
        "id,pattern,environment\n,CANARY*,production\n",
        "id,environment\nacme,production,CANARY\n",
        "id,labels.password\nacme,CANARY\n",
        "id,environment\n\"CANARY,production\n",
        "CANARY,environment\nacme,production\n",
        "id,environment\nacme,\"CANARY\"x\"\n",
        "CANARY",
        "{\"token\": \"CANARY\"}",
    ] {
        let labels = Input::new("labels.csv", text.replace("CANARY", CANARY));
        silent(text, &of_inputs(std::slice::from_ref(&estate), &[labels]));
    }
}

#[test]
fn policies_do_not_show_their_text() {
    for text in [
        "due_soon_days = \"CANARY\"",
        "CANARY = 1",
        "CANARY",
        "[limits]\nCANARY = { age_days = 1 }",
        "[limits]\ntoken = { age_days = \"CANARY\" }",
        "[environments]\nlabel_keys = []\nnames = [{ pattern = '(CANARY', environment = \"testing\" }]",
        "[environments]\nlabel_keys = []\nnames = [{ pattern = 'x', environment = \"CANARY\" }]",
        "[severities]\nCANARY = \"low\"",
        "[severities]\nrotation-overdue = \"CANARY\"",
        "[[flows]]\nfrom = \"CANARY\"",
        "[[exceptions]]\nrule = \"rotation-overdue\"\nsubject = \"*\"\nreason = \"\"\nowner = \"x\"\nCANARY = 1",
    ] {
        if let Err(error) = Policy::from_toml(&text.replace("CANARY", CANARY)) {
            silent(text, &of_error(&error));
        } else {
            assert!(text.starts_with("[severities]\nCANARY"), "{text} was taken");
        }
    }
    for text in ["{\"due_soon_days\": \"CANARY\"}", "{\"CANARY\": 1}", "CANARY", "{\"severities\": {\"rotation-overdue\": \"CANARY\"}}"] {
        let error = Policy::from_json(&text.replace("CANARY", CANARY)).expect_err("no policy");
        silent(text, &of_error(&error));
    }
}

#[test]
fn what_nobody_recognises_is_not_shown() {
    for text in ["CANARY", "{\"CANARY\": \"CANARY\"}", "[\"CANARY\"]", "{\"a\": \"CANARY", "\u{0}CANARY", "password: CANARY\n"] {
        silent(text, &of_inputs(&[Input::new("x", text.replace("CANARY", CANARY))], &[]));
    }
}

/// Rows of every kind with the canary in each column that may hold a value, and in columns that no mapping names.
const TABLE: &str = "account,key,status,made,value,note\n1234,AKIAACMETILL,Active,2024-01-02 03:04:05,CANARY,CANARY\n\
    1234,AKIAACMETILL2,CANARY,CANARY,CANARY,\"CANARY\nCANARY\"\n,,,,CANARY,CANARY\n";

fn of_table(text: &str, fields: &str) -> String {
    let mapping =
        format!("[[table]]\ninput = \"keys*\"\nrecord = \"secret\"\nfields.id = {{ text = \"aws/{{account}}/{{key}}\" }}\n{fields}");
    let mapping = TableMapping::from_toml(&mapping).expect("a mapping");
    let options = ReadOptions { mappings: vec![mapping], ..ReadOptions::default() };
    match tenantgraph::read(&[Input::new("keys.csv", text.replace("CANARY", CANARY))], &options) {
        Ok(estate) => of_estate(&estate),
        Err(error) => of_error(&error),
    }
}

#[test]
fn values_of_tables_stay_inside() {
    let read = of_table(TABLE, "fields.kind = { value = \"access_key\" }\nfields.fingerprint = \"value\"\n");
    assert!(read.contains("aws/1234/AKIAACMETILL") && read.contains("hmac-sha256:"), "the table is good");
    silent("as a fingerprint", &read);
    silent("said to be hashed", &of_table(TABLE, "fields.fingerprint = { column = \"value\", hashed = true }\n"));
    for field in ["created_at", "revoked", "dynamic", "kind", "storage", "environment"] {
        silent(field, &of_table(TABLE, &format!("fields.fingerprint = \"value\"\nfields.{field} = \"note\"\n")));
    }
    let states = "{ column = \"status\", values = { Active = false } }";
    silent("a word that stands for nothing", &of_table(TABLE, &format!("fields.revoked = {states}\n")));
    silent("no such column", &of_table(TABLE, "fields.fingerprint = \"nothing\"\n"));
}

#[test]
fn a_table_that_ends_in_a_value_or_is_no_table_does_not_show_it() {
    let fields = "fields.kind = { value = \"access_key\" }\nfields.fingerprint = \"value\"\nfields.created_at = \"made\"\n";
    for (at, _) in TABLE.match_indices("CANARY") {
        let cut = format!("{}{}", &TABLE[..at], &CANARY[..15]);
        silent("cut", &of_table(&cut, fields));
        silent("one more column", &of_table(&format!("{},CANARY,CANARY\n", &TABLE[..at]), fields));
        silent("an open quote", &of_table(&format!("{}\"CANARY\n", &TABLE[..at]), fields));
    }
    for name in ["secrets.csv", "relations.csv", "x.csv"] {
        for head in ["id,fingerprint,created_at", "record,id,fingerprint", "from,kind,to", "CANARY,id,x"] {
            let text = format!("{head}\nCANARY,CANARY,CANARY\n").replace("CANARY", CANARY);
            // An id is a name and shown; what stands in the other columns is not.
            let text = text.replacen(&format!("\n{CANARY},"), "\nk,", 1);
            silent(&format!("{name} {head}"), &of_inputs(&[Input::new(name, text.clone())], &[]));
            silent(&format!("{name} {head}"), &of_inputs(&[Input::new(name, text).format("table")], &[]));
        }
    }
}
