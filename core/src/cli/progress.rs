//! [`Progress`]: a bar on standard error while long work runs.

use super::output::Terminal;
use crate::observer::Observer;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::{Duration, Instant};

/// Work that is done before anybody would look shows no bar.
const DELAY: Duration = Duration::from_millis(400);

/// A bar on standard error where that is a terminal, else nothing.
pub(super) struct Progress {
    bar: ProgressBar,
    terminal: Terminal,
    start: Instant,
}

impl Progress {
    /// A bar of some work, named for the reader.
    pub fn new(work: &'static str, terminal: Terminal) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()).with_message(work);
        // The template is part of the crate; a wrong one leaves the plain bar.
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {percent}%") {
            bar.set_style(style);
        }
        Progress { bar, terminal, start: Instant::now() }
    }
}

impl Observer for Progress {
    fn progress(&self, done: u64, total: u64) {
        if self.terminal.stderr_is_terminal && self.bar.is_hidden() && self.start.elapsed() > DELAY {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        if total > 0 {
            self.bar.set_length(total);
        }
        self.bar.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
