//! The CSV files of a study. Columns are named as in those of a run.

use std::io::{self, Write};

use crate::experiment::study::{Cell, Record, Study};
use crate::report::csv::{flatten, writer};

/// `summary.csv`: one row per cell and replication, with a column for each axis. A cell that failed has the rows of the replications
/// that it completed.
///
/// # Errors
/// If `out` cannot be written; so do all functions of this module.
pub fn summary(study: &Study, out: impl Write) -> io::Result<()> {
    let rows: Vec<_> = records(study).map(|(cell, record)| (cell, record, flatten(&record.summary))).collect();
    let mut columns: Vec<&str> = Vec::new();
    for (path, _) in rows.iter().flat_map(|(.., figures)| figures) {
        if !columns.contains(&path.as_str()) {
            columns.push(path);
        }
    }
    // A cell without prices has an empty `cost`, the others have what is in it.
    let parent =
        |column: &str| columns.iter().any(|other| other.strip_prefix(column).is_some_and(|rest| rest.starts_with('.')));
    let columns: Vec<&str> = columns.iter().copied().filter(|column| !parent(column)).collect();
    let mut out = writer(out);
    let axes = study.axes.iter().map(|axis| axis.name.as_str());
    out.write_record(["cell"].into_iter().chain(axes).chain(["replication"]).chain(columns.iter().copied()))?;
    for (cell, record, figures) in &rows {
        let values = study.axes.iter().zip(&cell.position).map(|(axis, at)| axis.values[*at].as_str());
        let figure = |column: &&str| figures.iter().find(|(path, _)| path == column).map_or("", |(_, figure)| figure);
        let replication = record.replication.to_string();
        let before = [cell.name.as_str()].into_iter().chain(values).chain([replication.as_str()]);
        out.write_record(before.chain(columns.iter().map(figure)))?;
    }
    out.flush()
}

/// `cost.csv`: one row per line of the bill, cell and replication.
pub fn cost(study: &Study, out: impl Write) -> io::Result<()> {
    let mut out = writer(out);
    out.write_record([
        "cell",
        "replication",
        "name",
        "unit",
        "quantity",
        "amount",
        "month_quantity",
        "month_amount",
        "currency",
    ])?;
    for (cell, record) in records(study) {
        for (cost, line) in record.summary.cost.iter().flat_map(|cost| cost.lines.iter().map(move |line| (cost, line)))
        {
            out.serialize((&cell.name, record.replication, line, &cost.currency))?;
        }
    }
    out.flush()
}

fn records(study: &Study) -> impl Iterator<Item = (&Cell, &Record)> {
    study.cells.iter().flat_map(|cell| cell.records.iter().map(move |record| (cell, record)))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn read(table: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> (Vec<String>, Vec<csv::StringRecord>) {
        let mut bytes = Vec::new();
        table(&mut bytes).unwrap();
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
        (header, reader.into_records().collect::<Result<_, _>>().unwrap())
    }

    #[test]
    fn every_record_is_a_row_with_its_place_on_the_axes() {
        for study in sample::all() {
            let (header, rows) = read(|out| summary(&study, out));
            assert_eq!(rows.len(), records(&study).count(), "{}", study.name);
            let lines = |(_, record): (&Cell, &Record)| record.summary.cost.as_ref().map_or(0, |cost| cost.lines.len());
            assert_eq!(read(|out| cost(&study, out)).1.len(), records(&study).map(lines).sum::<usize>());
            assert_eq!(header[0], "cell");
        }
        let (header, rows) = read(|out| summary(&sample::grid(), out));
        assert_eq!(header[..4], ["cell", "memory", "ttl", "replication"]);
        assert_eq!(rows[7].iter().take(4).collect::<Vec<_>>(), ["memory 256 MiB, ttl 5m", "256 MiB", "5m", "2"]);
    }

    #[test]
    fn cells_without_prices_have_empty_cells_beside_the_others() {
        let mut study = sample::two();
        study.cells[1].records.iter_mut().for_each(|record| record.summary.cost = None);
        let (header, rows) = read(|out| summary(&study, out));
        let total = header.iter().position(|column| column == "cost.total").unwrap();
        assert!(!header.contains(&"cost".to_owned()) && !rows[0][total].is_empty() && rows[5][total].is_empty());
    }
}
