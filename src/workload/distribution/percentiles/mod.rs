//! Measured percentiles joined by straight lines.

mod config;
mod sampler;

pub use config::Percentiles;
pub use sampler::PercentileSampler;
