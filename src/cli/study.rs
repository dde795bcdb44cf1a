//! Runs the variants of a scenario, keeps their records, and writes what they came to: for `run`, `sweep` and `merge`.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Instant;

use crate::cli::{Failure, Progress, Terminal, input};
use crate::experiment::study::{Cell, Counts, Done, Origin, Plan, Runner, Share, Store, Study};
use crate::experiment::{Comparison, InputFile, Question};
use crate::policy::catalog::Catalog;
use crate::report::{ReportError, Staging, study as report};
use crate::scenario::{Grid, Scenario, advice};
use crate::workload::Note;
use crate::workload::trace::Rejects;

/// Most cells that are run without being asked for twice.
const MANY: u64 = 10_000;

/// How a study is run.
pub struct Options {
    /// Go on with one that was interrupted.
    pub resume: bool,
    /// Which part is run here.
    pub share: Share,
    /// Run however many cells there are.
    pub yes: bool,
    /// The cell that the others are compared with.
    pub baseline: Option<String>,
}

impl Default for Options {
    /// All of it, from the beginning.
    fn default() -> Self {
        Self { resume: false, share: Share::WHOLE, yes: false, baseline: None }
    }
}

/// What is shown at the end.
#[derive(Clone, Copy)]
pub struct Show {
    /// Nothing.
    pub quiet: bool,
    /// The summary as JSON.
    pub json: bool,
}

/// How a study was run, for its manifest.
#[derive(Default)]
pub struct Effort {
    /// Threads that worked.
    pub threads: usize,
    /// Records that were there already.
    pub resumed: usize,
    /// Wall time in seconds.
    pub wall_s: f64,
    /// Files that the scenario names; `None`: as the plan has them.
    pub inputs: Option<Vec<InputFile>>,
}

/// A study and the place of its results.
pub struct Draft<'a> {
    /// The scenario that varies.
    pub scenario: &'a Scenario,
    /// Its cells.
    pub grid: &'a Grid,
    /// The policies there are.
    pub catalog: &'a Catalog,
    /// The cell that the others are compared with.
    pub baseline: Option<&'a str>,
    /// Folder of the results.
    pub results: &'a Path,
}

