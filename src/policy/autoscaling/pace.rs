//! How often something may be done.

use crate::time::{Span, Time};

/// Remembers when something was last done.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pace {
    last: Option<Time>,
}

impl Pace {
    /// Whether `interval` has passed since the last time, or there was none.
    pub fn is_due(&self, now: Time, interval: Span) -> bool {
        self.last.is_none_or(|last| now - last >= interval)
    }

    /// It is done now.
    pub fn done(&mut self, now: Time) {
        self.last = Some(now);
    }
}
