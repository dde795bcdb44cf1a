//! The discrete-event engine: the only code that changes the platform.

mod conservation;
pub mod fact;
mod lifecycle;
pub mod queue;
mod shard;

pub use conservation::{Tally, Violation};
pub use fact::{Fact, Observer};
pub use shard::{Layout, Setup, Shard};
