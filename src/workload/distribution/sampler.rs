//! Prepared distributions, for the hot path.

use std::sync::Arc;

use super::exp::exp;
use super::{
    GammaSampler, HyperexponentialSampler, IntegralSampler, Moments, ParetoSampler, PercentileSampler, WeibullSampler,
    lognormal, samples,
};
use crate::random::Stream;

/// A distribution, ready for drawing numbers in base units. Three words long: every function has one.
#[derive(Debug, Clone, PartialEq)]
pub enum Sampler {
    /// Always the same.
    Constant(f64),
    /// Uniform.
    Uniform {
        /// The smallest value.
        min: f64,
        /// The largest value minus the smallest.
        width: f64,
    },
    /// Exponential.
    Exponential {
        /// The mean.
        mean: f64,
    },
    /// Log-normal.
    Lognormal {
        /// Mean of the logarithm.
        mu: f64,
        /// Standard deviation of the logarithm.
        sigma: f64,
    },
    /// Gamma.
    Gamma(Box<GammaSampler>),
    /// Weibull.
    Weibull(WeibullSampler),
    /// Pareto.
    Pareto(Box<ParetoSampler>),
    /// Hyper-exponential.
    Hyperexponential(Box<HyperexponentialSampler>),
    /// Piecewise-linear inverse of the distribution function.
    Percentiles(PercentileSampler),
    /// One of these values.
    Samples(Arc<[f64]>),
    /// The integral of a work rate.
    Integral(Box<IntegralSampler>),
}

impl Sampler {
    /// Log-normal by its mean, which must be positive, and its coefficient of variation.
    pub fn lognormal(mean: f64, cv: f64) -> Self {
        lognormal::by_mean(mean, cv)
    }

    /// Draws one number.
    #[inline(always)]
    pub fn sample(&self, stream: &mut Stream) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Exponential { mean } => mean * stream.exponential(),
            Self::Lognormal { mu, sigma } => exp(mu + sigma * stream.normal()),
            _ => self.sample_other(stream),
        }
    }

    fn sample_other(&self, stream: &mut Stream) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Exponential { mean } => mean * stream.exponential(),
            Self::Uniform { min, width } => min + width * stream.uniform(),
            Self::Lognormal { mu, sigma } => exp(mu + sigma * stream.normal()),
            Self::Percentiles(percentiles) => percentiles.sample(stream),
            Self::Gamma(gamma) => gamma.sample(stream),
            Self::Weibull(weibull) => weibull.sample(stream),
            Self::Pareto(pareto) => pareto.sample(stream),
            Self::Hyperexponential(hyperexponential) => hyperexponential.sample(stream),
            Self::Samples(values) => values[stream.index(values.len())],
            Self::Integral(integral) => integral.sample(stream),
        }
    }

    /// Mean and variance, where they are finite and known in closed form.
    pub fn moments(&self) -> Moments {
        match self {
            Self::Constant(value) => Moments::new(*value, 0.0),
            Self::Uniform { min, width } => Moments::new(min + width / 2.0, width * width / 12.0),
            Self::Exponential { mean } => Moments::new(*mean, mean * mean),
            Self::Lognormal { mu, sigma } => lognormal::moments(*mu, *sigma),
            Self::Gamma(gamma) => gamma.moments(),
            Self::Weibull(weibull) => weibull.moments(),
            Self::Pareto(pareto) => pareto.moments(),
            Self::Hyperexponential(hyperexponential) => hyperexponential.moments(),
            Self::Percentiles(percentiles) => percentiles.moments(),
            Self::Samples(values) => samples::moments(values),
            Self::Integral(integral) => integral.moments(),
        }
    }
}