impl Draft<'_> {
    /// Runs the cells that are not there yet, and writes the results.
    ///
    /// # Errors
    /// What is wrong with the scenario, or why the study or its results failed.
    pub fn run(
        &self,
        options: &Options,
        threads: Option<usize>,
        show: Show,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        let grid = self.grid;
        let replications = self.scenario.file().scenario.replications;
        self.check(grid, replications, options)?;
        let notes = self.read_once()?;
        let inputs = input::describe(&self.scenario.inputs())?;
        let plan = Plan {
            version: env!("CARGO_PKG_VERSION").into(),
            cells: grid.len(),
            replications,
            inputs: inputs.iter().map(|input| (input.name().into_owned(), input.sha256.clone())).collect(),
            scenario: self.scenario.text_anywhere(),
        };
        let (started, counts) = (Instant::now(), Counts::default());
        let resume = options.resume || !options.share.is_whole();
        let records = if resume { records_beside(self.results)? } else { beside(self.results)? };
        let store = Store::open(&records, &plan, resume)?;
        let make = |cell: u64| {
            let variant = self.scenario.variant(&grid.cell(cell).settings, self.catalog);
            let mut rejects = Rejects::new(std::io::sink());
            let experiment = variant.and_then(|variant| variant.resolve(self.results, self.catalog, &mut rejects));
            experiment.map_err(|error| error.render(false))
        };
        let (cells, share) = (grid.len(), options.share);
        let precision = self.scenario.file().scenario.precision();
        let precision = precision.as_ref();
        let runner =
            Runner { cells, replications, precision, share, store: &store, make: &make, counts: &counts, cancel: None };
        let tasks = cells.saturating_mul(u64::from(replications)) / share.of();
        let done = Progress::new(show.quiet, "runs")
            .beside(|| (counts.done.load(Ordering::Relaxed), tasks), || runner.run(threads))?;
        if input::describe(&self.scenario.inputs())? != inputs {
            let dir = store.dir().display();
            return Err(Failure::Run(anyhow::anyhow!(
                "a file that the scenario names was changed during the run, so that its cells did not read the same\n  \
                 remove {dir} and run it again"
            )));
        }
        if !share.is_whole() {
            return self.say_part(share, &store, &done, show, out);
        }
        let effort = Effort {
            threads: threads.unwrap_or_else(rayon::current_num_threads),
            resumed: counts.resumed.load(Ordering::Relaxed) as usize,
            wall_s: started.elapsed().as_secs_f64(),
            inputs: Some(inputs),
        };
        if !show.quiet && !show.json {
            notes.iter().try_for_each(|note| writeln!(out, "Note: {}: {}", note.what, note.count))?;
        }
        self.finish(&store, &plan, done, &effort, show, out)
    }

    /// What is to be known of the scenario as it is, without what varies. What is wrong with all cells is found out before any is run.
    fn read_once(&self) -> Result<Vec<Note>, Failure> {
        let experiment = self.scenario.resolve(self.results, self.catalog, &mut Rejects::new(std::io::sink()))?;
        Ok(experiment.workload.notes)
    }

    /// Refuses what would surely not be wanted.
    fn check(&self, grid: &Grid, replications: u32, options: &Options) -> Result<(), Failure> {
        if grid.is_empty() {
            let name = self.scenario.path().display();
            return Err(Failure::Input(format!(
                "{name} has no [sweep]\n  add one, such as \"policy.keep_alive.fixed.ttl\" = [\"1m\", \"10m\"], or use `coldcast run`"
            )));
        }
        if self.scenario.file().output.invocations {
            return Err(Failure::Input("a sweep keeps no log of invocations; remove `output.invocations`".into()));
        }
        let cells = grid.len();
        if cells > MANY && !options.yes {
            let runs = cells.saturating_mul(u64::from(replications));
            return Err(Failure::Input(format!(
                "the grid has {cells} cells, which are {runs} runs\n  vary fewer keys or fewer values, or say --yes if that is what you want"
            )));
        }
        if self.baseline.is_some() {
            let names: Vec<String> = (0..cells).map(|number| grid.cell(number).name).collect();
            pick(&names.iter().map(String::as_str).collect::<Vec<_>>(), self.baseline)?;
        }
        // Another result may stand where this one will: found out before the run, not after it.
        Ok(Staging::open(self.results).map(drop)?)
    }

    fn say_part(
        &self,
        share: Share,
        store: &Store,
        done: &[Done],
        show: Show,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        let records: usize = done.iter().map(|done| done.records.len()).sum();
        if !show.quiet {
            let (dir, results) = (store.dir().display(), self.results.display());
            writeln!(out, "Part {share} is done: {records} records in {dir}.")?;
            writeln!(out, "When all parts are: coldcast merge {results}")?;
        }
        failed(done.iter().map(|done| done.failure.as_deref()))
    }

    /// Writes the results from the records of all cells.
    ///
    /// # Errors
    /// If a cell failed, after everything is written; or why nothing could be written.
    pub fn finish(
        &self,
        store: &Store,
        plan: &Plan,
        done: Vec<Done>,
        effort: &Effort,
        show: Show,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        let study = self.study(plan, done, effort)?;
        let names: Vec<&str> = study.cells.iter().map(|cell| cell.name.as_str()).collect();
        let baseline = pick(&names, self.baseline)?;
        let comparison = Comparison::of(&study, &Question { baseline, ..Question::default() });
        let staging = Staging::open(self.results)?;
        report::fill(&study, &comparison, staging.path(), self.scenario.file().output.plots)?;
        staging.commit()?;
        store.clear_drafts()?;
        // Last, so that whatever is interrupted before finds its records.
        let kept = self.results.join(RECORDS);
        fs::rename(store.dir(), &kept).map_err(|error| ReportError::io(&kept, error))?;
        if show.json {
            writeln!(out, "{}", report::json::summary(&study).trim_end())?;
        } else if !show.quiet {
            let terminal = Terminal::stdout();
            write!(out, "{}", report::text::table(&study, &comparison, terminal.width, terminal.color))?;
            writeln!(out, "Results are in {}; open report.html there.", self.results.display())?;
        }
        failed(study.cells.iter().map(|cell| cell.failure.as_deref()))
    }

    fn study(&self, plan: &Plan, done: Vec<Done>, effort: &Effort) -> Result<Study, Failure> {
        let grid = self.grid;
        let cell = |(number, done): (u64, Done)| {
            let cell = grid.cell(number);
            let Done { records, failure } = done;
            Cell { name: cell.name, position: cell.position, settings: cell.settings, records, failure }
        };
        let named =
            |(name, sha256): &(String, String)| InputFile { path: name.into(), bytes: 0, sha256: sha256.clone() };
        Ok(Study {
            name: self.scenario.name().to_owned(),
            axes: grid.axes().iter().map(|varied| varied.axis.clone()).collect(),
            cells: (0..).zip(done).map(cell).collect(),
            scenario: self.scenario.text_in(self.results),
            origin: Origin {
                version: plan.version.clone(),
                seed: self.scenario.file().scenario.seed,
                threads: effort.threads,
                inputs: effort.inputs.clone().unwrap_or_else(|| plan.inputs.iter().map(named).collect()),
                price_books: self.scenario.price_books(grid, self.catalog)?,
                resumed: effort.resumed,
                total_wall_s: effort.wall_s,
            },
        })
    }
}

