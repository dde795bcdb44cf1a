//! The result folder.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::Path;

use crate::experiment::Outcome;
use crate::report::{ReportError, Staging, csv, html, json, plot};

/// Writes the result folder `dir`, which then appears complete, or not at all. An older result there is replaced.
///
/// Equal outcomes give equal bytes in every file but `manifest.json`.
///
/// # Errors
/// If `dir` is something else than a result of coldcast, or the file system refuses; the message says what to do.
pub fn write(outcome: &Outcome, dir: &Path) -> Result<(), ReportError> {
    let staging = Staging::open(dir)?;
    fill(outcome, staging.path(), true)?;
    staging.commit()
}

/// Writes every file of a result into an existing folder, with or without `plots`, for callers that opened the [`Staging`] before
/// the run.
///
/// # Errors
/// If the file system refuses.
pub fn fill(outcome: &Outcome, dir: &Path, plots: bool) -> Result<(), ReportError> {
    let tables: [(&str, Table); 4] = [
        ("summary.csv", |outcome, out| csv::summary(outcome, out)),
        ("functions.csv", |outcome, out| csv::functions(outcome, out)),
        ("timeline.csv", |outcome, out| csv::timeline(outcome, out)),
        ("cost.csv", |outcome, out| csv::cost(outcome, out)),
    ];
    let workers: Option<(&str, Table)> = Some(("workers.csv", |outcome, out| csv::workers(outcome, out)));
    let has_workers = outcome.runs.iter().any(|run| !run.workers.is_empty());
    let servers: [(&str, Table); 1] = [("servers.csv", |outcome, out| csv::servers(outcome, out))];
    let has_servers = outcome.runs.iter().any(|run| run.servers.is_some());
    let compared: [(&str, Table); 2] = [
        ("break_even.csv", |outcome, out| csv::break_even(outcome, out)),
        ("sensitivity.csv", |outcome, out| csv::sensitivity(outcome, out)),
    ];
    let more = servers.into_iter().filter(|_| has_servers);
    let more = more.chain(compared.into_iter().filter(|_| outcome.break_even.is_some()));
    for (name, table) in tables.into_iter().chain(workers.filter(|_| has_workers)).chain(more) {
        let path = dir.join(name);
        let written = File::create(&path).and_then(|file| table(outcome, BufWriter::new(file)));
        written.map_err(|error| ReportError::io(&path, error))?;
    }
    let painted = if plots { draw(&plot::scenes(outcome), &dir.join("plots"))? } else { Vec::new() };
    put(&dir.join("report.html"), html::render(outcome, &painted)?.as_bytes())?;
    put(&dir.join("summary.json"), json::summary(outcome).as_bytes())?;
    if has_servers {
        put(&dir.join("servers.json"), json::servers(outcome).as_bytes())?;
    }
    if outcome.break_even.is_some() {
        put(&dir.join("break_even.json"), json::break_even(outcome).as_bytes())?;
    }
    put(&dir.join("scenario.toml"), outcome.scenario.as_bytes())?;
    put(&dir.join("manifest.json"), json::manifest(outcome).as_bytes())
}

/// Paints plots into the folder `dir`, which is made.
pub(super) fn draw(scenes: &[plot::Scene], dir: &Path) -> Result<Vec<plot::paint::Painted>, ReportError> {
    fs::create_dir_all(dir).map_err(|error| ReportError::io(dir, error))?;
    let painted = plot::paint::all(scenes)?;
    for plot in &painted {
        put(&dir.join(format!("{}.svg", plot.name)), plot.svg.as_bytes())?;
        put(&dir.join(format!("{}.png", plot.name)), &plot.png)?;
    }
    Ok(painted)
}

type Table = fn(&Outcome, BufWriter<File>) -> io::Result<()>;

pub(super) fn put(path: &Path, bytes: &[u8]) -> Result<(), ReportError> {
    fs::write(path, bytes).map_err(|error| ReportError::io(path, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::report::staging::FILES;

    /// What a run does not always have.
    const SOMETIMES: [&str; 12] = [
        "workers.csv",
        "comparison.csv",
        "comparison.json",
        "servers.csv",
        "servers.json",
        "break_even.csv",
        "break_even.json",
        "sensitivity.csv",
        "invocations.csv",
        "rejects.csv",
        "records",
        "plots",
    ];

    fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
            let name = entry.file_name().into_string().unwrap();
            if entry.file_type().unwrap().is_dir() {
                files.extend(
                    self::files(&entry.path()).into_iter().map(|(file, bytes)| (format!("{name}/{file}"), bytes)),
                );
            } else {
                files.push((name, fs::read(entry.path()).unwrap()));
            }
        }
        files.sort();
        files
    }

    #[test]
    fn the_folder_holds_every_file_and_the_same_bytes_whatever_the_manifest() {
        let root = tempfile::tempdir().unwrap();
        let mut outcome = sample::one_replication();
        write(&outcome, &root.path().join("a")).unwrap();
        outcome.manifest.threads = 64;
        outcome.manifest.total_wall_s = 1e3;
        outcome.manifest.wall_s = vec![999.0];
        outcome.manifest.invocations_per_s = 1.0;
        write(&outcome, &root.path().join("b")).unwrap();
        let (a, b) = (files(&root.path().join("a")), files(&root.path().join("b")));
        let differing: Vec<_> = a.iter().zip(&b).filter(|(a, b)| a != b).map(|(a, _)| a.0.as_str()).collect();
        assert_eq!(differing, ["manifest.json"]);
        let names: Vec<&str> = a.iter().map(|(name, _)| name.as_str()).collect();
        for file in FILES.iter().filter(|file| !SOMETIMES.contains(file)) {
            assert!(names.contains(file), "{file}");
        }
        assert_eq!(names.iter().filter(|name| name.starts_with("plots/")).count(), 8);
    }

    #[test]
    fn a_folder_that_cannot_be_made_leaves_nothing_behind_and_says_what_to_do() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("file");
        fs::write(&file, "in the way").unwrap();
        let error = write(&sample::nothing_at_all(), &file.join("result")).unwrap_err().to_string();
        assert!(error.contains("file/result") && error.contains("--out"), "{error}");
        assert_eq!(files(root.path()), [("file".to_owned(), b"in the way".to_vec())]);
    }

    #[test]
    fn a_failure_half_way_keeps_the_old_result() {
        let root = tempfile::tempdir().unwrap();
        let dir = root.path().join("result");
        write(&sample::nothing_at_all(), &dir).unwrap();
        let before = files(root.path());
        let staging = Staging::open(&dir).unwrap();
        // A folder where a file is due: the third table cannot be written.
        fs::create_dir(staging.path().join("timeline.csv")).unwrap();
        let error = fill(&sample::nothing_at_all(), staging.path(), true).unwrap_err().to_string();
        assert!(error.contains("timeline.csv"), "{error}");
        drop(staging);
        assert_eq!(files(root.path()), before);
    }

    #[cfg(unix)]
    #[test]
    fn a_full_disk_is_an_error_that_names_the_file() {
        let Ok(full) = File::options().write(true).open("/dev/full") else { return };
        let error = csv::summary(&sample::one_replication(), full).unwrap_err();
        let text = ReportError::io(Path::new("out/summary.csv"), error).to_string();
        assert!(text.contains("out/summary.csv") && text.contains("free some space"), "{text}");
    }
}
