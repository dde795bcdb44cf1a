//! What can be wrong with a trace.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a trace cannot be used: the file, the line, what was expected there, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// A file that is missing or may not be read.
    Open {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// Reading broke off, for instance in a damaged gzip file.
    Read {
        /// The file.
        path: PathBuf,
        /// The line that could not be read, from 1.
        line: u64,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The first line does not name the columns that are needed.
    Header {
        /// The file.
        path: PathBuf,
        /// The line of the column names, from 1.
        line: u64,
        /// What was expected.
        problem: Problem,
    },
    /// A row that cannot be understood, under `on_bad_row = "fail"`.
    Row {
        /// The file.
        path: PathBuf,
        /// The line of the row, from 1.
        line: u64,
        /// What was expected.
        problem: Problem,
    },
    /// A trace without a single invocation, or without a function that is not dropped.
    Empty {
        /// The (first) file.
        path: PathBuf,
    },
    /// The file is no longer the one that was checked before the run.
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// The rejected rows could not be written.
    Rejects(#[from] csv::Error),
}

impl TraceError {
    pub(super) fn header(path: &Path, line: u64, problem: Problem) -> Self {
        Self::Header { path: path.into(), line, problem }
    }

    /// The file in which the problem is, and its line if there is one.
    pub fn place(&self) -> Option<(&Path, Option<u64>)> {
        match self {
            Self::Read { path, line, .. } | Self::Header { path, line, .. } | Self::Row { path, line, .. } => {
                Some((path, Some(*line)))
            }
            Self::Open { path, .. } | Self::Empty { path } | Self::Changed { path } => Some((path, None)),
            Self::Rejects(_) => None,
        }
    }

    /// What is wrong, and what was expected.
    pub fn what(&self) -> String {
        match self {
            Self::Open { source, .. } => format!("the file cannot be opened ({source})"),
            Self::Read { source, .. } => format!("reading broke off ({source})"),
            Self::Header { problem, .. } | Self::Row { problem, .. } => problem.to_string(),
            Self::Empty { .. } => "no invocations to replay; expected a row with an invocation".into(),
            Self::Changed { .. } => "the file changed while it was in use".into(),
            Self::Rejects(error) => format!("the rejected rows cannot be written ({error})"),
        }
    }

    /// What to do.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Open { .. } => "check the path; a relative one starts at the folder of the scenario",
            Self::Read { .. } => "check the file: it may be damaged or cut off",
            Self::Header { .. } => "correct the first line of the file, or the names and paths that the scenario gives",
            Self::Row { .. } => "correct the row, or set on_bad_row = \"skip\" to go on without such rows",
            Self::Empty { .. } => "check that it is the right file, and that not all functions are dropped",
            Self::Changed { .. } => "run again",
            Self::Rejects(_) => "free some space, or choose another folder with --out",
        }
    }
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place() {
            Some((path, Some(line))) => write!(f, "{}:{line}: ", path.display())?,
            Some((path, None)) => write!(f, "{}: ", path.display())?,
            None => {}
        }
        write!(f, "{}; {}", self.what(), self.advice())
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
