//! What the document promises: places, skipped records, refused frames, and that what is written is what is read.

use super::fields::{Field, Form};
use super::record::RecordType;
use crate::estate::{EstateBuilder, Skipped};
use crate::model::*;
use crate::{Error, ErrorCode, Estate, Input, ReadOptions, read};

fn read_text(text: impl Into<Vec<u8>>) -> Result<Estate, Error> {
    read(&[Input::new("e.json", text).format("tenantgraph")], &ReadOptions::default())
}

fn skipped(estate: &Estate) -> Vec<String> {
    estate.reading().skipped.iter().map(|Skipped { place, reason }| format!("{place}: {reason}")).collect()
}

fn relations(estate: &Estate) -> Vec<Relation> {
    estate.relations().map(|relation| relation.to_relation(estate)).collect()
}

const WHOLE: &str = r#"{ "format": "tenantgraph/1", "collected_at": "2026-05-01T00:00:00Z", "source": "a made-up estate",
  "tenants": [{"id": "t", "name": "Acme", "kind": "gcp_project", "environment": "testing", "parent": "org", "owner": "ann", "labels": {"env": "qa"},
    "created_at": "2024-01-01T00:00:00Z", "expires_at": "2027-01-01", "controls": {"mfa_required": true, "audit_logging": false, "monitored": null, "max_secret_age_days": 90}}],
  "identities": [{"id": "i", "name": "robot", "kind": "pipeline", "tenant": "t", "environment": "demo", "owner": "ann", "labels": {}, "enabled": true, "created_at": null,
    "expires_at": "2027-01-01T00:00:00+02:00", "last_used_at": "2026-04-30T10:00:00.5Z", "authentication": ["federated", "mfa"], "vendor": "globex"}],
  "secrets": [{"id": "s", "name": "key", "kind": "api_key", "tenant": "t", "environment": "demo", "owner": "ann", "labels": {"a": "b"}, "fingerprint": "hmac-sha256:00",
    "created_at": "2026-01-01T00:00:00Z", "rotated_at": "2026-02-01T00:00:00Z", "expires_at": "9999-12-31T23:59:59Z", "last_used_at": "2026-03-01T00:00:00Z",
    "dynamic": false, "revoked": false, "storage": "ci_variable", "exposures": [{"detector": "d", "location": "l", "verified": true, "found_at": "2026-01-02"}]}],
  "resources": [{"id": "r", "name": "bucket", "kind": "object_store", "tenant": "t", "environment": "demo", "owner": "ann", "labels": {}, "critical": true, "data": "masked"}],
  "relations": [{"from": "i", "kind": "reads", "to": "r", "requires": "control", "grants": "write", "also": [{"entity": "s", "right": "read"}], "guards": ["mfa", "approval"],
    "certainty": "possible", "permission": "roles/x", "granted_at": "2026-01-01T00:00:00Z", "valid_from": "2026-01-01T00:00:00Z", "valid_until": "2026-12-01T00:00:00Z",
    "last_used_at": "2026-02-01T00:00:00Z", "subject": "^repo:acme/.*$"}]
}"#;

#[test]
fn every_field_is_read_and_written() {
    let estate = read_text(WHOLE).expect("a document");
    assert_eq!(skipped(&estate), [""; 0]);
    for text in [estate.to_document_json(), estate.to_document_ndjson()] {
        let again = read_text(text.clone()).expect("what was written");
        assert_eq!(again.entities(), estate.entities());
        assert_eq!(relations(&again), relations(&estate));
        assert_eq!(if text.contains("\"record\"") { again.to_document_ndjson() } else { again.to_document_json() }, text);
    }
    assert_eq!(estate.reading().placeholders, ["org"]);
}

