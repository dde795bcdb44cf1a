//! Replications and what they say together.

mod compare;
mod comparison;
mod estimate;
mod mser;
mod outcome;
mod replication;
mod run;
mod sample;
mod student;
pub mod study;
mod summarise;
mod units;
mod usage;

pub use compare::{DEFAULT_FIGURES, Question};
pub use comparison::{Compared, Comparison, Contrast, Difference, Pairing, Standing, Verdict};
pub use estimate::{Estimate, LEVEL, pool};
pub use mser::{Truncation, mser5};
pub use outcome::{InputFile, Manifest, Outcome, Run};
pub use replication::{Counted, Simulation};
pub use run::{Experiment, Output, RunError, run, run_logged};
