//! [`Input`] and [`read`]: from named bytes to an estate.

use super::packed::unpacked;
use super::{IMPORTERS, ImportContext, ImportReading, Importer, TableMapping, detected, reader_of};
use crate::error::{Error, ErrorCode, Place, Result};
use crate::estate::{Coverage, Estate, EstateBuilder, FingerprintKey, Skipped, is_snapshot};
use crate::observer::{Observer, Part, Unobserved};

/// Named bytes to be read.
#[derive(Clone)]
pub struct Input {
    /// The name shown in places: a path, or what the caller calls it.
    pub name: String,
    /// The content.
    pub bytes: Vec<u8>,
    /// The format to read it as; detected where absent. Some take the name of what was exported: `kubernetes@acme-live`.
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
    /// What the columns of foreign tables say: an input that a rule is for is read by the rules for it, as a table.
    pub mappings: Vec<TableMapping>,
    /// The key under which values become fingerprints; a random one of this process where absent.
    pub key: Option<FingerprintKey>,
    /// What the caller left out before reading, with the reason: it stands in the account of the reading.
    pub skipped: Vec<Skipped>,
    /// The most bytes that packed inputs and overlays may hold together; [`ReadOptions::UNPACKED_LIMIT`] where absent. A small file may unpack to more
    /// than the memory of a machine.
    pub unpacked_limit: Option<u64>,
    /// The names of inputs that nobody named, such as the files of a folder: a document among them that cannot be read is left out, and said, while others can.
    pub found: Vec<String>,
}

impl ReadOptions {
    /// The most bytes that packed inputs hold together unless the caller says otherwise: 8 GiB.
    pub const UNPACKED_LIMIT: u64 = 8 << 30;
}

/// Reads inputs of any mix of formats into one estate. What gzip or Zstandard packed is unpacked first, up to a limit.
///
/// Inputs are read in the order of their names, so that the order in which they are given does not matter: where two disagree on a fact, that of the
/// input whose name comes first is kept and the conflict is reported. Overlays are laid in the order given.
///
/// # Errors
/// [`ErrorCode::UnknownFormat`] where nobody recognises an input, [`ErrorCode::LimitExceeded`] where packed inputs hold more than
/// [`ReadOptions::unpacked_limit`], and what the readers give for an input that cannot be read at all. One bad record never stops a read: it is skipped,
/// with its place and reason in [`Estate::reading`].
pub fn read(inputs: &[Input], options: &ReadOptions) -> Result<Estate> {
    read_observed(inputs, options, &Unobserved)
}

/// How many bytes a byte of text takes while it becomes part of an estate, at most: measured on the library's own format, which wastes the least.
const TAKEN: u64 = 2;

/// [`read`], watched.
///
/// # Errors
/// As [`read`], [`ErrorCode::Cancelled`], and [`ErrorCode::LimitExceeded`] where the observer limits memory to less than twice the inputs.
pub fn read_observed(inputs: &[Input], options: &ReadOptions, observer: &dyn Observer) -> Result<Estate> {
    if let ([input], [], []) = (inputs, &options.labels[..], &options.skipped[..])
        && let Some(estate) = alone(input, observer)
    {
        let total = input.bytes.len() as u64;
        let estate = estate?;
        observer.check(total, total)?;
        return Ok(estate);
    }
    let mut ordered: Vec<&Input> = inputs.iter().collect();
    ordered.sort_by(|a, b| (&a.name, &a.bytes).cmp(&(&b.name, &b.bytes)));
    let mut left_out = Vec::new();
    loop {
        let error = match read_all(&ordered, options, &left_out, observer) {
            Ok(estate) => return Ok(estate),
            Err(error) => error,
        };
        // What was read of it is in the builder already: it is read once more without it.
        let at = error.place().and_then(|place| ordered.iter().position(|input| input.name == place.source));
        match at.filter(|at| ordered.len() > 1 && may_be_left_out(ordered[*at], &error, options)) {
            Some(at) => drop(ordered.remove(at)),
            None => return Err(error),
        }
        left_out.push(Skipped {
            place: error.place().cloned().unwrap_or_default(),
            reason: format!("the file is left out: {}", error.message()),
        });
    }
}

/// Whether the others are read where an input cannot be: one that was only found, and whose format nobody forced. What is said of a record, such as that it
/// is of another cluster, is about the others too.
fn may_be_left_out(input: &Input, error: &Error, options: &ReadOptions) -> bool {
    let is_bad = matches!(error.code(), ErrorCode::InvalidDocument | ErrorCode::InvalidInput);
    let is_whole = error.place().is_none_or(|place| place.record.is_none());
    is_bad && is_whole && input.format.is_none() && options.found.contains(&input.name)
}

