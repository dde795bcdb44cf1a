//! Real measurements. Those that are files are read from ../shared/data, and skipped where that is absent.

pub mod cloudwatch_2025;
pub mod keep_alive_2025;
pub mod lambda_2020;
pub mod lambda_2021;
