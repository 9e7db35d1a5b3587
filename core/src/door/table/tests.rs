//! The tables hold what the document holds: an estate goes through either and comes back the same.

use super::{estate_table, table_input};
use crate::estate::Estate;
use crate::importers::{Input, ReadOptions, read};
use crate::report::table::{ArrowForm, to_arrow, to_parquet};
use crate::{Error, ErrorCode};
use arrow_array::builder::{MapBuilder, StringBuilder};
use arrow_array::types::Int8Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, Date32Array, DictionaryArray, Float64Array, LargeStringArray, RecordBatch, StringArray, StringViewArray,
    StructArray, TimestampNanosecondArray, TimestampSecondArray,
};
use arrow_schema::{DataType, Field};
use std::sync::Arc;

const DOCUMENT: &str = r#"{"format": "tenantgraph/1",
  "tenants": [
    {"id": "acme-test", "name": "Acme test", "kind": "gcp_project", "environment": "testing", "parent": "acme", "owner": "ann",
     "labels": {"team": "core", "tier": "\"2\""}, "created_at": "2024-01-02T03:04:05.678901Z", "expires_at": "9999-12-31T23:59:59Z",
     "controls": {"mfa_required": true, "max_secret_age_days": 90}},
    {"id": "acme"}],
  "identities": [
    {"id": "robot", "kind": "pipeline", "tenant": "acme-test", "enabled": false, "last_used_at": "1969-12-31T23:59:59.999999Z",
     "authentication": ["password", "mfa"], "vendor": "globex"}],
  "secrets": [
    {"id": "key", "kind": "access_key", "tenant": "acme", "fingerprint": "ab12", "rotated_at": "2025-01-01T00:00:00Z", "dynamic": false,
     "revoked": true, "storage": "source_code", "exposures": [{"detector": "scanner", "verified": true, "found_at": "2025-02-01T00:00:00Z"}]}],
  "resources": [{"id": "store", "kind": "object_store", "tenant": "acme", "critical": true, "data": "masked"}],
  "relations": [
    {"from": "key", "kind": "authenticates_as", "to": "robot"},
    {"from": "robot", "kind": "custom", "to": "store", "requires": "write", "grants": "read", "also": [{"entity": "key", "right": "read"}],
     "guards": ["mfa", "network"], "certainty": "possible", "permission": "store.look", "granted_at": "2025-03-01T00:00:00Z",
     "valid_from": "2025-03-02T00:00:00Z", "valid_until": "2025-03-03T00:00:00Z", "last_used_at": "2025-03-04T00:00:00Z", "subject": "^repo:"},
    {"from": "robot", "kind": "unmapped", "to": "nowhere", "permission": "unheard.of"}]}"#;

const TABLES: [&str; 5] = ["tenants", "identities", "secrets", "resources", "relations"];

fn read_one(input: Input) -> Estate {
    let estate = read(&[input], &ReadOptions::default()).expect("an input");
    assert!(estate.reading().skipped.is_empty(), "{:?}", estate.reading().skipped);
    estate
}

fn of_table(name: &str, columns: Vec<(&str, ArrayRef)>) -> Result<Estate, Error> {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).expect("a batch");
    read(&[table_input("tables", Some(name), &[batch])?], &ReadOptions::default())
}

#[test]
fn an_estate_comes_back_from_its_tables_as_it_was() {
    let estate = read_one(Input::new("estate.json", DOCUMENT));
    let tables = TABLES.map(|name| {
        let table = estate_table(&estate, name).expect("a table");
        table_input(&format!("tables.{name}"), Some(name), &[table]).expect("an input")
    });
    let back = read(&tables, &ReadOptions::default()).expect("five tables");
    assert_eq!(back.to_document_json(), estate.to_document_json());
}

#[test]
fn an_estate_comes_back_from_one_file_as_it_was() {
    let estate = read_one(Input::new("estate.json", DOCUMENT));
    let written = [to_parquet(&estate), to_arrow(&estate, ArrowForm::File), to_arrow(&estate, ArrowForm::Stream)];
    for bytes in written.map(|written| written.expect("a file")) {
        assert_eq!(read_one(Input::new("estate", bytes)).to_document_json(), estate.to_document_json());
    }
}

#[test]
fn the_columns_are_the_fields_of_the_document() {
    use crate::estate::document::RecordType;
    let estate = Estate::builder().build();
    for (name, record) in TABLES.into_iter().zip(RecordType::ALL) {
        let schema = estate_table(&estate, name).expect("a table").schema();
        let fields: Vec<_> = record.fields().iter().map(|field| field.name).collect();
        assert_eq!(schema.fields().iter().map(|field| field.name()).collect::<Vec<_>>(), fields, "{name}");
    }
}

