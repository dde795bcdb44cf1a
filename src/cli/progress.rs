//! A progress bar with rate and time left.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::terminal::Terminal;

/// Shows how far a run is, on a terminal only. It can be shared by threads.
#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar on `stderr`; nothing if `quiet`, or if nobody is looking.
    pub fn new(quiet: bool) -> Self {
        let shown = !quiet && Terminal::stderr().interactive;
        let target = if shown { ProgressDrawTarget::stderr_with_hz(10) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        let style =
            ProgressStyle::with_template("{bar:30} {percent:>3} %  {human_pos} invocations  {per_sec}  {eta} left");
        Self(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }

    /// So many invocations are simulated, of about so many in all (0: unknown).
    pub fn report(&self, done: u64, expected: u64) {
        if expected > 0 {
            self.0.set_length(expected.max(done));
        }
        self.0.set_position(done);
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}
