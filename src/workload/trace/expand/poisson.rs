//! A Poisson process, minute by minute.

use super::{MINUTE, Rule};
use crate::random::Stream;

/// A Poisson process with the rate of the minute, as the "Poisson fit" of dslab-faas: the number of arrivals is random
/// with the count as its mean.
#[derive(Default)]
pub(super) struct Poisson {
    at: f64,
    mean_gap: f64,
}

impl Rule for Poisson {
    fn begin(&mut self, count: u32, _: &Stream) {
        *self = Self { at: 0.0, mean_gap: MINUTE as f64 / f64::from(count) };
    }

    #[inline]
    fn next(&mut self, stream: &mut Stream) -> Option<u64> {
        // Before the first minute there is no rate: zero times anything is not a gap.
        if self.mean_gap == 0.0 {
            return None;
        }
        self.at += self.mean_gap * stream.exponential();
        (self.at < MINUTE as f64).then_some(self.at as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    #[test]
    fn counts_have_mean_and_variance_of_their_minute() {
        let (mut stream, minutes) = (Streams::new(1, 0).stream(Purpose::Arrival, 0), 20_000);
        let mut rule = Poisson::default();
        let mut counts = (0..minutes).map(|_| {
            rule.begin(9, &stream);
            std::iter::from_fn(|| rule.next(&mut stream)).count() as f64
        });
        let (sum, squares) = counts.by_ref().fold((0.0, 0.0), |(sum, squares), n| (sum + n, squares + n * n));
        let (n, mean) = (f64::from(minutes), sum / f64::from(minutes));
        let variance = squares / n - mean * mean;
        // Standard errors: of the mean sqrt(9/n); of the variance sqrt((m4 - 9^2)/n) with m4 = 9 + 3 x 81.
        assert!((mean - 9.0).abs() < 4.0 * (9.0 / n).sqrt(), "mean {mean}");
        assert!((variance - 9.0).abs() < 4.0 * ((9.0 + 2.0 * 81.0) / n).sqrt(), "variance {variance}");
    }
}
