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

    /// The instant of the window that is nearest to `at`.
    #[inline]
    pub fn clamp(&self, at: Time) -> Time {
        at.clamp(self.start, self.end)
    }

    /// How much of the time from `from` to `to` lies in the window.
    #[inline]
    pub fn overlap(&self, from: Time, to: Time) -> Span {
        self.clamp(to) - self.clamp(from)
    }

    /// Whether an invocation that arrives at `at` counts.
    #[inline]
    pub fn contains(&self, at: Time) -> bool {
        at >= self.start && at < self.end
    }
}
