//! Rows that are refused: an end of the reading, or counted and kept.

use std::io::Write;

use serde::{Deserialize, Serialize};

use super::error::{Problem, TraceError};
use super::rows::Rows;
use crate::workload::Note;

/// What happens to a row of a trace that cannot be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnBadRow {
    /// The run ends with an error that names the file and the line (default).
    #[default]
    Fail,
    /// The row is left out, counted, and written to the rejects file.
    Skip,
}

/// Where refused rows go: a CSV of file, line, reason and the row's text. All of them are written and none is held in
/// memory; nothing is written as long as no row is refused.
pub struct Rejects<'a> {
    sink: csv::Writer<Box<dyn Write + 'a>>,
    count: u64,
}

impl<'a> Rejects<'a> {
    /// Rejects that are written to `sink`; [`std::io::sink`] keeps only their number.
    pub fn new(sink: impl Write + 'a) -> Self {
        Self { sink: csv::Writer::from_writer(Box::new(sink)), count: 0 }
    }

    /// How many rows were refused.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Gives every row that is left in `rows` to `accept`, refuses those with a problem, and returns how many had none.
    pub(super) fn each(
        &mut self,
        policy: OnBadRow,
        rows: &mut Rows,
        mut accept: impl FnMut(&mut Rows) -> Result<(), Problem>,
    ) -> Result<u64, TraceError> {
        let mut accepted = 0;
        while rows.advance()? {
            match accept(rows) {
                Ok(()) => accepted += 1,
                Err(problem) => self.refuse(policy, rows, problem)?,
            }
        }
        Ok(accepted)
    }

    fn refuse(&mut self, policy: OnBadRow, rows: &Rows, problem: Problem) -> Result<(), TraceError> {
        if policy == OnBadRow::Fail {
            return Err(TraceError::Row { path: rows.path().into(), line: rows.number(), problem });
        }
        if self.count == 0 {
            self.sink.write_record(["file", "line", "reason", "row"])?;
        }
        self.count += 1;
        let (file, line) = (rows.path().display().to_string(), rows.number().to_string());
        self.sink.write_record([file.as_bytes(), line.as_bytes(), problem.0.as_bytes(), rows.line()])?;
        Ok(())
    }

    /// Writes out what is buffered and states how many rows were refused since `earlier`.
    pub(super) fn note(&mut self, earlier: u64) -> Result<Note, TraceError> {
        self.sink.flush().map_err(csv::Error::from)?;
        Ok(Note { what: "rows of the trace refused (on_bad_row = \"skip\")".into(), count: self.count - earlier })
    }
}
