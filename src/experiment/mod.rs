//! Replications and what they say together.

mod estimate;
mod outcome;

pub use estimate::{Estimate, pool};
pub use outcome::{InputFile, Manifest, Outcome, Run};