/// The table of fields and the model's own serde must know the same names, or a reason would name the wrong ones.
#[test]
fn the_table_of_fields_is_the_models() {
    let whole: serde_json::Value = serde_json::from_str(WHOLE).expect("JSON");
    for record_type in RecordType::ALL {
        let record = &whole[record_type.list()][0];
        let names: Vec<_> = record_type.fields().iter().map(|field| field.name).collect();
        let given = record.as_object().expect("an object");
        assert_eq!(given.len(), names.len(), "{}", record_type.word());
        assert!(names.iter().all(|name| given.contains_key(*name)), "{}", record_type.word());
        // With every field given, a further one is unknown to the model too.
        for name in names {
            assert!(record_type.parse(&record.to_string()).is_ok());
            let mut more = record.clone();
            more[format!("{name}x")] = 1.into();
            assert!(record_type.parse(&more.to_string()).is_err());
        }
    }
}

#[test]
fn a_bad_record_is_skipped_with_its_place_and_the_rest_is_read() {
    let text = "{\n \"tenants\": [\n  {\"id\": \"a\", \"canary\": \"canary\"},\n  {\"id\": \"b\", \"kind\": \"canary\"}, 7,\n  {\"name\": \"canary\"},\n  \
        {\"id\": \"c\",\n   \"created_at\": \"canary\"},\n  {\"id\": \"\"}, {\"id\": \"good\"}, {\"id\": \"good\"},\n  {\"id\": \"d\", \"id\": \"d\"},\n  \
        {\"id\": \"e\", \"labels\": {\"a\": 1}}, {\"id\": \"f\", \"controls\": {\"monitored\": \"canary\"}}, {\"id\": null}]}";
    let estate = read_text(text).expect("a document");
    assert_eq!(estate.len(), 1);
    let skipped = skipped(&estate);
    let starts = [
        "e.json:3:22 (record 1): a field that does not belong here; the fields are `id`, `name`, `kind`,",
        "e.json:4:30 (record 2, field `kind`): expected one of `entra_tenant`, ",
        "e.json:4:34 (record 3): expected an object of the fields `id`,",
        "e.json:5:20 (record 4, field `id`): it is missing",
        "e.json:7:25 (record 5, field `created_at`): expected an RFC 3339 instant",
        "e.json:8:3 (record 6, field `id`): it is empty",
        "e.json:8:31 (record 8, field `id`): an earlier record of this document has the same id",
        "e.json:9:18 (record 9, field `id`): it stands here twice",
        "e.json:10:31 (record 10, field `labels`): expected an object whose values are texts",
        "e.json:10:81 (record 11, field `controls.monitored`): expected `true` or `false`",
        "e.json:10:96 (record 12, field `id`): expected a text",
    ];
    for (skipped, start) in skipped.iter().zip(starts) {
        assert!(skipped.starts_with(start), "{skipped} / {start}");
    }
    assert_eq!(skipped.len(), starts.len());
    assert!(!skipped.join(" ").contains("canary"), "{skipped:#?}");
}

#[test]
fn the_value_of_a_secret_is_refused_and_never_shown() {
    for field in ["value", "secret", "password", "hunter2-canary"] {
        let record = format!("{{\"id\": \"s\", \"{field}\": \"hunter2-canary\"}}");
        for text in [format!("{{\"secrets\": [{record}]}}"), format!("{{\"record\": \"secret\", {}", &record[1..])] {
            let estate = read_text(text).expect("a document");
            assert!(estate.is_empty());
            assert_eq!(estate.reading().skipped.len(), 1);
            let shown = format!("{:?} {} {}", estate, estate.to_document_json(), estate.to_document_ndjson());
            assert!(!shown.contains("canary"), "{shown}");
        }
    }
}

#[test]
fn lines_are_records_wherever_their_type_stands() {
    let text = "\u{feff}{\"record\":\"estate\",\"format\":\"tenantgraph/1\"}\r\n\r\n{\"record\":\"tenant\",\"id\":\"t\"}\r\n \
        {\"id\":\"\\u0069\",\"record\":\"identity\",\"labels\":{\"\\u0061\":\"b\"}}\n{\"record\":\"relation\",\"from\":\"i\",\"kind\":\"reads\",\"to\":\"t\"}";
    let estate = read_text(text).expect("lines");
    assert_eq!(skipped(&estate), [""; 0]);
    assert_eq!((estate.len(), estate.relations().count()), (2, 1));
    assert_eq!(estate.reading().sources[0].records, 4);
}

