//! A progress bar with rate and time left.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::terminal::Terminal;

/// Shows how far a run is, on a terminal only. It can be shared by threads.
#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar on `stderr` that counts `what`; nothing if `quiet`, or if nobody is looking.
    pub fn new(quiet: bool, what: &str) -> Self {
        let shown = !quiet && Terminal::stderr().interactive;
        let target = if shown { ProgressDrawTarget::stderr_with_hz(10) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        let template = format!("{{bar:30}} {{percent:>3}} %  {{human_pos}} {what}  {{per_sec}}  {{eta}} left");
        let style = ProgressStyle::with_template(&template);
        Self(bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar())))
    }

    /// Does `work` and meanwhile shows how far it is: `state` tells how many are done, and of about how many in all
    /// (0: unknown).
    pub fn beside<T>(self, state: impl Fn() -> (u64, u64) + Sync, work: impl FnOnce() -> T) -> T {
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            // Dropped also when the work panics: then the bar must end too.
            let _end = OnDrop(|| over.store(true, Ordering::Release));
            if !self.0.is_hidden() {
                scope.spawn(|| self.show_until(&over, &state));
            }
            work()
        })
    }

    fn show_until(&self, over: &AtomicBool, state: &impl Fn() -> (u64, u64)) {
        while !over.load(Ordering::Acquire) {
            let (done, expected) = state();
            if expected > 0 {
                self.0.set_length(expected.max(done));
            }
            self.0.set_position(done);
            std::thread::sleep(Duration::from_millis(50));
        }
        self.0.finish_and_clear();
    }
}

struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