#[test]
fn columns_of_other_makers_are_understood() {
    let mut labels = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    labels.keys().append_value("team");
    labels.values().append_value("core");
    labels.append(true).expect("an entry");
    let controls = StructArray::from(vec![
        (Arc::new(Field::new("monitored", DataType::Boolean, true)), Arc::new(BooleanArray::from(vec![Some(true)])) as ArrayRef),
        (Arc::new(Field::new("max_secret_age_days", DataType::Float64, true)), Arc::new(Float64Array::from(vec![Some(90.0)]))),
        (Arc::new(Field::new("mfa_required", DataType::Boolean, true)), Arc::new(BooleanArray::from(vec![None]))),
    ]);
    let kinds: DictionaryArray<Int8Type> = [Some("gcp_project")].into_iter().collect();
    let estate = of_table(
        "tenants",
        vec![
            ("id", Arc::new(LargeStringArray::from(vec!["acme"]))),
            ("name", Arc::new(StringViewArray::from(vec!["Acme, a name longer than twelve bytes"]))),
            ("kind", Arc::new(kinds)),
            ("labels", Arc::new(labels.finish())),
            ("created_at", Arc::new(Date32Array::from(vec![20_000]))),
            ("expires_at", Arc::new(TimestampSecondArray::from(vec![253_402_300_799]))),
            ("controls", Arc::new(controls)),
            ("__index_level_0__", Arc::new(Float64Array::from(vec![0.5]))),
        ],
    )
    .expect("an estate");
    let tenant = estate.entities().get(0).expect("an entity").as_tenant().expect("a tenant");
    assert_eq!((tenant.kind.as_str(), &tenant.labels["team"]), ("gcp_project", "core"));
    assert_eq!(tenant.created_at.map(|at| at.to_string()).as_deref(), Some("2024-10-04T00:00:00Z"));
    assert_eq!(tenant.expires_at, Some(crate::model::Instant::NEVER));
    assert_eq!(
        (tenant.controls.monitored, tenant.controls.max_secret_age_days, tenant.controls.mfa_required),
        (Some(true), Some(90), None)
    );
}

#[test]
fn nanoseconds_before_1970_round_down() {
    let columns: Vec<(&str, ArrayRef)> =
        vec![("id", Arc::new(StringArray::from(vec!["key"]))), ("created_at", Arc::new(TimestampNanosecondArray::from(vec![-1])))];
    let estate = of_table("secrets", columns).expect("an estate");
    let created = estate.entities().get(0).expect("an entity").as_secret().and_then(|secret| secret.created_at);
    assert_eq!(created.map(|at| at.to_string()).as_deref(), Some("1969-12-31T23:59:59.999999Z"));
}

#[test]
fn what_is_no_table_of_the_document_is_refused_and_never_quoted() {
    let id = || ("id", Arc::new(StringArray::from(vec!["a"])) as ArrayRef);
    let binary = || Arc::new(arrow_array::BinaryArray::from(vec![&b"hunter2"[..]])) as ArrayRef;
    let hunter = || Arc::new(StringArray::from(vec!["hunter2"])) as ArrayRef;
    for (table, columns, code) in [
        ("people", vec![id()], ErrorCode::InvalidOption),
        ("tenants", vec![id(), ("hunter2", hunter())], ErrorCode::InvalidDocument),
        ("tenants", vec![("name", hunter())], ErrorCode::InvalidDocument),
        ("relations", vec![("from", hunter()), ("to", hunter())], ErrorCode::InvalidDocument),
        ("tenants", vec![id(), ("name", binary())], ErrorCode::InvalidDocument),
        ("tenants", vec![id(), id()], ErrorCode::InvalidDocument),
    ] {
        let error = of_table(table, columns).expect_err("no table of the document");
        assert_eq!(error.code(), code, "{error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
    let estate = of_table("tenants", vec![id(), ("labels", hunter())]).expect("an estate");
    assert_eq!(estate.reading().skipped[0].place.to_string(), "tables (record 1, field `labels`)");
}

#[test]
fn a_table_of_nothing_has_its_columns() {
    let batch = estate_table(&Estate::builder().build(), "relations").expect("a table");
    assert_eq!((batch.num_rows(), batch.num_columns()), (0, 14));
    assert!(batch.columns().iter().all(|column| column.is_empty()));
    let error = estate_table(&Estate::builder().build(), "hunter2").expect_err("no table");
    assert_eq!(error.code(), ErrorCode::InvalidOption);
}
