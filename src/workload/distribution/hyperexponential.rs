//! The hyper-exponential distribution.

use serde::{Deserialize, Serialize};

use super::{Moments, Quantity, Sampler};
use crate::random::Stream;
use crate::workload::validate::{Invalid, non_negative, number};

/// A mixture of two exponential distributions with balanced means: both phases contribute the same to the mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(bound = "Q: Quantity", deny_unknown_fields)]
pub struct Hyperexponential<Q: Quantity> {
    /// The mean.
    pub mean: Q,
    /// Coefficient of variation (standard deviation over mean), from 1 to 100. 1 is the exponential distribution.
    pub cv: f64,
}

impl<Q: Quantity> Hyperexponential<Q> {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        non_negative("mean", self.mean.to_f64())?;
        number("cv", self.cv, 1.0..=100.0)
    }

    pub(super) fn sampler(&self) -> Sampler {
        Sampler::Hyperexponential(Box::new(HyperexponentialSampler::by_mean(self.mean.to_f64(), self.cv)))
    }
}

/// Draws hyper-exponential numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HyperexponentialSampler {
    short_probability: f64,
    short_mean: f64,
    long_mean: f64,
}

impl HyperexponentialSampler {
    /// By mean and coefficient of variation (1 or more). Balanced means: p = (1 + sqrt((cv^2 - 1) / (cv^2 + 1))) / 2, and
    /// the phases have means mean / 2p and mean / 2(1 - p).
    pub fn by_mean(mean: f64, cv: f64) -> Self {
        let squared = cv * cv;
        let p = 0.5 * (1.0 + ((squared - 1.0) / (squared + 1.0)).sqrt());
        Self { short_probability: p, short_mean: mean / (2.0 * p), long_mean: mean / (2.0 * (1.0 - p)) }
    }

    /// Draws one number.
    pub fn sample(&self, stream: &mut Stream) -> f64 {
        self.phase(self.short_probability, stream)
    }

    /// The residual of a stationary renewal process with these gaps: an instant falls into either phase with probability
    /// one half because the means are balanced, and what remains of the phase is exponential.
    pub(crate) fn residual(&self, stream: &mut Stream) -> f64 {
        self.phase(0.5, stream)
    }

    fn phase(&self, short_probability: f64, stream: &mut Stream) -> f64 {
        let mean = if stream.uniform() < short_probability { self.short_mean } else { self.long_mean };
        mean * stream.exponential()
    }

    pub(super) fn moments(&self) -> Moments {
        let p = self.short_probability;
        let mixed = |short: f64, long: f64| p * short + (1.0 - p) * long;
        let square = mixed(self.short_mean * self.short_mean, self.long_mean * self.long_mean);
        Moments::from_raw(mixed(self.short_mean, self.long_mean), 2.0 * square)
    }
}
