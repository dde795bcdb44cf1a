//! The last values of a series.

use crate::workload::{Invalid, validate};

/// The last values, oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Series {
    values: Vec<f64>,
}

impl Series {
    /// Adds a value and forgets those beyond the last `history`. O(history).
    pub fn push(&mut self, value: f64, history: usize) {
        if self.values.len() >= history {
            self.values.remove(0);
        }
        self.values.push(value);
    }

    /// The values, oldest first.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Their mean; 0 if there is none.
    pub fn mean(&self) -> f64 {
        self.values.iter().sum::<f64>() / self.values.len().max(1) as f64
    }
}

/// Refuses a history too short to learn from or too long to compute with.
pub(super) fn validate_history(history: usize, least: usize) -> Result<(), Invalid> {
    validate::number("history", history as f64, least as f64..=10_000.0)
}
