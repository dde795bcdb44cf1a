//! Closed forms: each within a few standard errors over independent replications.

pub mod billed_time;
mod break_even;
pub mod cache;
pub mod central_queue;
mod cluster;
mod coverage;
pub mod erlang;
pub mod many_workers;
pub mod occupancy;
pub mod queue;
pub mod renewal;
pub mod shared_cores;
pub mod simfaas;
pub mod single_worker;
pub mod ttl_pool;
pub mod varying_demand;
