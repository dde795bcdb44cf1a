//! Columns found by name.

use std::path::PathBuf;

use super::error::{Problem, TraceError};
use super::kind::recognise;
use super::rows::{Fields, Rows};

/// The column names of a file.
pub(in crate::workload) struct Header {
    path: PathBuf,
    line: u64,
    kind: Option<&'static str>,
    names: Vec<String>,
}

impl Header {
    /// Reads the first line of a file. A file without any line has no columns.
    pub fn read(rows: &mut Rows) -> Result<Self, TraceError> {
        let names = if rows.advance()? { names(rows)? } else { Vec::new() };
        Ok(Self { path: rows.path().into(), line: rows.number(), kind: recognise(rows.line()), names })
    }

    /// The names, in the order of the file.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The position of a column that may be missing.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|other| other == name)
    }

    /// The position of a column that must be there.
    pub fn require(&self, name: &str) -> Result<usize, TraceError> {
        let position = self.position(name).ok_or_else(|| self.error(self.missing(name)))?;
        match self.names[position + 1..].iter().any(|other| other == name) {
            true => Err(self.error(format!("there are several columns \"{name}\", expected one"))),
            false => Ok(position),
        }
    }

    /// The fields of the present row, exactly one per column.
    pub fn fields<'a>(&self, rows: &'a mut Rows) -> Result<Fields<'a>, Problem> {
        let fields = rows.fields()?;
        match fields.len() == self.names.len() {
            true => Ok(fields),
            false => Err(self.wrong_length(fields.len())),
        }
    }

    /// The problem of a row with `found` fields.
    pub fn wrong_length(&self, found: usize) -> Problem {
        Problem(format!(
            "the row has {found} field{}, expected {}, one for each column of line {}",
            if found == 1 { "" } else { "s" },
            self.names.len(),
            self.line
        ))
    }

    /// An error about the column names.
    pub fn error(&self, problem: String) -> TraceError {
        TraceError::header(&self.path, self.line, Problem(problem))
    }

    fn missing(&self, name: &str) -> String {
        if let Some(kind) = self.kind {
            return format!("there is no column \"{name}\": {kind}");
        }
        let distance = |other: &&String| strsim::damerau_levenshtein(&other.to_lowercase(), &name.to_lowercase());
        match self.names.iter().min_by_key(distance) {
            None => {
                format!("there is no column \"{name}\": the file is empty, expected column names in its first line")
            }
            Some(nearest) => format!("there is no column \"{name}\"; the nearest name is \"{nearest}\""),
        }
    }
}

fn names(rows: &mut Rows) -> Result<Vec<String>, TraceError> {
    let (path, line) = (rows.path().to_path_buf(), rows.number());
    let fields = rows.fields().map_err(|problem| TraceError::header(&path, line, problem))?;
    let text = |index| String::from_utf8_lossy(fields.get(index)).trim_start_matches('\u{feff}').to_owned();
    Ok((0..fields.len()).map(text).collect())
}
