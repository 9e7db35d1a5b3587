//! [`Files`]: from paths, directories and globs to inputs, label overlays and an account of what was left out.

use crate::error::{Error, ErrorCode, Place, Result};
use crate::estate::Skipped;
use crate::importers::{IMPORTERS, Input, TableMapping, is_recognised, reader_of, unrecognisable};
use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The names of a label overlay, packed or not: such a file is never an input.
pub const LABELS_FILES: [&str; 3] = ["labels.csv", "labels.csv.gz", "labels.csv.zst"];

/// A path, a directory or a glob, and the format to read it as where that is forced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPath {
    /// The path as the caller wrote it.
    pub path: PathBuf,
    /// The format; detected where absent.
    pub format: Option<String>,
}

impl NamedPath {
    /// A path whose format is detected.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        NamedPath { path: path.into(), format: None }
    }

    /// Reads `FORMAT:PATH`.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidOption`] where there is no colon, [`ErrorCode::UnknownFormat`] for a format that no reader has.
    pub fn parse(text: &str) -> Result<Self> {
        let Some((format, path)) = split(text).filter(|(_, path)| !path.is_empty()) else {
            return Err(Error::new(ErrorCode::InvalidOption, "an input is `FORMAT:PATH`; give the path alone to have its format detected"));
        };
        if reader_of(format).is_none() {
            return Err(Error::new(ErrorCode::UnknownFormat, format!("unknown format `{format}`; give one of {}", formats())));
        }
        Ok(NamedPath { path: path.into(), format: Some(format.to_owned()) })
    }
}

/// The format and the path of an input. A colon of an address behind the format, `leaks@https://github.com/acme/shop:report.json`, ends nothing.
fn split(text: &str) -> Option<(&str, &str)> {
    let is_address = |at: usize| text[..at].contains('@') && text[at..].starts_with("://");
    let end = text.match_indices(':').map(|(at, _)| at).find(|at| !is_address(*at))?;
    Some((&text[..end], &text[end + 1..]))
}

/// What paths stand for, read into memory.
#[derive(Debug, Default)]
pub struct Files {
    /// The inputs, by name, so that the order in which paths are given changes nothing.
    pub inputs: Vec<Input>,
    /// The label overlays that were found, by name.
    pub labels: Vec<Input>,
    /// The names of the inputs that a directory or a glob led to: give them to [`crate::ReadOptions::found`].
    pub found: Vec<String>,
    /// The files that were left out, each with the reason: give them to [`crate::ReadOptions::skipped`].
    pub skipped: Vec<Skipped>,
}

impl Files {
    /// Reads what paths, directories and globs stand for.
    ///
    /// A directory is read with all that is in it; hidden files and files that no reader recognises are skipped with a reason, and so are those a
    /// glob finds. A file that is named itself is always an input. A `labels.csv`, packed or not, is an overlay wherever it is met. A file met twice is read once.
    ///
    /// # Errors
    /// [`ErrorCode::Io`] for what cannot be read, [`ErrorCode::UnknownFormat`] where nothing of a directory or a glob can be an input.
    pub fn gather(paths: &[NamedPath]) -> Result<Self> {
        Files::gather_mapped(paths, &[])
    }

    /// [`Files::gather`], in which a file is recognised too where a mapping is for it.
    ///
    /// # Errors
    /// As [`Files::gather`].
    pub fn gather_mapped(paths: &[NamedPath], mappings: &[TableMapping]) -> Result<Self> {
        let mut gathering = Gathering { mappings: mappings.to_vec(), ..Gathering::default() };
        let mut paths: Vec<&NamedPath> = paths.iter().collect();
        // A forced format stands, and so does a file that is named itself, whatever else leads to the same file.
        paths.sort_by_key(|named| (named.format.is_none(), !named.path.is_file()));
        for named in paths {
            gathering.named(named)?;
        }
        let mut files = gathering.files;
        files.inputs.sort_by(|a, b| a.name.cmp(&b.name));
        files.labels.sort_by(|a, b| a.name.cmp(&b.name));
        files.skipped.sort();
        Ok(files)
    }
}

/// Reads one file, whatever it holds: a label overlay, a policy, a key.
///
/// # Errors
/// [`ErrorCode::Io`].
pub fn read_file(path: &Path) -> Result<Input> {
    let bytes = fs::read(path).map_err(|error| unreadable(path, &error))?;
    Ok(Input::new(name(path), bytes))
}

/// Reads a mapping of tables: JSON where its name ends in `.json`, else TOML.
///
/// # Errors
/// [`ErrorCode::Io`], and [`ErrorCode::InvalidOption`] with the file as its place.
pub fn mapping_file(path: &Path) -> Result<TableMapping> {
    let file = read_file(path)?;
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let text = String::from_utf8_lossy(&file.bytes);
    let read = if is_json { TableMapping::from_json(&text) } else { TableMapping::from_toml(&text) };
    read.map_err(|error| {
        let place = error.place().cloned().unwrap_or_default();
        error.at(Place { source: file.name.clone(), ..place })
    })
}

/// The error of a file that could not be read or written.
pub fn unreadable(path: &Path, error: &io::Error) -> Error {
    let message = match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory; check the path".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied; check the rights of this user".to_owned(),
        io::ErrorKind::IsADirectory => "this is a directory; name a file".to_owned(),
        kind => format!("{kind}; check the path"),
    };
    Error::new(ErrorCode::Io, message).at(Place::new(name(path)))
}

#[derive(Default)]
struct Gathering {
    mappings: Vec<TableMapping>,
    files: Files,
    seen: HashSet<PathBuf>,
    /// How often a file was met that can be read, those met before included.
    usable: u64,
}

