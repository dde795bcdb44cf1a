//! The folder of a comparison.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde_json::{Value, json};

use crate::experiment::study::Study;
use crate::experiment::{Compared, Comparison, Contrast, Estimate};
use crate::report::folder::draw;
use crate::report::json::value;
use crate::report::study::html;
use crate::report::study::measure::{View, estimates};
use crate::report::{ReportError, plot, verdict};

/// Writes `comparison.json`, `comparison.csv`, `manifest.json`, `report.html` and, if wanted, `plots/` into an existing folder.
///
/// # Errors
/// If the file system refuses.
pub fn fill(comparison: &Comparison, study: &Study, dir: &Path, plots: bool) -> Result<(), ReportError> {
    let put = |name: &str, text: String| {
        let path = dir.join(name);
        fs::write(&path, text).map_err(|error| ReportError::io(&path, error))
    };
    put("comparison.json", json(comparison))?;
    put("manifest.json", format!("{:#}\n", value(&study.origin)))?;
    let view = View { study, comparison, estimates: &estimates(study, comparison) };
    let painted = if plots { draw(&plot::study::scenes(view), &dir.join("plots"))? } else { Vec::new() };
    put("report.html", html::render(view, &painted)?)?;
    let path = dir.join("comparison.csv");
    let written = File::create(&path).and_then(|file| csv(comparison, BufWriter::new(file)));
    written.map_err(|error| ReportError::io(&path, error))
}

/// `comparison.json`: the [`Comparison`], with the verdict in words for each cell.
pub fn json(comparison: &Comparison) -> String {
    let mut whole = value(comparison);
    let words =
        (0..comparison.cells.len()).map(|cell| (comparison.cells[cell].clone(), verdict::words(comparison, cell)));
    whole["verdicts"] = words.map(|(cell, words)| json!({"cell": cell, "words": words})).collect::<Vec<Value>>().into();
    format!("{whole:#}\n")
}

/// `comparison.csv`: one row per figure and cell. What does not exist is empty.
///
/// # Errors
/// If `out` cannot be written.
pub fn csv(comparison: &Comparison, out: impl Write) -> io::Result<()> {
    let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(out);
    out.write_record([
        "figure",
        "unit",
        "cell",
        "mean",
        "ci_low",
        "ci_high",
        "n",
        "difference",
        "difference_low",
        "difference_high",
        "relative",
        "relative_low",
        "relative_high",
        "p",
        "p_adjusted",
        "verdict",
        "standing",
    ])?;
    for compared in &comparison.figures {
        for (name, cell) in comparison.cells.iter().zip(&compared.cells) {
            out.write_record(row(compared, name, cell))?;
        }
    }
    out.flush()
}

fn row(compared: &Compared, name: &str, cell: &Contrast) -> Vec<String> {
    let number = |number: Option<f64>| number.map_or(String::new(), |number| number.to_string());
    let ends = |estimate: Option<Estimate>| {
        [estimate.map(|e| e.mean), estimate.map(|e| e.ci_low), estimate.map(|e| e.ci_high)].map(number)
    };
    let word = |it: Value| it.as_str().unwrap_or_default().to_owned();
    let difference = cell.difference.as_ref();
    let mut row = vec![compared.figure.path.clone(), compared.unit.clone(), name.to_owned()];
    row.extend(ends(cell.estimate));
    row.push(cell.estimate.map_or(String::new(), |estimate| estimate.n.to_string()));
    row.extend(ends(difference.map(|difference| difference.absolute)));
    row.extend(ends(difference.and_then(|difference| difference.relative)));
    row.extend([difference.and_then(|difference| difference.p), difference.and_then(|d| d.p_adjusted)].map(number));
    row.extend([word(value(&cell.verdict)), word(value(&cell.standing))]);
    row
}
