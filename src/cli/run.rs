//! `coldcast run`: simulates a scenario and reports.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use crate::cli::Failure;
use crate::cli::scenario_args::ScenarioArgs;
use crate::policy::catalog::Catalog;
use crate::scenario::{Resolved, Scenario};

/// Run a scenario and write its results.
#[derive(Debug, Args)]
pub struct Run {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Where all random numbers come from [default: what the scenario says].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64))]
    seed: Option<u64>,
    /// How often the scenario is run [default: what the scenario says].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    replications: Option<u32>,
    /// How many threads work; results do not depend on it [default: one for each processor].
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Folder of the results [default: what the scenario says, else results/ and its name].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Show neither a progress bar nor the table.
    #[arg(long)]
    pub quiet: bool,
    /// Print the summary as JSON instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// A run that can begin.
#[derive(Debug)]
pub struct Ready {
    /// The scenario as its user wrote it.
    pub scenario: Scenario,
    /// What the engine needs.
    pub resolved: Resolved,
    /// Folder of the results.
    pub results: PathBuf,
    /// How many threads work.
    pub threads: usize,
}

impl Run {
    /// Reads the scenario, and finds out where its results go.
    ///
    /// # Errors
    /// What is wrong with the scenario.
    pub fn prepare(&self, catalog: &Catalog) -> Result<Ready, Failure> {
        let number = |key: &str, number: Option<u64>| Some((format!("scenario.{key}"), number?.to_string()));
        let more = [number("seed", self.seed), number("replications", self.replications.map(u64::from))];
        let scenario = self.scenario.read(&more.into_iter().flatten().collect::<Vec<_>>(), catalog)?;
        let chosen = self.out.clone().or_else(|| scenario.file().output.dir.clone());
        let results = chosen.unwrap_or_else(|| PathBuf::from("results").join(scenario.name()));
        let resolved = scenario.resolve(&results, catalog)?;
        Ok(Ready { scenario, resolved, results, threads: self.threads() })
    }

    fn threads(&self) -> usize {
        let all = || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        self.threads.unwrap_or_else(all).get()
    }
}
