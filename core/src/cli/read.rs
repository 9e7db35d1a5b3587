//! What the arguments name, read: the estate of the inputs, the policy, the instant.

use super::arguments::{InputArguments, JudgementArguments};
use super::files::{Files, NamedPath, mapping_file, read_file};
use super::output::Output;
use super::progress::Progress;
use super::remarks::remarks;
use crate::error::{Error, ErrorCode, Place, Result};
use crate::estate::{Estate, FingerprintKey};
use crate::importers::{ReadOptions, read_observed};
use crate::model::Instant;
use crate::observer::Limited;
use crate::policy::Policy;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// The estate of the inputs; what was left out is told on standard error, and so is what is not known, unless the answer says that itself.
pub(super) fn estate(arguments: &InputArguments, with_coverage: bool, output: &mut Output<'_>) -> Result<Estate> {
    estate_with(None, arguments, with_coverage, output)
}

/// The same, with one more path.
pub(super) fn estate_with(
    more: Option<NamedPath>,
    arguments: &InputArguments,
    with_coverage: bool,
    output: &mut Output<'_>,
) -> Result<Estate> {
    let forced = arguments.input.iter().map(|text| NamedPath::parse(text));
    let detected = arguments.path.iter().map(|path| Ok(NamedPath::new(path)));
    estate_of(&forced.chain(detected).chain(more.map(Ok)).collect::<Result<Vec<_>>>()?, arguments, with_coverage, output)
}

/// The estate of some paths, read with the overlays and the key of the arguments.
pub(super) fn estate_of(paths: &[NamedPath], arguments: &InputArguments, with_coverage: bool, output: &mut Output<'_>) -> Result<Estate> {
    let mappings = arguments.mapping.iter().map(|path| mapping_file(path)).collect::<Result<Vec<_>>>()?;
    let files = Files::gather_mapped(paths, &mappings)?;
    let mut labels = files.labels;
    for path in &arguments.labels {
        labels.push(read_file(path)?);
    }
    let key = arguments.fingerprint_key_file.as_deref().map(fingerprint_key).transpose()?;
    let options =
        ReadOptions { labels, mappings, key, skipped: files.skipped, unpacked_limit: arguments.unpacked_limit, found: files.found };
    let progress = Progress::new("read", output.terminal);
    let estate = read_observed(&files.inputs, &options, &Limited::new(&progress, arguments.memory_limit))?;
    drop(progress);
    for line in remarks(estate.reading(), arguments.verbose, with_coverage) {
        output.remark(&line);
    }
    // Silence about an estate that nobody could read must not pass for a clean one.
    if estate.is_empty() && !estate.reading().skipped.is_empty() {
        return Err(Error::new(
            ErrorCode::InvalidInput,
            "nothing of the input could be used: every record was skipped, for the reasons above",
        ));
    }
    Ok(estate)
}

/// The key of a file; the line end that an editor leaves is no part of it.
fn fingerprint_key(path: &Path) -> Result<FingerprintKey> {
    let file = read_file(path)?;
    FingerprintKey::from_bytes(file.bytes.trim_ascii_end()).map_err(|error| error.at(Place::new(file.name)))
}

/// The instant of a question: as given, else now.
pub(super) fn as_of(arguments: &JudgementArguments) -> Result<Instant> {
    if let Some(as_of) = arguments.as_of {
        return Ok(as_of);
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_err(|_| Error::new(ErrorCode::InvalidOption, "the clock of this machine is before 1970; give `--as-of`"))?;
    Ok(Instant::from_unix_seconds(now.as_secs() as i64))
}

/// The policy of a file: JSON where its name ends in `.json`, else TOML.
///
/// # Errors
/// [`ErrorCode::Io`], and [`ErrorCode::InvalidPolicy`] with the file as its place.
pub fn policy(path: Option<&Path>) -> Result<Option<Policy>> {
    let Some(path) = path else { return Ok(None) };
    let file = read_file(path)?;
    let named = |error: Error| {
        let place = error.place().cloned().unwrap_or_default();
        error.at(Place { source: file.name.clone(), ..place })
    };
    let text = std::str::from_utf8(&file.bytes)
        .map_err(|_| named(Error::new(ErrorCode::InvalidPolicy, "the policy is not UTF-8 text; write it again as UTF-8")))?;
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let read = if is_json { Policy::from_json(text) } else { Policy::from_toml(text) };
    read.map(Some).map_err(named)
}
