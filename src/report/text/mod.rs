//! The table that is printed at the end of a run.

pub(super) mod layout;
mod sections;
mod table;

pub use table::{speed, table};
