//! How long idle instances are kept. One file per policy.

pub mod fixed;
pub mod infinite;
pub mod none;
pub mod survival;
