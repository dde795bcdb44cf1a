//! The discrete-event engine: the only code that changes the platform.

mod arrival;
mod cluster;
mod conservation;
mod control;
mod cores;
mod execution;
pub mod fact;
mod instance_life;
mod later;
mod loss;
mod memory;
mod outage;
mod preemption;
pub mod queue;
mod routing;
mod scaling;
mod shard;
mod start;

pub use conservation::{Halt, Tally, Violation};
pub use fact::{Fact, Observer};
pub use shard::{Layout, Setup, Shard};
