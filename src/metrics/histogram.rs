//! A histogram of times with a bounded relative error, mergeable exactly.

use serde::{Deserialize, Serialize};

use crate::time::Span;

/// Buckets per power of two: 2^7. A bucket is at most 1/128 of its lower edge wide.
const BITS: u32 = 7;
const SUB: u64 = 1 << BITS;

/// Counts times in logarithmic buckets, 128 to each power of two.
///
/// Times below 256 ns are exact; a quantile above is the middle of its bucket, so its relative error is at most 1/256
/// (0.4 %). Count, mean and maximum are exact. Memory follows the range of the times that occur, not their number.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "Filled", try_from = "Filled")]
pub struct Histogram {
    /// Bucket number of `counts[0]`.
    first: usize,
    counts: Vec<u64>,
    total: u128,
    max: u64,
}

impl Histogram {
    /// Counts one time.
    #[inline]
    pub fn record(&mut self, span: Span) {
        let nanos = span.as_nanos();
        let slot = bucket(nanos).wrapping_sub(self.first);
        match self.counts.get_mut(slot) {
            Some(count) => *count += 1,
            None => *self.grow(bucket(nanos)) += 1,
        }
        self.total += u128::from(nanos);
        self.max = self.max.max(nanos);
    }

    /// Counts one time `count` times.
    pub fn record_many(&mut self, span: Span, count: u64) {
        if count == 0 {
            return;
        }
        *self.grow(bucket(span.as_nanos())) += count;
        self.total += u128::from(span.as_nanos()) * u128::from(count);
        self.max = self.max.max(span.as_nanos());
    }

    #[cold]
    fn grow(&mut self, bucket: usize) -> &mut u64 {
        if self.counts.is_empty() {
            self.first = bucket;
        }
        if bucket < self.first {
            self.counts.splice(0..0, std::iter::repeat_n(0, self.first - bucket));
            self.first = bucket;
        }
        let slot = bucket - self.first;
        if slot >= self.counts.len() {
            self.counts.resize(slot + 1, 0);
        }
        &mut self.counts[slot]
    }

    /// Adds the counts of another histogram.
    pub fn merge(&mut self, other: &Self) {
        let (Some(last), first) = (other.counts.len().checked_sub(1), other.first) else { return };
        self.grow(first);
        self.grow(first + last);
        let start = first - self.first;
        for (count, more) in self.counts[start..].iter_mut().zip(&other.counts) {
            *count += more;
        }
        self.total += other.total;
        self.max = self.max.max(other.max);
    }

    /// How many times were counted.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The mean; zero if nothing was counted.
    pub fn mean(&self) -> Span {
        let mean = self.total.checked_div(u128::from(self.count())).unwrap_or(0);
        Span::from_nanos(mean as u64)
    }

    /// The longest time, exact; zero if nothing was counted.
    pub fn max(&self) -> Span {
        Span::from_nanos(self.max)
    }

    /// The `q`-quantile (`q` in 0 to 1): the time of rank ceil(q n), within the relative error; zero if nothing was counted.
    pub fn quantile(&self, q: f64) -> Span {
        self.quantiles([q])[0]
    }

    /// Several quantiles in one pass, for ascending `qs`.
    pub fn quantiles<const N: usize>(&self, qs: [f64; N]) -> [Span; N] {
        let count = self.count();
        let mut cumulative = self.cumulative().peekable();
        qs.map(|q| {
            let rank = ((q * count as f64).ceil() as u64).clamp(1, count.max(1));
            while cumulative.next_if(|(_, below)| *below < rank).is_some() {}
            cumulative.peek().map_or(Span::ZERO, |(time, _)| *time)
        })
    }

    /// The distribution function: each bucket that holds something, and how many times are not longer.
    pub fn cumulative(&self) -> impl Iterator<Item = (Span, u64)> + '_ {
        let filled = self.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        filled.scan(0, |below, (slot, count)| {
            *below += count;
            Some((Span::from_nanos(middle(self.first + slot).min(self.max)), *below))
        })
    }
}

