//! The Weibull distribution.

use serde::{Deserialize, Serialize};

use super::{GammaSampler, Moments, Quantity, Sampler};
use crate::random::Stream;
use crate::workload::validate::{Invalid, non_negative, number};

/// Weibull, by mean and coefficient of variation; the shape is found from the latter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(bound = "Q: Quantity", deny_unknown_fields)]
pub struct Weibull<Q: Quantity> {
    /// The mean.
    pub mean: Q,
    /// Coefficient of variation (standard deviation over mean), from 0.001 to 100. 1 is the exponential distribution.
    pub cv: f64,
}

impl<Q: Quantity> Weibull<Q> {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        non_negative("mean", self.mean.to_f64())?;
        number("cv", self.cv, 0.001..=100.0)
    }

    pub(super) fn sampler(&self) -> Sampler {
        Sampler::Weibull(WeibullSampler::by_mean(self.mean.to_f64(), self.cv))
    }
}

/// Draws Weibull numbers: an exponential number raised to a power.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeibullSampler {
    scale: f64,
    inverse_shape: f64,
}

impl WeibullSampler {
    /// By mean and coefficient of variation (0.001 to 100).
    pub fn by_mean(mean: f64, cv: f64) -> Self {
        let inverse_shape = inverse_shape(cv);
        Self { scale: mean / libm::tgamma(1.0 + inverse_shape), inverse_shape }
    }

    /// Draws one number.
    pub fn sample(&self, stream: &mut Stream) -> f64 {
        self.scale * libm::pow(stream.exponential(), self.inverse_shape)
    }

    /// The residual of a stationary renewal process with these gaps: a uniform part of a gap x that is drawn in proportion
    /// to its length, for which (x / scale)^shape is gamma with shape 1 + 1/shape.
    pub(crate) fn residual(&self, stream: &mut Stream) -> f64 {
        let power = GammaSampler::new(1.0 + self.inverse_shape, 1.0).sample(stream);
        stream.uniform() * self.scale * libm::pow(power, self.inverse_shape)
    }

    pub(super) fn moments(&self) -> Moments {
        let raw = |power: f64| libm::tgamma(1.0 + power * self.inverse_shape);
        Moments::from_raw(self.scale * raw(1.0), self.scale * self.scale * raw(2.0))
    }
}

/// Solves cv^2 = G(1 + 2x) / G(1 + x)^2 - 1 for x = 1 / shape, by halving. The right side rises with x.
fn inverse_shape(cv: f64) -> f64 {
    let wanted = libm::log1p(cv * cv);
    let (mut low, mut high) = (0.0, 16.0);
    for _ in 0..64 {
        let middle = (low + high) / 2.0;
        let found = libm::lgamma(1.0 + 2.0 * middle) - 2.0 * libm::lgamma(1.0 + middle);
        if found < wanted { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}
