//! Closed forms: each within a few standard errors over independent replications.

pub mod ttl_pool;
