//! What a run reports. Observers count the engine's facts; the summary derives the figures.

mod concurrency;
mod decisions;
pub mod definitions;
mod figure;
mod function;
mod histogram;
mod log;
mod provisioned;
mod recorder;
mod summary;
mod timeline;
mod usage_meter;
mod window;

pub use concurrency::ConcurrencyBound;
pub use decisions::{Decisions, WorkerShares};
pub use figure::{Figure, Pooling};
pub use function::{FunctionRecord, Latency};
pub use histogram::Histogram;
pub use log::InvocationLog;
pub use provisioned::ProvisionedTime;
pub use recorder::{FunctionTotal, Recorder, Totals, UnitTotal};
pub use summary::{
    Balance, Cost, CostLine, Distribution, FunctionSummary, Instances, Invocations, Latencies, MemoryTime, Stages,
    Summary, TimelineRow, WorkerSummary,
};
pub use timeline::Timeline;
pub use usage_meter::{InstanceTime, UsageMeter};
pub use window::Window;
