//! The measured part of a run.

use crate::time::{Span, Time};

/// From the end of the warm-up to the end of the run. Invocations count if they arrive in it, instances while they are in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First instant.
    pub start: Time,
    /// End; arrivals at it no longer count.
    pub end: Time,
}

impl Window {
    /// How long it is.
    pub fn length(&self) -> Span {
        self.end.since(self.start)
    }

    /// How much of the time from `from` to `to` lies in the window; `to` must not be after its end.
    #[inline(always)]
    pub fn overlap(&self, from: Time, to: Time) -> Span {
        to.since(from.max(self.start))
    }

    /// How much of `length` from `from` on lies in the window.
    pub fn part(&self, from: Time, length: Span) -> Span {
        (from + length).min(self.end).since(from.max(self.start))
    }

    /// Whether what happens at `at`, which is not after the end, happens in the window.
    #[inline(always)]
    pub fn contains(&self, at: Time) -> bool {
        at >= self.start
    }
}
