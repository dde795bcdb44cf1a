//! Arrivals in batches.

use serde::{Deserialize, Serialize};

use super::{ArrivalModel, ArrivalProcess};
use crate::amount::Rate;
use crate::random::Stream;
use crate::time::{Span, Time};
use crate::workload::validate::{self, Invalid};

/// Poisson batches: all invocations of a batch arrive at the same instant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Batches {
    /// Mean number of batches per unit of time.
    pub rate: Rate,
    /// How many invocations a batch has: `size.constant = 10` or `size.geometric = 10`.
    pub size: BatchSize,
}

/// How many invocations a batch has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum BatchSize {
    /// Always the same number, from 1.
    Constant(u32),
    /// Geometric from 1 on, by its mean: a number from 1 to 1000000.
    Geometric(f64),
}

impl BatchSize {
    fn mean(&self) -> f64 {
        match self {
            Self::Constant(size) => f64::from(*size),
            Self::Geometric(mean) => *mean,
        }
    }

    fn draw(&self, stream: &mut Stream) -> u64 {
        match self {
            Self::Constant(size) => u64::from(*size),
            // The whole part of an exponential number is geometric: P(more than n) = (1 - 1/mean)^n.
            Self::Geometric(mean) => 1 + (stream.exponential() / -libm::log1p(-1.0 / mean)) as u64,
        }
    }
}

impl Batches {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        validate::rate("rate", self.rate)?;
        validate::number("size", self.size.mean(), 1.0..=1e6)
    }
}

impl ArrivalModel for Batches {
    fn open(&self) -> Box<dyn ArrivalProcess + '_> {
        Box::new(Process { size: &self.size, mean_gap: 1e9 / self.rate.as_per_second(), at: Time::ZERO, left: 0 })
    }

    fn mean_rate(&self) -> Option<f64> {
        Some(self.rate.as_per_second() * self.size.mean())
    }
}

struct Process<'a> {
    size: &'a BatchSize,
    mean_gap: f64,
    at: Time,
    /// Invocations of the batch at `at` that are still to come.
    left: u64,
}

impl ArrivalProcess for Process<'_> {
    fn next(&mut self, stream: &mut Stream) -> Option<Time> {
        if self.left == 0 {
            self.at = self.at + Span::from_nanos_f64(stream.exponential() * self.mean_gap);
            self.left = self.size.draw(stream);
        }
        self.left -= 1;
        Some(self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_dispersion, model, read};
    use super::*;

    /// Counts of Poisson batches have the dispersion E[S^2] / E[S].
    #[test]
    fn dispersion_is_that_of_the_batch_sizes() {
        for (size, expected) in [("constant = 10", 10.0), ("geometric = 10", 19.0), ("geometric = 1", 1.0)] {
            let model = model(&format!(r#"batches = {{ rate = "20/s", size.{size} }}"#));
            assert_dispersion(&*model, Span::from_secs(5), 400, expected);
        }
        assert!(read(r#"batches = { rate = "1/s", size.geometric = 0.5 }"#).unwrap_err().contains("`size` is 0.5"));
    }
}
