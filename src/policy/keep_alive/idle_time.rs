//! Idle times: from the end of the last execution of a function or app to its next arrival.

use crate::policy::entry::ParameterError;
use crate::policy::parameters::positive;
use crate::policy::{ArrivalView, IdleView};
use crate::time::{Span, Time};

/// Measures the idle times of each unit. An arrival while others are in flight ends no idle time. O(1).
#[derive(Debug, Clone, Default)]
pub struct IdleClock {
    since: Vec<Option<Time>>,
}

impl IdleClock {
    /// An execution has ended.
    pub fn ended(&mut self, idle: &IdleView<'_>) {
        if self.since.len() <= idle.unit as usize {
            self.since.resize(idle.unit as usize + 1, None);
        }
        self.since[idle.unit as usize] = Some(idle.now);
    }

    /// How long the unit was idle before this arrival; `None` if it was not, or never executed.
    pub fn arrived(&mut self, arrival: &ArrivalView) -> Option<Span> {
        let since = self.since.get_mut(arrival.unit as usize)?.take()?;
        (arrival.in_flight == 0).then(|| arrival.now.since(since))
    }
}

/// The most bins that a histogram may have.
const MOST_BINS: u64 = 10_000;

/// How many bins of a width make up a range; the last one may end after it.
pub const fn bins(range: Span, bin: Span) -> u64 {
    range.as_nanos().div_ceil(bin.as_nanos())
}

/// Refuses a range or a bin of zero, and too many bins.
///
/// # Errors
/// Names `range` or `bin`.
pub fn check_bins(range: Span, bin: Span) -> Result<(), ParameterError> {
    positive("range", range)?;
    positive("bin", bin)?;
    match bins(range, bin) {
        0..=MOST_BINS => Ok(()),
        _ => Err(ParameterError(format!("`range` has more than {MOST_BINS} bins; choose a larger `bin`"))),
    }
}

/// How many idle times fell into each of a number of bins.
#[derive(Debug, Clone)]
pub struct IdleHistogram {
    counts: Vec<u32>,
    total: u64,
    squares: u64,
}

impl IdleHistogram {
    /// So many empty bins, at least one.
    pub fn new(bins: usize) -> Self {
        Self { counts: vec![0; bins], total: 0, squares: 0 }
    }

    /// Counts one more in a bin.
    pub fn record(&mut self, bin: usize) {
        let count = &mut self.counts[bin];
        self.squares += 2 * u64::from(*count) + 1;
        *count += 1;
        self.total += 1;
    }

    /// How many there are in all bins.
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// Coefficient of variation of the counts of the bins, the whole population: large if few bins hold all, zero if all are equal.
    /// Exact up to the last division, because sum and sum of squares are integers. NaN if all are empty.
    pub fn variation(&self) -> f64 {
        let (bins, total) = (self.counts.len() as f64, self.total as f64);
        (bins * self.squares as f64 / (total * total) - 1.0).max(0.0).sqrt()
    }
}

/// The least bin up to which a share of all entries lies. It follows the entries: O(1) each while they stay alike.
#[derive(Debug, Clone, Copy, Default)]
pub struct Percentile {
    bin: usize,
    below: u64,
}

impl Percentile {
    /// The bin.
    pub const fn bin(&self) -> usize {
        self.bin
    }

    /// Moves to where `percent` of the entries lie, after each [`IdleHistogram::record`]; `percent` is above 0 and never changes.
    pub fn follow(&mut self, percent: f64, histogram: &IdleHistogram, recorded: usize) {
        let enough = |entries: u64| entries as f64 * 100.0 >= percent * histogram.total as f64;
        self.below += u64::from(recorded < self.bin);
        while self.bin > 0 && enough(self.below) {
            self.bin -= 1;
            self.below -= u64::from(histogram.counts[self.bin]);
        }
        while !enough(self.below + u64::from(histogram.counts[self.bin])) {
            self.below += u64::from(histogram.counts[self.bin]);
            self.bin += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::keep_alive::lab::{arrival, idle};
    use crate::random::Streams;
    use proptest::prelude::*;

    #[test]
    fn only_an_arrival_that_finds_nothing_in_flight_ends_an_idle_time() {
        let (mut clock, streams) = (IdleClock::default(), Streams::new(1, 0));
        let at = Time::from_nanos;
        assert_eq!(clock.arrived(&arrival(at(1), 0)), None);
        clock.ended(&idle(&streams, at(5), None));
        assert_eq!(clock.arrived(&arrival(at(8), 0)), Some(Span::from_nanos(3)));
        // Its execution has not ended.
        assert_eq!(clock.arrived(&arrival(at(9), 1)), None);
        clock.ended(&idle(&streams, at(10), None));
        assert_eq!(clock.arrived(&arrival(at(11), 1)), None);
        clock.ended(&idle(&streams, at(12), None));
        assert_eq!(clock.arrived(&arrival(at(12), 0)), Some(Span::ZERO));
    }

    proptest! {
        /// Against sorting all entries and the textbook's two passes.
        #[test]
        fn percentiles_and_variation_follow_the_entries(entries in prop::collection::vec(0..20usize, 1..150), percent in 1..=100u32) {
            let (mut histogram, mut percentile) = (IdleHistogram::new(20), Percentile::default());
            for (position, bin) in entries.iter().enumerate() {
                histogram.record(*bin);
                percentile.follow(f64::from(percent), &histogram, *bin);
                let mut sorted = entries[..=position].to_vec();
                sorted.sort_unstable();
                let rank = (percent as usize * sorted.len()).div_ceil(100);
                prop_assert_eq!(percentile.bin(), sorted[rank - 1]);
            }
            let counts: Vec<f64> = (0..20).map(|bin| entries.iter().filter(|entry| **entry == bin).count() as f64).collect();
            let mean = entries.len() as f64 / 20.0;
            let variance = counts.iter().map(|count| (count - mean) * (count - mean)).sum::<f64>() / 20.0;
            prop_assert!((histogram.variation() - variance.sqrt() / mean).abs() < 1e-9);
        }
    }
}
