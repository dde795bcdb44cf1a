//! `coldcast compare`: scenarios and results side by side, with what their differences allow to say.

mod same_workload;
mod subject;

use std::collections::BTreeSet;
use std::io::Write;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::scenario_args::{key_and_value, threads};
use crate::cli::study::pick;
use crate::cli::{Failure, Terminal};
use crate::experiment::study::{Cell, Origin, Study};
use crate::experiment::{Comparison, Pairing, Question};
use crate::metrics::Figure;
use crate::policy::catalog::Catalog;
use crate::report::{Staging, comparison as written, text};
use crate::scenario::advice;
use subject::{Subject, Work};

/// Compare scenarios, or results of `coldcast run`: differences with confidence intervals, and what they allow to say.
#[derive(Debug, Args)]
pub struct Compare {
    /// Scenario files, which are run, and result folders, which are read. Those that vary are compared cell by cell.
    #[arg(required = true, value_name = "SCENARIO|RESULT")]
    subjects: Vec<PathBuf>,
    /// With which of them the others are compared: its name, or its number from 1 [default: the first].
    #[arg(long, value_name = "NAME|N")]
    baseline: Option<String>,
    /// What is compared: paths of summary.json, with commas [default: cost, cold starts, response times, idle memory, utilisation,
    /// throughput].
    #[arg(long, value_name = "FIGURES", value_delimiter = ',')]
    figures: Vec<String>,
    /// Compare although the workloads differ; replications are then independent (Welch's t), not paired.
    #[arg(long)]
    different_workloads: bool,
    /// Change a key of every scenario that is run, such as `policy.keep_alive.fixed.ttl=5m`.
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_and_value)]
    overrides: Vec<(String, String)>,
    /// Where all random numbers of the scenarios that are run come from [default: what each says].
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64))]
    seed: Option<u64>,
    /// How often each scenario is run [default: what each says].
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..))]
    replications: Option<u32>,
    /// How many threads work; results do not depend on it [default: one for each processor].
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = threads)]
    threads: Option<NonZeroUsize>,
    /// Folder of the comparison [default: results/ and the names].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Show neither a progress bar nor the table.
    #[arg(long)]
    quiet: bool,
    /// Print the comparison as JSON instead of a table.
    #[arg(long)]
    json: bool,
}

impl Compare {
    /// Runs the scenarios, reads the results, compares them, writes the folder, and says what came out.
    ///
    /// # Errors
    /// What is wrong with an argument or a scenario, or why a run or its results failed.
    pub fn run(&self, catalog: &Catalog, out: &mut dyn Write) -> Result<(), Failure> {
        let figures = self.figures()?;
        let subjects = self.read(catalog)?;
        let names: Vec<&str> = subjects.iter().map(|subject| subject.name.as_str()).collect();
        let baseline = pick(&names, self.baseline.as_deref())?;
        let pairing = self.pairing(&subjects)?;
        let name = self.name(&subjects);
        let results = self.out.clone().unwrap_or_else(|| Path::new("results").join(&name));
        let staging = Staging::open_comparison(&results)?;
        let study = self.study(name, subjects, catalog)?;
        let comparison = Comparison::of(&study, &Question { baseline, figures, pairing, ..Question::default() });
        written::fill(&comparison, &study, staging.path(), true)?;
        staging.commit()?;
        self.show(&comparison, &study, &results, out)
    }

    fn figures(&self) -> Result<Vec<Figure>, Failure> {
        if self.figures.is_empty() {
            return Ok(Question::default().figures);
        }
        let known = Figure::paths();
        let find = |path: &String| {
            let unknown = || format!("there is no figure `{path}`: {}", advice(path, known.iter().map(String::as_str)));
            Figure::find(path).ok_or_else(|| Failure::Input(unknown()))
        };
        self.figures.iter().map(find).collect()
    }

