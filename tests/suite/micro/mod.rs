//! Scenarios worked by hand, exact to the nanosecond.

mod billing;
mod instant;
mod keep_alive;
mod limits;
mod preemption;
mod replay;
mod reuse;
mod scaling;
mod sharing;
mod trouble;
mod workers;