#[test]
fn a_bad_line_is_skipped_with_its_place() {
    let lines: [&[u8]; 10] = [
        b"{\"record\":\"tenant\",\"id\":\"t\",\"canary\":1}",
        b"{\"record\":\"canary\",\"id\":\"t\"}",
        b"{\"id\":\"canary\"}",
        b"canary",
        b"[1]",
        b"{\"record\":\"tenant\",\"id\":\"canary",
        b"{\"record\":\"tenant\",\"id\":\"\xff\xfe\"}",
        b"{\"record\":\"tenant\",\"id\":\"t\",\"record\":\"tenant\"}",
        b"{\"record\":\"tenant\",\"id\":\"t\"} canary",
        b"{\"record\":\"relation\",\"from\":\"a\",\"kind\":\"same_secret\",\"to\":\"b\"}",
    ];
    let estate = read_text(lines.join(&b'\n')).expect("lines");
    let skipped = skipped(&estate);
    assert_eq!(estate.len(), 0);
    assert!(!skipped.join(" ").contains("canary"), "{skipped:#?}");
    let mut records: Vec<_> = estate.reading().skipped.iter().map(|it| (it.place.record, it.place.line)).collect();
    records.sort_unstable();
    // The last is found by the builder, which knows the record alone.
    assert_eq!(records, (1..=10).map(|record| (Some(record), Some(record).filter(|it| *it < 10))).collect::<Vec<_>>());
}

#[test]
fn a_broken_frame_is_an_error_with_its_place() {
    let deep = format!("{{\"tenants\": {}", "[".repeat(100_000));
    let cases: [(&[u8], ErrorCode, &str); 17] = [
        (b"", ErrorCode::InvalidInput, "e.json"),
        (b" \n ", ErrorCode::InvalidInput, "e.json"),
        (b"\x00\x01canary", ErrorCode::InvalidInput, "e.json"),
        (b"[]", ErrorCode::InvalidInput, "e.json"),
        (b"{\"tenants\": [{\"id\": \"canary", ErrorCode::InvalidInput, "e.json:1:27"),
        (b"{\"tenants\": [", ErrorCode::InvalidInput, "e.json:1:13"),
        (b"{\n\"tenants\": [}", ErrorCode::InvalidInput, "e.json:2:13"),
        (b"{} {}", ErrorCode::InvalidInput, "e.json:1:4"),
        (b"{\"format\": \"tenantgraph/2\"}", ErrorCode::InvalidDocument, "e.json:1:12 (field `format`)"),
        (b"{\"format\": 1}", ErrorCode::InvalidDocument, "e.json:1:12 (field `format`)"),
        (b"{\n \"canary\": []}", ErrorCode::InvalidDocument, "e.json:2:12"),
        (b"{\"tenants\": {}}", ErrorCode::InvalidDocument, "e.json:1:12 (field `tenants`)"),
        (b"{\"tenants\": null}", ErrorCode::InvalidDocument, "e.json:1:16 (field `tenants`)"),
        (b"{\"tenants\": [], \"tenants\": []}", ErrorCode::InvalidDocument, "e.json:1:18"),
        (b"{\"collected_at\": \"canary\"}", ErrorCode::InvalidDocument, "e.json:1:18 (field `collected_at`)"),
        (b"{\"record\": \"estate\", \"format\": \"canary\"}", ErrorCode::InvalidDocument, "e.json:1:1 (field `format`)"),
        (deep.as_bytes(), ErrorCode::InvalidInput, "e.json:1:100012"),
    ];
    for (text, code, place) in cases {
        let error = read_text(text).expect_err("a broken frame");
        let shown = String::from_utf8_lossy(&text[..text.len().min(60)]);
        assert_eq!(error.code(), code, "{shown}: {error}");
        assert_eq!(error.place().expect("a place").to_string(), place, "{shown}: {error}");
        assert!(!error.to_string().contains("canary"), "{error}");
    }
}

