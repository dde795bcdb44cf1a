//! Distributions of times and plain numbers, each with its declared moments.

use serde::{Deserialize, Serialize};

use crate::random::Stream;
use crate::time::Span;

/// A kind of number that a distribution can be of: a [`Span`] (in nanoseconds) or a plain `f64`.
pub trait Quantity: Copy {
    /// The number in base units.
    fn to_f64(self) -> f64;
}

impl Quantity for Span {
    fn to_f64(self) -> f64 {
        self.as_nanos() as f64
    }
}

impl Quantity for f64 {
    fn to_f64(self) -> f64 {
        self
    }
}

/// A distribution as scenario files write it: `execution.exponential = { mean = "120ms" }`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Distribution<Q> {
    /// Always the same.
    Constant(Q),
    /// Exponential, by its mean.
    Exponential {
        /// The mean.
        mean: Q,
    },
}

impl<Q: Quantity> Distribution<Q> {
    /// Prepares the distribution for drawing.
    pub fn sampler(&self) -> Sampler {
        match *self {
            Self::Constant(value) => Sampler::Constant(value.to_f64()),
            Self::Exponential { mean } => Sampler::Exponential { mean: mean.to_f64() },
        }
    }
}

/// A distribution, ready for drawing numbers in base units.
#[derive(Debug, Clone, PartialEq)]
pub enum Sampler {
    /// Always the same.
    Constant(f64),
    /// Exponential.
    Exponential {
        /// The mean.
        mean: f64,
    },
}

impl Sampler {
    /// Draws one number.
    #[inline]
    pub fn sample(&self, stream: &mut Stream) -> f64 {
        match *self {
            Self::Constant(value) => value,
            Self::Exponential { mean } => mean * stream.exponential(),
        }
    }
}
