//! Reads lines in chunks, on several threads where there are: what comes out is the same, whatever their number.

use super::plain::plain_relation;
use super::reader::checked;
use super::record::{Line, Record};
use crate::estate::builder::{Batch, Numbers};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

/// How much a thread reads at a time.
const CHUNK: usize = 1 << 18;
/// How many chunks may wait for each thread.
const WAITING: usize = 8;

/// What stands in a chunk.
#[derive(Default)]
pub(super) struct Chunk {
    /// Where it ends in the input.
    pub end: usize,
    /// Its lines, but for blank ones.
    pub records: u64,
    /// Its plain relations, by the numbers of the thread that read it.
    pub plain: Batch,
    pub thread: usize,
    /// The other lines, in order: which record each is, from 1, where it starts, and what was read.
    pub others: Vec<(u32, usize, Other)>,
}

/// A line that is no plain relation.
pub(super) enum Other {
    Record(Record),
    /// A header, a line whose type does not come first, or a bad line.
    Odd,
}

/// Reads all lines and gives their chunks in order. Gives the numbers of each thread back.
///
/// # Errors
/// The first that `take` gives; the rest is then not read.
pub(super) fn read_lines<E>(bytes: &[u8], take: impl FnMut(Chunk) -> Result<(), E>) -> Result<Vec<Numbers>, E> {
    read_on(thread::available_parallelism().map_or(1, usize::from), bytes, take)
}

fn read_on<E>(threads: usize, bytes: &[u8], mut take: impl FnMut(Chunk) -> Result<(), E>) -> Result<Vec<Numbers>, E> {
    let chunks = chunks(bytes);
    let threads = threads.min(chunks.len());
    if threads < 2 {
        return read_here(bytes, &chunks, take);
    }
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        let (sender, receiver) = sync_channel(threads * WAITING);
        let work = |number: usize| {
            let (sender, next, stop, chunks) = (sender.clone(), &next, &stop, &chunks);
            move || {
                let mut numbers = Numbers::default();
                while let Some((at, chunk)) = following(next, stop, chunks) {
                    if sender.send((at, read(bytes, chunk, number, &mut numbers))).is_err() {
                        break;
                    }
                }
                numbers
            }
        };
        // A platform may have no thread left to give, or none at all.
        let working: Vec<_> = (0..threads).map_while(|number| thread::Builder::new().spawn_scoped(scope, work(number)).ok()).collect();
        drop(sender);
        if working.is_empty() {
            return read_here(bytes, &chunks, take);
        }
        let taken = in_order(receiver, &mut take);
        stop.store(true, Ordering::Relaxed);
        let numbers = working.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect();
        taken.map(|()| numbers)
    })
}

/// Takes chunks in the order of the input, whatever order they come in.
fn in_order<E>(chunks: Receiver<(usize, Chunk)>, take: &mut impl FnMut(Chunk) -> Result<(), E>) -> Result<(), E> {
    let mut early = std::collections::BTreeMap::new();
    let mut wanted = 0;
    for (at, chunk) in chunks {
        early.insert(at, chunk);
        while let Some(chunk) = early.remove(&wanted) {
            take(chunk)?;
            wanted += 1;
        }
    }
    Ok(())
}

fn following(next: &AtomicUsize, stop: &AtomicBool, chunks: &[Range<usize>]) -> Option<(usize, Range<usize>)> {
    if stop.load(Ordering::Relaxed) {
        return None;
    }
    let at = next.fetch_add(1, Ordering::Relaxed);
    Some((at, chunks.get(at)?.clone()))
}

fn read_here<E>(bytes: &[u8], chunks: &[Range<usize>], mut take: impl FnMut(Chunk) -> Result<(), E>) -> Result<Vec<Numbers>, E> {
    let mut numbers = Numbers::default();
    for chunk in chunks {
        take(read(bytes, chunk.clone(), 0, &mut numbers))?;
    }
    Ok(vec![numbers])
}