/// Reads inputs, which stand in order, into one estate; those that were left out are told.
fn read_all(ordered: &[&Input], options: &ReadOptions, left_out: &[Skipped], observer: &dyn Observer) -> Result<Estate> {
    let mut builder = EstateBuilder::new();
    let key = match &options.key {
        Some(key) => key,
        None => FingerprintKey::of_process()?,
    };
    builder.fingerprint_key(key);
    for skipped in options.skipped.iter().chain(left_out) {
        builder.skip(skipped.place.clone(), &skipped.reason);
    }
    if !left_out.is_empty() {
        let (known, note) = (ordered.len() as u64, "files that cannot be read were left out; what they say is not known");
        let total = known + left_out.len() as u64;
        builder.cover(Coverage { topic: "files_read".into(), known, total, note: note.into() });
    }
    let mut readings: Vec<Option<Box<dyn ImportReading>>> = IMPORTERS.iter().map(|_| None).collect();
    // Reading is the first half of the way, joining what was read the second.
    let read: u64 = ordered.iter().map(|input| input.bytes.len() as u64).sum();
    let total = read * 2;
    let (mut done, mut claimed) = (0, 0);
    let mut limit = options.unpacked_limit.unwrap_or(ReadOptions::UNPACKED_LIMIT);
    for packed in ordered.iter().copied() {
        observer.check(done, total)?;
        let input = &*unpacked(packed, &mut limit, observer)?;
        claimed += input.bytes.len() as u64 * TAKEN;
        observer.claim(claimed)?;
        let reading = reading_of(input, options, &mut readings, &mut builder)?;
        let length = packed.bytes.len() as u64;
        let part = &Part::new(observer, done, length, total);
        reading.take(
            input,
            &mut ImportContext { builder: &mut builder, key, mappings: &options.mappings, observer: part, unpacked: &mut limit },
        )?;
        done += length;
    }
    let joining = Part::new(observer, read, read, total);
    // In the order of their names again: states of Terraform stand for the exports of providers.
    let mut translated: Vec<Input> = readings.iter_mut().flatten().flat_map(|reading| reading.translated()).collect();
    translated.sort_by(|a, b| (&a.name, &a.format).cmp(&(&b.name, &b.format)));
    for input in &translated {
        let part = &Part::new(observer, done, 0, total);
        let reading = reading_of(input, options, &mut readings, &mut builder)?;
        reading.take(
            input,
            &mut ImportContext { builder: &mut builder, key, mappings: &options.mappings, observer: part, unpacked: &mut limit },
        )?;
    }
    for reading in readings.into_iter().flatten() {
        reading.finish(&mut ImportContext {
            builder: &mut builder,
            key,
            mappings: &options.mappings,
            observer: &joining,
            unpacked: &mut limit,
        })?;
    }
    let labels: Vec<_> = options.labels.iter().map(|labels| unpacked(labels, &mut limit, observer)).collect::<Result<_>>()?;
    let overlays: Vec<_> = labels.iter().map(|labels| (labels.name.as_str(), labels.bytes.as_slice())).collect();
    crate::estate::apply_labels(&mut builder, &overlays, &joining)?;
    let estate = builder.build_observed(&joining)?;
    observer.check(total, total)?;
    Ok(estate)
}

/// The reading that takes an input, which becomes the source of what is added.
fn reading_of<'r>(
    input: &Input,
    options: &ReadOptions,
    readings: &'r mut [Option<Box<dyn ImportReading>>],
    builder: &mut EstateBuilder,
) -> Result<&'r mut Box<dyn ImportReading>> {
    let at = importer_of(input, &options.mappings)?;
    let importer: &dyn Importer = IMPORTERS[at];
    builder.source(&input.name, importer.format());
    Ok(readings[at].get_or_insert_with(|| importer.start()))
}

/// The estate of a snapshot, which nothing is joined to: its columns are taken as they are, with the account of the reading that they came from.
fn alone(input: &Input, observer: &dyn Observer) -> Option<Result<Estate>> {
    let own = input.format.as_deref().is_none_or(|format| format == "tenantgraph");
    let estate = (own && is_snapshot(&input.bytes)).then(|| Estate::from_snapshot_observed(&input.bytes, observer))?;
    Some(estate.map_err(|error| error.at(Place::new(&input.name))))
}

