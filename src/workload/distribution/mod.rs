//! Distributions of times and plain numbers, each with its declared moments. One file per family.

mod exp;
mod gamma;
mod hyperexponential;
mod integral;
mod lognormal;
mod moments;
mod pareto;
mod percentiles;
mod quantity;
mod sampler;
mod samples;
mod uniform;
mod weibull;

#[cfg(test)]
mod tests;

pub use gamma::{Gamma, GammaSampler};
pub use hyperexponential::{Hyperexponential, HyperexponentialSampler};
pub use integral::{Integral, IntegralSampler, Work};
pub use lognormal::Lognormal;
pub use moments::Moments;
pub use pareto::{Pareto, ParetoSampler};
pub use percentiles::{PercentileSampler, Percentiles};
pub use quantity::Quantity;
pub use sampler::Sampler;
pub use samples::Samples;
pub use uniform::Uniform;
pub use weibull::{Weibull, WeibullSampler};

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::data::DataError;
use super::validate::{Invalid, checked, non_negative};

/// A distribution of times (with units) or of plain numbers: `execution.exponential = { mean = "120ms" }`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(remote = "Self", bound = "Q: Quantity", rename_all = "snake_case", deny_unknown_fields)]
pub enum Distribution<Q: Quantity> {
    /// Always the same value: `constant = "120ms"`.
    Constant(Q),
    /// Every value of a range is equally likely: `uniform = { min = "50ms", max = "150ms" }`.
    Uniform(Uniform<Q>),
    /// Exponential, by its mean; the coefficient of variation is 1: `exponential = { mean = "120ms" }`.
    Exponential {
        /// The mean.
        mean: Q,
    },
    /// The logarithm is normal, the usual shape of execution times: `lognormal = { median = "120ms", p99 = "900ms" }`
    /// or `lognormal = { mean = "200ms", sd = "150ms" }`.
    Lognormal(Lognormal<Q>),
    /// Gamma: `gamma = { mean = "120ms", cv = 0.5 }`.
    Gamma(Gamma<Q>),
    /// Weibull: `weibull = { mean = "120ms", cv = 1.5 }`.
    Weibull(Weibull<Q>),
    /// A tail that falls as a power: `pareto = { minimum = "50ms", alpha = 2.5 }`.
    Pareto(Pareto<Q>),
    /// A mixture of two exponentials, more variable than one: `hyperexponential = { mean = "120ms", cv = 3.0 }`.
    Hyperexponential(Hyperexponential<Q>),
    /// Measured percentiles joined by straight lines: `percentiles = { p0 = "1ms", p50 = "20ms", p100 = "2s" }`.
    Percentiles(Percentiles<Q>),
    /// Measured values from a file, each as likely as the others: `samples = { file = "durations.txt" }`.
    Samples(Samples<Q>),
    /// Work that depends on an input: the integral of a work rate between two bounds, which may be random.
    Integral(Integral<Q>),
}

checked!(Distribution<Q>, Q: Quantity);

impl<Q: Quantity> Distribution<Q> {
    /// One example per family, as scenario files write it.
    pub const EXAMPLES: &[&str] = &[
        r#"constant = "120ms""#,
        r#"uniform = { min = "50ms", max = "150ms" }"#,
        r#"exponential = { mean = "120ms" }"#,
        r#"lognormal = { median = "120ms", p99 = "900ms" }"#,
        r#"lognormal = { mean = "200ms", sd = "150ms" }"#,
        r#"gamma = { mean = "120ms", cv = 0.5 }"#,
        r#"weibull = { mean = "120ms", cv = 1.5 }"#,
        r#"pareto = { minimum = "50ms", alpha = 5.0 }"#,
        r#"pareto = { minimum = "50ms", alpha = 1.2, maximum = "10s" }"#,
        r#"hyperexponential = { mean = "120ms", cv = 2.0 }"#,
        r#"percentiles = { p0 = "1ms", p25 = "10ms", p50 = "20ms", "p99.9" = "900ms", p100 = "2s" }"#,
        r#"percentiles = { p0 = "1ms", p50 = "20ms", p100 = "2s", mean = "100ms" }"#,
        r#"percentiles = [[0, "1ms"], [50, "20ms"], [100, "2s"]]"#,
        r#"samples = { file = "durations.txt" }"#,
        r#"integral = { unit = "1ms", work.polynomial = [2.0, 0.5], from.constant = 0, to.uniform = { min = 0, max = 9 } }"#,
        r#"integral = { unit = "1ms", work.table = [[0, 1], [10, 3]], from.constant = 2, to.constant = 20 }"#,
    ];

    /// Checks what the types cannot: ranges of plain numbers, and fields that must fit together.
    ///
    /// # Errors
    /// [`Invalid`], naming the key and what was expected.
    pub fn validate(&self) -> Result<(), Invalid> {
        match self {
            Self::Constant(value) => non_negative("constant", value.to_f64()),
            Self::Uniform(uniform) => uniform.validate(),
            Self::Exponential { mean } => non_negative("mean", mean.to_f64()),
            Self::Gamma(gamma) => gamma.validate(),
            Self::Weibull(weibull) => weibull.validate(),
            Self::Pareto(pareto) => pareto.validate(),
            Self::Hyperexponential(hyperexponential) => hyperexponential.validate(),
            Self::Integral(integral) => integral.validate(),
            // Checked while they are made.
            Self::Lognormal(_) | Self::Percentiles(_) | Self::Samples(_) => Ok(()),
        }
    }

    /// The files that the distribution reads, for checksums and for rewriting the paths.
    pub fn files(&mut self) -> Vec<&mut PathBuf> {
        match self {
            Self::Samples(samples) => vec![&mut samples.file],
            Self::Integral(integral) => integral.files(),
            _ => Vec::new(),
        }
    }

    /// Loads the files that the distribution reads; relative paths start at `base`.
    ///
    /// # Errors
    /// [`DataError`] if a file cannot be read or has a line that is not a value.
    pub fn resolve(&mut self, base: &Path) -> Result<(), DataError> {
        match self {
            Self::Samples(samples) => samples.load(base),
            Self::Integral(integral) => integral.resolve(base),
            _ => Ok(()),
        }
    }

    /// Prepares the distribution for drawing.
    ///
    /// # Panics
    /// If it reads a file and [`Self::resolve`] was not called.
    pub fn sampler(&self) -> Sampler {
        match self {
            Self::Constant(value) => Sampler::Constant(value.to_f64()),
            Self::Uniform(uniform) => uniform.sampler(),
            Self::Exponential { mean } => Sampler::Exponential { mean: mean.to_f64() },
            Self::Lognormal(lognormal) => lognormal.sampler(),
            Self::Gamma(gamma) => gamma.sampler(),
            Self::Weibull(weibull) => weibull.sampler(),
            Self::Pareto(pareto) => pareto.sampler(),
            Self::Hyperexponential(hyperexponential) => hyperexponential.sampler(),
            Self::Percentiles(percentiles) => percentiles.sampler(),
            Self::Samples(samples) => samples.sampler(),
            Self::Integral(integral) => integral.sampler(),
        }
    }

    /// Mean and variance, where they are finite and known in closed form. Panics like [`Self::sampler`].
    pub fn moments(&self) -> Moments {
        self.sampler().moments()
    }
}