/// Cuts at the ends of lines.
fn chunks(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut chunks = Vec::with_capacity(bytes.len() / CHUNK + 1);
    let mut start = 0;
    while start < bytes.len() {
        let least = (start + CHUNK).min(bytes.len());
        let end = bytes[least..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| least + length + 1);
        chunks.push(start..end);
        start = end;
    }
    chunks
}

/// Reads the lines of a chunk.
fn read(bytes: &[u8], range: Range<usize>, thread: usize, numbers: &mut Numbers) -> Chunk {
    let mut chunk = Chunk { end: range.end, thread, ..Chunk::default() };
    let mut start = range.start;
    for line in bytes[range].split_inclusive(|byte| *byte == b'\n') {
        let trimmed = line.trim_ascii_start();
        let at = start + line.len() - trimmed.len();
        start += line.len();
        if trimmed.is_empty() {
            continue;
        }
        chunk.records += 1;
        let record = chunk.records as u32;
        let text = std::str::from_utf8(trimmed.trim_ascii_end());
        let relation = text.ok().and_then(plain_relation);
        if !relation.is_some_and(|relation| chunk.plain.relate(relation, record, numbers)) {
            let read = text.ok().and_then(|text| serde_json::from_str(text).ok()).and_then(|Line(record)| checked(record).ok());
            chunk.others.push((record, at, read.map_or(Other::Odd, Other::Record)));
        }
    }
    chunk
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estate::EstateBuilder;
    use std::convert::Infallible;

    /// What lines say, and the record, place and kind of each that is no plain relation.
    fn account(bytes: &[u8], threads: usize) -> (String, Vec<(u64, usize, bool)>) {
        let mut builder = EstateBuilder::new();
        builder.source("lines", "tenantgraph");
        let (mut batches, mut others) = (Vec::new(), Vec::new());
        let numbers = read_on(threads, bytes, |chunk| {
            let before = builder.records(chunk.records);
            let tell = |(record, at, other)| (before + u64::from(record), at, matches!(other, Other::Odd));
            others.extend(chunk.others.into_iter().map(tell));
            batches.push((chunk.thread, before, chunk.plain));
            Ok::<(), Infallible>(())
        });
        builder.relate_batches(numbers.unwrap_or_else(|never| match never {}), batches);
        (builder.build().to_document_ndjson(), others)
    }

    #[test]
    fn the_number_of_threads_does_not_show() {
        let mut text = String::from("{\"record\":\"estate\",\"format\":\"tenantgraph/1\"}\r\n\n");
        for at in 0..20_000_u32 {
            let (from, to) = (at.wrapping_mul(2_654_435_761) % 5_000, at % 4_999);
            match at % 100 {
                0 => text.push_str("noise\n"),
                1 => text.push_str(&format!("  {{\"record\":\"identity\",\"id\":\"{from}\"}}\n")),
                _ => text.push_str(&format!(
                    "{{\"record\":\"relation\",\"from\":\"{from}\",\"kind\":\"reads\",\"to\":\"{to}\",\"permission\":\"p{}\"}}\n",
                    at % 7
                )),
            }
        }
        assert!(text.len() > 4 * CHUNK);
        let one = account(text.as_bytes(), 1);
        assert_eq!(one.1[..3], [(1, 0, true), (2, 47, true), (3, 55, false)]);
        for threads in [2, 3, 8] {
            assert!(account(text.as_bytes(), threads) == one, "{threads} threads");
        }
    }

    #[test]
    fn an_error_stops_every_thread() {
        let text = "noise\n".repeat(CHUNK);
        let mut taken = 0;
        let stopped = read_on(4, text.as_bytes(), |_| {
            taken += 1;
            if taken < 2 { Ok(()) } else { Err("stop") }
        });
        assert_eq!((stopped.err(), taken), (Some("stop"), 2));
    }
}
