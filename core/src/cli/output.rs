//! [`Output`]: where answers and remarks of a run go.

use super::files::unreadable;
use crate::error::{Error, ErrorCode, Result};
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Which of the standard streams are terminals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Terminal {
    /// Whether standard output is.
    pub stdout_is_terminal: bool,
    /// Whether standard error is: progress is drawn only then.
    pub stderr_is_terminal: bool,
}

/// The streams of a run.
pub(super) struct Output<'a> {
    pub stdout: &'a mut dyn Write,
    pub stderr: &'a mut dyn Write,
    pub terminal: Terminal,
}

impl Output<'_> {
    /// Writes an answer to a file, or else to standard output. A reader of standard output that went away is no error.
    pub fn answer(&mut self, text: &str, file: Option<&Path>) -> Result<()> {
        match file {
            Some(path) => fs::write(path, text).map_err(|error| unreadable(path, &error)),
            None => match self.stdout.write_all(text.as_bytes()).and_then(|()| self.stdout.flush()) {
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                    Err(Error::new(ErrorCode::Io, format!("standard output could not be written: {}", error.kind())))
                }
                _ => Ok(()),
            },
        }
    }

    /// Writes a line to standard error. There is nowhere to report that this failed.
    pub fn remark(&mut self, line: &str) {
        let _ = writeln!(self.stderr, "{line}").and_then(|()| self.stderr.flush());
    }
}
