//! The kinds of number that a distribution can be of.

use std::fmt::Debug;

use serde::{Serialize, de::DeserializeOwned};

use crate::time::Span;

/// A kind of number that a distribution can be of: a [`Span`] (in nanoseconds) or a plain `f64`.
pub trait Quantity: Copy + Debug + PartialOrd + Serialize + DeserializeOwned + schemars::JsonSchema + 'static {
    /// The number in base units.
    fn to_f64(self) -> f64;

    /// Reads a line of a file of samples, in base units; the error says what was expected.
    fn read_sample(text: &str) -> Result<f64, String>;
}

impl Quantity for Span {
    fn to_f64(self) -> f64 {
        self.as_nanos() as f64
    }

    /// A duration with its unit, or a bare number of milliseconds.
    fn read_sample(text: &str) -> Result<f64, String> {
        let Ok(millis) = text.parse::<f64>() else {
            return text.parse::<Self>().map(Self::to_f64).map_err(|error| error.to_string());
        };
        let nanos = millis * 1e6;
        if (0.0..=Self::LONGEST.to_f64()).contains(&nanos) {
            return Ok(nanos);
        }
        Err(format!("\"{text}\" is not a number of milliseconds from 0 to 100 years"))
    }
}

impl Quantity for f64 {
    fn to_f64(self) -> f64 {
        self
    }

    fn read_sample(text: &str) -> Result<f64, String> {
        match text.parse::<f64>() {
            Ok(value) if value >= 0.0 && value.is_finite() => Ok(value),
            _ => Err(format!("\"{text}\" is not a number from 0 up")),
        }
    }
}
