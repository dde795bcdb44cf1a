//! Several variants of a scenario side by side: the cells of a sweep, the providers of a bill, scenarios to compare.

mod outcome;

pub use outcome::{Axis, Cell, Origin, Record, Study};
