//! FeMux: the forecaster that was best for a function lately forecasts next.

use serde::Deserialize;

use super::steps::{Steps, in_instances, whole};
use crate::policy::demand::{DemandView, Interval};
use crate::policy::entry::{Build, Entry, Parameter, ParameterError, read};
use crate::policy::forecast::{AnyForecaster, Autoregressive, Forecaster, Fourier, Holt, Markov, MovingMax};
use crate::policy::prewarm::{Prewarm, Wanted};
use crate::time::Span;
use crate::workload::validate;

const STEP: Span = Span::from_secs(60);

/// Several forecasters run side by side; for each block of minutes, the one decides whose forecasts would have cost least in
/// the block before. Cost: that of all forecasters, each minute.
///
/// Nasiri et al., "In-Production Characterization of an Open Source Serverless Platform and New Scaling Strategies", EuroSys
/// 2026; constants of the artefact ubc-cirrus-lab/femux. The cost is the paper's representative unified metric (RUM): 0.808 s
/// for each cold start and 1/99.69 s for each wasted GB-second. A missing instance is a cold start, but there are no more than
/// arrivals.
///
/// It differs from the paper in how it chooses: there, features of the block (density, linearity, stationarity, harmonics)
/// choose a cluster of K-means, and training data say which forecaster is best for that cluster; here the block itself says it,
/// without training and without features. The SETAR forecaster is left out, and memory that instances after a cold start waste
/// until the end of their minute is not counted.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FeMux {
    /// The forecasters to choose from. The first decides in the first block.
    pub forecasters: Vec<AnyForecaster>,
    /// Minutes in a block.
    pub block: u32,
    /// What a cold start costs.
    pub cold_start: Span,
    /// What a wasted GB-second costs, in seconds.
    pub waste: f64,
    #[serde(skip)]
    state: State,
}

#[derive(Debug, Clone, Default)]
struct State {
    steps: Steps,
    minutes: u32,
    /// What the forecasters have cost in this block.
    costs: Vec<f64>,
    chosen: usize,
}

