//! coldcast forecasts cold starts and cost of serverless functions.

pub mod amount;
pub mod experiment;
pub mod id;
pub mod metrics;
mod quantity;
pub mod random;
pub mod report;
pub mod time;
pub mod workload;
