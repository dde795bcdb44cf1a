//! How long instances are provisioned, each time they are switched on.

use crate::metrics::Window;
use crate::time::{Span, Time};

/// The provisioned time of one function or app: instances times nanoseconds in the measured window.
///
/// The last to be switched on is the first to be switched off. Each of these times is rounded up to whole steps, and counts as far
/// as it lies in the window.
#[derive(Debug, Clone, Default)]
pub struct ProvisionedTime {
    /// Since when how many are provisioned, the oldest first.
    on: Vec<(Time, u64)>,
    total: u128,
}

impl ProvisionedTime {
    /// From `at` on there are `more`, or fewer if that is negative.
    pub fn change(&mut self, at: Time, more: i64, step: Span, window: Window) {
        if more > 0 {
            return self.on.push((at, more.unsigned_abs()));
        }
        let mut fewer = more.unsigned_abs();
        while fewer > 0
            && let Some((since, count)) = self.on.last_mut()
        {
            let off = fewer.min(*count);
            let time = window.part(*since, (at - *since).round_up(step));
            self.total += u128::from(off) * u128::from(time.as_nanos());
            (*count, fewer) = (*count - off, fewer - off);
            if *count == 0 {
                self.on.pop();
            }
        }
    }

    /// The sum at the end of the window.
    pub fn total(&self, window: Window) -> u128 {
        let still_on = |(since, count): &(Time, u64)| {
            let time = window.overlap(*since, window.end);
            u128::from(*count) * u128::from(time.as_nanos())
        };
        self.total + self.on.iter().map(still_on).sum::<u128>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u128 = 60_000_000_000;

    fn minutes(minutes: u64) -> Time {
        Time::ZERO + Span::from_secs(60 * minutes)
    }

    /// Two from the start, five more from minute 10 to 16, then four of these off until minute 31.
    fn instance_minutes(step: u64, window: (u64, u64)) -> u128 {
        let window = Window { start: minutes(window.0), end: minutes(window.1) };
        let mut time = ProvisionedTime::default();
        for (at, more) in [(0, 2), (10, 5), (16, -4), (31, -3)] {
            time.change(minutes(at), more, Span::from_secs(60 * step), window);
        }
        time.total(window) / MINUTE
    }

    #[test]
    fn each_time_is_rounded_up() {
        assert_eq!(instance_minutes(1, (0, 60)), 2 * 31 + 4 * 6 + 21);
        assert_eq!(instance_minutes(5, (0, 60)), 2 * 35 + 4 * 10 + 25);
    }

    #[test]
    fn it_counts_as_far_as_it_lies_in_the_window() {
        for edge in 0..40 {
            assert_eq!(instance_minutes(5, (0, edge)) + instance_minutes(5, (edge, 60)), 135, "{edge}");
        }
    }
}
