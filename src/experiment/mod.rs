//! Replications and what they say together.

mod batch_means;
pub mod break_even;
mod compare;
mod comparison;
mod edge;
mod estimate;
mod fleet;
mod mser;
mod options;
mod outcome;
mod precision;
mod replication;
mod run;
mod sample;
mod servers;
mod student;
pub mod study;
mod summarise;
mod transient;
mod units;
mod usage;

pub use batch_means::{BatchMeans, SingleRun, batch_means};
pub use break_even::BreakEven;
pub use compare::{DEFAULT_FIGURES, Question};
pub use comparison::{Compared, Comparison, Contrast, Difference, Pairing, Standing, Verdict};
pub use estimate::{Estimate, LEVEL, pool};
pub use fleet::{Course, Fleet, Scaling, Step};
pub use mser::{Truncation, mser5};
pub use options::RunOptions;
pub use outcome::{InputFile, Manifest, Outcome, Run};
pub use precision::{HalfWidth, Precision, Reached};
pub use replication::{Counted, Simulation};
pub use run::{Experiment, Output, RunError, run};
pub use servers::{Measured, Servers, ServersRow, ServersSummary};
pub use transient::Transient;