/// The number of the one that was named, by its name or its number from 1; the first if none was.
///
/// # Errors
/// If there is none of that name, with the nearest.
pub fn pick(names: &[&str], wanted: Option<&str>) -> Result<usize, Failure> {
    let Some(wanted) = wanted else { return Ok(0) };
    let named = names.iter().position(|name| *name == wanted);
    let numbered = || wanted.parse::<usize>().ok()?.checked_sub(1).filter(|number| *number < names.len());
    named.or_else(numbered).ok_or_else(|| {
        let advice = advice(wanted, names.iter().copied().take(20));
        Failure::Input(format!("no `{wanted}` is compared: {advice}\n  or give its number, 1 to {}", names.len()))
    })
}

/// An error if there are failures: all other cells have been reported.
fn failed<'a>(failures: impl Iterator<Item = Option<&'a str>>) -> Result<(), Failure> {
    let failures: Vec<Option<&str>> = failures.collect();
    let (count, cells) = (failures.iter().flatten().count(), failures.len());
    match failures.iter().flatten().next() {
        None => Ok(()),
        Some(first) => Err(Failure::Run(anyhow::anyhow!("{count} of {cells} cells failed; the first:\n{first}"))),
    }
}

/// The folder of the records within a finished result.
const RECORDS: &str = "records";

/// Where the records of an unfinished study are: beside its results. Those of a finished one are put there again.
///
/// # Errors
/// If the results have no name, or the file system refuses.
pub fn records_beside(results: &Path) -> Result<PathBuf, Failure> {
    let beside = beside(results)?;
    let finished = results.join(RECORDS);
    if !beside.exists() && finished.is_dir() {
        fs::rename(&finished, &beside).map_err(|error| ReportError::io(&beside, error))?;
    }
    Ok(beside)
}

/// The records of a part: beside the results that it names, in them, or the folder itself.
///
/// # Errors
/// If the path has no name.
pub fn records_of(part: &Path) -> Result<PathBuf, Failure> {
    let places = [beside(part)?, part.join(RECORDS)];
    Ok(places.into_iter().find(|place| place.is_dir()).unwrap_or_else(|| part.to_owned()))
}

fn beside(results: &Path) -> Result<PathBuf, Failure> {
    let name = results.file_name().ok_or_else(|| ReportError::NotAFolder { path: results.into() })?;
    Ok(results.with_file_name(format!("{}.{RECORDS}", name.to_string_lossy())))
}
