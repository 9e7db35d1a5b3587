//! [`Input`] and [`read`]: from named bytes to an estate.

use super::{IMPORTERS, ImportContext, ImportReading, Importer};
use crate::error::{Error, ErrorCode, Place, Result};
use crate::estate::{Estate, EstateBuilder, FingerprintKey, Skipped};
use crate::observer::{Observer, Unobserved};

/// Named bytes to be read.
#[derive(Clone)]
pub struct Input {
    /// The name shown in places: a path, or what the caller calls it.
    pub name: String,
    /// The content.
    pub bytes: Vec<u8>,
    /// The format to read it as; detected where absent.
    pub format: Option<String>,
}

impl std::fmt::Debug for Input {
    // The content may hold secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Input").field("name", &self.name).field("bytes", &self.bytes.len()).field("format", &self.format).finish()
    }
}

impl Input {
    /// An input whose format is detected.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Input { name: name.into(), bytes: bytes.into(), format: None }
    }

    /// The same input, read as this format.
    #[must_use]
    pub fn format(mut self, format: impl Into<String>) -> Self {
        self.format = Some(format.into());
        self
    }
}

/// How inputs are read.
#[derive(Default)]
pub struct ReadOptions {
    /// Label overlays (CSV), applied over everything that was read; later ones over earlier ones.
    pub labels: Vec<Input>,
    /// The key under which values become fingerprints; a random one of this process where absent.
    pub key: Option<FingerprintKey>,
    /// What the caller left out before reading, with the reason: it stands in the account of the reading.
    pub skipped: Vec<Skipped>,
}

/// Reads inputs of any mix of formats into one estate.
///
/// # Errors
/// [`ErrorCode::UnknownFormat`] where nobody recognises an input, and what the readers give for an input that cannot be read at all. One bad record
/// never stops a read: it is skipped, with its place and reason in [`Estate::reading`].
pub fn read(inputs: &[Input], options: &ReadOptions) -> Result<Estate> {
    read_observed(inputs, options, &Unobserved)
}

/// [`read`], watched.
///
/// # Errors
/// As [`read`], and [`ErrorCode::Cancelled`].
pub fn read_observed(inputs: &[Input], options: &ReadOptions, observer: &dyn Observer) -> Result<Estate> {
    let mut builder = EstateBuilder::new();
    let random;
    let key = match &options.key {
        Some(key) => key,
        None => {
            random = FingerprintKey::random()?;
            &random
        }
    };
    for skipped in &options.skipped {
        builder.skip(skipped.place.clone(), &skipped.reason);
    }
    let mut readings: Vec<Option<Box<dyn ImportReading>>> = IMPORTERS.iter().map(|_| None).collect();
    let total = inputs.iter().map(|input| input.bytes.len() as u64).sum();
    let mut done = 0;
    for input in inputs {
        observer.check(done, total)?;
        let at = importer_of(input)?;
        let importer: &dyn Importer = IMPORTERS[at];
        builder.source(&input.name, importer.format());
        let reading = readings[at].get_or_insert_with(|| importer.start());
        let observer = &OfInput { observer, before: done, total };
        reading.take(input, &mut ImportContext { builder: &mut builder, key, observer })?;
        done += input.bytes.len() as u64;
    }
    for reading in readings.into_iter().flatten() {
        reading.finish(&mut ImportContext { builder: &mut builder, key, observer })?;
    }
    let overlays: Vec<_> = options.labels.iter().map(|labels| (labels.name.as_str(), labels.bytes.as_slice())).collect();
    crate::estate::apply_labels(&mut builder, &overlays)?;
    observer.check(total, total)?;
    Ok(builder.build())
}

/// Watches the reading of one input among several; readers tell the bytes that they have taken of it.
struct OfInput<'o> {
    observer: &'o dyn Observer,
    before: u64,
    total: u64,
}

impl Observer for OfInput<'_> {
    fn progress(&self, done: u64, _total: u64) {
        self.observer.progress(self.before + done, self.total);
    }

    fn cancelled(&self) -> bool {
        self.observer.cancelled()
    }
}

fn importer_of(input: &Input) -> Result<usize> {
    let found = match &input.format {
        Some(format) => IMPORTERS.iter().position(|importer| importer.format() == format),
        None => IMPORTERS.iter().position(|importer| importer.detects(input)),
    };
    found.ok_or_else(|| {
        let formats: Vec<_> = IMPORTERS.iter().map(|importer| format!("`{}`", importer.format())).collect();
        Error::new(ErrorCode::UnknownFormat, format!("no reader recognises this input; name its format, one of {}", formats.join(", ")))
            .at(Place::new(&input.name))
    })
}
