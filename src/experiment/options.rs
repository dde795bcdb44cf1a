//! How an experiment is run, apart from what it is.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64};

use crate::metrics::InvocationLog;

/// How an experiment is run. Nothing here changes what comes out.
///
/// ```
/// # use std::sync::atomic::{AtomicBool, AtomicU64};
/// let (arrived, stop) = (AtomicU64::new(0), AtomicBool::new(false));
/// let options = coldcast::experiment::RunOptions::default().threads(2).progress(&arrived).cancel(&stop);
/// ```
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct RunOptions<'a> {
    /// How many threads work; `None`: one per core.
    pub threads: Option<usize>,
    /// Where invocations are counted as they arrive.
    pub progress: Option<&'a AtomicU64>,
    /// Another thread sets it to end the run, which is then [`RunError::Cancelled`](super::RunError).
    pub cancel: Option<&'a AtomicBool>,
    /// Where every invocation is logged; replications and functions then follow one another on one thread.
    pub log: Option<&'a Mutex<InvocationLog>>,
}

impl<'a> RunOptions<'a> {
    /// With so many threads.
    pub fn threads(self, threads: usize) -> Self {
        Self { threads: Some(threads), ..self }
    }

    /// With a counter of the invocations that have arrived, which another thread may read meanwhile.
    pub fn progress(self, progress: &'a AtomicU64) -> Self {
        Self { progress: Some(progress), ..self }
    }

    /// With a flag that ends the run within a tenth of a second when another thread sets it.
    pub fn cancel(self, cancel: &'a AtomicBool) -> Self {
        Self { cancel: Some(cancel), ..self }
    }

    /// With a log of every invocation. What goes wrong with the log itself is told by [`InvocationLog::finish`].
    pub fn log(self, log: &'a Mutex<InvocationLog>) -> Self {
        Self { log: Some(log), ..self }
    }
}
