//! How often each gap occurred, for gaps that are whole numbers of slots.

use std::collections::BTreeMap;

/// Gaps and how often each occurred. O(log n) per gap, O(n) per figure, n the number of different gaps.
#[derive(Debug, Clone, Default)]
pub struct GapCounts {
    counts: BTreeMap<u64, u64>,
    total: u64,
}

impl GapCounts {
    /// Counts one more.
    pub fn add(&mut self, gap: u64) {
        *self.counts.entry(gap).or_default() += 1;
        self.total += 1;
    }

    /// How many gaps there were.
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// The sum of all gaps.
    pub fn sum(&self) -> u64 {
        self.counts.iter().map(|(gap, count)| gap * count).sum()
    }

    /// The gap at a percentile, linear between neighbours (Hyndman and Fan, type 7). Zero if there are none.
    pub fn percentile(&self, percent: f64) -> f64 {
        let place = percent / 100.0 * self.total.saturating_sub(1) as f64;
        let (low, high) = (self.at(place as u64), self.at(place.ceil() as u64));
        low + (high - low) * place.fract()
    }

    /// The gap at a place in the sorted list.
    fn at(&self, place: u64) -> f64 {
        let upto = self.counts.iter().scan(0, |sum, (gap, count)| {
            *sum += count;
            Some((*sum, *gap))
        });
        upto.skip_while(|(sum, _)| *sum <= place).map(|(_, gap)| gap as f64).next().unwrap_or_default()
    }

    /// Standard deviation over mean, of the whole population. NaN if there are none.
    pub fn variation(&self) -> f64 {
        let (n, mean) = (self.total as f64, self.sum() as f64 / self.total as f64);
        let square = |(gap, count): (&u64, &u64)| (*gap as f64 - mean) * (*gap as f64 - mean) * *count as f64;
        (self.counts.iter().map(square).sum::<f64>() / n).sqrt() / mean
    }

    /// The most frequent gaps with their counts, at most `most`; of equally frequent ones the shorter first.
    pub fn modes(&self, most: usize) -> Vec<(u64, u64)> {
        let mut modes: Vec<_> = self.counts.iter().map(|(gap, count)| (*gap, *count)).collect();
        modes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        modes.truncate(most);
        modes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 4, 4, 4, 10, 28: mean 10, variance (3 x 36 + 0 + 324) / 5 = 86.4.
    #[test]
    fn figures_by_hand() {
        let mut gaps = GapCounts::default();
        [28, 4, 10, 4, 4].into_iter().for_each(|gap| gaps.add(gap));
        assert_eq!((gaps.total(), gaps.sum()), (5, 50));
        assert_eq!(
            [0.0, 50.0, 75.0, 87.5, 100.0].map(|percent| gaps.percentile(percent)),
            [4.0, 4.0, 10.0, 19.0, 28.0]
        );
        assert!((gaps.variation() - 86.4f64.sqrt() / 10.0).abs() < 1e-12);
        assert_eq!(gaps.modes(2), [(4, 3), (10, 1)]);
    }
}
