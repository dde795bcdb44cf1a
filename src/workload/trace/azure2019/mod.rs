//! Azure Functions 2019 (M. Shahrad et al., "Serverless in the Wild", USENIX ATC 2020): three files a day, joined.

mod config;
mod durations;
mod invocations;
mod join;
mod keys;
mod layout;
mod memory;
mod weighted;

pub use config::{Azure2019, FunctionMemory, MemoryStatistic, WithoutDurations};

#[cfg(test)]
mod tests;
