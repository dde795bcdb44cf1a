//! How much memory, and so CPU, a function gets. Decided before the run, from measurements of each function by itself.

pub mod balanced;
pub mod cost_under_latency;
pub mod fixed;
pub mod grid;
pub mod maximum_throughput;
pub mod minimum_cost;
pub mod minimum_time;
pub mod parrotfish;
pub mod profile;

pub use grid::Grid;
pub use profile::{Measurement, Profile, Trial};

use crate::amount::Memory;
use crate::policy::entry::Entry;

/// The catalog's entries.
pub const ENTRIES: [Entry<dyn Allocation>; 7] = [
    fixed::ENTRY,
    minimum_cost::ENTRY,
    minimum_time::ENTRY,
    balanced::ENTRY,
    cost_under_latency::ENTRY,
    maximum_throughput::ENTRY,
    parrotfish::ENTRY,
];

/// A size that was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// The memory of an instance.
    pub memory: Memory,
    /// What the reader of the result should know about the choice.
    pub remark: Option<&'static str>,
}

impl From<Memory> for Chosen {
    fn from(memory: Memory) -> Self {
        Self { memory, remark: None }
    }
}

/// Decides how much memory a function gets, before the run. One object for all functions.
pub trait Allocation: Send {
    /// The sizes to measure, in rising order. None: every function keeps its own.
    fn grid(&self) -> &[Memory] {
        &[]
    }

    /// How many executions of each size are measured.
    fn draws(&self) -> usize {
        1_000
    }

    /// Whether [`Trial::cost`] decides, so that there must be prices.
    fn needs_prices(&self) -> bool {
        false
    }

    /// The size of one function. There is at least one trial if there are sizes to measure.
    fn choose(&self, profile: &Profile<'_>) -> Chosen {
        profile.memory.into()
    }
}

#[cfg(test)]
mod tests;
