//! Poisson arrivals.

use serde::{Deserialize, Serialize};

use super::{ArrivalModel, ArrivalProcess};
use crate::amount::Rate;
use crate::random::Stream;
use crate::time::{Span, Time};
use crate::workload::validate::{self, Invalid};

/// Independent arrivals at a constant rate: gaps are exponential, the index of dispersion is 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Poisson {
    /// Mean number of arrivals per unit of time.
    pub rate: Rate,
}

impl Poisson {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        validate::rate("rate", self.rate)
    }
}

impl ArrivalModel for Poisson {
    fn open(&self) -> Box<dyn ArrivalProcess> {
        Box::new(Process { at: Time::ZERO, mean_gap: 1e9 / self.rate.as_per_second() })
    }

    fn mean_rate(&self) -> Option<f64> {
        Some(self.rate.as_per_second())
    }
}

struct Process {
    at: Time,
    mean_gap: f64,
}

impl ArrivalProcess for Process {
    #[inline(always)]
    fn next(&mut self, stream: &mut Stream) -> Option<Time> {
        self.at = self.at + Span::from_nanos_f64(stream.exponential() * self.mean_gap);
        Some(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_dispersion, model};
    use super::*;

    #[test]
    fn the_index_of_dispersion_is_one_at_every_scale() {
        let model = model(r#"poisson = { rate = "20/s" }"#);
        assert_dispersion(&*model, Span::from_millis(100), 20_000, 1.0);
        assert_dispersion(&*model, Span::from_secs(10), 1000, 1.0);
    }
}
