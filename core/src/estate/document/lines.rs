//! Reads lines in chunks, on several threads where there are: what comes out is the same, whatever their number.

use super::plain::plain_line;
use super::reader::checked;
use super::record::{Line, Record, RecordType};
use crate::estate::builder::{Batch, Numbers, PlainLine};
use crate::parallel;
use std::ops::Range;

/// How much a thread reads at a time.
pub(super) const CHUNK: usize = 1 << 18;

/// What stands in a chunk.
#[derive(Default)]
pub(super) struct Chunk {
    /// Where it ends in the input.
    pub end: usize,
    /// Its records, whatever they are.
    pub records: u64,
    /// Its plain records, by the numbers of the thread that read it.
    pub plain: Batch,
    pub thread: usize,
    /// The other records, in order: which record each is, from 1, where it starts, and what was read.
    pub others: Vec<(u32, usize, Other)>,
    /// Whether something in it is no JSON, where that breaks the whole.
    pub broken: bool,
}

/// A record that is not plain.
pub(super) enum Other {
    Record(Record),
    /// Of lines: a header, a line whose type does not come first, or a bad line. Of a list: a bad record of this type.
    Odd(Option<RecordType>),
}

/// Reads all lines and gives their chunks in order. Gives the numbers of each thread back.
///
/// # Errors
/// The first that `take` gives; the rest is then not read.
pub(super) fn read_lines<E>(threads: usize, bytes: &[u8], take: impl FnMut(Chunk) -> Result<(), E>) -> Result<Vec<Numbers>, E> {
    let work = |numbers: &mut Numbers, thread, range| read(bytes, range, thread, numbers);
    parallel::in_order(threads, chunks(bytes).into_iter(), work, take)
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
    let mut reading = ChunkReading::new(range.end, thread);
    let mut start = range.start;
    for line in bytes[range].split_inclusive(|byte| *byte == b'\n') {
        let trimmed = line.trim_ascii_start();
        let at = start + line.len() - trimmed.len();
        start += line.len();
        if trimmed.is_empty() {
            continue;
        }
        let text = std::str::from_utf8(trimmed.trim_ascii_end());
        match text.ok().and_then(plain_line) {
            Some(line) => reading.plain(at, line, numbers),
            None => {
                let read = text.ok().and_then(|text| serde_json::from_str(text).ok()).and_then(|Line(record)| checked(record).ok());
                reading.other(at, read.map_or(Other::Odd(None), Other::Record));
            }
        }
    }
    reading.finish(numbers)
}

/// A chunk that is being read.
pub(super) struct ChunkReading<'a> {
    pub chunk: Chunk,
    /// Plain records that wait for enough others to be added with them.
    waiting: Vec<(u32, usize, PlainLine<'a>)>,
}

impl<'a> ChunkReading<'a> {
    /// How many plain records are added together.
    const TOGETHER: usize = 128;

    pub fn new(end: usize, thread: usize) -> Self {
        ChunkReading { chunk: Chunk { end, thread, ..Chunk::default() }, waiting: Vec::with_capacity(ChunkReading::TOGETHER) }
    }

    /// A plain record that starts there.
    pub fn plain(&mut self, at: usize, line: PlainLine<'a>, numbers: &mut Numbers) {
        self.chunk.records += 1;
        self.waiting.push((self.chunk.records as u32, at, line));
        if self.waiting.len() == ChunkReading::TOGETHER {
            self.chunk.plain.add(&self.waiting, numbers);
            self.waiting.clear();
        }
    }

    /// Another record that starts there.
    pub fn other(&mut self, at: usize, other: Other) {
        self.chunk.records += 1;
        self.chunk.others.push((self.chunk.records as u32, at, other));
    }

    pub fn finish(mut self, numbers: &mut Numbers) -> Chunk {
        self.chunk.plain.add(&self.waiting, numbers);
        self.chunk
    }
}
