//! What can go wrong when a result is written.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a result was not written. Each message names the path and says what to do.
#[derive(Debug, Error)]
pub enum ReportError {
    /// The file system refused.
    #[error("cannot write {}: {source}\n  {}", path.display(), advice(source))]
    Io {
        /// What was being written.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The folder holds something else than a result of coldcast, which is never overwritten.
    #[error(
        "{} is not empty and not a result of coldcast (it has no {missing}), so it is left as it is\n  \
         choose another folder with --out, or remove this one yourself",
        path.display()
    )]
    NotAResult {
        /// The folder.
        path: PathBuf,
        /// A file that every result has.
        missing: &'static str,
    },
    /// The path cannot become a folder.
    #[error("{} is not a folder\n  choose another folder with --out", path.display())]
    NotAFolder {
        /// The path.
        path: PathBuf,
    },
    /// A plot could not be drawn.
    #[error("cannot draw {name}: {reason}\n  this is a bug of coldcast: please report it with the scenario")]
    Plot {
        /// Name of the plot.
        name: String,
        /// What the drawing library says.
        reason: String,
    },
    /// The HTML report could not be rendered.
    #[error("cannot render report.html: {0}\n  this is a bug of coldcast: please report it with the scenario")]
    Html(#[from] askama::Error),
}

impl ReportError {
    /// Whether the folder that was chosen cannot be that of a result, so that another one helps. If not, the disk failed, or coldcast.
    pub fn is_of_the_place(&self) -> bool {
        use ErrorKind::{AlreadyExists, InvalidFilename, NotADirectory, PermissionDenied, ReadOnlyFilesystem};
        match self {
            Self::NotAResult { .. } | Self::NotAFolder { .. } => true,
            Self::Io { source, .. } => matches!(
                source.kind(),
                AlreadyExists | InvalidFilename | NotADirectory | PermissionDenied | ReadOnlyFilesystem
            ),
            Self::Plot { .. } | Self::Html(_) => false,
        }
    }

    /// The error of a file operation on `path`.
    pub(crate) fn io(path: &Path, source: impl Into<io::Error>) -> Self {
        Self::Io { path: path.into(), source: cause(source.into()) }
    }
}

/// What the system said, of an error that the writer of CSV files passed on.
fn cause(error: io::Error) -> io::Error {
    match error.downcast::<csv::Error>().map(csv::Error::into_kind) {
        Ok(csv::ErrorKind::Io(cause)) => cause,
        Ok(other) => io::Error::other(format!("{other:?}")),
        Err(error) => error,
    }
}

fn advice(source: &io::Error) -> &'static str {
    match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            "free some space on this disk, or choose a folder on another one with --out"
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => "choose a folder that you may write with --out",
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            "a part of this path is a file: choose another folder with --out"
        }
        _ => "check the path, or choose another folder with --out",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_names_the_path_and_the_way_out() {
        let error = ReportError::io(Path::new("results/x/summary.csv"), io::Error::from(ErrorKind::StorageFull));
        let text = error.to_string();
        assert!(text.starts_with("cannot write results/x/summary.csv: "), "{text}");
        assert!(text.contains("free some space") && text.contains("--out"), "{text}");
    }
}
