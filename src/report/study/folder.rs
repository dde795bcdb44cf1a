//! The result folder of a study.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::Path;

use super::{csv, json};
use crate::experiment::Comparison;
use crate::experiment::study::Study;
use crate::report::folder::put;
use crate::report::{ReportError, comparison as compared};

/// Writes every file of a study into an existing folder, with or without `plots`. `comparison` is that of the same study.
///
/// Equal studies give equal bytes in every file but `manifest.json`.
///
/// # Errors
/// If the file system refuses.
pub fn fill(study: &Study, comparison: &Comparison, dir: &Path, plots: bool) -> Result<(), ReportError> {
    table(&dir.join("summary.csv"), |out| csv::summary(study, out))?;
    table(&dir.join("cost.csv"), |out| csv::cost(study, out))?;
    put(&dir.join("summary.json"), json::summary(study).as_bytes())?;
    put(&dir.join("scenario.toml"), study.scenario.as_bytes())?;
    compared::fill(comparison, study, dir, plots)
}

fn table(path: &Path, write: impl FnOnce(BufWriter<File>) -> io::Result<()>) -> Result<(), ReportError> {
    File::create(path).and_then(|file| write(BufWriter::new(file))).map_err(|error| ReportError::io(path, error))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn equal_studies_give_equal_files_whatever_the_manifest() {
        let root = tempfile::tempdir().unwrap();
        let mut study = sample::two();
        let comparison = sample::comparison(&study);
        let fill = |study: &Study, name: &str| {
            let dir = root.path().join(name);
            std::fs::create_dir(&dir).unwrap();
            super::fill(study, &comparison, &dir, true).unwrap();
            let names = ["summary.csv", "summary.json", "cost.csv", "comparison.csv", "comparison.json"];
            let more = ["report.html", "scenario.toml", "plots/cost_against_p99.svg", "plots/bars_p99.png"];
            let read = |name: &str| std::fs::read(dir.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
            (names.map(read), more.map(read), read("manifest.json"))
        };
        let first = fill(&study, "a");
        (study.origin.threads, study.origin.total_wall_s, study.origin.resumed) = (64, 1e3, 7);
        let second = fill(&study, "b");
        assert!(first.0 == second.0 && first.1 == second.1);
        assert_ne!(first.2, second.2);
    }
}
