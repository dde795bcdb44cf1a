//! Self-exciting arrivals.

use serde::{Deserialize, Serialize};

use super::{ArrivalModel, ArrivalProcess};
use crate::amount::Rate;
use crate::random::Stream;
use crate::time::{Span, Time};
use crate::workload::validate::{self, Invalid};

/// Hawkes process with an exponential kernel: the rate is mu plus alpha exp(-beta (t - s)) for every earlier arrival s. An
/// arrival causes `branching` = alpha / beta others on the mean, so mu = rate x (1 - branching). Over long times the
/// variance of counts is 1 / (1 - branching)^2 times that of Poisson arrivals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hawkes {
    /// Mean number of arrivals per unit of time, with those that others cause.
    pub rate: Rate,
    /// How many arrivals one causes directly, on the mean: from 0 (Poisson) to 0.99.
    pub branching: f64,
    /// Mean time from an arrival to one that it causes (1 / beta).
    pub decay: Span,
}

impl Hawkes {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        validate::rate("rate", self.rate)?;
        validate::number("branching", self.branching, 0.0..=0.99)?;
        validate::span("decay", self.decay)
    }
}

impl ArrivalModel for Hawkes {
    fn open(&self) -> Box<dyn ArrivalProcess> {
        let (rate, beta) = (self.rate.as_per_second() / 1e9, 1.0 / self.decay.as_nanos() as f64);
        Box::new(Process {
            at: Time::ZERO,
            base: rate * (1.0 - self.branching),
            alpha: self.branching * beta,
            beta,
            // Its stationary mean, so that the expected rate is constant from the first moment on.
            excited: rate * self.branching,
        })
    }

    fn mean_rate(&self) -> Option<f64> {
        Some(self.rate.as_per_second())
    }
}

/// Rates are per nanosecond.
struct Process {
    at: Time,
    base: f64,
    alpha: f64,
    beta: f64,
    /// Rate above the base, just after `at`.
    excited: f64,
}

impl ArrivalProcess for Process {
    /// O(1): the earlier of an arrival of the base and one of the decaying rest, each by inversion and without rejection
    /// (A. Dassios and H. Zhao, "Exact simulation of Hawkes process with exponentially decaying intensity", Electronic
    /// Communications in Probability 18, 2013; the distribution is that of Ogata's thinning).
    fn next(&mut self, stream: &mut Stream) -> Option<Time> {
        let base_gap = stream.exponential() / self.base;
        // The excited part may die out before it gives an arrival: then the logarithm has no value.
        let remainder = 1.0 - stream.exponential() * self.beta / self.excited;
        let excited_gap = if remainder > 0.0 { -libm::log(remainder) / self.beta } else { f64::INFINITY };
        let gap = base_gap.min(excited_gap);
        self.excited = self.excited * libm::exp(-self.beta * gap) + self.alpha;
        self.at = self.at + Span::from_nanos_f64(gap);
        Some(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_dispersion, model};
    use super::*;

    #[test]
    fn dispersion_tends_to_one_over_one_minus_branching_squared() {
        for branching in [0.0, 0.5, 0.7] {
            let model = model(&format!(r#"hawkes = {{ rate = "20/s", branching = {branching}, decay = "20ms" }}"#));
            assert_dispersion(&*model, Span::from_secs(10), 1000, 1.0 / (1.0f64 - branching).powi(2));
        }
    }
}
