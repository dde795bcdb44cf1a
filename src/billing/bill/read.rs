//! Bill files, and what is wrong with them.

use std::path::Path;

use serde::Deserialize;

use super::account::Bill;
use super::entries::Account;

/// Why a bill file cannot be billed.
#[derive(Debug, thiserror::Error)]
pub enum BillError {
    /// The file cannot be read.
    #[error("{file}: cannot read the usage: {source}")]
    Read {
        /// The path.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// An entry is wrong.
    #[error("{file}:{line}: {problem}")]
    Entry {
        /// The path.
        file: String,
        /// The line, or that at which the entry begins, from 1.
        line: usize,
        /// What is wrong and what to do.
        problem: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BillFile {
    bill: Vec<Account>,
}

/// Reads a file and bills every `[[bill]]` in it.
///
/// # Errors
/// What is wrong, with the line.
pub fn read(path: &Path) -> Result<Vec<Bill>, BillError> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|source| BillError::Read { file: file.clone(), source })?;
    parse(&file, &text, path.parent().unwrap_or(Path::new("")))
}

/// Bills every `[[bill]]` of a text; `file` is its name in errors, and paths of books are relative to `base`.
///
/// # Errors
/// What is wrong, with the line.
pub fn parse(file: &str, text: &str, base: &Path) -> Result<Vec<Bill>, BillError> {
    let wrong = |(span, problem): super::account::Wrong| {
        let line = 1 + text.as_bytes().iter().take(span.start).filter(|byte| **byte == b'\n').count();
        BillError::Entry { file: file.into(), line, problem }
    };
    let accounts: BillFile =
        toml::from_str(text).map_err(|error| wrong((error.span().unwrap_or(0..0), error.message().into())))?;
    accounts.bill.iter().map(|account| account.bill(base).map_err(wrong)).collect()
}
