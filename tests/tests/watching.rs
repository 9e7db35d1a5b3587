//! Long calls look at their observer: as often as the work is long, and every look can stop it. Nothing here is timed.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use tenantgraph::importers::read_observed;
use tenantgraph::{ErrorCode, Estate, Input, Observer, ReadOptions, Result, door};

/// More than that many steps go by between two looks nowhere.
const A_LOOK: u64 = 1 << 14;
const ENTITIES: u64 = 18_000;

/// Counts looks, and stops the work at one.
#[derive(Default)]
struct Watch {
    looks: AtomicU64,
    stop: u64,
}

impl Observer for Watch {
    fn cancelled(&self) -> bool {
        self.looks.fetch_add(1, Relaxed) + 1 == self.stop
    }
}

/// Does work to its end, which must look often enough; then once more for some of its looks, each of which must stop it. How threads share ids may move the
/// number of looks by a few, so none of the last is among them.
fn watched<T>(name: &str, least: u64, work: impl Fn(&Watch) -> Result<T>) -> T {
    let watch = Watch::default();
    let answer = work(&watch).expect("nobody stops it");
    let looks = watch.looks.into_inner();
    assert!(looks >= least, "{name}: {looks} looks, and at least {least} are asked for");
    for stop in [looks / 3, looks * 3 / 4].into_iter().filter(|stop| *stop > 0) {
        let watch = Watch { stop, ..Watch::default() };
        let error = work(&watch).err().unwrap_or_else(|| panic!("{name}: look {stop} of {looks} stops nothing"));
        assert_eq!(error.code(), ErrorCode::Cancelled, "{name}");
        // This observer stops the work once only: work that did not hear it would look on to its end.
        assert!(watch.looks.into_inner() <= stop + 1, "{name}: it went on after look {stop} of {looks}");
    }
    answer
}

/// Tenants of both classes with identities and secrets, each secret for the identity before it; four relations an entity.
fn lines() -> String {
    let mut lines = String::new();
    for tenant in 0..100 {
        let environment = if tenant % 5 == 0 { "production" } else { "testing" };
        lines.push_str(&format!("{{\"record\":\"tenant\",\"id\":\"t{tenant}\",\"environment\":\"{environment}\"}}\n"));
    }
    let id = |at: u64| if at.is_multiple_of(3) { format!("s{at}") } else { format!("i{at}") };
    for at in 0..ENTITIES {
        let record = if at.is_multiple_of(3) { "secret" } else { "identity" };
        lines.push_str(&format!("{{\"record\":\"{record}\",\"id\":\"{}\",\"tenant\":\"t{}\"}}\n", id(at), at % 100));
    }
    for at in 0..ENTITIES {
        let own = id(at);
        for further in 1..=4 {
            let to = (at * 7 + further * 100) % ENTITIES;
            let (kind, to) = match (at.is_multiple_of(3), to.is_multiple_of(3)) {
                (true, _) => ("authenticates_as", id(to - to % 3 + 1)),
                (false, true) => ("uses", id(to)),
                (false, false) => ("assumes", id(to)),
            };
            lines.push_str(&format!("{{\"record\":\"relation\",\"from\":\"{own}\",\"kind\":\"{kind}\",\"to\":\"{to}\"}}\n"));
        }
    }
    lines
}

fn read(bytes: impl Into<Vec<u8>>, least: u64) -> Estate {
    let inputs = [Input::new("estate", bytes)];
    watched("read", least, |watch| read_observed(&inputs, &ReadOptions::default(), watch))
}

#[test]
fn every_long_call_looks_as_often_as_its_work_is_long_and_stops_where_it_is_told() {
    let relations = ENTITIES * 4;
    let steps = ENTITIES + relations;
    let estate = read(lines(), 2 * steps / A_LOOK);
    assert!(estate.len() as u64 > ENTITIES && estate.relations().len() as u64 > relations / 2);
    let json = watched("json", steps / 2 / A_LOOK, |watch| estate.to_document_json_observed(watch));
    watched("ndjson", steps / 2 / A_LOOK, |watch| estate.to_document_ndjson_observed(watch));
    let snapshot = watched("write a snapshot", 10, |watch| estate.to_snapshot_observed(watch));
    assert_eq!(read(json, steps / A_LOOK).content_hash(), estate.content_hash());
    assert_eq!(read(snapshot, 10).content_hash(), estate.content_hash());
    for question in door::QUESTIONS {
        let more = match question.name {
            "blast-radius" => r#","lost":"s0""#,
            "what-if" => r#","changes":{"remove":{"entities":["s0"]}}"#,
            _ => "",
        };
        let options = format!(r#"{{"as_of":"2026-05-01"{more}}}"#);
        let ask = |watch: &Watch| {
            let options = door::options(&options)?;
            match question.name {
                "diff" => door::ask_since(&estate, &estate, "diff", options, watch),
                name => door::ask(&estate, name, options, watch),
            }
        };
        // Every question goes over the entities at least once; rotation only over columns, ten million secrets in a few hundredths of a second.
        let least = if question.name == "rotation" { 1 } else { 1 + ENTITIES / A_LOOK };
        let answer = watched(question.name, least, ask);
        let length = answer.to_json().expect("JSON").len() as u64;
        watched("an answer as JSON", 0, |watch| answer.to_json_observed(watch));
        if length > 4 << 20 {
            let watch = Watch { stop: 1, ..Watch::default() };
            assert_eq!(answer.to_json_observed(&watch).expect_err("stopped").code(), ErrorCode::Cancelled, "{}", question.name);
        }
    }
}
