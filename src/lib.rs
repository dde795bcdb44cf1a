//! coldcast forecasts cold starts and cost of serverless functions.

pub mod amount;
pub mod billing;
pub mod cli;
pub mod engine;
pub mod experiment;
pub mod id;
pub mod metrics;
pub mod platform;
pub mod policy;
mod quantity;
pub mod random;
pub mod report;
pub mod scenario;
pub mod time;
pub mod workload;
