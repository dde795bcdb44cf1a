//! What a run reports. Observers count the engine's facts; the summary derives the figures.

pub mod definitions;
mod histogram;
mod summary;

pub use histogram::Histogram;
pub use summary::{
    Cost, CostLine, Distribution, FunctionSummary, Instances, Invocations, Latencies, MemoryTime, Stages, Summary,
    TimelineRow,
};
