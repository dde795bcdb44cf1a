//! Everything that is written from an [`Outcome`](crate::experiment::Outcome) or a [`Comparison`](crate::experiment::Comparison):
//! one exporter per file.

mod break_even;
mod cells;
pub mod comparison;
pub mod csv;
mod error;
mod figures;
pub mod folder;
pub mod html;
mod human;
pub mod json;
pub mod plot;
mod rows;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod sample_servers;
mod staging;
pub mod study;
mod tables;
pub mod text;
pub mod verdict;

pub use error::ReportError;
pub use folder::write;
pub use staging::Staging;
