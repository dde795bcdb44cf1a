//! The discrete-event engine: the only code that changes the platform.

mod arrival;
mod conservation;
mod execution;
pub mod fact;
mod instance_life;
pub mod queue;
mod shard;

pub use conservation::{Tally, Violation};
pub use fact::{Fact, Observer};
pub use shard::{Layout, Setup, Shard};
