//! The CSV files. Nested fields become columns named by their dotted path, such as `latency_ms.response.p99`.

use std::io::{self, Write};

use csv::{Terminator, Writer, WriterBuilder};
use rayon::prelude::*;
use serde::Serialize;
use serde_json::Value;

use crate::experiment::{Outcome, Run};
use crate::report::cells::Cells;
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
    out.write_record([
        "replication",
        "name",
        "unit",
        "quantity",
        "amount",
        "month_quantity",
        "month_amount",
        "currency",
    ])?;
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

/// Rows that one core writes at a time, and how many such parts are in memory at once.
const PART: usize = 1024;
const PARTS: usize = 64;

/// Rows with a leading column `replication`; the columns are those of the first row. Parts are made on all cores and
/// written in order.
fn table<'a, R: Serialize + Sync + 'a>(
    rows: impl Iterator<Item = (&'a Run, &'a R)>,
    mut out: impl Write,
) -> io::Result<()> {
    let mut rows = rows.peekable();
    let mut columns = vec!["replication".to_owned()];
    columns.extend(rows.peek().into_iter().flat_map(|(_, row)| flatten(row)).map(|(path, _)| path));
    let header = Cells::below(&columns)?.text()?;
    out.write_all(&header)?;
    loop {
        let batch: Vec<_> = rows.by_ref().take(PART * PARTS).collect();
        if batch.is_empty() {
            return out.flush();
        }
        let parts: Vec<io::Result<Vec<u8>>> = batch.par_chunks(PART).map(|rows| part(&columns, rows)).collect();
        for text in parts {
            out.write_all(&text?[header.len()..])?;
        }
    }
}

/// These rows below their columns.
fn part<R: Serialize>(columns: &[String], rows: &[(&Run, &R)]) -> io::Result<Vec<u8>> {
    let mut cells = Cells::below(columns)?;
    for (run, row) in rows {
        cells.row(run.replication, row)?;
    }
    cells.text()
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
    fn rows_have_the_cells_of_their_json() {
        #[derive(Serialize)]
        enum Kind {
            Plain,
            One(u8),
            Fields { left: i64, right: Option<f64> },
            Two(u8, u8),
        }
        #[derive(Serialize)]
        struct Odd {
            text: &'static str,
            list: Vec<u8>,
            pair: (u8, f64),
            none: Option<u64>,
            unit: (),
            letter: char,
            flag: bool,
            small: f32,
            floats: std::collections::BTreeMap<u8, f64>,
            kinds: [Kind; 1],
            plain: Kind,
            one: Kind,
            fields: Kind,
            two: Kind,
        }
        let floats = [0.1, -0.0, 1e300, 5e-324, 1e16, 123_456_789.0, f64::NAN, f64::INFINITY, f64::MIN];
        let odd = Odd {
            text: "a \"quoted\", broken\nline",
            list: vec![1, 2],
            pair: (1, 2.0),
            none: None,
            unit: (),
            letter: ',',
            flag: true,
            small: 0.1,
            floats: (0..).zip(floats).collect(),
            kinds: [Kind::Plain],
            plain: Kind::Plain,
            one: Kind::One(7),
            fields: Kind::Fields { left: i64::MIN, right: None },
            two: Kind::Two(1, 2),
        };
        let run = &sample::typical().runs[0];
        // More than a part, so that parts meet; with the last row of another part.
        let rows = vec![&odd; PART + 1];
        let mut expected = writer(Vec::new());
        let row = flatten(&odd);
        expected.write_record(std::iter::once("replication").chain(row.iter().map(|(path, _)| path.as_str()))).unwrap();
        for _ in &rows {
            let replication = run.replication.to_string();
            expected.write_record(std::iter::once(&replication).chain(row.iter().map(|(_, cell)| cell))).unwrap();
        }
        let mut found = Vec::new();
        table(rows.into_iter().map(|row| (run, row)), &mut found).unwrap();
        assert_eq!(String::from_utf8(found), String::from_utf8(expected.into_inner().unwrap()));
    }

    #[test]
    fn a_row_with_other_columns_than_the_first_is_an_error() {
        let (short, long) = (vec![("a", 1)], vec![("a", 1), ("b", 2)]);
        let [short, long] = [short, long].map(std::collections::BTreeMap::from_iter);
        let run = &sample::typical().runs[0];
        assert!(table([&short, &long].into_iter().map(|row| (run, row)), Vec::new()).is_err());
        let rows = std::iter::repeat_n(&short, PART).chain([&long]);
        assert!(table(rows.map(|row| (run, row)), Vec::new()).is_err(), "in another part");
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