    fn read(&self, catalog: &Catalog) -> Result<Vec<Subject>, Failure> {
        let number = |key: &str, number: Option<u64>| Some((format!("scenario.{key}"), number?.to_string()));
        let more = [number("seed", self.seed), number("replications", self.replications.map(u64::from))];
        let overrides: Vec<_> = self.overrides.iter().cloned().chain(more.into_iter().flatten()).collect();
        let read = |path: &PathBuf| Subject::read(path, &overrides, catalog);
        let subjects: Vec<Vec<Subject>> = self.subjects.iter().map(read).collect::<Result<_, _>>()?;
        let mut subjects: Vec<Subject> = subjects.into_iter().flatten().collect();
        if subjects.len() < 2 {
            return Err(Failure::Input(
                "one alone is no comparison\n  name two or more scenarios or result folders".into(),
            ));
        }
        name_apart(&mut subjects)?;
        Ok(subjects)
    }

    /// Whether replications are paired. Different workloads are refused unless that was said.
    fn pairing(&self, subjects: &[Subject]) -> Result<Pairing, Failure> {
        let Some((first, rest)) = subjects.split_first() else { return Ok(Pairing::Paired) };
        for other in rest {
            let Some(difference) = same_workload::difference(&first.scenario, &other.scenario)? else { continue };
            if self.different_workloads {
                return Ok(Pairing::Independent);
            }
            return Err(Failure::Input(format!(
                "{} and {} are not run with the same invocations: {difference}\n  \
                 make it the same in both, or add --different-workloads if they are to be compared all the same",
                first.path.display(),
                other.path.display()
            )));
        }
        Ok(Pairing::Paired)
    }

    /// The names of all, as that of a folder.
    fn name(&self, subjects: &[Subject]) -> String {
        let names: Vec<&str> = subjects.iter().map(|subject| subject.name.as_str()).collect();
        let name = match &names[..] {
            [first, second] => format!("{first}-vs-{second}"),
            [first, rest @ ..] => format!("{first}-vs-{}-others", rest.len()),
            [] => String::new(),
        };
        name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '-' }).collect()
    }

    fn study(&self, name: String, subjects: Vec<Subject>, catalog: &Catalog) -> Result<Study, Failure> {
        let threads = self.threads.map(NonZeroUsize::get);
        let seed = subjects.first().map_or(0, |subject| subject.scenario.file().scenario.seed);
        let mut work = Work { threads, quiet: self.quiet, catalog, used: 0, wall_s: 0.0, books: BTreeSet::new() };
        let mut cells: Vec<Cell> = Vec::new();
        let mut inputs = Vec::new();
        for subject in subjects {
            inputs.extend(subject.inputs()?);
            cells.push(subject.cell(&mut work)?);
        }
        let origin = Origin {
            version: env!("CARGO_PKG_VERSION").into(),
            seed,
            threads: work.used,
            inputs,
            price_books: work.books.into_iter().collect(),
            resumed: 0,
            total_wall_s: work.wall_s,
        };
        Ok(Study { name, axes: Vec::new(), cells, scenario: String::new(), origin })
    }

    fn show(&self, comparison: &Comparison, study: &Study, results: &Path, out: &mut dyn Write) -> Result<(), Failure> {
        if self.json {
            return Ok(writeln!(out, "{}", written::json(comparison).trim_end())?);
        }
        if self.quiet {
            return Ok(());
        }
        let terminal = Terminal::stdout();
        write!(out, "{}", text::comparison(comparison, &study.origin, terminal.width, terminal.color))?;
        Ok(writeln!(out, "\nThe comparison is in {}; open report.html there.", results.display())?)
    }
}

/// Names that occur twice become paths, with the name of the cell where a path has several, so that every name says which.
fn name_apart(subjects: &mut [Subject]) -> Result<(), Failure> {
    let known: Vec<(String, PathBuf)> = subjects.iter().map(|one| (one.name.clone(), one.path.clone())).collect();
    for subject in &mut *subjects {
        if known.iter().filter(|(name, _)| *name == subject.name).count() > 1 {
            let path = subject.path.display();
            let alone = known.iter().filter(|(_, other)| *other == subject.path).count() == 1;
            subject.name = if alone { path.to_string() } else { format!("{path}: {}", subject.name) };
        }
    }
    let mut seen = BTreeSet::new();
    match subjects.iter().find(|subject| !seen.insert(subject.name.clone())) {
        Some(twice) => Err(Failure::Input(format!("{} is given twice\n  name each once", twice.path.display()))),
        None => Ok(()),
    }
}
