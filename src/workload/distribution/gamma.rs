//! The gamma distribution.

use serde::{Deserialize, Serialize};

use super::{Moments, Quantity, Sampler};
use crate::random::Stream;
use crate::workload::validate::{Invalid, non_negative, number};

/// Gamma, by mean and coefficient of variation: the shape is 1 / cv^2.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(bound = "Q: Quantity", deny_unknown_fields)]
pub struct Gamma<Q: Quantity> {
    /// The mean.
    pub mean: Q,
    /// Coefficient of variation (standard deviation over mean), from 0.001 to 100. 1 is the exponential distribution.
    pub cv: f64,
}

impl<Q: Quantity> Gamma<Q> {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        non_negative("mean", self.mean.to_f64())?;
        number("cv", self.cv, 0.001..=100.0)
    }

    pub(super) fn sampler(&self) -> Sampler {
        Sampler::Gamma(Box::new(GammaSampler::by_mean(self.mean.to_f64(), self.cv)))
    }
}

/// Draws gamma numbers by the method of Marsaglia and Tsang, "A simple method for generating gamma variables",
/// ACM TOMS 26(3), 2000.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GammaSampler {
    shape: f64,
    scale: f64,
    /// The method's `d` and `c`, for the shape, or for the shape plus 1 if it is below 1.
    d: f64,
    c: f64,
}

impl GammaSampler {
    /// Mean is shape x scale; both must be positive.
    pub fn new(shape: f64, scale: f64) -> Self {
        let d = if shape < 1.0 { shape + 1.0 } else { shape } - 1.0 / 3.0;
        Self { shape, scale, d, c: 1.0 / (9.0 * d).sqrt() }
    }

    /// By mean and coefficient of variation.
    pub fn by_mean(mean: f64, cv: f64) -> Self {
        Self::new(1.0 / (cv * cv), mean * cv * cv)
    }

    /// Draws one number.
    pub fn sample(&self, stream: &mut Stream) -> f64 {
        let value = self.scale * self.d * self.cubed(stream);
        // u^(1 / shape) for a uniform u, whose logarithm is an exponential number.
        if self.shape < 1.0 { value * libm::exp(-stream.exponential() / self.shape) } else { value }
    }

    fn cubed(&self, stream: &mut Stream) -> f64 {
        loop {
            let x = stream.normal();
            let root = 1.0 + self.c * x;
            if root <= 0.0 {
                continue;
            }
            let v = root * root * root;
            let u = stream.uniform();
            let squeezed = u < 1.0 - 0.0331 * x * x * x * x;
            if squeezed || libm::log(u) < 0.5 * x * x + self.d * (1.0 - v + libm::log(v)) {
                return v;
            }
        }
    }

    /// The residual of a stationary renewal process with these gaps: a uniform part of a gap that is drawn in proportion
    /// to its length, which is gamma with the shape plus 1.
    pub(crate) fn residual(&self, stream: &mut Stream) -> f64 {
        stream.uniform() * Self::new(self.shape + 1.0, self.scale).sample(stream)
    }

    pub(super) fn moments(&self) -> Moments {
        Moments::new(self.shape * self.scale, self.shape * self.scale * self.scale)
    }
}
