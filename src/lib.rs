//! coldcast forecasts cold starts and cost of serverless functions.

pub mod amount;
pub mod billing;
pub mod id;
mod quantity;
pub mod random;
pub mod time;
pub mod workload;