impl Gathering {
    fn named(&mut self, named: &NamedPath) -> Result<()> {
        let format = named.format.as_deref();
        match fs::metadata(&named.path) {
            Ok(metadata) if metadata.is_dir() => self.several(&named.path, |it| it.directory(&named.path, format)),
            Ok(_) => self.file(&named.path, format, true),
            Err(error) => match pattern(&named.path) {
                Some(pattern) => self.several(&named.path, |it| it.matches(&pattern, &named.path, format)),
                None => Err(unreadable(&named.path, &error)),
            },
        }
    }

    /// Does what may find several files, and refuses a path that leads to none that can be read.
    fn several(&mut self, path: &Path, find: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let (usable, skipped) = (self.usable, self.files.skipped.len());
        find(self)?;
        if self.usable > usable {
            return Ok(());
        }
        let (code, message) = if self.files.skipped.len() > skipped {
            (ErrorCode::UnknownFormat, format!("no reader recognises any file here; name their format, one of {}", formats()))
        } else {
            (ErrorCode::Io, "there is no file here to read; check the path".to_owned())
        };
        Err(Error::new(code, message).at(Place::new(name(path))))
    }

    fn matches(&mut self, pattern: &str, path: &Path, format: Option<&str>) -> Result<()> {
        let invalid = |error: glob::PatternError| {
            let message = format!("not a glob, at character {}: {}", error.pos + 1, error.msg);
            Error::new(ErrorCode::InvalidOption, message).at(Place::new(name(path)))
        };
        let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
        for found in glob::glob_with(pattern, options).map_err(invalid)? {
            let found = found.map_err(|error| unreadable(error.path(), error.error()))?;
            if found.is_dir() {
                self.directory(&found, format)?;
            } else {
                self.file(&found, format, false)?;
            }
        }
        Ok(())
    }

    fn directory(&mut self, path: &Path, format: Option<&str>) -> Result<()> {
        if !self.first_sight(path)? {
            return Ok(());
        }
        let entries = fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
        let mut entries: Vec<PathBuf> =
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>().map_err(|error| unreadable(path, &error))?;
        entries.sort();
        for entry in entries {
            let hidden = entry.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if hidden {
                self.skip(&entry, "hidden; name it to have it read");
            } else if entry.is_dir() {
                self.directory(&entry, format)?;
            } else {
                self.file(&entry, format, false)?;
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, format: Option<&str>, explicit: bool) -> Result<()> {
        let regular = fs::metadata(path).map_err(|error| unreadable(path, &error))?.is_file();
        if !regular && !explicit {
            // Reading a pipe that nobody writes to would never end.
            self.skip(path, "not a regular file; name it to have it read");
            return Ok(());
        }
        if !self.first_sight(path)? {
            return Ok(());
        }
        let mut input = read_file(path)?;
        if path.file_name().is_some_and(|name| LABELS_FILES.iter().any(|labels| name == *labels)) && !(explicit && format.is_some()) {
            self.files.labels.push(input);
            self.usable += 1;
            return Ok(());
        }
        input.format = format.map(str::to_owned);
        if explicit || input.format.is_some() || self.mappings.iter().any(|it| it.is_for(&input.name)) || is_recognised(&input) {
            self.files.found.extend(Some(input.name.clone()).filter(|_| !explicit));
            self.files.inputs.push(input);
            self.usable += 1;
        } else {
            self.skip(path, unrecognisable(&input.bytes).unwrap_or("no reader recognises this file; name its format to have it read"));
        }
        Ok(())
    }

    /// Whether a file or directory is met for the first time, whatever name or link leads to it.
    fn first_sight(&mut self, path: &Path) -> Result<bool> {
        let first = self.seen.insert(fs::canonicalize(path).map_err(|error| unreadable(path, &error))?);
        self.usable += u64::from(!first);
        Ok(first)
    }

    fn skip(&mut self, path: &Path, reason: &str) {
        self.files.skipped.push(Skipped { place: Place::new(name(path)), reason: reason.to_owned() });
    }
}

/// The text of a path that is no file and may be a glob.
fn pattern(path: &Path) -> Option<String> {
    path.to_str().filter(|text| text.contains(['*', '?', '['])).map(str::to_owned)
}

fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn formats() -> String {
    IMPORTERS.iter().map(|importer| format!("`{}`", importer.format())).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_stands_before_its_path() {
        for (text, code) in
            [("export.json", ErrorCode::InvalidOption), (":x", ErrorCode::UnknownFormat), ("carrier-pigeon:x", ErrorCode::UnknownFormat)]
        {
            assert_eq!(NamedPath::parse(text).expect_err("no input").code(), code, "{text}");
        }
    }

    #[test]
    fn an_address_may_stand_behind_a_format() {
        for (text, format, path) in [
            ("leaks@https://github.com/acme/shop:a/b.json", "leaks@https://github.com/acme/shop", "a/b.json"),
            ("leaks@s3://acme-till:b.json", "leaks@s3://acme-till", "b.json"),
            ("leaks://a/b.json", "leaks", "//a/b.json"),
            ("leaks:c:/b.json", "leaks", "c:/b.json"),
        ] {
            let expected = NamedPath { path: path.into(), format: Some(format.to_owned()) };
            assert_eq!(NamedPath::parse(text).expect("an input"), expected);
        }
    }

    #[test]
    fn what_is_not_there_is_an_error_with_its_place() {
        let error = Files::gather(&[NamedPath::new("no/such/export.json")]).expect_err("no file");
        assert_eq!(error.code(), ErrorCode::Io);
        assert_eq!(error.to_string(), "no/such/export.json: no such file or directory; check the path");
        let error = Files::gather(&[NamedPath::new("no/such/*.json")]).expect_err("no file");
        assert_eq!(error.to_string(), "no/such/*.json: there is no file here to read; check the path");
    }
}
