//! How long each long call goes without a look at its observer: `watched small|medium`. Prints the longest such time of each, in processor time.

use std::fs;
use std::sync::Mutex;
use tenantgraph::analysis::BlastRadiusOptions;
use tenantgraph::estate::EntityIndex;
use tenantgraph::graph::{Graph, GraphOptions};
use tenantgraph::importers::read_observed;
use tenantgraph::model::Instant;
use tenantgraph::{Estate, Input, Observer, ReadOptions, door};
use tenantgraph_benches::digraph::Digraph;

fn main() {
    let large = std::env::args().nth(1).is_some_and(|size| size == "medium");
    let digraph = if large { Digraph::medium() } else { Digraph::small() };
    let path = std::env::temp_dir().join(format!("watched-{}.ndjson", std::process::id()));
    digraph.write_ndjson(&path).expect("the folder for temporary files is writable");
    let inputs = [Input::new("estate.ndjson", fs::read(&path).expect("it was just written"))];
    fs::remove_file(&path).expect("it was just written");
    let estate = watched("read", |watch| read_observed(&inputs, &ReadOptions::default(), watch).expect("the seeded text is valid"));
    drop(inputs);
    let snapshot = watched("write snapshot", |watch| estate.to_snapshot_observed(watch).expect("nobody cancels"));
    let inputs = [Input::new("estate.snapshot", snapshot)];
    watched("open snapshot", |watch| read_observed(&inputs, &ReadOptions::default(), watch).expect("it was just written"));
    drop(inputs);
    let as_of = Instant::parse("2026-05-01").expect("a date");
    watched("compile", |watch| Graph::compile(&estate, GraphOptions::at(as_of), watch).expect("nobody cancels"));
    let secret = BlastRadiusOptions::of([estate.entity(EntityIndex(0)).id()]).lost.remove(0);
    let id = format!(r#","lost":"{secret}""#);
    let changes = format!(r#","changes":{{"remove":{{"entities":["{secret}"]}}}}"#);
    let asked =
        [("reach", ""), ("matrix", ""), ("blast-radius", &id), ("cuts", ""), ("isolation", ""), ("assess", ""), ("what-if", &changes)];
    for (question, more) in asked {
        watched(question, |watch| answered(&estate, question, more, watch));
    }
    let options = door::options(r#"{"as_of":"2026-05-01"}"#).expect("valid options");
    watched("diff", |watch| door::ask_since(&estate, &estate, "diff", options, watch).map(|_| ()).expect("nobody cancels"));
}

fn answered(estate: &Estate, question: &str, more: &str, watch: &Watch) {
    let options = door::options(&format!(r#"{{"as_of":"2026-05-01"{more}}}"#)).expect("valid options");
    door::ask(estate, question, options, watch).map(|_| ()).expect("nobody cancels");
}

fn watched<T>(name: &str, call: impl FnOnce(&Watch) -> T) -> T {
    let watch = Watch(Mutex::new(Looks { last: ran(), at: (0, 0), all: 0, gaps: Vec::new() }));
    let began = ran();
    let answer = call(&watch);
    watch.look((u64::MAX, 0));
    let mut looks = watch.0.into_inner().expect("no look panics");
    looks.gaps.sort_by(|one, other| other.0.total_cmp(&one.0));
    println!("{name:<15} {:>7.0} ms, {:>6} looks; longest:", (ran() - began) * 1e3, looks.all);
    for (gap, after, before) in looks.gaps.iter().take(4) {
        println!("    {:>6.0} ms between {after:?} and {before:?}", gap * 1e3);
    }
    answer
}

/// Steps behind and in all, as an observer is told.
type At = (u64, u64);

struct Watch(Mutex<Looks>);

struct Looks {
    last: f64,
    at: At,
    all: u64,
    gaps: Vec<(f64, At, At)>,
}

impl Watch {
    fn look(&self, at: At) {
        let mut looks = self.0.lock().expect("no look panics");
        let now = ran();
        let gap = (now - looks.last, looks.at, at);
        looks.gaps.push(gap);
        looks.all += 1;
        (looks.last, looks.at) = (now, at);
    }
}

impl Observer for Watch {
    fn progress(&self, done: u64, total: u64) {
        self.look((done, total));
    }
}

/// The seconds that this thread ran.
fn ran() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|text| text.parse::<f64>().ok()).unwrap_or_default() / 1e9
}
