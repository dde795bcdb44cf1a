//! A table with one row per invocation, in any column names and units.

mod config;
mod filter;
mod order;
mod row;
mod scan;
mod source;

pub use config::{ArrivalIs, Columns, MemoryUnit, Origin, Separator, Table};
pub use filter::{Values, Where};
pub use scan::ScannedTable;
pub use source::TableSource;

#[cfg(test)]
mod tests;
