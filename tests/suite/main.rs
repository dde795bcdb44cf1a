//! The integration tests, in one binary. Each kind is kept apart.

mod bad_input;
mod cli;
mod determinism;
mod golden;
mod property;
mod tidy;
mod workbench;
