//! Prewarming by a forecast of concurrency.

use serde::Deserialize;

use super::steps::{Steps, in_instances, whole};
use crate::policy::demand::DemandView;
use crate::policy::entry::{Build, Entry, Parameter, ParameterError, read};
use crate::policy::forecast::{AnyForecaster, Forecaster};
use crate::policy::prewarm::{Prewarm, Wanted};
use crate::time::Span;
use crate::workload::validate;

/// Every step the mean concurrency of the last one is shown to a forecaster, and as many instances are wanted as it expects for the
/// next. Cost: that of the forecaster. What was started and is not used, keep-alive lets go.
///
/// The common shape of IceBreaker (ASPLOS 2022), FeMux (EuroSys 2026) and others: minutes, one minute ahead.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Predictive {
    /// What forecasts.
    pub forecaster: AnyForecaster,
    /// The time between two forecasts.
    #[serde(default = "minute")]
    pub step: Span,
    /// How many steps ahead are covered: the largest of their forecasts counts.
    #[serde(default = "one")]
    pub horizon: u32,
    #[serde(skip)]
    steps: Steps,
}

fn minute() -> Span {
    Span::from_secs(60)
}

fn one() -> u32 {
    1
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Prewarm> = Entry {
    name: "predictive",
    summary: "As many instances as a forecaster expects to be busy in the next step.",
    reference: "Roy et al., \"IceBreaker\", ASPLOS 2022; Nasiri et al. (FeMux), EuroSys 2026",
    parameters: &[
        Parameter {
            name: "forecaster",
            kind: AnyForecaster::KIND,
            default: None,
            meaning: "what forecasts, with its parameters",
        },
        Parameter::optional("step", "duration", "1m", "the time between two forecasts"),
        Parameter::optional("horizon", "number", "1", "steps ahead, of which the largest forecast counts"),
    ],
    example: "{ forecaster.fft = { harmonics = 10, history = 120 } }",
    build: Build::Function(|parameters| {
        let policy: Predictive = read(parameters)?;
        policy.validate()?;
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl Predictive {
    fn validate(&self) -> Result<(), ParameterError> {
        self.forecaster.validate()?;
        validate::span("step", self.step)?;
        validate::number("horizon", self.horizon.into(), 1.0..=1000.0)?;
        Ok(())
    }
}

impl Prewarm for Predictive {
    fn period(&self) -> Span {
        self.step
    }

    fn wanted(&mut self, view: &DemandView) -> Wanted {
        if let Some(interval) = self.steps.next(view, self.step) {
            self.forecaster.observe(in_instances(&interval, view));
        }
        let most = (1..=self.horizon).map(|steps| self.forecaster.forecast(steps)).fold(0.0, f64::max);
        Wanted::AtLeast(whole(most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(text: &str, instance_concurrency: u32) -> Vec<Wanted> {
        let mut policy: Predictive = toml::from_str(text).unwrap();
        let mut view = DemandView { instance_concurrency, ..DemandView::start() };
        let mut minute = |in_flight| {
            view = view.later(Span::from_secs(60), in_flight, 0);
            policy.wanted(&view)
        };
        [2, 4, 6].map(&mut minute).to_vec()
    }

    #[test]
    fn what_the_forecaster_expects_is_wanted() {
        assert_eq!(wanted("forecaster.holt = {}", 1), [2, 6, 8].map(Wanted::AtLeast));
        assert_eq!(wanted("forecaster.holt = {}\nhorizon = 3", 1), [2, 10, 12].map(Wanted::AtLeast));
        assert_eq!(wanted("forecaster.holt = {}", 4), [1, 2, 2].map(Wanted::AtLeast), "four at once in each");
        assert_eq!(wanted("forecaster.moving_max = { history = 2 }", 1), [2, 4, 6].map(Wanted::AtLeast));
    }

    #[test]
    fn what_is_wrong_with_a_forecaster_is_said() {
        for (text, reason) in [
            ("forecaster.fft = { harmonics = 90 }", "`harmonics` is 90"),
            ("forecaster.autoregressive = { order = 120 }", "`order` is 120"),
            ("forecaster.holt = { level_weight = 1.5 }", "`level_weight` is 1.5"),
            ("forecaster.markov = { history = 1 }", "`history` is 1"),
            ("forecaster.arima = {}", "arima"),
            ("forecaster.holt = {}\nstep = '0s'", "`step` is zero"),
        ] {
            let error = ENTRY.build(toml::from_str(text).unwrap()).err().map(|error| error.0).unwrap_or_default();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
