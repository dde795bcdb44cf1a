//! The log-normal distribution.

use serde::{Deserialize, Serialize};

use super::{Moments, Quantity, Sampler};
use crate::workload::validate::{Invalid, non_negative, ordered, positive};

/// The 99th percentile of the standard normal distribution.
const Z99: f64 = 2.326_347_874_040_840_8;

/// A number whose logarithm is normally distributed, stated by two of its figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound = "Q: Quantity", try_from = "Keys<Q>", into = "Keys<Q>")]
pub enum Lognormal<Q: Quantity> {
    /// By two percentiles.
    Percentiles {
        /// The 50th percentile.
        median: Q,
        /// The 99th percentile.
        p99: Q,
    },
    /// By mean and standard deviation.
    Moments {
        /// The mean.
        mean: Q,
        /// The standard deviation.
        sd: Q,
    },
}

/// The logarithm is normal. Give `median` and `p99`, or `mean` and `sd`.
#[derive(Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(bound = "Q: Quantity", deny_unknown_fields)]
#[schemars(rename = "Lognormal_{Q}")]
struct Keys<Q: Quantity> {
    /// The 50th percentile, above zero; together with `p99`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    median: Option<Q>,
    /// The 99th percentile, not below the median.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    p99: Option<Q>,
    /// The mean, above zero; together with `sd`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    mean: Option<Q>,
    /// The standard deviation.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    sd: Option<Q>,
}

impl<Q: Quantity> TryFrom<Keys<Q>> for Lognormal<Q> {
    type Error = Invalid;

    fn try_from(keys: Keys<Q>) -> Result<Self, Invalid> {
        match (keys.median, keys.p99, keys.mean, keys.sd) {
            (Some(median), Some(p99), None, None) => {
                positive("median", median.to_f64())?;
                non_negative("p99", p99.to_f64())?;
                ordered("median", &median, "p99", &p99)?;
                Ok(Self::Percentiles { median, p99 })
            }
            (None, None, Some(mean), Some(sd)) => {
                positive("mean", mean.to_f64())?;
                non_negative("sd", sd.to_f64())?;
                Ok(Self::Moments { mean, sd })
            }
            _ => Err(Invalid::new("`lognormal` takes two keys: `median` and `p99`, or `mean` and `sd`")),
        }
    }
}

impl<Q: Quantity> From<Lognormal<Q>> for Keys<Q> {
    fn from(lognormal: Lognormal<Q>) -> Self {
        let none = Self { median: None, p99: None, mean: None, sd: None };
        match lognormal {
            Lognormal::Percentiles { median, p99 } => Self { median: Some(median), p99: Some(p99), ..none },
            Lognormal::Moments { mean, sd } => Self { mean: Some(mean), sd: Some(sd), ..none },
        }
    }
}

impl<Q: Quantity> schemars::JsonSchema for Lognormal<Q> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        Keys::<Q>::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Keys::<Q>::json_schema(generator)
    }
}

impl<Q: Quantity> Lognormal<Q> {
    pub(super) fn sampler(&self) -> Sampler {
        match self {
            Self::Percentiles { median, p99 } => {
                let mu = libm::log(median.to_f64());
                Sampler::Lognormal { mu, sigma: (libm::log(p99.to_f64()) - mu) / Z99 }
            }
            Self::Moments { mean, sd } => by_mean(mean.to_f64(), sd.to_f64() / mean.to_f64()),
        }
    }
}

/// Parameters of the logarithm: sigma^2 = ln(1 + cv^2), mu = ln(mean) - sigma^2 / 2.
pub(super) fn by_mean(mean: f64, cv: f64) -> Sampler {
    let variance = libm::log1p(cv * cv);
    Sampler::Lognormal { mu: libm::log(mean) - variance / 2.0, sigma: variance.sqrt() }
}

pub(super) fn moments(mu: f64, sigma: f64) -> Moments {
    let variance = sigma * sigma;
    let mean = libm::exp(mu + variance / 2.0);
    Moments::new(mean, libm::expm1(variance) * mean * mean)
}
