//! Keys that join the files.

use crate::workload::trace::error::{Problem, TraceError};
use crate::workload::trace::header::Header;

/// Which columns identify a function. A function or app hash alone is not promised to be unique, so all that the file
/// of invocations has are taken: `HashOwner`, `HashApp`, `HashFunction`, or in some samples the last one only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KeyColumns {
    pub owner: bool,
    pub app: bool,
}

/// Where the key columns are in one file.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeyPositions {
    pub owner: Option<usize>,
    pub app: Option<usize>,
    pub function: Option<usize>,
}

impl KeyColumns {
    /// The key columns that a file of invocations has.
    pub fn of(header: &Header) -> Self {
        Self { owner: header.position("HashOwner").is_some(), app: header.position("HashApp").is_some() }
    }

    /// Where they are in another file, which must have them too.
    pub fn find(self, header: &Header) -> Result<KeyPositions, TraceError> {
        let require = |wanted: bool, name| wanted.then(|| header.require(name)).transpose();
        let function = header.position("HashFunction");
        Ok(KeyPositions { owner: require(self.owner, "HashOwner")?, app: require(self.app, "HashApp")?, function })
    }
}

impl KeyPositions {
    /// The key of an app, from the fields of a row.
    pub fn app<'a>(self, field: impl Fn(usize) -> &'a [u8]) -> Result<String, Problem> {
        let part = |position: Option<usize>| position.map_or(Ok(""), |index| id(field(index)));
        Ok(format!("{}\n{}", part(self.owner)?, part(self.app)?))
    }

    /// The key of a function, from the fields of a row.
    pub fn function<'a>(self, field: impl Fn(usize) -> &'a [u8]) -> Result<String, Problem> {
        let function = self.function.map_or(Ok(""), |index| id(field(index)))?;
        Ok(format!("{}\n{function}", self.app(field)?))
    }
}

/// An identifier as text.
pub(super) fn id(field: &[u8]) -> Result<&str, Problem> {
    match std::str::from_utf8(field) {
        Ok("") => Err(Problem("an identifier is empty".into())),
        Ok(id) if !id.contains('"') => Ok(id),
        _ => Err(Problem("an identifier has a quote or is not UTF-8".into())),
    }
}
