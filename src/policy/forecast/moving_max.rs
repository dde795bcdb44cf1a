//! The largest of the last values.

use serde::Deserialize;

use super::Forecaster;
use super::series::{Series, validate_history};
use crate::workload::Invalid;

/// The largest of the last values, whatever the steps: what a fixed keep-alive would hold. O(history).
///
/// Ten minutes of one-minute steps stand for the fixed keep-alive in FeMux (EuroSys 2026, artefact ubc-cirrus-lab/femux).
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MovingMax {
    /// How many values count. Default: 10.
    pub history: usize,
    #[serde(skip)]
    series: Series,
}

impl Default for MovingMax {
    fn default() -> Self {
        Self { history: 10, series: Series::default() }
    }
}

impl Forecaster for MovingMax {
    fn observe(&mut self, value: f64) {
        self.series.push(value, self.history);
    }

    fn forecast(&self, _: u32) -> f64 {
        self.series.values().iter().copied().fold(0.0, f64::max)
    }

    fn validate(&self) -> Result<(), Invalid> {
        validate_history(self.history, 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peak_counts_as_long_as_the_history() {
        let mut forecaster = MovingMax { history: 3, ..MovingMax::default() };
        assert_eq!(forecaster.forecast(1), 0.0);
        let forecasts = [1.0, 5.0, 2.0, 0.0, 0.0].map(|value| {
            forecaster.observe(value);
            forecaster.forecast(1)
        });
        assert_eq!(forecasts, [1.0, 5.0, 5.0, 5.0, 2.0]);
    }
}
