//! [`Output`]: where answers and remarks of a run go.

use super::arguments::OutputFile;
use super::files::unreadable;
use crate::error::{Error, ErrorCode, Result};
use crate::report::text::{TextOptions, printable};
use std::env;
use std::fs;
use std::io::{self, Write};
use terminal_size::{Width, terminal_size};

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

/// Lines narrower than this are harder to read than wrapped by the terminal.
const LEAST_WIDTH: usize = 60;
/// Lines wider than this are hard to follow.
const MOST_WIDTH: usize = 140;

impl Output<'_> {
    /// Writes an answer to the file that was named, or else to standard output.
    pub fn answer(&mut self, text: impl AsRef<[u8]>, to: &OutputFile) -> Result<()> {
        match &to.output {
            Some(path) => fs::write(path, text).map_err(|error| unreadable(path, &error)),
            None => self.standard(text),
        }
    }

    /// Writes to standard output. A reader that went away is no error.
    pub fn standard(&mut self, text: impl AsRef<[u8]>) -> Result<()> {
        match self.stdout.write_all(text.as_ref()).and_then(|()| self.stdout.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Error::new(ErrorCode::Io, format!("standard output could not be written: {}", error.kind())))
            }
            _ => Ok(()),
        }
    }

    /// Whether an answer goes to a terminal.
    pub fn is_shown(&self, to: &OutputFile) -> bool {
        self.terminal.stdout_is_terminal && to.output.is_none()
    }

    /// How text is laid out: in colour and as wide as the terminal where it goes to one.
    pub fn text_options(&self, to: &OutputFile) -> TextOptions {
        let mut options = TextOptions::default();
        if self.terminal.stdout_is_terminal && to.output.is_none() {
            // The convention of NO_COLOR: any value but an empty one turns colour off.
            options.colour =
                env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) && env::var_os("TERM").is_none_or(|term| term != "dumb");
            if let Some((Width(width), _)) = terminal_size() {
                options.width = usize::from(width).clamp(LEAST_WIDTH, MOST_WIDTH);
            }
        }
        options
    }

    /// Writes a line to standard error, without control characters. There is nowhere to report that this failed.
    pub fn remark(&mut self, line: &str) {
        let _ = writeln!(self.stderr, "{}", printable(line)).and_then(|()| self.stderr.flush());
    }
}
