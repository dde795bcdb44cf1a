//! `coldcast check`: is the scenario right?

use std::io::Write;

use clap::Args;

use crate::cli::Failure;
use crate::cli::scenario_args::ScenarioArgs;
use crate::experiment::Experiment;
use crate::policy::catalog::Catalog;
use crate::workload::trace::Rejects;

/// Say whether a scenario is right, without running it.
#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    scenario: ScenarioArgs,
    /// Print the scenario with its preset and its defaults written out.
    #[arg(long)]
    resolved: bool,
}

impl Check {
    /// Reads all that a run would read.
    ///
    /// # Errors
    /// What is wrong with the scenario.
    pub fn run(&self, catalog: &Catalog, out: &mut dyn Write) -> Result<(), Failure> {
        let scenario = self.scenario.read(&[], catalog)?;
        scenario.check_ranges(catalog)?;
        let mut rejects = Rejects::new(std::io::sink());
        let experiment = scenario.resolve(&scenario.base(), catalog, &mut rejects)?;
        if self.resolved {
            return Ok(write!(out, "{}", experiment.scenario)?);
        }
        let grid = scenario.grid(catalog)?;
        let Experiment { name, replications, workload, window, .. } = experiment;
        let (functions, duration) = (workload.functions.len(), window.end);
        let (s, times) = (if functions == 1 { "" } else { "s" }, if replications == 1 { "once" } else { "times" });
        let count = if replications == 1 { String::new() } else { format!("{replications} ") };
        let cells = if grid.is_empty() { String::new() } else { format!(" in each of {} cells", grid.len()) };
        Ok(writeln!(out, "{name} is right: {functions} function{s}, {duration}, run {count}{times}{cells}")?)
    }
}
