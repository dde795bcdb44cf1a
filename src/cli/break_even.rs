//! `coldcast break-even`: serverless against servers, over a range of loads.

use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::Args;

use crate::cli::run::Run;
use crate::cli::{Failure, Progress};
use crate::experiment::break_even::{RangeEffect, Ranged, Sample, break_even, latin_hypercube};
use crate::experiment::{self, Estimate, Experiment, Outcome, RunOptions};
use crate::policy::catalog::Catalog;
use crate::report::json;
use crate::scenario::{Problem, Scenario};
use crate::workload::trace::Rejects;

/// Compare what functions and servers cost, over a range of loads.
///
/// Runs the scenario, which needs a section [servers], and bills its usage and its servers at multiples of the simulated load: usage is
/// scaled, then tiers and free units apply; the servers follow the scaled load. Inputs with a range in [ranges] are simulated again.
#[derive(Debug, Args)]
pub struct BreakEven {
    #[command(flatten)]
    run: Run,
    /// The lowest load, as a multiple of the simulated one.
    #[arg(long, value_name = "LOAD", default_value_t = 0.01, value_parser = multiple)]
    from: f64,
    /// The highest load.
    #[arg(long, value_name = "LOAD", default_value_t = 100.0, value_parser = multiple)]
    to: f64,
    /// By how many percent each input is changed to see what it does.
    #[arg(long, value_name = "PERCENT", default_value_t = 20.0, value_parser = percent)]
    change: f64,
    /// How many combinations of the ranges are simulated.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(2..))]
    samples: u16,
}

impl BreakEven {
    /// Runs the scenario and what its ranges ask for, compares, and writes the result folder.
    ///
    /// # Errors
    /// What is wrong with the scenario, or why the run or its results failed.
    pub fn run(&self, catalog: &Catalog, out: &mut dyn Write) -> Result<(), Failure> {
        if self.from >= self.to {
            return Err(Failure::Input(format!("--from {} is not below --to {}", self.from, self.to)));
        }
        let scenario = self.run.read(catalog)?;
        can_be_compared(&scenario, catalog)?;
        let more = |experiment: &Experiment, outcome: &mut Outcome| {
            let ranges = self.ranges(&scenario, catalog)?;
            let compared = break_even(experiment, outcome, (self.from, self.to), self.change / 100.0, ranges);
            outcome.break_even = compared.map_err(anyhow::Error::from)?;
            Ok(())
        };
        let finished = self.run.run_and(&scenario, catalog, more)?;
        match self.run.json {
            true => Ok(write!(out, "{}", json::break_even(&finished.outcome))?),
            false => self.run.show(&finished, out),
        }
    }

    /// Simulates the ends of each range, and samples of all together; `None` if the scenario has no ranges.
    fn ranges(&self, scenario: &Scenario, catalog: &Catalog) -> Result<Option<Ranged>, Failure> {
        let ranges = &scenario.file().ranges;
        if ranges.is_empty() {
            return Ok(None);
        }
        let general = &scenario.file().scenario;
        let points = latin_hypercube(general.seed, usize::from(self.samples), ranges.len());
        let runs = ranges.len() as u64 * 2 * u64::from(general.replications) + points.len() as u64;
        let done = AtomicU64::new(0);
        let simulate = || -> Result<Ranged, Failure> {
            let mut inputs = Vec::new();
            for (key, range) in ranges {
                let mut ends = Vec::new();
                for share in [0.0, 1.0] {
                    ends.push(self.bills(scenario, catalog, vec![(key.clone(), range.at(share))], &done)?);
                }
                let values = range.ends().map(str::to_owned);
                let [serverless, servers] = [|bills: &Sample| bills.serverless, |bills: &Sample| bills.servers]
                    .map(|bill: fn(&Sample) -> f64| [bill(&ends[0]), bill(&ends[1])]);
                inputs.push(RangeEffect { key: key.clone(), values, serverless, servers });
            }
            let mut samples = Vec::new();
            for (seed, point) in (general.seed % (1 << 62) + 1..).zip(&points) {
                let chosen = ranges.iter().zip(point).map(|((key, range), share)| (key.clone(), range.at(*share)));
                let own = [
                    ("scenario.replications".to_owned(), "1".to_owned()),
                    ("scenario.seed".to_owned(), seed.to_string()),
                ];
                samples.push(self.bills(scenario, catalog, chosen.chain(own).collect(), &done)?);
            }
            Ok(Ranged::new(inputs, &samples))
        };
        Progress::new(self.run.quiet, "runs").beside(|| (done.load(Ordering::Relaxed), runs), simulate).map(Some)
    }

    /// Both bills of the scenario with some keys changed, per month.
    fn bills(
        &self,
        scenario: &Scenario,
        catalog: &Catalog,
        settings: Vec<(String, String)>,
        done: &AtomicU64,
    ) -> Result<Sample, Failure> {
        let changed = scenario.variant(&settings, catalog)?;
        let experiment = changed.resolve(&changed.base(), catalog, &mut Rejects::new(std::io::sink()))?;
        let outcome =
            experiment::run(&experiment, &RunOptions { threads: self.run.threads(), ..RunOptions::default() })
                .map_err(anyhow::Error::from)?;
        done.fetch_add(u64::from(experiment.replications), Ordering::Relaxed);
        let mean = |figure: fn(&experiment::Run) -> Option<f64>| {
            Estimate::of(&outcome.runs.iter().map(|run| figure(run).unwrap_or(0.0)).collect::<Vec<_>>()).mean
        };
        Ok(Sample {
            serverless: mean(|run| Some(run.summary.cost.as_ref()?.per_month)),
            servers: mean(|run| Some(run.servers.as_ref()?.summary.cost.per_month)),
        })
    }
}

fn can_be_compared(scenario: &Scenario, catalog: &Catalog) -> Result<(), Failure> {
    if scenario.file().servers.is_none() {
        let problem = Problem::new("the scenario has no servers to compare with");
        let help = "add [servers], such as `servers = { machine.ec2.type = \"m7g.large\", concurrency = 16 }`; docs/pricing.md explains it";
        return Err(scenario.refuse(&["servers"], problem.help(help)).into());
    }
    let pricing = &scenario.file().pricing;
    if pricing.book.is_none() && pricing.book_file.is_none() && pricing.linear.is_none() {
        let problem = Problem::new("the functions have no prices to compare with");
        let help = "add `[pricing]` with `book = \"aws-lambda\"` and `region = \"us-east-1\"`";
        return Err(scenario.refuse(&["pricing"], problem.help(help)).into());
    }
    Ok(scenario.check_ranges(catalog)?)
}

fn multiple(text: &str) -> Result<f64, String> {
    number(text, 1e-6, 1e6, "a multiple from 0.000001 to 1000000, such as 0.01")
}

fn percent(text: &str) -> Result<f64, String> {
    number(text, 0.1, 99.0, "a number of percent from 0.1 to 99, such as 20")
}

fn number(text: &str, low: f64, high: f64, expected: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number| (low..=high).contains(number));
    number.ok_or_else(|| format!("\"{text}\" is not {expected}"))
}
