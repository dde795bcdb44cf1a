//! Double exponential smoothing.

use serde::Deserialize;

use super::Forecaster;
use crate::workload::{Invalid, validate};

/// Holt's linear method: a smoothed level and a smoothed trend, which goes on. O(1).
///
/// C. C. Holt, "Forecasting seasonals and trends by exponentially weighted moving averages", 1957 (reprinted in the International
/// Journal of Forecasting 20, 2004). FeMux (EuroSys 2026) fits both weights again and again; here they are given, and their default
/// is the artefact's start value.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Holt {
    /// Weight of the newest value in the level. Default: 0.5.
    pub level_weight: f64,
    /// Weight of the newest change in the trend. Default: 0.5.
    pub trend_weight: f64,
    #[serde(skip)]
    state: State,
}

#[derive(Debug, Clone, Copy, Default)]
enum State {
    #[default]
    Empty,
    First(f64),
    Running {
        level: f64,
        trend: f64,
    },
}

impl Default for Holt {
    fn default() -> Self {
        Self { level_weight: 0.5, trend_weight: 0.5, state: State::Empty }
    }
}

impl Forecaster for Holt {
    fn observe(&mut self, value: f64) {
        self.state = match self.state {
            State::Empty => State::First(value),
            State::First(first) => State::Running { level: value, trend: value - first },
            State::Running { level: before, trend } => {
                let level = self.level_weight * value + (1.0 - self.level_weight) * (before + trend);
                State::Running {
                    level,
                    trend: self.trend_weight * (level - before) + (1.0 - self.trend_weight) * trend,
                }
            }
        };
    }

    fn forecast(&self, steps: u32) -> f64 {
        match self.state {
            State::Empty => 0.0,
            State::First(value) => value,
            State::Running { level, trend } => level + trend * f64::from(steps),
        }
    }

    fn validate(&self) -> Result<(), Invalid> {
        validate::number("level_weight", self.level_weight, 0.0..=1.0)?;
        validate::number("trend_weight", self.trend_weight, 0.0..=1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(mut holt: Holt, values: impl IntoIterator<Item = f64>) -> Holt {
        values.into_iter().for_each(|value| holt.observe(value));
        holt
    }

    #[test]
    fn a_straight_line_goes_on() {
        let holt = after(Holt::default(), (0..20).map(|t| 3.0 + 0.5 * f64::from(t)));
        assert!((holt.forecast(1) - 13.0).abs() < 1e-12 && (holt.forecast(10) - 17.5).abs() < 1e-12);
    }

    #[test]
    fn the_weights_are_those_of_the_newest_value_and_change() {
        let holt = Holt { level_weight: 0.8, trend_weight: 0.25, ..Holt::default() };
        // Level 4 and trend 2; then level 0.8 x 11 + 0.2 x 6 = 10 and trend 0.25 x 6 + 0.75 x 2 = 3.
        assert_eq!(after(holt, [2.0, 4.0, 11.0]).forecast(2), 16.0);
        assert_eq!([after(Holt::default(), []), after(Holt::default(), [7.0])].map(|h| h.forecast(3)), [0.0, 7.0]);
    }
}
