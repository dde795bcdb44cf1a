//! What can be wrong with a trace.

use std::io;
use std::path::{Path, PathBuf};

/// Why a trace cannot be used: the file, the line, what was expected there, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// A file that is missing or may not be read.
    #[error("{}: cannot be opened ({source}); a relative path starts at the folder of the scenario", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// Reading broke off, for instance in a damaged gzip file.
    #[error("{}:{line}: reading broke off ({source})", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The line that could not be read, from 1.
        line: u64,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The first line does not name the columns that are needed.
    #[error("{}:{line}: {problem}", path.display())]
    Header {
        /// The file.
        path: PathBuf,
        /// The line of the column names, from 1.
        line: u64,
        /// What was expected.
        problem: Problem,
    },
    /// A row that cannot be understood, under `on_bad_row = "fail"`.
    #[error("{}:{line}: {problem}; correct the row, or set on_bad_row = \"skip\" to go on without such rows", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// The line of the row, from 1.
        line: u64,
        /// What was expected.
        problem: Problem,
    },
    /// A trace without a single invocation, or without a function that is not dropped.
    #[error("{}: no invocations to replay; expected a row with an invocation (and not all functions dropped)", path.display())]
    Empty {
        /// The (first) file.
        path: PathBuf,
    },
    /// The file is no longer the one that was checked before the run.
    #[error("{}: the file changed while it was in use; run again", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// The rejected rows could not be written.
    #[error("the rejected rows cannot be written ({0})")]
    Rejects(#[from] csv::Error),
}

impl TraceError {
    pub(super) fn header(path: &Path, line: u64, problem: Problem) -> Self {
        Self::Header { path: path.into(), line, problem }
    }
}

/// What is wrong with one row, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Problem(pub(super) String);

/// A cell that is not what its column should hold.
pub(super) fn bad_cell(column: &str, cell: &[u8], expected: &str) -> Problem {
    let text = String::from_utf8_lossy(&cell[..cell.len().min(80)]);
    Problem(format!("column \"{column}\" is \"{text}\", expected {expected}"))
}
