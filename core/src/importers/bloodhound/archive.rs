//! Archives of SharpHound: a zip of JSON files, unpacked in memory up to a limit.

use crate::error::{Error, ErrorCode, Place, Result};
use crate::importers::Input;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// The most bytes that the files of one archive may hold together.
const LIMIT: u64 = 2 << 30;
/// What no collector writes more of.
const MOST_FILES: usize = 100_000;

/// Whether bytes begin like a zip.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// The JSON files of an archive, in the order of their names; each is named by the archive and itself.
///
/// # Errors
/// [`ErrorCode::InvalidInput`] for what is no whole archive, or unpacks to more than the limit.
pub(super) fn files(input: &Input) -> Result<Vec<Input>> {
    let refused = |message: &str| Error::new(ErrorCode::InvalidInput, message).at(Place::new(&input.name));
    let damaged = || refused("the zip archive is damaged or cut off; collect it again");
    let mut archive = ZipArchive::new(Cursor::new(&input.bytes)).map_err(|_| damaged())?;
    if archive.len() > MOST_FILES {
        return Err(refused("the zip archive holds too many files; unpack it first"));
    }
    let (mut files, mut left) = (Vec::new(), LIMIT);
    for number in 0..archive.len() {
        let file = archive.by_index(number).map_err(|_| damaged())?;
        let is_json = file.name().is_ok_and(|name| name.to_ascii_lowercase().ends_with(".json"));
        if !file.is_file() || !is_json {
            continue;
        }
        // The name is the collector's, but a place must hold no text of an input: files are numbered.
        let mut bytes = Vec::new();
        file.take(left + 1).read_to_end(&mut bytes).map_err(|_| damaged())?;
        left = left
            .checked_sub(bytes.len() as u64)
            .ok_or_else(|| refused("unpacked the zip archive is larger than 2 GiB; unpack it first"))?;
        files.push(Input::new(input.name.as_str(), bytes));
    }
    Ok(files)
}
