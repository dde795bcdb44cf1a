//! The CSV files. Nested fields become columns named by their dotted path, such as `latency_ms.response.p99`.

use std::io::{self, Write};

use csv::{Terminator, Writer, WriterBuilder};
use serde::Serialize;
use serde_json::Value;

use crate::experiment::{Outcome, Run};
use crate::report::json;

/// `summary.csv`: one row per replication. Lines of the bill are in `cost.csv`.
///
/// # Errors
/// If `out` cannot be written; so do all functions of this module.
pub fn summary(outcome: &Outcome, out: impl Write) -> io::Result<()> {
    table(outcome.runs.iter().map(|run| (run, &run.summary)), out)
}

/// `functions.csv`: one row per function and replication.
pub fn functions(outcome: &Outcome, out: impl Write) -> io::Result<()> {
    table(outcome.runs.iter().flat_map(|run| run.functions.iter().map(move |row| (run, row))), out)
}

/// `workers.csv`: one row per worker and replication.
pub fn workers(outcome: &Outcome, out: impl Write) -> io::Result<()> {
    table(outcome.runs.iter().flat_map(|run| run.workers.iter().map(move |row| (run, row))), out)
}

/// `timeline.csv`: one row per interval and replication.
pub fn timeline(outcome: &Outcome, out: impl Write) -> io::Result<()> {
    table(outcome.runs.iter().flat_map(|run| run.timeline.iter().map(move |row| (run, row))), out)
}

/// `cost.csv`: one row per line of the bill and replication; only the header if the scenario has no prices.
pub fn cost(outcome: &Outcome, out: impl Write) -> io::Result<()> {
    let mut out = writer(out);
    out.write_record(["replication", "name", "unit", "quantity", "amount", "month_quantity", "month_amount", "currency"])?;
    for run in &outcome.runs {
        for (cost, line) in run.summary.cost.iter().flat_map(|cost| cost.lines.iter().map(move |line| (cost, line))) {
            out.serialize((run.replication, line, &cost.currency))?;
        }
    }
    out.flush()
}

/// `servers.csv`: one row per interval and replication.
pub fn servers(outcome: &Outcome, out: impl Write) -> io::Result<()> {
    let runs = outcome.runs.iter().filter_map(|run| Some((run, run.servers.as_ref()?)));
    table(runs.flat_map(|(run, servers)| servers.rows.iter().map(move |row| (run, row))), out)
}

/// `break_even.csv`: both bills at each load.
pub fn break_even(outcome: &Outcome, out: impl Write) -> io::Result<()> {
    plain(outcome.break_even.iter().flat_map(|found| &found.points), out)
}

/// `sensitivity.csv`: the bills under a change of each input.
pub fn sensitivity(outcome: &Outcome, out: impl Write) -> io::Result<()> {
    plain(outcome.break_even.iter().flat_map(|found| &found.effects), out)
}

/// Rows; the columns are those of the first.
fn plain<'a, R: Serialize + 'a>(rows: impl Iterator<Item = &'a R>, out: impl Write) -> io::Result<()> {
    let mut out = writer(out);
    for (number, row) in rows.map(flatten).enumerate() {
        if number == 0 {
            out.write_record(row.iter().map(|(path, _)| path))?;
        }
        out.write_record(row.iter().map(|(_, cell)| cell))?;
    }
    out.flush()
}

/// Rows with a leading column `replication`; the columns are those of the first row.
fn table<'a, R: Serialize + 'a>(rows: impl Iterator<Item = (&'a Run, &'a R)>, out: impl Write) -> io::Result<()> {
    let mut out = writer(out);
    let mut rows = rows.map(|(run, row)| (run.replication.to_string(), flatten(row))).peekable();
    let columns: Vec<String> =
        rows.peek().map(|(_, row)| row.iter().map(|(path, _)| path.clone()).collect()).unwrap_or_default();
    out.write_record(std::iter::once("replication").chain(columns.iter().map(String::as_str)))?;
    for (replication, row) in rows {
        out.write_record(std::iter::once(&replication).chain(row.iter().map(|(_, cell)| cell)))?;
    }
    out.flush()
}

pub(super) fn writer<W: Write>(out: W) -> Writer<W> {
    WriterBuilder::new().has_headers(false).terminator(Terminator::Any(b'\n')).from_writer(out)
}

/// The leaves of a row, as (dotted path, cell). Lists are left out; what is absent is empty.
pub(super) fn flatten(row: &impl Serialize) -> Vec<(String, String)> {
    let mut leaves = Vec::new();
    collect(String::new(), &json::value(row), &mut leaves);
    leaves
}

fn collect(path: String, value: &Value, leaves: &mut Vec<(String, String)>) {
    match value {
        Value::Array(_) => {}
        Value::Null => leaves.push((path, String::new())),
        Value::Object(fields) => {
            let dot = if path.is_empty() { "" } else { "." };
            fields.iter().for_each(|(key, value)| collect(format!("{path}{dot}{key}"), value, leaves));
        }
        Value::String(text) => leaves.push((path, text.clone())),
        other => leaves.push((path, other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    type Export = fn(&Outcome, &mut Vec<u8>) -> io::Result<()>;

    const EXPORTS: [Export; 4] =
        [|o, out| summary(o, out), |o, out| functions(o, out), |o, out| timeline(o, out), |o, out| cost(o, out)];

    fn read(export: Export, outcome: &Outcome) -> (Vec<String>, Vec<csv::StringRecord>) {
        let mut bytes = Vec::new();
        export(outcome, &mut bytes).unwrap();
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
        // The reader refuses rows of unequal length.
        (header, reader.into_records().collect::<Result<_, _>>().unwrap())
    }

    fn cell<'a>(header: &[String], row: &'a csv::StringRecord, column: &str) -> &'a str {
        &row[header.iter().position(|name| name == column).unwrap_or_else(|| panic!("no column {column}"))]
    }

    #[test]
    fn every_file_of_every_sample_is_read_back_with_its_rows() {
        for outcome in sample::all() {
            let sum = |rows: fn(&Run) -> usize| outcome.runs.iter().map(rows).sum::<usize>();
            let lines = sum(|run| run.summary.cost.as_ref().map_or(0, |cost| cost.lines.len()));
            let rows = [outcome.runs.len(), sum(|run| run.functions.len()), sum(|run| run.timeline.len()), lines];
            for (export, rows) in EXPORTS.into_iter().zip(rows) {
                let (header, records) = read(export, &outcome);
                assert_eq!((header[0].as_str(), records.len()), ("replication", rows), "{}", outcome.name);
            }
        }
    }

    #[test]
    fn figures_survive_exactly() {
        let outcome = sample::typical();
        let (header, rows) = read(EXPORTS[0], &outcome);
        let p99 = outcome.runs[3].summary.latency_ms.response.p99;
        assert_eq!(cell(&header, &rows[3], "latency_ms.response.p99").parse(), Ok(p99));
        assert_eq!(cell(&header, &rows[3], "replication"), "3");
        let (header, rows) = read(EXPORTS[1], &outcome);
        assert_eq!(cell(&header, &rows[0], "function"), outcome.runs[0].functions[0].function);
        let (header, rows) = read(EXPORTS[3], &outcome);
        assert_eq!(cell(&header, &rows[1], "name"), "Requests");
        assert_eq!(cell(&header, &rows[1], "currency"), "USD");
        let amount = outcome.runs[0].summary.cost.as_ref().unwrap().lines[1].amount;
        assert_eq!(cell(&header, &rows[1], "amount").parse(), Ok(amount));
    }
}
