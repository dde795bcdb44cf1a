//! The measured part of a run.

use crate::time::{Span, Time};

/// From the end of the warm-up to the end of the measurement. An invocation that arrives in it counts whole, wherever its end lies;
/// instances and their memory count while they are in it.
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

    /// How much of the time from `from` to `to` lies in the window.
    #[inline(always)]
    pub fn overlap(&self, from: Time, to: Time) -> Span {
        to.min(self.end).since(from.max(self.start))
    }

    /// How much of `length` from `from` on lies in the window.
    pub fn part(&self, from: Time, length: Span) -> Span {
        self.overlap(from, from + length)
    }

    /// Whether what happens at `at` happens in the window.
    #[inline(always)]
    pub fn contains(&self, at: Time) -> bool {
        self.start <= at && at < self.end
    }

    /// The instant of the window that is nearest to `at`, its end included.
    #[inline(always)]
    pub fn clamp(&self, at: Time) -> Time {
        at.clamp(self.start, self.end)
    }
}
