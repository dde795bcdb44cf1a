//! Markov-modulated Poisson process.

use serde::{Deserialize, Serialize};

use super::{ArrivalModel, ArrivalProcess};
use crate::amount::Rate;
use crate::random::Stream;
use crate::time::{Span, Time};
use crate::workload::validate::{self, Invalid};

/// Poisson arrivals whose rate jumps: each state lasts an exponential time, then another one follows, each of the others
/// being equally likely. With two states they alternate (MMPP(2); W. Fischer and K. Meier-Hellstern, "The Markov-modulated
/// Poisson process (MMPP) cookbook", Performance Evaluation 18, 1993). The run begins in the stationary regime.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mmpp {
    /// Two states or more, such as `[{ rate = "5/s", sojourn = "1m" }, { rate = "60/s", sojourn = "10s" }]`.
    pub states: Vec<MmppState>,
}

/// A state of an MMPP.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MmppState {
    /// Mean number of arrivals per unit of time in this state; may be zero, but not in every state.
    pub rate: Rate,
    /// Mean time in this state before another follows.
    pub sojourn: Span,
}

impl Mmpp {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        if self.states.len() < 2 {
            return Err(Invalid::new("`states` needs two states or more"));
        }
        for state in &self.states {
            validate::rate_or_zero("rate", state.rate)?;
            validate::span("sojourn", state.sojourn)?;
        }
        if self.states.iter().all(|state| state.rate.as_per_second() == 0.0) {
            return Err(Invalid::new("`rate` is zero in every state of `states`; expected one above zero"));
        }
        let arrivals_per_cycle: f64 = self.states.iter().map(MmppState::arrivals).sum();
        validate::arrivals_per_change(arrivals_per_cycle / self.states.len() as f64)
    }

    /// The next state is any of the others, so all are entered equally often: time is shared in proportion to the sojourns.
    fn total_sojourn(&self) -> f64 {
        self.states.iter().map(|state| state.sojourn.as_secs_f64()).sum()
    }
}

impl MmppState {
    /// Mean number of arrivals in one stay.
    fn arrivals(&self) -> f64 {
        self.rate.as_per_second() * self.sojourn.as_secs_f64()
    }
}

impl ArrivalModel for Mmpp {
    fn open(&self) -> Box<dyn ArrivalProcess + '_> {
        Box::new(Process { mmpp: self, at: Time::ZERO, state: None })
    }

    fn mean_rate(&self) -> Option<f64> {
        Some(self.states.iter().map(MmppState::arrivals).sum::<f64>() / self.total_sojourn())
    }
}

struct Process<'a> {
    mmpp: &'a Mmpp,
    at: Time,
    /// The state, and when it ends.
    state: Option<(usize, Time)>,
}

impl Process<'_> {
    fn stationary_state(&self, stream: &mut Stream) -> usize {
        let mut left = stream.uniform() * self.mmpp.total_sojourn();
        let found = self.mmpp.states.iter().position(|state| {
            left -= state.sojourn.as_secs_f64();
            left < 0.0
        });
        found.unwrap_or(self.mmpp.states.len() - 1)
    }

    fn other_state(&self, state: usize, stream: &mut Stream) -> usize {
        let other = stream.index(self.mmpp.states.len() - 1);
        if other < state { other } else { other + 1 }
    }

    fn enter(&self, state: usize, stream: &mut Stream) -> (usize, Time) {
        let sojourn = stream.exponential() * self.mmpp.states[state].sojourn.as_nanos() as f64;
        (state, self.at + Span::from_nanos_f64(sojourn))
    }
}

impl ArrivalProcess for Process<'_> {
    /// O(1), and one more step for each change of state. A gap that reaches beyond the state is drawn anew in the next one,
    /// which exponential gaps allow.
    fn next(&mut self, stream: &mut Stream) -> Option<Time> {
        while self.at < Time::NEVER {
            let (state, until) = match self.state {
                Some(state) => state,
                None => self.enter(self.stationary_state(stream), stream),
            };
            let gap = stream.exponential() * 1e9 / self.mmpp.states[state].rate.as_per_second();
            let next = self.at + Span::from_nanos_f64(gap);
            if next <= until && gap.is_finite() {
                (self.at, self.state) = (next, Some((state, until)));
                return Some(next);
            }
            self.at = until;
            self.state = Some(self.enter(self.other_state(state, stream), stream));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_dispersion, model};
    use super::*;

    #[test]
    fn dispersion_tends_to_that_of_the_cookbook() {
        let (rate1, rate2, leave1, leave2) = (5.0, 60.0, 1.0, 4.0);
        let switching: f64 = leave1 + leave2;
        let difference: f64 = rate1 - rate2;
        let total = rate1 * leave2 + rate2 * leave1;
        let limit = 1.0 + 2.0 * leave1 * leave2 * difference.powi(2) / (switching.powi(2) * total);
        let model = model(r#"mmpp.states = [{ rate = "5/s", sojourn = "1s" }, { rate = "60/s", sojourn = "250ms" }]"#);
        assert!((model.mean_rate().unwrap() - total / switching).abs() < 1e-9);
        assert_dispersion(&*model, Span::from_secs(20), 1000, limit);
    }

    #[test]
    fn states_that_cannot_be_are_refused() {
        for (text, reason) in [
            (r#"mmpp.states = [{ rate = "5/s", sojourn = "1s" }]"#, "two states or more"),
            (
                r#"mmpp.states = [{ rate = "5/s", sojourn = "0s" }, { rate = "1/s", sojourn = "1s" }]"#,
                "`sojourn` is zero",
            ),
            (
                r#"mmpp.states = [{ rate = "0/s", sojourn = "1s" }, { rate = "0/s", sojourn = "1s" }]"#,
                "zero in every state",
            ),
            (
                r#"mmpp.states = [{ rate = "1/d", sojourn = "1us" }, { rate = "0/s", sojourn = "1s" }]"#,
                "times per arrival",
            ),
        ] {
            let error = super::super::testing::read(text).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }
}
