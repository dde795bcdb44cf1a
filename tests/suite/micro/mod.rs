//! Scenarios worked by hand, exact to the nanosecond.

mod autoscaling;
mod billing;
mod cache;
mod instances;
mod instant;
mod keep_alive;
mod limits;
mod preemption;
pub mod replay;
mod reuse;
mod scaling;
mod servers;
mod sharing;
mod trouble;
mod workers;
