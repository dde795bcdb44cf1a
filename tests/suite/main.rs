//! The integration tests, in one binary. Each kind is kept apart: worked by hand, closed forms, real measurements, bad input, the
//! command line, determinism, properties, golden results, and the repository itself.

mod bad_input;
mod bills;
mod browser;
mod catalog;
mod claim;
mod cli;
mod columns;
mod compare;
mod determinism;
mod golden;
mod measured;
mod metamorphic;
mod metamorphic_workers;
mod micro;
mod notebooks;
mod options;
mod property;
mod property_billing;
mod property_cluster;
mod showcase;
mod support;
mod sweep;
mod theory;
mod tidy;
mod validation;
mod window;
mod workbench;