/// A histogram as it is written: the buckets that hold something.
#[derive(Serialize, Deserialize)]
struct Filled {
    total_ns: u128,
    max_ns: u64,
    /// Number and count of each bucket, in rising order.
    buckets: Vec<(usize, u64)>,
}

impl From<Histogram> for Filled {
    fn from(histogram: Histogram) -> Self {
        let numbered = histogram.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let buckets = numbered.map(|(slot, count)| (histogram.first + slot, *count)).collect();
        Self { total_ns: histogram.total, max_ns: histogram.max, buckets }
    }
}

impl TryFrom<Filled> for Histogram {
    type Error = String;

    fn try_from(filled: Filled) -> Result<Self, String> {
        let mut histogram = Self::default();
        for (number, count) in filled.buckets {
            if number > bucket(u64::MAX) {
                return Err(format!("{number} is not the number of a bucket"));
            }
            *histogram.grow(number) += count;
        }
        Ok(Self { total: filled.total_ns, max: filled.max_ns, ..histogram })
    }
}

#[inline]
fn bucket(nanos: u64) -> usize {
    let shift = (63 - (nanos | (SUB - 1)).leading_zeros()).saturating_sub(BITS);
    (u64::from(shift) * SUB + (nanos >> shift)) as usize
}

/// The middle of a bucket in nanoseconds, rounded down.
fn middle(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    let shift = (bucket / SUB).saturating_sub(1);
    let lower = (bucket - shift * SUB) << shift;
    lower + ((1u64 << shift) - 1) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_cover_every_time_in_order_and_within_the_stated_error() {
        let mut last = 0;
        let steps = (0..64).flat_map(|e| (0..300).map(move |i: u64| (1u64 << e).saturating_add((1u64 << e) / 300 * i)));
        for nanos in (0..2_000).chain(steps.filter(|n| *n >= 2_000)) {
            let number = bucket(nanos);
            assert!(number >= last || nanos < 2_000, "{nanos}");
            last = number;
            let error = middle(number).abs_diff(nanos);
            assert!(error as u128 * 256 <= nanos as u128, "{nanos} is put at {}", middle(number));
        }
        assert!(bucket(u64::MAX) < 8_192);
    }

    #[test]
    fn quantiles_of_a_known_set() {
        let mut histogram = Histogram::default();
        for millis in (1..=1000).rev() {
            histogram.record(Span::from_millis(millis));
        }
        assert_eq!(histogram.count(), 1000);
        assert_eq!(histogram.mean(), Span::from_nanos(500_500_000));
        assert_eq!(histogram.max(), Span::from_millis(1000));
        for (q, millis) in [(0.0, 1.0), (0.5, 500.0), (0.95, 950.0), (0.99, 990.0), (1.0, 1000.0)] {
            let found = histogram.quantile(q).as_millis_f64();
            assert!((found / millis - 1.0).abs() <= 1.0 / 256.0, "{q}: {found} for {millis}");
        }
        assert_eq!(Histogram::default().quantile(0.99), Span::ZERO);
    }

    #[test]
    fn merging_is_counting_together() {
        let times = |range: std::ops::Range<u64>| range.map(|i| Span::from_nanos(i * i * i * 977));
        let mut together = Histogram::default();
        times(0..3_000).for_each(|span| together.record(span));
        let (mut low, mut high) = (Histogram::default(), Histogram::default());
        times(0..1_000).for_each(|span| low.record(span));
        times(1_000..3_000).for_each(|span| high.record(span));
        high.merge(&low);
        high.merge(&Histogram::default());
        assert_eq!(high, together);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut histogram = Histogram::default();
        (0..5_000).for_each(|i| histogram.record(Span::from_nanos(i * i * i * 977)));
        let text = serde_json::to_string(&histogram).unwrap();
        assert_eq!(serde_json::from_str::<Histogram>(&text).unwrap(), histogram);
        assert!(serde_json::from_str::<Histogram>(r#"{"total_ns":1,"max_ns":1,"buckets":[[99999999999,1]]}"#).is_err());
    }
}
