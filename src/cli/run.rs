//! `coldcast run`: simulates a scenario and reports.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::Args;

use crate::billing::date::OLD;
use crate::billing::invoice::BookProvenance;
use crate::cli::scenario_args::ScenarioArgs;
use crate::cli::study::{Draft, Options, Show};
use crate::cli::today::Today;
use crate::cli::{Failure, Progress, Terminal, input};
use crate::experiment::{self, Experiment, Outcome, RunOptions};
use crate::metrics::InvocationLog;
use crate::policy::catalog::Catalog;
use crate::report::{ReportError, Staging, folder, json, text};
use crate::scenario::Scenario;
use crate::workload::trace::Rejects;

/// Run a scenario and write its results.
#[derive(Debug, Args)]
pub struct Run {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Where all random numbers come from [default: what the scenario says].
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64))]
    seed: Option<u64>,
    /// How often the scenario is run, at first if it asks for a precision [default: what the scenario says].
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..))]
    replications: Option<u32>,
    /// How many threads work; results do not depend on it [default: one for each processor].
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    threads: Option<NonZeroUsize>,
    /// Folder of the results [default: what the scenario says, else results/ and its name].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    today: Today,
    /// Show neither a progress bar nor the table.
    #[arg(long)]
    pub quiet: bool,
    /// Print the summary as JSON instead of a table.
    #[arg(long)]
    pub json: bool,
}

impl Run {
    /// Runs the scenario, writes the result folder, and says what came out.
    ///
    /// # Errors
    /// What is wrong with the scenario, or why the run or its results failed.
    pub fn run(&self, catalog: &Catalog, out: &mut dyn Write) -> Result<(), Failure> {
        let scenario = self.read(catalog)?;
        if scenario.varies() {
            return self.vary(&Options::default(), catalog, out);
        }
        let finished = self.run_and(&scenario, catalog, |_, _| Ok(()))?;
        if self.json {
            return Ok(writeln!(out, "{}", json::summary(&finished.outcome).trim_end())?);
        }
        self.show(&finished, out)
    }

    /// What to know of prices that may have changed since they were read.
    fn old_prices(&self, experiment: &Experiment) -> Vec<String> {
        let books = experiment.tariff.book().into_iter().chain(experiment.services.books());
        let aged = books.map(|book| (book, self.today.age(book.as_of))).filter(|(_, age)| *age > OLD);
        let note = |(book, age): (&BookProvenance, i64)| {
            let BookProvenance { name, as_of, .. } = book;
            format!(
                "the prices of {name} are of {as_of}, {age} days ago; compare them with the provider's page, or import new ones"
            )
        };
        aged.map(note).collect()
    }

    /// Runs the scenario and writes the result folder; `more` adds to the outcome before it is written.
    pub(super) fn run_and(
        &self,
        scenario: &Scenario,
        catalog: &Catalog,
        more: impl FnOnce(&Experiment, &mut Outcome) -> Result<(), Failure>,
    ) -> Result<Finished, Failure> {
        let results = self.results(scenario);
        // Opened before the run: a folder that cannot be written is found out at once.
        let staging = Staging::open(&results)?;
        let experiment = resolve(scenario, &results, &staging, catalog)?;
        let log = experiment.output.invocations.then(|| open_log(&staging)).transpose()?;
        let mut outcome = self.simulate(&experiment, log.as_ref())?;
        if let Some(Ok(mut log)) = log.map(Mutex::into_inner) {
            log.finish().map_err(|error| ReportError::io(&staging.path().join(LOG), error))?;
        }
        outcome.manifest.inputs = input::describe(&scenario.inputs())?;
        more(&experiment, &mut outcome)?;
        folder::fill(&outcome, staging.path(), experiment.output.plots)?;
        staging.commit()?;
        let old_prices = self.old_prices(&experiment);
        Ok(Finished { outcome, results, old_prices })
    }

    /// How many threads work, if that was said.
    pub(super) fn threads(&self) -> Option<usize> {
        self.threads.map(NonZeroUsize::get)
    }