impl Default for FeMux {
    fn default() -> Self {
        Self {
            forecasters: vec![
                AnyForecaster::MovingMax(MovingMax::default()),
                AnyForecaster::Autoregressive(Autoregressive::default()),
                AnyForecaster::Fft(Fourier::default()),
                AnyForecaster::Markov(Markov::default()),
                AnyForecaster::Holt(Holt::default()),
            ],
            block: 504,
            cold_start: Span::from_millis(808),
            waste: 1.0 / 99.69,
            state: State::default(),
        }
    }
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Prewarm> = Entry {
    name: "femux",
    summary: "Of several forecasters, the one that would have cost least in the last 504 minutes.",
    reference: "Nasiri et al. (FeMux), EuroSys 2026, but chosen by the last block's cost instead of a trained classifier",
    parameters: &[
        Parameter::optional("forecasters", "a list of forecasters", "all five", "the first decides in the first block"),
        Parameter::optional("block", "number", "504", "minutes after which it chooses again"),
        Parameter::optional("cold_start", "duration", "808ms", "what a cold start costs"),
        Parameter::optional("waste", "number", "0.01003", "what a wasted GB-second costs, in seconds"),
    ],
    example: "{ block = 504, forecasters = [{ moving_max = {} }, { fft = {} }, { holt = {} }] }",
    build: Build::Function(|parameters| {
        let policy: FeMux = read(parameters)?;
        policy.validate()?;
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl FeMux {
    fn validate(&self) -> Result<(), ParameterError> {
        if self.forecasters.is_empty() {
            return Err(ParameterError("`forecasters` is empty; expected at least one".into()));
        }
        self.forecasters.iter().try_for_each(Forecaster::validate)?;
        validate::positive("block", self.block.into())?;
        validate::non_negative("waste", self.waste)?;
        Ok(())
    }

    /// What a minute costs for which `forecast` was expected.
    fn cost(&self, forecast: f64, actual: f64, arrivals: u64, gigabytes: f64) -> f64 {
        let (expected, needed) = (whole(forecast), whole(actual));
        let cold_starts = u64::from(needed.saturating_sub(expected)).min(arrivals) as f64;
        let wasted = (f64::from(expected) - actual).max(0.0) * gigabytes * STEP.as_secs_f64();
        self.cold_start.as_secs_f64() * cold_starts + self.waste * wasted
    }

    /// Charges each forecaster for the minute that ends, then shows it to them.
    fn observe(&mut self, interval: &Interval, view: &DemandView) {
        let actual = in_instances(interval, view);
        let gigabytes = view.memory.as_bytes() as f64 / 1e9;
        self.state.costs.resize(self.forecasters.len(), 0.0);
        for index in 0..self.forecasters.len() {
            let forecast = self.forecasters[index].forecast(1);
            self.state.costs[index] += self.cost(forecast, actual, interval.arrivals, gigabytes);
            self.forecasters[index].observe(actual);
        }
        self.state.minutes += 1;
        if self.state.minutes == self.block {
            self.choose();
        }
    }

    fn choose(&mut self) {
        let costs = self.state.costs.iter().enumerate();
        let best = costs.min_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(index, _)| index);
        self.state.chosen = best.unwrap_or(self.state.chosen);
        self.state.costs.fill(0.0);
        self.state.minutes = 0;
    }
}

impl Prewarm for FeMux {
    fn period(&self) -> Span {
        STEP
    }

    fn wanted(&mut self, view: &DemandView) -> Wanted {
        if let Some(interval) = self.state.steps.next(view, STEP) {
            self.observe(&interval, view);
        }
        let chosen = self.forecasters.get(self.state.chosen);
        Wanted::AtLeast(chosen.map_or(0, |forecaster| whole(forecaster.forecast(1))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amount::Memory;

    #[test]
    fn the_cost_counts_cold_starts_and_waste() {
        let policy = FeMux::default();
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        near(policy.cost(1.0, 3.5, 10, 0.5), 3.0 * 0.808);
        near(policy.cost(1.0, 3.5, 2, 0.5), 2.0 * 0.808);
        near(policy.cost(4.0, 1.5, 10, 0.5), 2.5 * 0.5 * 60.0 / 99.69);
        near(policy.cost(0.0, 0.0, 0, 0.5), 0.0);
    }

    /// One minute of ten is busy. Large instances: holding them for ten minutes wastes more than a cold start costs.
    fn chosen_after_a_block(memory: Memory) -> usize {
        let mut policy: FeMux =
            toml::from_str("forecasters = [{ moving_max = {} }, { moving_max = { history = 1 } }]\nblock = 40")
                .unwrap();
        let mut view = DemandView { memory, ..DemandView::start() };
        for minute in 0..40 {
            assert_eq!(policy.state.chosen, 0, "the first decides in the first block");
            let busy = u32::from(minute % 10 == 0);
            view = view.later(STEP, busy, busy.into());
            policy.wanted(&view);
        }
        policy.state.chosen
    }

    #[test]
    fn the_cheapest_of_the_last_block_decides_in_the_next() {
        // Held for ten minutes: 1 cold start in the block and 36 idle minutes. For one: 4 cold starts, 4 idle minutes.
        // They cost the same at 3 x 0.808 s = 32 x 60 s x GB / 99.69, or 0.126 GB.
        assert_eq!(chosen_after_a_block(Memory::from_bytes(125_000_000)), 0);
        assert_eq!(chosen_after_a_block(Memory::from_bytes(127_000_000)), 1);
    }

    #[test]
    fn no_forecaster_is_an_error() {
        let error = ENTRY.build(toml::from_str("forecasters = []").unwrap()).err().unwrap();
        assert!(error.0.contains("`forecasters` is empty"), "{error}");
    }
}
