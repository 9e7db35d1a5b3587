//! One program for every reader: `READER=aws readers CORPUS…` feeds it what libFuzzer thinks of, and stops at a panic, at a reading that takes more than a second
//! a megabyte or more than ten times the memory of its input, and at an estate that hangs on the order of its files. `make fuzz` builds and runs it.
//! With SHOW set it prints what a file takes and stops at nothing, for a profiler.

#![no_main]

mod files;
mod mutation;

use files::files;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use peak_alloc::PeakAlloc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tenantgraph::estate::FingerprintKey;
use tenantgraph::importers::IMPORTERS;
use tenantgraph::policy::Policy;
use tenantgraph::{Estate, Input, ReadOptions};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;
/// The most memory that a reading of this input took.
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// What an input of no bytes may take: tables of roles and permissions, buffers.
const LEAST_MEMORY: usize = 4 << 20;
/// How many times its own size an input may take.
const MEMORY_TIMES: usize = 10;
/// How long an input may take for each megabyte that it begins.
const SECOND_A_MEGABYTE: Duration = Duration::from_secs(1);
/// What is fed besides the formats.
const OTHERS: [&str; 5] = ["detect", "labels", "policy", "changes", "snapshot"];
/// How often a slow or large reading is repeated before it counts: the machine may have been busy, and what is made once counts for no input.
const REPEATS: usize = 4;

fuzz_target!(|data: &[u8]| run(data));

fuzz_mutator!(|data: &mut [u8], size: usize, most: usize, seed: u32| {
    match mutation::mutated(&data[..size], most, seed) {
        Some(mutated) => {
            data[..mutated.len()].copy_from_slice(&mutated);
            mutated.len()
        }
        None => libfuzzer_sys::fuzzer_mutate(data, size, most),
    }
});

/// What is fed: a format of the readers, `detect` for whichever reader recognises the input, or one of the other texts that people write.
fn reader() -> &'static str {
    static READER: OnceLock<String> = OnceLock::new();
    READER.get_or_init(|| {
        let reader = std::env::var("READER").unwrap_or_else(|_| "detect".into());
        let known = IMPORTERS.iter().map(|importer| importer.format()).chain(OTHERS).any(|known| known == reader);
        assert!(known, "no reader `{reader}`; set READER to a format or to one of {OTHERS:?}");
        // What is made once is made now, so that no input pays for it.
        let _ = measured(&reader, b"");
        reader
    })
}

fn run(data: &[u8]) {
    let reader = reader();
    let limit = SECOND_A_MEGABYTE * (1 + data.len() as u32 / 1_000_000);
    // A policy and changes are pages that somebody wrote: their parsers, which keep a token for each bracket and a record for each `{}`, may have more.
    let times = if ["policy", "changes"].contains(&reader) { 4 * MEMORY_TIMES } else { MEMORY_TIMES };
    let most = LEAST_MEMORY + times * data.len();
    let (mut taken, mut peak) = measured(reader, data);
    for _ in 1..REPEATS {
        if taken > limit || peak > most {
            let again = measured(reader, data);
            (taken, peak) = (taken.min(again.0), peak.min(again.1));
        }
    }
    if std::env::var_os("SHOW").is_some() {
        eprintln!("{taken:?} and {peak} bytes of memory for {} bytes", data.len());
        return;
    }
    assert!(taken <= limit, "{taken:?} for {} bytes", data.len());
    assert!(peak <= most, "{peak} bytes of memory for {} bytes", data.len());
}

/// How long it took, and how much memory at the peak of a reading. Whoever else wants the processor meanwhile does not count, nor does what is compared here.
fn measured(reader: &str, data: &[u8]) -> (Duration, usize) {
    PEAK.store(0, Ordering::Relaxed);
    let (start, worked) = (Instant::now(), processor());
    fed(reader, data);
    (start.elapsed().min(processor() - worked), PEAK.load(Ordering::Relaxed))
}

/// Notes what something takes beyond what is in use.
fn noted<T>(run: impl FnOnce() -> T) -> T {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let made = run();
    PEAK.fetch_max(MEMORY.peak_usage().saturating_sub(before), Ordering::Relaxed);
    made
}

/// What all threads of this program worked so far, in steps of ten milliseconds: proc(5), fields `utime` and `stime`.
fn processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux tells it");
    let ticks = stat.rsplit(')').next().into_iter().flat_map(str::split_whitespace).skip(11).take(2);
    Duration::from_millis(10 * ticks.filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>())
}

fn fed(reader: &str, data: &[u8]) {
    let text = || String::from_utf8_lossy(data);
    match reader {
        "policy" => drop(noted(|| Policy::from_toml(&text()).and_then(|policy| Policy::from_json(&policy.to_json())))),
        "changes" => {
            drop(noted(|| tenantgraph::estate::Changes::from_json("changes", &text()).and_then(|changes| small().with_changes(&changes))))
        }
        "snapshot" => drop(noted(|| Estate::from_snapshot(data))),
        "labels" => drop(read(&[], data)),
        "detect" => in_both_orders(files(data)),
        format => in_both_orders(files(data).into_iter().map(|input| input.format(format)).collect()),
    }
}

/// The same files give the same estate in whatever order they come.
fn in_both_orders(mut inputs: Vec<Input>) {
    let forward = read(&inputs, b"");
    if inputs.len() < 2 || inputs.iter().enumerate().any(|(at, input)| inputs[..at].iter().any(|other| other.name == input.name)) {
        return;
    }
    inputs.reverse();
    let backward = read(&inputs, b"");
    let said = |estate: &Option<Estate>| estate.as_ref().map(Estate::to_document_ndjson);
    assert!(said(&forward) == said(&backward), "the order of the files tells");
}

fn read(inputs: &[Input], labels: &[u8]) -> Option<Estate> {
    let key = FingerprintKey::from_bytes(b"a key of sixteen bytes or more").ok();
    let labels = if labels.is_empty() { Vec::new() } else { vec![Input::new("labels.csv", labels)] };
    let options = ReadOptions { key, labels, unpacked_limit: Some(1 << 20), ..ReadOptions::default() };
    noted(|| tenantgraph::read(inputs, &options).ok())
}

/// An estate for changes to be made in.
fn small() -> Estate {
    let document = br#"{"format": "tenantgraph/1", "tenants": [{"id": "a"}, {"id": "b"}], "identities": [{"id": "robot", "tenant": "a"}],
        "relations": [{"from": "robot", "kind": "administers", "to": "b"}]}"#;
    read(&[Input::new("small", document.as_slice())], b"").expect("a good document")
}
