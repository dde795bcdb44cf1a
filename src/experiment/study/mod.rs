//! Several variants of a scenario side by side: the cells of a sweep, the providers of a bill, scenarios to compare.

mod outcome;
mod plan;
mod run;
mod share;
mod store;

pub use outcome::{Axis, Cell, Origin, Record, Study};
pub use plan::Plan;
pub use run::{Counts, Done, Make, Runner, StudyError};
pub use share::Share;
pub use store::{Store, StoreError};
