//! [`Progress`]: a bar on standard error while long work runs.

use crate::observer::Observer;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar on standard error where that is a terminal, else nothing.
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar of some work, named for the reader.
    pub fn new(work: &'static str, stderr_is_terminal: bool) -> Self {
        let target = if stderr_is_terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target).with_message(work);
        // The template is part of the crate; a wrong one leaves the plain bar.
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {percent}% {eta}") {
            bar.set_style(style);
        }
        Progress { bar }
    }
}

impl Observer for Progress {
    fn progress(&self, done: u64, total: u64) {
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