#[test]
fn depth_within_a_record_skips_it() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    for record in [format!("{{\"id\":\"a\",\"labels\":{deep}}}"), format!("{{\"id\":\"a\",\"x\":{deep}}}"), deep.clone()] {
        let estate = read_text(format!("{{\"tenants\":[{record},{{\"id\":\"b\"}}]}}")).expect("a document");
        assert_eq!((estate.len(), estate.reading().skipped.len()), (1, 1));
    }
}

#[test]
fn documents_are_told_by_their_first_object() {
    let detects = super::looks_like_document;
    for text in
        [WHOLE, "{\"tenants\":[],\"format\":\"tenantgraph/2\"}", "{\"id\":\"a\",\"record\":\"secret\"}", "\u{feff} {\"record\":\"estate\"}"]
    {
        assert!(detects(text.as_bytes()), "{text}");
    }
    for text in
        ["", "{}", "[]", "id,record", "{\"record\":\"robot\"}", "{\"format\":\"other\"}", "{\"resources\":[]}", "{\"record\":1}", "\u{0}"]
    {
        assert!(!detects(text.as_bytes()), "{text}");
    }
    let cut = format!("{{\"format\":\"tenantgraph/1\",\"tenants\":[{}", "7,".repeat(1 << 20));
    assert!(detects(cut.as_bytes()));
}

#[test]
fn every_wrong_value_of_every_field_is_told_by_its_field() {
    for record_type in RecordType::ALL {
        let whole: serde_json::Value = serde_json::from_str(WHOLE).expect("JSON");
        for field in record_type.fields() {
            let mut record = whole[record_type.list()][0].clone();
            record[field.name] = wrong(field);
            let fault = record_type.parse(&record.to_string()).err().expect("a wrong value");
            let at = fault.field.expect("a field");
            assert!(at == field.name || at.starts_with(&format!("{}.", field.name)), "{at} {}", field.name);
            assert!(!fault.reason.contains("canary"), "{}", fault.reason);
        }
    }
}

fn wrong(field: &Field) -> serde_json::Value {
    match &field.form {
        Form::Text | Form::Flag | Form::Labels => serde_json::json!(["canary"]),
        Form::Instant | Form::Word(_) | Form::Days => serde_json::json!("canary"),
        Form::Words(_) => serde_json::json!(["canary"]),
        Form::Object(fields) => serde_json::json!({ fields[0].name: "canary" }),
        Form::Objects(fields) => serde_json::json!([{ fields[0].name: 7 }]),
    }
}

