//! The Pareto distribution.

use serde::{Deserialize, Serialize};

use super::{Moments, Quantity, Sampler};
use crate::random::Stream;
use crate::workload::validate::{Invalid, non_negative, number, ordered, positive};

/// Pareto: P(X > x) = (minimum / x)^alpha.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(bound = "Q: Quantity", deny_unknown_fields)]
pub struct Pareto<Q: Quantity> {
    /// The smallest value, above zero.
    pub minimum: Q,
    /// The power of the tail, from 0.01 to 1000. The mean is infinite up to 1, the variance up to 2, unless `maximum` is
    /// given.
    pub alpha: f64,
    /// The largest value: the distribution is cut off there and scaled up. Default: none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub maximum: Option<Q>,
}

impl<Q: Quantity> Pareto<Q> {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        positive("minimum", self.minimum.to_f64())?;
        number("alpha", self.alpha, 0.01..=1000.0)?;
        let Some(maximum) = self.maximum else { return Ok(()) };
        non_negative("maximum", maximum.to_f64())?;
        ordered("minimum", &self.minimum, "maximum", &maximum)
    }

    pub(super) fn sampler(&self) -> Sampler {
        let maximum = self.maximum.map_or(f64::INFINITY, Q::to_f64);
        Sampler::Pareto(Box::new(ParetoSampler::new(self.minimum.to_f64(), self.alpha, maximum)))
    }
}

/// Draws Pareto numbers by inversion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParetoSampler {
    minimum: f64,
    alpha: f64,
    maximum: f64,
    /// Probability that a Pareto number without a maximum is below the maximum.
    mass: f64,
}

impl ParetoSampler {
    /// Between `minimum` (above zero) and `maximum` (may be infinite).
    pub fn new(minimum: f64, alpha: f64, maximum: f64) -> Self {
        Self { minimum, alpha, maximum, mass: 1.0 - libm::pow(minimum / maximum, alpha) }
    }

    /// Without a maximum, by the mean, for `alpha` above 1.
    pub(crate) fn by_mean(mean: f64, alpha: f64) -> Self {
        Self::new(mean * (alpha - 1.0) / alpha, alpha, f64::INFINITY)
    }

    /// Draws one number.
    pub fn sample(&self, stream: &mut Stream) -> f64 {
        self.minimum * libm::exp(-libm::log1p(-self.mass * stream.uniform()) / self.alpha)
    }

    /// The residual of a stationary renewal process with these gaps, for `alpha` above 1 and no maximum: a uniform part of
    /// a gap that is drawn in proportion to its length, which is Pareto with alpha - 1.
    pub(crate) fn residual(&self, stream: &mut Stream) -> f64 {
        stream.uniform() * Self::new(self.minimum, self.alpha - 1.0, f64::INFINITY).sample(stream)
    }

    pub(super) fn moments(&self) -> Moments {
        if self.minimum == self.maximum {
            return Moments::new(self.minimum, 0.0);
        }
        match (self.raw_moment(1.0), self.raw_moment(2.0)) {
            (Some(mean), Some(square)) => Moments::from_raw(mean, square),
            (mean, _) => Moments { mean, variance: None },
        }
    }

    /// Mean of the `order`-th power: the integral of x^order times the density alpha minimum^alpha x^(-alpha-1) / mass.
    fn raw_moment(&self, order: f64) -> Option<f64> {
        let density = self.alpha * libm::pow(self.minimum, order) / self.mass;
        let (excess, ratio) = (order - self.alpha, self.maximum / self.minimum);
        if ratio.is_infinite() {
            return (excess < 0.0).then(|| -density / excess);
        }
        let log_ratio = libm::log(ratio);
        // expm1(e x) / e tends to x as e tends to zero.
        Some(density * if excess == 0.0 { log_ratio } else { libm::expm1(excess * log_ratio) / excess })
    }
}
