//! Replications and what they say together.

mod comparison;
mod estimate;
mod mser;
mod outcome;
mod replication;
mod run;
pub mod study;
mod summarise;
mod units;

pub use comparison::{Compared, Comparison, Contrast, Difference, Pairing, Standing, Verdict};
pub use estimate::{Estimate, pool};
pub use mser::{Truncation, mser5};
pub use outcome::{InputFile, Manifest, Outcome, Run};
pub use replication::{Counted, Simulation};
pub use run::{Experiment, Output, RunError, run, run_logged};
