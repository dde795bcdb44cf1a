//! The result folder of a study.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;

use super::measure::{View, estimates};
use super::{csv, html, json};
use crate::experiment::Comparison;
use crate::experiment::study::Study;
use crate::report::ReportError;
use crate::report::folder::{draw, put};
use crate::report::plot;

/// Writes every file of a study into an existing folder, with or without `plots`. `comparison` is that of the same study.
///
/// Equal studies give equal bytes in every file but `manifest.json`.
///
/// # Errors
/// If the file system refuses.
pub fn fill(study: &Study, comparison: &Comparison, dir: &Path, plots: bool) -> Result<(), ReportError> {
    table(&dir.join("summary.csv"), |out| csv::summary(study, out))?;
    table(&dir.join("cost.csv"), |out| csv::cost(study, out))?;
    table(&dir.join("comparison.csv"), |out| csv::comparison(comparison, out))?;
    let view = View { study, comparison, estimates: &estimates(study, comparison) };
    let painted = if plots { draw(&plot::study::scenes(view), &dir.join("plots"))? } else { Vec::new() };
    put(&dir.join("report.html"), html::render(view, &painted)?.as_bytes())?;
    put(&dir.join("summary.json"), json::summary(study).as_bytes())?;
    put(&dir.join("comparison.json"), json::comparison(comparison).as_bytes())?;
    put(&dir.join("scenario.toml"), study.scenario.as_bytes())?;
    put(&dir.join("manifest.json"), json::manifest(study).as_bytes())
}

fn table(path: &Path, write: impl FnOnce(BufWriter<File>) -> io::Result<()>) -> Result<(), ReportError> {
    File::create(path).and_then(|file| write(BufWriter::new(file))).map_err(|error| ReportError::io(path, error))
}
