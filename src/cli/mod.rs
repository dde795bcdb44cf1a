//! The command line: one file per subcommand.

mod bill;
mod break_even;
mod check;
mod compare;
mod completions;
mod exit;
mod init;
mod input;
mod keys;
mod list;
mod man;
mod merge;
mod policies;
mod presets;
mod prices;
mod program;
mod progress;
mod run;
mod scenario_args;
mod schema;
mod study;
mod sweep;
mod terminal;
mod today;
mod usage_args;

pub use exit::{Failure, report};
pub use program::run_with;
pub use progress::Progress;
pub use run::Run;
pub use terminal::Terminal;

use std::io::Write;

use clap::{Parser, Subcommand};

use crate::policy::catalog::Catalog;

/// Forecasts cold starts and cost of serverless functions: a discrete-event simulator.
#[derive(Debug, Parser)]
#[command(name = "coldcast", version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What coldcast can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a scenario and write its results.
    Run(run::Run),
    /// Run every cell of a scenario's [sweep], and compare them.
    Sweep(sweep::Sweep),
    /// Join the parts of a sweep that ran elsewhere.
    Merge(merge::Merge),
    /// Compare scenarios or results: differences with confidence intervals.
    Compare(compare::Compare),
    /// Compare what functions and servers cost, over a range of loads.
    BreakEven(break_even::BreakEven),
    /// Say whether a scenario is right, without running it.
    Check(check::Check),
    /// What usage costs, without simulating.
    ///
    /// Either a file of functions and services (see docs/pricing.md), or one function by its options:
    /// `coldcast bill --requests 3000000 --duration 120ms --memory 1536MB --book aws-lambda`.
    Bill(bill::Bill),
    /// List, show, compare, check and import price books.
    Prices(prices::Prices),
    /// List the policies, or show one with its parameters.
    Policies(policies::Policies),
    /// List the presets of platforms and runtimes, or show one with the sources of its values.
    Presets(presets::Presets),
    /// Write a scenario with comments, to start from.
    ///
    /// The scenario is complete and runs as it is, in about a second: one function on AWS Lambda. Its comments say what each line
    /// means and what else could stand there. Change it to what you have, then `coldcast check` and `coldcast run` it.
    Init(init::Init),
    /// Print the JSON Schema of scenario files, for editors.
    Schema,
    /// Print the reference of all keys of scenario files, as Markdown.
    #[command(hide = true)]
    Keys,
    /// Print the completions for a shell.
    Completions(completions::Completions),
    /// Print the manual page.
    Man,
}

impl Command {
    /// Does it with the policies of `catalog`, and writes what it finds to `out`.
    ///
    /// # Errors
    /// [`Failure`] says which exit code.
    pub fn run(&self, catalog: &Catalog, out: &mut dyn Write) -> Result<(), Failure> {
        match self {
            Self::Run(run) => run.run(catalog, out),
            Self::Sweep(sweep) => sweep.run(catalog, out),
            Self::Merge(merge) => merge.run(catalog, out),
            Self::Compare(compare) => compare.run(catalog, out),
            Self::BreakEven(break_even) => break_even.run(catalog, out),
            Self::Check(check) => check.run(catalog, out),
            Self::Bill(bill) => bill.run(out),
            Self::Prices(prices) => prices.run(out),
            Self::Policies(policies) => policies.run(catalog, out),
            Self::Presets(presets) => presets.run(out),
            Self::Init(init) => init.run(out),
            Self::Schema => schema::run(catalog, out),
            Self::Keys => keys::run(catalog, out),
            Self::Completions(completions) => completions.run(out),
            Self::Man => man::run(out),
        }
    }
}
