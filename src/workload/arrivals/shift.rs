//! Poisson arrivals with a rate that shifts once: a step, a ramp, a spike.

use serde::{Deserialize, Serialize};

use super::piecewise::{Piece, Piecewise};
use crate::amount::Rate;
use crate::time::Span;
use crate::workload::validate::{self, Invalid};

/// The rate changes at once and stays there. Drawn by exact inversion of the integrated rate, as ramps and spikes are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Rate before; may be zero.
    pub before: Rate,
    /// Rate after; may be zero.
    pub after: Rate,
    /// When it changes.
    pub at: Span,
}

impl Step {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        validate::rate_or_zero("before", self.before)?;
        validate::rate_or_zero("after", self.after)
    }

    pub(super) fn model(self) -> Piecewise {
        ending_at(self.after, [Piece::flat(self.before, self.at)])
    }
}

/// The rate rises or falls in a straight line and stays there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ramp {
    /// Rate before; may be zero.
    pub from: Rate,
    /// Rate after; may be zero.
    pub to: Rate,
    /// When the ramp begins. Default: "0s".
    #[serde(default)]
    pub start: Span,
    /// How long the ramp takes.
    pub length: Span,
}

impl Ramp {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        validate::rate_or_zero("from", self.from)?;
        validate::rate_or_zero("to", self.to)?;
        validate::span("length", self.length)
    }

    pub(super) fn model(self) -> Piecewise {
        ending_at(self.to, [Piece::flat(self.from, self.start), Piece::line(self.from, self.to, self.length)])
    }
}

/// A flash crowd: the rate jumps for a while and falls back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spike {
    /// Rate before and after; may be zero.
    pub base: Rate,
    /// Rate during the spike.
    pub peak: Rate,
    /// When the spike begins.
    pub at: Span,
    /// How long the spike takes.
    pub length: Span,
}

impl Spike {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        validate::rate_or_zero("base", self.base)?;
        validate::rate("peak", self.peak)?;
        validate::span("length", self.length)
    }

    pub(super) fn model(self) -> Piecewise {
        ending_at(self.base, [Piece::flat(self.base, self.at), Piece::flat(self.peak, self.length)])
    }
}

fn ending_at<const N: usize>(rate: Rate, pieces: [Piece; N]) -> Piecewise {
    let pieces = pieces.into_iter().chain([Piece::flat(rate, Span::MAX)]).collect();
    Piecewise { pieces, repeat: false, mean_rate: rate.as_per_second() }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{counts, model, until};
    use super::*;

    /// Compares the arrivals of each of `expected.len()` seconds, summed over 100 runs, with the integral of the rate.
    fn assert_seconds(text: &str, expected: &[f64]) {
        let model = model(text);
        let mut found = vec![0.0; expected.len()];
        for seed in 0..100 {
            for (sum, count) in found.iter_mut().zip(counts(&*model, seed, Span::from_secs(1), expected.len())) {
                *sum += count;
            }
        }
        for (second, (found, expected)) in found.iter().zip(expected).enumerate() {
            let expected = 100.0 * expected;
            assert!(
                (found - expected).abs() <= 4.0 * expected.sqrt(),
                "{text} second {second}: {found} for {expected}"
            );
        }
    }

    #[test]
    fn every_second_has_the_rate_of_the_shape() {
        assert_seconds(r#"step = { before = "2/s", after = "60/s", at = "2s" }"#, &[2.0, 2.0, 60.0, 60.0]);
        assert_seconds(
            r#"ramp = { from = "0/s", to = "60/s", start = "1s", length = "3s" }"#,
            &[0.0, 10.0, 30.0, 50.0, 60.0],
        );
        assert_seconds(r#"ramp = { from = "60/s", to = "0/s", length = "3s" }"#, &[50.0, 30.0, 10.0, 0.0]);
        assert_seconds(r#"spike = { base = "5/s", peak = "80/s", at = "1s", length = "1s" }"#, &[5.0, 80.0, 5.0]);
    }

    #[test]
    fn nothing_arrives_once_the_rate_is_zero_for_ever() {
        let model = model(r#"ramp = { from = "60/s", to = "0/s", length = "3s" }"#);
        assert!(until(&*model, 1, Span::LONGEST).len() < 200);
    }
}
