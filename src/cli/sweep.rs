//! `coldcast sweep`: every cell of a scenario's `[sweep]`.

use std::io::Write;

use clap::Args;

use crate::cli::Failure;
use crate::cli::run::Run;
use crate::cli::study::Options;
use crate::experiment::study::Share;
use crate::policy::catalog::Catalog;

/// Run every cell of a scenario's [sweep], and compare them.
///
/// Records are kept as they are made: what was interrupted goes on with --resume, and parts that ran elsewhere are joined by
/// `coldcast merge`.
#[derive(Debug, Args)]
pub struct Sweep {
    #[command(flatten)]
    run: Run,
    /// Go on with a sweep that was interrupted.
    #[arg(long)]
    resume: bool,
    /// Run only a part, such as 2/8: the second of eight. `coldcast merge` joins the parts.
    #[arg(long, value_name = "I/N")]
    shard: Option<Share>,
    /// Run more than 10,000 cells without asking.
    #[arg(long)]
    yes: bool,
    /// The cell that the others are compared with, by its name or its number from 1 [default: the first].
    #[arg(long, value_name = "CELL")]
    baseline: Option<String>,
}

impl Sweep {
    /// Runs the cells, writes the result folder, and says what came out.
    ///
    /// # Errors
    /// What is wrong with the scenario, or why the sweep or its results failed.
    pub fn run(&self, catalog: &Catalog, out: &mut dyn Write) -> Result<(), Failure> {
        let share = self.shard.unwrap_or(Share::WHOLE);
        let options = Options { resume: self.resume, share, yes: self.yes, baseline: self.baseline.clone() };
        self.run.vary(&options, catalog, out)
    }
}
