//! The CSV files of a study. Columns are named as in those of a run.

use std::io::{self, Write};

use crate::experiment::study::{Cell, Record, Study};
use crate::experiment::{Comparison, Estimate};
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
    out.write_record(["cell", "replication", "name", "unit", "quantity", "amount", "currency"])?;
    for (cell, record) in records(study) {
        for (cost, line) in record.summary.cost.iter().flat_map(|cost| cost.lines.iter().map(move |line| (cost, line)))
        {
            out.serialize((&cell.name, record.replication, line, &cost.currency))?;
        }
    }
    out.flush()
}

/// `comparison.csv`: one row per figure and cell.
pub fn comparison(comparison: &Comparison, out: impl Write) -> io::Result<()> {
    let mut out = writer(out);
    let estimates = ["estimate", "difference", "relative"];
    let columns = estimates.iter().flat_map(|name| ["mean", "ci_low", "ci_high"].map(|part| format!("{name}.{part}")));
    let first = ["figure", "unit", "cell", "n"].map(str::to_owned);
    let last = ["p", "p_adjusted", "verdict", "standing"].map(str::to_owned);
    out.write_record(first.into_iter().chain(columns).chain(last))?;
    for compared in &comparison.figures {
        for (name, contrast) in comparison.cells.iter().zip(&compared.cells) {
            let difference = contrast.difference.as_ref();
            let absolute = difference.map(|difference| difference.absolute);
            let relative = difference.and_then(|difference| difference.relative);
            let p = [difference.and_then(|d| d.p), difference.and_then(|d| d.p_adjusted)];
            let n = contrast.estimate.map(|estimate| estimate.n);
            out.serialize((
                (&compared.figure.path, &compared.unit, name, n),
                [contrast.estimate, absolute, relative].map(ends),
                p,
                (contrast.verdict, contrast.standing),
            ))?;
        }
    }
    out.flush()
}

fn ends(estimate: Option<Estimate>) -> [Option<f64>; 3] {
    [estimate.map(|e| e.mean), estimate.map(|e| e.ci_low), estimate.map(|e| e.ci_high)]
}

fn records(study: &Study) -> impl Iterator<Item = (&Cell, &Record)> {
    study.cells.iter().flat_map(|cell| cell.records.iter().map(move |record| (cell, record)))
}