fn importer_of(input: &Input, mappings: &[TableMapping]) -> Result<usize> {
    let found = match &input.format {
        Some(format) => reader_of(format),
        None if mappings.iter().any(|mapping| mapping.is_for(&input.name)) => reader_of("table"),
        None => detected(input),
    };
    found.ok_or_else(|| {
        let formats: Vec<_> = IMPORTERS.iter().map(|importer| format!("`{}`", importer.format())).collect();
        let message = match unrecognisable(&input.bytes) {
            Some(reason) if input.format.is_none() => reason.to_owned(),
            _ => format!("no reader recognises this input; name its format, one of {}", formats.join(", ")),
        };
        Error::new(ErrorCode::UnknownFormat, message).at(Place::new(&input.name))
    })
}

/// Why no reader can recognise an input, where its first bytes tell.
pub(crate) fn unrecognisable(bytes: &[u8]) -> Option<&'static str> {
    let is_wide = [[0xff, 0xfe], [0xfe, 0xff]].iter().any(|mark| bytes.starts_with(mark));
    // Without a mark every other byte of what is written in Latin letters is zero.
    let is_bare = bytes.len() >= 4 && matches!(bytes[..4], [0, first, 0, second] | [first, 0, second, 0] if first != 0 && second != 0);
    if bytes.trim_ascii().is_empty() {
        Some("the file is empty; export it again")
    } else if is_wide || is_bare {
        Some("the text is UTF-16; write it again as UTF-8")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Environment;
    use std::sync::atomic::{AtomicU64, Ordering};

    const DIRECTORY: &str = r#"{"format":"tenantgraph/1",
        "tenants":[{"id":"t","name":"Payments","owner":"ann"}],
        "identities":[{"id":"robot","tenant":"t","enabled":true,"labels":{"team":"red"},"last_used_at":"2026-01-01"}],
        "secrets":[{"id":"key","kind":"token","storage":"unknown"},{"id":"both"}],
        "relations":[{"from":"key","kind":"authenticates_as","to":"robot"}]}"#;
    const INVENTORY: &str = "{\"record\":\"tenant\",\"id\":\"t\",\"owner\":\"bob\",\"environment\":\"testing\"}\n\
        {\"record\":\"identity\",\"id\":\"robot\",\"kind\":\"service_account\",\"labels\":{\"team\":\"blue\",\"app\":\"till\"},\"last_used_at\":\"2026-03-01\"}\n\
        {\"record\":\"resource\",\"id\":\"both\"}\n{\"record\":\"secret\",\"id\":\"key\",\"storage\":\"ci_variable\"}\n\
        {\"record\":\"relation\",\"from\":\"key\",\"kind\":\"authenticates_as\",\"to\":\"robot\"}\n";

    fn options() -> ReadOptions {
        let labels = "pattern,environment,owner,cost\nPay*,prod,carl,7\n";
        ReadOptions { labels: vec![Input::new("labels.csv", labels)], ..ReadOptions::default() }
    }

    #[test]
    fn one_id_in_two_sources_is_one_entity_and_what_differs_is_reported() {
        let estate = read(&[Input::new("a.json", DIRECTORY), Input::new("b.ndjson", INVENTORY)], &options()).expect("two documents");
        let entity = |id: &str| estate.entity(estate.find(id).expect("an id"));
        assert_eq!((estate.len(), estate.relations().count()), (4, 1));
        let tenant = entity("t");
        assert_eq!((tenant.declared_environment(), tenant.owner()), (Some(Environment::Production), Some("carl")));
        let robot = entity("robot").as_identity().expect("an identity");
        assert_eq!((robot.kind.as_str(), robot.enabled, &robot.labels["team"]), ("service_account", Some(true), "red"));
        assert_eq!((&robot.labels["app"], robot.last_used_at.map(|it| it.to_string())), ("till", Some("2026-03-01T00:00:00Z".into())));
        assert_eq!(entity("key").as_secret().and_then(|key| key.storage).map(|it| it.as_str()), Some("ci_variable"));
        let conflicts: Vec<_> =
            estate.reading().conflicts.iter().map(|it| format!("{} {}: {} over {}", it.entity, it.field, it.kept, it.other)).collect();
        assert_eq!(
            conflicts,
            [
                "both type: a.json over b.ndjson",
                "robot labels.team: a.json over b.ndjson",
                "t environment: labels.csv over b.ndjson",
                "t owner: a.json over b.ndjson",
                "t owner: labels.csv over a.json",
            ]
        );
    }

    #[test]
    fn the_order_in_which_inputs_are_given_does_not_matter() {
        let [a, b] = [Input::new("a.json", DIRECTORY), Input::new("b.ndjson", INVENTORY)];
        let account = |inputs: &[Input]| {
            let estate = read(inputs, &options()).expect("two documents");
            (estate.to_document_json(), estate.reading().clone())
        };
        assert_eq!(account(&[a.clone(), b.clone()]), account(&[b, a]));
    }

    #[test]
    fn what_nobody_recognises_is_an_error_that_names_the_formats() {
        for input in [Input::new("x", "canary"), Input::new("x", DIRECTORY).format("canary")] {
            let error = read(&[input], &ReadOptions::default()).expect_err("no reader");
            assert_eq!((error.code(), error.place().map(|place| place.source.as_str())), (ErrorCode::UnknownFormat, Some("x")));
            assert!(error.message().contains("`tenantgraph`") && !error.to_string().contains("canary"), "{error}");
        }
    }

    #[test]
    fn what_is_empty_or_utf_16_is_told() {
        let message = |bytes: &[u8]| read(&[Input::new("x", bytes)], &ReadOptions::default()).expect_err("no reader").message().to_owned();
        assert_eq!(
            (message(b""), message(b" \n")),
            ("the file is empty; export it again".into(), "the file is empty; export it again".into())
        );
        for bytes in [&b"\xff\xfe{\0}\0"[..], b"\xfe\xff\0{\0}", b"{\0\"\0}\0"] {
            assert_eq!(message(bytes), "the text is UTF-16; write it again as UTF-8");
        }
    }

    #[test]
    fn a_document_of_a_folder_that_is_cut_is_left_out_and_told() {
        let inputs = [Input::new("d/a.json", DIRECTORY), Input::new("d/cut.json", &DIRECTORY[..DIRECTORY.len() / 2])];
        let found = |names: &[&str]| ReadOptions { found: names.iter().map(|name| (*name).to_owned()).collect(), ..ReadOptions::default() };
        assert_eq!(read(&inputs, &ReadOptions::default()).expect_err("named by the caller").code(), ErrorCode::InvalidInput);
        assert_eq!(read(&inputs[1..], &found(&["d/cut.json"])).expect_err("nothing else").code(), ErrorCode::InvalidInput);
        let estate = read(&inputs, &found(&["d/a.json", "d/cut.json"])).expect("the other file");
        let whole = read(&inputs[..1], &ReadOptions::default()).expect("a document");
        assert_eq!(estate.to_document_json(), whole.to_document_json());
        let [skipped] = estate.reading().skipped.as_slice() else { panic!("one file is left out") };
        assert!(skipped.place.source == "d/cut.json" && skipped.reason.starts_with("the file is left out: "), "{skipped:?}");
        assert!(
            estate.reading().coverage.iter().any(|coverage| coverage.topic == "files_read" && (coverage.known, coverage.total) == (1, 2))
        );
    }

    /// Keeps the furthest progress and stops the work there.
    struct StopAfter(u64, AtomicU64);

    impl Observer for StopAfter {
        fn progress(&self, done: u64, total: u64) {
            assert!(done <= total && done >= self.1.swap(done, Ordering::Relaxed), "{done} of {total}");
        }
        fn cancelled(&self) -> bool {
            self.1.load(Ordering::Relaxed) > self.0
        }
    }

    #[test]
    fn a_long_read_tells_how_far_it_is_and_can_be_stopped() {
        let lines = "{\"record\":\"tenant\",\"id\":\"t\"}\n".repeat(10_000);
        let inputs = [Input::new("a", lines.clone()), Input::new("b", lines)];
        let total = 2 * inputs.iter().map(|input| input.bytes.len() as u64).sum::<u64>();
        let watch = StopAfter(total, AtomicU64::new(0));
        let estate = read_observed(&inputs, &ReadOptions::default(), &watch).expect("watched to its end");
        assert_eq!((watch.1.into_inner(), estate.reading().skipped.len()), (total, 2 * 9_999));
        let watch = StopAfter(total / 2, AtomicU64::new(0));
        let error = read_observed(&inputs, &ReadOptions::default(), &watch).expect_err("stopped");
        assert_eq!(error.code(), ErrorCode::Cancelled);
        assert!(watch.1.into_inner() < total);
    }
}
