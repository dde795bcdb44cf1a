//! What arrives: functions, when they are invoked, and how long they execute.

pub mod arrivals;
mod data;
pub mod distribution;
mod function;
mod merge;
pub mod population;
mod source;
pub mod trace;
pub(crate) mod validate;

pub use data::DataError;
pub use function::{App, Function, Load, Note, Trigger, Workload};
pub use merge::Merge;
pub use source::{Arrival, FunctionSource, Source};
pub use validate::Invalid;
