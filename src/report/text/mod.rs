//! The table that is printed at the end of a run.

mod layout;
mod sections;
mod table;

pub use table::{speed, table};
