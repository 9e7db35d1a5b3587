//! JSON: the one way everything is written, so that the command and every language give the same bytes.

use crate::error::{Error, ErrorCode, Result};
use crate::observer::{Observer, Unobserved};
use serde::Serialize;
use std::io::{self, Write};

/// Anything of the library as JSON, indented by two spaces and ended by a line end.
///
/// # Errors
/// [`ErrorCode::Internal`] where a value has no JSON, which none of this library should.
pub fn to_json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    to_json_observed(value, &Unobserved)
}

/// [`to_json`], watched.
///
/// # Errors
/// As [`to_json`], and [`ErrorCode::Cancelled`].
pub fn to_json_observed<T: Serialize + ?Sized>(value: &T, observer: &dyn Observer) -> Result<String> {
    let mut text = Text { bytes: Vec::new(), observer, next: A_PIECE, stopped: None };
    let written = serde_json::to_writer_pretty(&mut text, value);
    if let Some(stopped) = text.stopped {
        return Err(stopped);
    }
    text.bytes.push(b'\n');
    let text = written.ok().and_then(|()| String::from_utf8(text.bytes).ok());
    text.ok_or_else(|| Error::new(ErrorCode::Internal, "a value could not be written as JSON; please report it"))
}

/// How much is written between two looks at the observer.
const A_PIECE: usize = 1 << 20;

/// Text that is written under an observer.
struct Text<'o> {
    bytes: Vec<u8>,
    observer: &'o dyn Observer,
    /// The length at which to look next.
    next: usize,
    stopped: Option<Error>,
}

impl Write for Text<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() >= self.next {
            self.next = self.bytes.len() + A_PIECE;
            if let Err(stopped) = self.observer.check(self.bytes.len() as u64, 0) {
                self.stopped = Some(stopped);
                return Err(io::ErrorKind::Other.into());
            }
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
