//! The memory that the scenario says.

use crate::policy::allocation::Allocation;
use crate::policy::entry::{Build, Entry, read};
use crate::policy::parameters::NoParameters;

/// Every function keeps its memory. O(1).
#[derive(Debug, Clone, Copy)]
pub struct Fixed;

/// The catalog's entry.
pub const ENTRY: Entry<dyn Allocation> = Entry {
    name: "fixed",
    summary: "Every function has the memory that the scenario or the trace gives it.",
    reference: "the baseline; also what happens without allocation policy",
    parameters: &[],
    example: "{}",
    build: Build::Function(|parameters| {
        read::<NoParameters>(parameters)?;
        Ok(Box::new(|| Box::new(Fixed)))
    }),
};

impl Allocation for Fixed {}
