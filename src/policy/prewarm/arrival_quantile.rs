//! Prewarming when the next arrival is due, by an exponential law of the gaps.

use std::collections::VecDeque;

use serde::Deserialize;

use crate::policy::demand::DemandView;
use crate::policy::entry::{Build, Entry, Parameter, ParameterError, read};
use crate::policy::prewarm::{Prewarm, Wanted};
use crate::time::{Span, Time};
use crate::workload::validate;

/// After an arrival, an instance is started (unless there is one) at the time by which the next one comes with a given
/// probability, if gaps are exponential: -ln(1 - p) / rate, where the rate is that of the last arrivals until now. O(1).
///
/// The prewarming of RainbowCake (Yu et al., ASPLOS 2024; artefact IntelliSys-Lab/RainbowCake-ASPLOS24: six arrivals, none
/// older than 24 hours, p = 0.8). How long the instance stays is keep-alive's decision. Arrivals are known to one period.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ArrivalQuantile {
    /// Arrivals that count.
    pub arrivals: usize,
    /// The probability.
    pub probability: f64,
    /// How often it looks for arrivals.
    pub period: Span,
    #[serde(skip)]
    state: State,
}

/// Older arrivals do not count.
const OLDEST: Span = Span::from_secs(86_400);

#[derive(Debug, Clone, Default)]
struct State {
    recent: VecDeque<Time>,
    seen: u64,
    /// When an instance is to be started, if one is.
    due: Option<Time>,
}

impl Default for ArrivalQuantile {
    fn default() -> Self {
        Self { arrivals: 6, probability: 0.8, period: Span::from_secs(1), state: State::default() }
    }
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Prewarm> = Entry {
    name: "arrival_quantile",
    summary: "An instance at the time by which the next arrival is 80 % likely, were gaps exponential.",
    reference: "Yu et al., \"RainbowCake\", ASPLOS 2024 (its prewarming; without layers)",
    parameters: &[
        Parameter::optional("arrivals", "number", "6", "arrivals that count"),
        Parameter::optional("probability", "share", "0.8", "how likely the next arrival is by then"),
        Parameter::optional("period", "duration", "1s", "how often it looks for arrivals"),
    ],
    example: "{ probability = 0.8 }",
    build: Build::Function(|parameters| {
        let policy: ArrivalQuantile = read(parameters)?;
        policy.validate()?;
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl ArrivalQuantile {
    fn validate(&self) -> Result<(), ParameterError> {
        validate::number("arrivals", self.arrivals as f64, 2.0..=1000.0)?;
        validate::number("probability", self.probability, 0.0..=0.999_999)?;
        validate::span("period", self.period)?;
        Ok(())
    }

    /// Notes arrivals since the last look.
    fn note(&mut self, view: &DemandView) {
        let new = view.arrivals - self.state.seen;
        self.state.seen = view.arrivals;
        let recent = &mut self.state.recent;
        recent.extend((0..self.arrivals.min(new as usize)).map(|_| view.now));
        let surplus = recent.len().saturating_sub(self.arrivals);
        recent.drain(..surplus);
        while recent.pop_front_if(|at| view.now - *at > OLDEST).is_some() {}
        if new > 0 {
            self.state.due = self.next_start(view.now);
        }
    }

    /// `None` while the arrivals have no rate.
    fn next_start(&self, now: Time) -> Option<Time> {
        let recent = &self.state.recent;
        let length = now - *recent.front()?;
        let mean_gap = length.as_nanos() as f64 / recent.len() as f64;
        let delay = -libm::log1p(-self.probability) * mean_gap;
        (length > Span::ZERO).then(|| now + Span::from_nanos_f64(delay))
    }
}

impl Prewarm for ArrivalQuantile {
    fn period(&self) -> Span {
        self.period
    }

    fn wanted(&mut self, view: &DemandView) -> Wanted {
        self.note(view);
        let starts = self.state.due.take_if(|due| *due <= view.now).is_some();
        Wanted::AtLeast(u32::from(starts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The seconds at which an instance is wanted, for arrivals at the given seconds.
    fn starts(text: &str, arrivals: &[u64]) -> Vec<u64> {
        let mut policy: ArrivalQuantile = toml::from_str(text).unwrap();
        let mut view = DemandView::start();
        let mut second = |at: &u64| {
            let new = arrivals.iter().filter(|arrival| *arrival == at).count() as u64;
            view = view.later(Span::from_secs(1), 0, new);
            policy.wanted(&view) == Wanted::AtLeast(1)
        };
        (1..1000).filter(&mut second).collect()
    }

    #[test]
    fn an_instance_is_started_once_when_the_next_arrival_is_due() {
        // Two arrivals in 100 s: a mean gap of 50 s, and ln 5 = 1.609 of them later.
        assert_eq!(starts("", &[100, 200]), [281]);
        assert_eq!(starts("probability = 0.5", &[100, 200]), [235], "ln 2 = 0.693");
        assert_eq!(starts("", &[100]), Vec::<u64>::new(), "one arrival has no rate");
        assert_eq!(starts("", &[100, 100]), Vec::<u64>::new(), "nor have two at once");
    }

    #[test]
    fn only_the_last_arrivals_count_and_the_last_plan() {
        // What 600 and 610 plan is replaced; the last three are 600 to 620 s, ln 5 x 20 / 3 = 10.7.
        assert_eq!(starts("arrivals = 3", &[100, 200, 600, 610, 620]), [281, 631]);
    }
}
