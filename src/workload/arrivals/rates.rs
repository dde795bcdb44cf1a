//! Poisson arrivals with a table of rates.

use serde::{Deserialize, Serialize};

use super::piecewise::{Piece, Piecewise};
use crate::amount::Rate;
use crate::time::Span;
use crate::workload::validate::{self, Invalid};

/// Poisson arrivals with a table of rates, each for one step of time. Drawn by exact inversion of the integrated rate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rates {
    /// How long each rate holds.
    pub step: Span,
    /// The rates, one after another; zero is allowed, but not for all of them.
    pub rates: Vec<Rate>,
    /// Whether the table begins again at its end; else nothing arrives after it. Default: false.
    #[serde(default)]
    pub repeat: bool,
}

impl Rates {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        validate::span("step", self.step)?;
        self.rates.iter().try_for_each(|rate| validate::rate_or_zero("rates", *rate))?;
        if self.rates.iter().all(|rate| rate.as_per_second() == 0.0) {
            return Err(Invalid::new(
                "`rates` has no rate above zero; expected one at least, such as [\"1/s\", \"20/s\"]",
            ));
        }
        validate::arrivals_per_change(self.mean() * self.step.as_secs_f64())
    }

    /// Per second, over the table.
    fn mean(&self) -> f64 {
        self.rates.iter().map(|rate| rate.as_per_second()).sum::<f64>() / self.rates.len() as f64
    }

    pub(super) fn model(self) -> Piecewise {
        let mean_rate = if self.repeat { self.mean() } else { 0.0 };
        let pieces = self.rates.iter().map(|rate| Piece::flat(*rate, self.step)).collect();
        Piecewise { pieces, repeat: self.repeat, mean_rate }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{counts, model, read, until};
    use super::*;

    #[test]
    fn every_step_has_its_rate() {
        let model =
            model(r#"rates = { step = "50ms", rates = ["0/s", "40/s", "2000/s", "0/s", "10/s"], repeat = true }"#);
        let found = counts(&*model, 1, Span::from_millis(50), 5 * 2000);
        for (step, expected) in [0.0, 2.0, 100.0, 0.0, 0.5].into_iter().enumerate() {
            let mean = found.iter().skip(step).step_by(5).sum::<f64>() / 2000.0;
            assert!((mean - expected).abs() <= 4.0 * (expected / 2000f64).sqrt(), "step {step}: {mean} for {expected}");
        }
    }

    #[test]
    fn nothing_arrives_after_a_table_that_does_not_repeat() {
        let model = model(r#"rates = { step = "1s", rates = ["100/s", "0/s"] }"#);
        let times = until(&*model, 1, Span::from_secs(1000));
        assert!((50..150).contains(&times.len()) && times.iter().all(|at| at.as_secs_f64() <= 1.0));
        assert_eq!(model.mean_rate(), Some(0.0));
        assert!(read(r#"rates = { step = "1s", rates = ["0/s"] }"#).unwrap_err().contains("no rate above zero"));
    }
}
