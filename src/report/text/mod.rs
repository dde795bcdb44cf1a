//! The tables that are printed at the end of a run and of a comparison.

mod comparison;
pub(super) mod layout;
mod sections;
mod table;

pub use comparison::comparison;
pub use table::{speed, table};
