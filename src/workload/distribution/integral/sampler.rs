//! Drawing work: two bounds, and the difference of the antiderivative between them.

use super::antiderivative::Antiderivative;
use crate::random::Stream;
use crate::workload::distribution::{Moments, Sampler};

/// Draws the bounds and returns the work between them.
#[derive(Debug, Clone, PartialEq)]
pub struct IntegralSampler {
    pub(super) unit: f64,
    pub(super) antiderivative: Antiderivative,
    pub(super) from: Sampler,
    pub(super) to: Sampler,
}

impl IntegralSampler {
    /// Draws one number.
    pub fn sample(&self, stream: &mut Stream) -> f64 {
        let from = self.from.sample(stream);
        self.between(from, self.to.sample(stream))
    }

    /// No work takes less than no time.
    fn between(&self, from: f64, to: f64) -> f64 {
        (self.unit * (self.antiderivative.at(to) - self.antiderivative.at(from))).max(0.0)
    }

    /// Known for constant bounds; and from zero for a rate that is constant (both moments) or linear (the mean).
    pub(in crate::workload::distribution) fn moments(&self) -> Moments {
        match (&self.from, &self.to, self.antiderivative.linear()) {
            (Sampler::Constant(from), Sampler::Constant(to), _) => Moments::new(self.between(*from, *to), 0.0),
            (Sampler::Constant(0.0), to, Some((rate, slope))) => self.linear_moments(rate, slope, to.moments()),
            _ => Moments::default(),
        }
    }

    fn linear_moments(&self, rate: f64, slope: f64, to: Moments) -> Moments {
        if slope == 0.0 {
            let factor = self.unit * rate;
            return Moments { mean: to.mean.map(|m| factor * m), variance: to.variance.map(|v| factor * factor * v) };
        }
        let mean = to.mean.zip(to.variance).map(|(m, v)| self.unit * (rate * m + slope / 2.0 * (v + m * m)));
        Moments { mean, variance: None }
    }
}
