//! `coldcast merge`: joins the parts of a sweep.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::Failure;
use crate::cli::study::{self, Show, records_of};
use crate::experiment::Precision;
use crate::experiment::study::{Counts, Done, Plan, Runner, Share, Store};
use crate::policy::catalog::Catalog;
use crate::scenario::Scenario;

/// Join the parts of a sweep that `coldcast sweep --shard` ran, into the result that one run would have given.
#[derive(Debug, Args)]
pub struct Merge {
    /// The folders of the parts: what their --out said. Parts that share a folder are named once.
    #[arg(required = true)]
    parts: Vec<PathBuf>,
    /// Folder of the results [default: the folder of the first part].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The cell that the others are compared with, by its name or its number from 1 [default: the first].
    #[arg(long, value_name = "CELL")]
    baseline: Option<String>,
    /// Do not show the table.
    #[arg(long)]
    quiet: bool,
    /// Print the summary as JSON instead of a table.
    #[arg(long)]
    json: bool,
}

impl Merge {
    /// Joins the records, writes the result folder, and says what came out.
    ///
    /// # Errors
    /// If the parts are not of one sweep, or something is missing.
    pub fn run(&self, catalog: &Catalog, out: &mut dyn Write) -> Result<(), Failure> {
        let parts =
            self.parts.iter().map(|part| Ok(Store::of(&records_of(part)?)?)).collect::<Result<Vec<_>, Failure>>()?;
        let Some((_, plan)) = parts.first() else { return Ok(()) };
        for (store, other) in &parts[1..] {
            if let Some(difference) = plan.difference(other) {
                let (first, dir) = (self.parts[0].display(), store.dir().display());
                return Err(Failure::Input(format!("{first} and {dir} are not parts of one sweep:\n{difference}")));
            }
        }
        let results = self.out.clone().unwrap_or_else(|| self.parts[0].clone());
        let scenario = Scenario::from_text(Path::new("scenario.toml"), plan.scenario.clone(), &[], catalog)?;
        let (store, done) = join(&parts, plan, scenario.file().scenario.precision().as_ref(), &results)?;
        let show = Show { quiet: self.quiet, json: self.json };
        let draft = study::Draft {
            scenario: &scenario,
            grid: &scenario.grid(catalog)?,
            catalog,
            baseline: self.baseline.as_deref(),
            results: &results,
        };
        draft.finish(&store, plan, done, &study::Effort::default(), show, out)
    }
}

/// Brings all records together in the store of the results.
fn join(
    parts: &[(Store, Plan)],
    plan: &Plan,
    precision: Option<&Precision>,
    results: &Path,
) -> Result<(Store, Vec<Done>), Failure> {
    let store = Store::open(&study::records_beside(results)?, plan, true)?;
    let most = precision.map_or(0, |precision| precision.most).max(plan.replications);
    for (cell, replication) in (0..plan.cells).flat_map(|cell| (0..most).map(move |replication| (cell, replication))) {
        if store.read(cell, replication).is_none() {
            let record = parts.iter().find_map(|(part, _)| part.read(cell, replication));
            record.map_or(Ok(()), |record| store.write(cell, &record))?;
        }
    }
    let missing = |_| Err(MISSING.to_owned());
    let counts = Counts::default();
    let (cells, replications) = (plan.cells, plan.replications);
    let (share, store_of) = (Share::WHOLE, &store);
    let runner = Runner {
        cells,
        replications,
        precision,
        share,
        store: store_of,
        make: &missing,
        counts: &counts,
        cancel: None,
    };
    let done = runner.run(Some(1))?;
    let incomplete: Vec<String> =
        done.iter().zip(1..).filter(|(done, _)| done.failure.is_some()).map(|(_, number)| number.to_string()).collect();
    if incomplete.is_empty() {
        return Ok((store, done));
    }
    let shown = incomplete.iter().take(20).cloned().collect::<Vec<_>>().join(", ");
    let more = if incomplete.len() > 20 { ", ..." } else { "" };
    Err(Failure::Input(format!(
        "{} of {cells} cells are not complete: {shown}{more}\n  name the folders of all parts; `coldcast sweep --resume` runs what is missing",
        incomplete.len()
    )))
}

const MISSING: &str = "it is in none of the parts";
