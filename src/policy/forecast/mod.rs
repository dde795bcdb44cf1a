//! Forecasters: what a series of equal steps will do next.

pub mod autoregressive;
pub mod fourier;
pub mod holt;
pub mod markov;
pub mod moving_max;
mod series;

pub use autoregressive::Autoregressive;
pub use fourier::Fourier;
pub use holt::Holt;
pub use markov::Markov;
pub use moving_max::MovingMax;

use serde::Deserialize;

use crate::workload::Invalid;

/// Forecasts a series from the values that it was shown.
pub trait Forecaster {
    /// The next value of the series.
    fn observe(&mut self, value: f64);

    /// What is expected `steps` (from 1) after the last value; 0 before the first.
    fn forecast(&self, steps: u32) -> f64;

    /// Whether the parameters are right.
    ///
    /// # Errors
    /// What is wrong with them.
    fn validate(&self) -> Result<(), Invalid>;
}

/// A forecaster of scenario files, by its name: `forecaster.fft = { harmonics = 10 }`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnyForecaster {
    /// The largest of the last values.
    MovingMax(MovingMax),
    /// The lowest harmonics on a straight line.
    Fft(Fourier),
    /// A linear combination of the last values.
    Autoregressive(Autoregressive),
    /// A Markov chain of whole numbers.
    Markov(Markov),
    /// Double exponential smoothing.
    Holt(Holt),
}

impl AnyForecaster {
    /// How scenario files may write it.
    pub const KIND: &str = "moving_max, fft, autoregressive, markov or holt";

    fn get(&self) -> &dyn Forecaster {
        match self {
            Self::MovingMax(forecaster) => forecaster,
            Self::Fft(forecaster) => forecaster,
            Self::Autoregressive(forecaster) => forecaster,
            Self::Markov(forecaster) => forecaster,
            Self::Holt(forecaster) => forecaster,
        }
    }

    fn get_mut(&mut self) -> &mut dyn Forecaster {
        match self {
            Self::MovingMax(forecaster) => forecaster,
            Self::Fft(forecaster) => forecaster,
            Self::Autoregressive(forecaster) => forecaster,
            Self::Markov(forecaster) => forecaster,
            Self::Holt(forecaster) => forecaster,
        }
    }
}

impl Forecaster for AnyForecaster {
    fn observe(&mut self, value: f64) {
        self.get_mut().observe(value);
    }

    fn forecast(&self, steps: u32) -> f64 {
        self.get().forecast(steps)
    }

    fn validate(&self) -> Result<(), Invalid> {
        self.get().validate()
    }
}
