//! Drawing through a piecewise-linear inverse of the distribution function.

use super::super::Moments;
use crate::random::Stream;

/// Draws numbers by the piecewise-linear inverse of a distribution function.
#[derive(Debug, Clone, PartialEq)]
pub struct PercentileSampler(Box<[Segment]>);

/// A straight part of the inverse: probability u up to `until` gives `intercept + slope * u`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Segment {
    until: f64,
    intercept: f64,
    slope: f64,
}

impl PercentileSampler {
    /// Joins `points` of (percent, value), which must rise strictly in percent and must not fall in value. Below the first
    /// and above the last point the value stays what it is there. `None` if there are no points.
    pub fn new(points: &[(f64, f64)]) -> Option<Self> {
        let (&first, &last) = (points.first()?, points.last()?);
        let flat = |until: f64, value: f64| Segment { until, intercept: value, slope: 0.0 };
        let mut segments = Vec::with_capacity(points.len() + 1);
        if first.0 > 0.0 {
            segments.push(flat(first.0 / 100.0, first.1));
        }
        segments.extend(points.windows(2).map(|ends| Segment::between(ends[0], ends[1])));
        if last.0 < 100.0 || segments.is_empty() {
            segments.push(flat(1.0, last.1));
        }
        Some(Self(segments.into()))
    }

    /// The same shape with another mean: every value is multiplied by the same factor, so that a published mean is kept
    /// although the lines between the percentiles are a guess. Unchanged if every value is zero.
    #[must_use]
    pub fn rescaled(mut self, mean: f64) -> Self {
        let (own_mean, _) = self.raw_moments();
        if own_mean > 0.0 {
            for segment in &mut self.0 {
                segment.intercept *= mean / own_mean;
                segment.slope *= mean / own_mean;
            }
        }
        self
    }

    /// Draws one number.
    #[inline]
    pub fn sample(&self, stream: &mut Stream) -> f64 {
        let u = stream.uniform();
        // The last segment ends at 1 and u is below it, up to rounding of the percentage.
        let index = self.0.partition_point(|segment| segment.until <= u).min(self.0.len() - 1);
        let segment = &self.0[index];
        segment.intercept + segment.slope * u
    }

    pub(crate) fn moments(&self) -> Moments {
        let (mean, square) = self.raw_moments();
        Moments::from_raw(mean, square)
    }

    /// Means of the value and of its square.
    fn raw_moments(&self) -> (f64, f64) {
        let (mut start, mut mean, mut square) = (0.0, 0.0, 0.0);
        for segment in &self.0 {
            let (width, low) = (segment.until - start, segment.intercept + segment.slope * start);
            let high = segment.intercept + segment.slope * segment.until;
            mean += width * (low + high) / 2.0;
            square += width * (low * low + low * high + high * high) / 3.0;
            start = segment.until;
        }
        (mean, square)
    }
}

impl Segment {
    fn between((from, low): (f64, f64), (to, high): (f64, f64)) -> Self {
        let slope = (high - low) / (to - from) * 100.0;
        Self { until: to / 100.0, intercept: low - slope * from / 100.0, slope }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    #[test]
    fn draws_spread_evenly_between_neighbouring_percentiles() {
        let sampler = PercentileSampler::new(&[(0.0, 0.0), (50.0, 10.0), (75.0, 10.0), (100.0, 30.0)]).unwrap();
        let mut stream = Streams::new(1, 0).stream(Purpose::Execution, 0);
        let draws: Vec<_> = (0..40_000).map(|_| sampler.sample(&mut stream)).collect();
        let share = |low: f64, high: f64| draws.iter().filter(|x| (low..high).contains(*x)).count() as f64 / 40_000.0;
        // Five standard errors of a share of a quarter.
        let near = |found: f64, expected: f64| (found - expected).abs() < 0.011;
        assert!(near(share(0.0, 5.0), 0.25) && near(share(5.0, 10.0 - 1e-9), 0.25) && near(share(20.0, 30.0), 0.125));
        assert!(near(share(10.0 - 1e-9, 10.0 + 1e-9), 0.25));
        assert!(draws.iter().all(|x| (0.0..=30.0).contains(x)));
    }

    #[test]
    fn values_stay_flat_outside_the_known_percentiles_and_the_mean_can_be_set() {
        let sampler = PercentileSampler::new(&[(10.0, 2.0), (90.0, 4.0)]).unwrap();
        assert!((sampler.moments().mean.unwrap() - 3.0).abs() < 1e-12);
        assert!((sampler.rescaled(6.0).moments().mean.unwrap() - 6.0).abs() < 1e-12);
        assert_eq!(PercentileSampler::new(&[(50.0, 7.0)]).unwrap().moments(), Moments::new(7.0, 0.0));
        assert_eq!(PercentileSampler::new(&[]), None);
        let zero = PercentileSampler::new(&[(0.0, 0.0), (100.0, 0.0)]).unwrap();
        assert_eq!(zero.clone().rescaled(5.0), zero);
    }
}
