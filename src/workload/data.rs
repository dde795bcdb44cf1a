//! What can be wrong with a data file that arrivals or distributions read.

use std::path::PathBuf;

/// Why a file that the workload reads cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {problem}", file.display(), line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct DataError {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1; `None` if it is the file as a whole.
    pub line: Option<usize>,
    /// What is wrong, and what was expected.
    pub problem: String,
}

impl DataError {
    /// The file cannot be read.
    pub fn unreadable(file: PathBuf, error: &std::io::Error) -> Self {
        let problem = format!("cannot read it: {error}; check the path, which starts at the folder of the scenario");
        Self { file, line: None, problem }
    }
}
