//! Closed forms: each within a few standard errors over independent replications.

pub mod erlang;
pub mod occupancy;
pub mod queue;
pub mod renewal;
pub mod simfaas;
pub mod ttl_pool;
pub mod varying_demand;
