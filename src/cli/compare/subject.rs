//! One of those that are compared: a scenario that is run, or a result that is read.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Deserialize;

use crate::cli::study::records_of;
use crate::cli::{Failure, Progress, input};
use crate::experiment::study::{Cell, Record, Store};
use crate::experiment::{self, InputFile, Outcome, RunOptions};
use crate::metrics::{Histogram, Summary};
use crate::policy::catalog::Catalog;
use crate::scenario::Scenario;
use crate::workload::trace::Rejects;

/// A scenario, and its records if it has been run before.
pub struct Subject {
    /// As the user names it.
    pub path: PathBuf,
    /// What tells it from the others.
    pub name: String,
    /// What is or was run.
    pub scenario: Scenario,
    records: Option<Vec<Record>>,
}

/// How scenarios are run, and what that took.
pub struct Work<'a> {
    pub threads: Option<usize>,
    pub quiet: bool,
    pub catalog: &'a Catalog,
    /// Threads that worked.
    pub used: usize,
    /// Wall time in seconds.
    pub wall_s: f64,
    /// Price books with their dates.
    pub books: BTreeSet<String>,
}

/// What is read of a `summary.json`.
#[derive(Deserialize)]
struct Summaries {
    runs: Vec<Summary>,
}

impl Subject {
    /// A result if the path is a folder, else a scenario, which is changed by the overrides. One with `[sweep]` or several price books,
    /// and the result of such a one, is a subject for each cell.
    ///
    /// # Errors
    /// What is wrong with either.
    pub fn read(path: &Path, overrides: &[(String, String)], catalog: &Catalog) -> Result<Vec<Self>, Failure> {
        if !path.is_dir() {
            let scenario = Scenario::read(path, overrides, catalog)?;
            if scenario.varies() {
                return Self::cells(path, &scenario, &|_| None, catalog);
            }
            let name = scenario.name().to_owned();
            return Ok(vec![Self { path: path.to_owned(), name, scenario, records: None }]);
        }
        let scenario = Scenario::read(&path.join("scenario.toml"), &[], catalog);
        match scenario {
            Ok(scenario) if scenario.varies() => {
                let (store, plan) = Store::of(&records_of(path)?)?;
                let most = scenario.file().scenario.precision().map_or(0, |precision| precision.most);
                let replications = 0..most.max(plan.replications);
                let records = |cell| Some(replications.clone().map_while(|number| store.read(cell, number)).collect());
                Self::cells(path, &scenario, &records, catalog)
            }
            _ => Ok(vec![Self::result(path, catalog)?]),
        }
    }

    /// The cells of a scenario that varies, with their records if they have been run.
    fn cells(
        path: &Path,
        scenario: &Scenario,
        records: &dyn Fn(u64) -> Option<Vec<Record>>,
        catalog: &Catalog,
    ) -> Result<Vec<Self>, Failure> {
        let grid = scenario.grid(catalog)?;
        let subject = |number: u64| {
            let cell = grid.cell(number);
            let scenario = scenario.variant(&cell.settings, catalog)?;
            Ok(Self { path: path.to_owned(), name: cell.name, scenario, records: records(number) })
        };
        (0..grid.len()).map(subject).collect()
    }

    fn result(path: &Path, catalog: &Catalog) -> Result<Self, Failure> {
        let summary = path.join("summary.json");
        let refuse = |problem: String| {
            Failure::Input(format!(
                "{}: {problem}\n  name a scenario file, or a result folder of `coldcast run`",
                summary.display()
            ))
        };
        let text = fs::read_to_string(&summary).map_err(|error| refuse(format!("cannot be read: {error}")))?;
        let Summaries { runs } = serde_json::from_str(&text)
            .map_err(|error| refuse(format!("is not what this version of coldcast writes: {error}")))?;
        let scenario = Scenario::read(&path.join("scenario.toml"), &[], catalog)?;
        let record = |(replication, summary)| Record { replication, summary, response: Histogram::default() };
        let name = path.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
        Ok(Self {
            path: path.to_owned(),
            name: name.unwrap_or_else(|| scenario.name().to_owned()),
            scenario,
            records: Some((0..).zip(runs).map(record).collect()),
        })
    }

    /// The files that it was or will be run with.
    ///
    /// # Errors
    /// If one of a scenario cannot be read; those of a result may be gone.
    pub fn inputs(&self) -> Result<Vec<InputFile>, Failure> {
        match &self.records {
            None => Ok(input::describe(&self.scenario.inputs())?),
            Some(_) => Ok(input::describe(&[self.path.join("summary.json")])?),
        }
    }

    /// Its replications, run if they are not there.
    ///
    /// # Errors
    /// What is wrong with the scenario, or why the run failed.
    pub fn cell(self, work: &mut Work<'_>) -> Result<Cell, Failure> {
        let records = match self.records {
            Some(records) => records,
            None => simulate(&self.scenario, &self.path, work)?,
        };
        Ok(Cell { name: self.name, position: Vec::new(), settings: Vec::new(), records, failure: None })
    }
}

fn simulate(scenario: &Scenario, path: &Path, work: &mut Work<'_>) -> Result<Vec<Record>, Failure> {
    let mut rejects = Rejects::new(std::io::sink());
    let experiment = scenario.resolve(&scenario.base(), work.catalog, &mut rejects)?;
    if rejects.count() > 0 {
        let (path, count) = (path.display(), rejects.count());
        eprintln!("note: {path}: {count} rows of its trace are skipped; `coldcast run` lists them in rejects.csv");
    }
    let done = AtomicU64::new(0);
    let expected = experiment.expected_invocations().unwrap_or(0);
    let options = RunOptions { threads: work.threads, ..RunOptions::default() }.progress(&done);
    let outcome = Progress::new(work.quiet, "invocations")
        .beside(|| (done.load(Ordering::Relaxed), expected), || experiment::run(&experiment, &options));
    let Outcome { runs, manifest, .. } = outcome.map_err(anyhow::Error::from)?;
    work.used = work.used.max(manifest.threads);
    work.wall_s += manifest.total_wall_s;
    work.books.extend(manifest.price_books);
    let record = |run: experiment::Run| {
        let mut response = run.response_cold;
        response.merge(&run.response_warm);
        Record { replication: run.replication, summary: run.summary, response }
    };
    Ok(runs.into_iter().map(record).collect())
}