    /// Runs the variants of the scenario.
    ///
    /// # Errors
    /// As [`Run::run`].
    pub(super) fn vary(&self, options: &Options, catalog: &Catalog, out: &mut dyn Write) -> Result<(), Failure> {
        let scenario = self.read(catalog)?.with_variants(catalog);
        let (results, baseline) = (self.results(&scenario), options.baseline.as_deref());
        let show = Show { quiet: self.quiet, json: self.json };
        let grid = scenario.grid(catalog)?;
        let draft = Draft { scenario: &scenario, grid: &grid, catalog, baseline, results: &results };
        draft.run(options, self.threads.map(NonZeroUsize::get), show, out)
    }

    /// Reads the scenario, as the options change it.
    pub(super) fn read(&self, catalog: &Catalog) -> Result<Scenario, Failure> {
        let number = |key: &str, number: Option<u64>| Some((format!("scenario.{key}"), number?.to_string()));
        let more = [number("seed", self.seed), number("replications", self.replications.map(u64::from))];
        Ok(self.scenario.read(&more.into_iter().flatten().collect::<Vec<_>>(), catalog)?)
    }

    fn results(&self, scenario: &Scenario) -> PathBuf {
        let chosen = self.out.clone().or_else(|| scenario.file().output.dir.clone());
        chosen.unwrap_or_else(|| PathBuf::from("results").join(scenario.name()))
    }

    /// Runs all replications, with a progress bar beside them.
    fn simulate(&self, experiment: &Experiment, log: Option<&Mutex<InvocationLog>>) -> Result<Outcome, Failure> {
        let done = AtomicU64::new(0);
        let expected = experiment.expected_invocations().unwrap_or(0);
        let options = RunOptions { threads: self.threads(), log, ..RunOptions::default() }.progress(&done);
        let outcome = Progress::new(self.quiet, "invocations")
            .beside(|| (done.load(Ordering::Relaxed), expected), || experiment::run(experiment, &options));
        Ok(outcome.map_err(anyhow::Error::from)?)
    }

    /// Prints the table.
    pub(super) fn show(&self, finished: &Finished, out: &mut dyn Write) -> Result<(), Failure> {
        let Finished { outcome, results, old_prices } = finished;
        if self.quiet {
            return Ok(());
        }
        let terminal = Terminal::stdout();
        write!(out, "{}", text::table(outcome, terminal.width, terminal.color))?;
        old_prices.iter().try_for_each(|note| writeln!(out, "Note: {note}"))?;
        writeln!(out, "{}", text::speed(&outcome.manifest))?;
        Ok(writeln!(out, "Results are in {}; open report.html there.", results.display())?)
    }
}

/// A run that is written.
pub struct Finished {
    /// What came out.
    pub outcome: Outcome,
    /// The folder of the results.
    pub results: PathBuf,
    /// Which prices may have changed since they were read.
    old_prices: Vec<String>,
}

/// The log of every invocation.
const LOG: &str = "invocations.csv";

fn open_log(staging: &Staging) -> Result<Mutex<InvocationLog>, Failure> {
    let path = staging.path().join(LOG);
    let file = File::create(&path).map_err(|error| ReportError::io(&path, error))?;
    Ok(Mutex::new(InvocationLog::new(BufWriter::new(file))))
}

/// Reads traces and prices. Rows that are skipped go to `rejects.csv`.
fn resolve(scenario: &Scenario, results: &Path, staging: &Staging, catalog: &Catalog) -> Result<Experiment, Failure> {
    let path = staging.path().join("rejects.csv");
    let file = File::create(&path).map_err(|error| ReportError::io(&path, error))?;
    let mut rejects = Rejects::new(BufWriter::new(file));
    let experiment = scenario.resolve(results, catalog, &mut rejects)?;
    let count = rejects.count();
    drop(rejects);
    if count == 0 {
        fs::remove_file(&path).map_err(|error| ReportError::io(&path, error))?;
    }
    Ok(experiment)
}
