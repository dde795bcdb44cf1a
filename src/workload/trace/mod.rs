//! Recorded workloads: one folder per format.

pub mod azure2019;
pub mod counts;
mod error;
pub mod expand;
mod files;
pub(super) mod header;
pub(super) mod instant;
mod kind;
mod names;
pub(super) mod number;
mod percentiles;
mod rejects;
pub(super) mod rows;
pub mod table;
mod trigger;

use serde::{Deserialize, Serialize};

pub use azure2019::Azure2019;
pub use error::{Problem, TraceError};
pub use files::Files;
pub use number::TimeUnit;
pub use rejects::{OnBadRow, Rejects};
pub use table::Table;

/// A recorded workload: `trace.azure2019 = { invocations = "d01.csv" }`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Trace {
    /// The Azure Functions trace of 2019: invocations per minute, execution times, memory.
    Azure2019(Azure2019),
    /// A table with one row per invocation.
    Table(Table),
}

#[cfg(test)]
mod damage;