/// A small generator, so that random estates need no crate: the same seed gives the same estate.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn maybe<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(2) == 0).then(|| value(self))
    }

    fn id(&mut self) -> String {
        format!("{}{}", self.pick(&["a", "b,\"", "c\\", "é", "\u{1}", "x/y[z]"]), self.below(12))
    }

    fn instant(&mut self) -> Instant {
        Instant::from_unix_microseconds(self.below(1 << 31) as i64 * 1_500_001 - 1_000_000_000_000_000)
    }

    fn add_entity(&mut self, builder: &mut EstateBuilder) {
        let (id, name, tenant, owner) = (self.id(), self.maybe(Self::id), self.maybe(Self::id), self.maybe(Self::id));
        let environment = self.maybe(|it| it.pick(Environment::ALL));
        let labels = (0..self.below(3)).map(|_| (self.id(), self.id())).collect();
        let (created_at, expires_at) = (self.maybe(Self::instant), self.maybe(Self::instant));
        match self.below(4) {
            0 => {
                let controls =
                    Controls { monitored: self.maybe(|_| true), max_secret_age_days: self.maybe(|_| u32::MAX), ..Controls::default() };
                let kind = self.pick(TenantKind::ALL);
                builder.add(Tenant {
                    name,
                    environment,
                    parent: tenant,
                    owner,
                    labels,
                    created_at,
                    expires_at,
                    controls,
                    ..Tenant::new(id, kind)
                });
            }
            1 => {
                let authentication = self.maybe(|it| vec![it.pick(Authentication::ALL)]).unwrap_or_default();
                let kind = self.pick(IdentityKind::ALL);
                let (enabled, vendor) = (self.maybe(|_| false), self.maybe(Self::id));
                let new = Identity {
                    name,
                    tenant,
                    environment,
                    owner,
                    labels,
                    created_at,
                    expires_at,
                    enabled,
                    vendor,
                    ..Identity::new(id, kind)
                };
                builder.add(Identity { authentication, last_used_at: self.maybe(Self::instant), ..new });
            }
            2 => {
                let exposure = |it: &mut Self| Exposure {
                    detector: it.maybe(Self::id),
                    location: it.maybe(Self::id),
                    verified: it.maybe(|_| true),
                    found_at: it.maybe(Self::instant),
                };
                let new = Secret {
                    name,
                    tenant,
                    environment,
                    owner,
                    labels,
                    created_at,
                    expires_at,
                    ..Secret::new(id, self.pick(SecretKind::ALL))
                };
                let (dynamic, revoked, fingerprint) = (self.maybe(|_| true), self.maybe(|_| true), self.maybe(Self::id));
                let (storage, exposures) =
                    (self.maybe(|it| it.pick(Storage::ALL)), self.maybe(|it| vec![exposure(it)]).unwrap_or_default());
                builder.add(Secret { dynamic, revoked, fingerprint, storage, exposures, rotated_at: self.maybe(Self::instant), ..new });
            }
            _ => {
                let (critical, data) = (self.maybe(|_| true), self.maybe(|it| it.pick(DataKind::ALL)));
                builder.add(Resource {
                    name,
                    tenant,
                    environment,
                    owner,
                    labels,
                    critical,
                    data,
                    ..Resource::new(id, self.pick(ResourceKind::ALL))
                });
            }
        }
    }

    fn relation(&mut self) -> Relation {
        let mut relation = Relation::new(self.id(), self.pick(RelationKind::ALL), self.id());
        relation.requires = self.maybe(|it| it.pick(Right::ALL));
        relation.grants = self.maybe(|it| it.pick(Right::ALL));
        relation.also = (0..self.below(3)).map(|_| Premise { entity: self.id(), right: self.pick(Right::ALL) }).collect();
        relation.guards = (0..self.below(3)).map(|_| self.pick(Guard::ALL)).collect();
        relation.certainty = self.pick(Certainty::ALL);
        relation.permission = self.maybe(Self::id);
        relation.valid_from = self.maybe(Self::instant);
        relation.last_used_at = self.maybe(Self::instant);
        relation.subject = self.maybe(Self::id);
        relation
    }
}

#[test]
fn random_estates_survive_both_forms() {
    for seed in 0..300 {
        let mut random = Random(seed);
        let mut builder = Estate::builder();
        (0..random.below(12)).for_each(|_| random.add_entity(&mut builder));
        (0..random.below(20)).for_each(|_| builder.relate(random.relation()));
        let estate = builder.build();
        let placeholders = |estate: &Estate| estate.reading().placeholders.clone();
        for text in [estate.to_document_json(), estate.to_document_ndjson()] {
            let again = read_text(text).expect("what was written");
            assert_eq!(skipped(&again), [""; 0], "seed {seed}");
            assert_eq!(again.entities(), estate.entities(), "seed {seed}");
            assert_eq!(relations(&again), relations(&estate), "seed {seed}");
            assert_eq!(placeholders(&again), placeholders(&estate), "seed {seed}");
        }
    }
}
