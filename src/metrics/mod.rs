//! What a run reports. Observers count the engine's facts; the summary derives the figures.

mod concurrency;
mod decisions;
pub mod definitions;
mod figure;
mod function;
mod histogram;
mod log;
mod recorder;
mod summary;
mod timeline;
mod window;

pub use concurrency::ConcurrencyBound;
pub use decisions::{Decisions, WorkerShares};
pub use figure::{Figure, Pooling};
pub use function::{FunctionRecord, Latency};
pub use histogram::Histogram;
pub use log::InvocationLog;
pub use recorder::{FunctionTotal, Recorder, Totals};
pub use summary::{
    Balance, Cost, CostLine, Distribution, FunctionSummary, Instances, Invocations, Latencies, MemoryTime, Stages,
    Summary, TimelineRow, WorkerSummary,
};
pub use timeline::Timeline;
pub use window::Window;
