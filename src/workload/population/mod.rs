//! Generated populations of functions, for work without a trace.

mod azure2019;
mod marginals;

#[cfg(test)]
mod tests;

pub use azure2019::Azure2019;

use serde::{Deserialize, Serialize};

use super::Workload;
use super::validate::{Invalid, checked};

use crate::random::Streams;

/// A population of functions that resembles a published one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(remote = "Self", rename_all = "snake_case", deny_unknown_fields)]
pub enum Population {
    /// Functions like those of Azure Functions in July 2019: `azure2019 = { functions = 500, total_rate = "100/s" }`.
    Azure2019(Azure2019),
}

checked!(Population);

impl Population {
    /// One example per population, as scenario files write it.
    pub const EXAMPLES: &[&str] = &[r#"azure2019 = { functions = 500, total_rate = "100/s", skew = 1.0 }"#];

    /// Checks what the types cannot.
    ///
    /// # Errors
    /// [`Invalid`], naming the key and what was expected.
    pub fn validate(&self) -> Result<(), Invalid> {
        match self {
            Self::Azure2019(population) => population.validate(),
        }
    }

    /// Draws the functions. `streams` must be those of replication 0, so that every replication has the same population.
    pub fn generate(&self, streams: &Streams) -> Workload {
        match self {
            Self::Azure2019(population) => population.generate(streams),
        }
    }
}
