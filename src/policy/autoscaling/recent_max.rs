//! The largest recent recommendation, by which autoscalers put off scaling in.

use std::collections::VecDeque;

use crate::time::{Span, Time};

/// The largest number of a sliding window. Amortised O(1) for each number.
#[derive(Debug, Clone, Default)]
pub(super) struct RecentMax {
    /// Each is larger than all that follow.
    numbers: VecDeque<(Time, u32)>,
}

impl RecentMax {
    /// Adds a number; returns the largest of those that are at most `span` old.
    pub fn push(&mut self, now: Time, number: u32, span: Span) -> u32 {
        while self.numbers.pop_back_if(|(_, earlier)| *earlier <= number).is_some() {}
        self.numbers.push_back((now, number));
        while self.numbers.pop_front_if(|(at, _)| now - *at > span).is_some() {}
        self.numbers.front().map_or(number, |(_, largest)| *largest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_of_the_window_counts() {
        let mut recent = RecentMax::default();
        let numbers = [(0, 3), (1, 5), (2, 2), (3, 4), (11, 1), (12, 1), (13, 1), (14, 1)];
        let largest = numbers.map(|(secs, n)| recent.push(Time::ZERO + Span::from_secs(secs), n, Span::from_secs(10)));
        assert_eq!(largest, [3, 5, 5, 5, 5, 4, 4, 1]);
    }
}
