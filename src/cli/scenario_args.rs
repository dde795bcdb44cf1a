//! What every subcommand that reads a scenario takes.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use crate::policy::catalog::Catalog;
use crate::scenario::{Scenario, ScenarioError};

/// A scenario, with changes.
#[derive(Debug, Args)]
pub struct ScenarioArgs {
    /// The scenario file.
    pub scenario: PathBuf,
    /// Change a key of the scenario, such as `policy.keep_alive.fixed.ttl=5m` or `function.thumbnail.memory="1 GiB"`.
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_and_value)]
    pub overrides: Vec<(String, String)>,
}

impl ScenarioArgs {
    /// Reads the scenario, with `more` overrides after those of `--set`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(&self, more: &[(String, String)], catalog: &Catalog) -> Result<Scenario, ScenarioError> {
        let overrides = [self.overrides.as_slice(), more].concat();
        Scenario::read(&self.scenario, &overrides, catalog)
    }
}

/// Reads the KEY=VALUE of `--set`.
///
/// # Errors
/// If it has no `=`.
pub fn key_and_value(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("expected KEY=VALUE, such as scenario.seed=7")?;
    Ok((key.trim().to_owned(), value.trim().to_owned()))
}

/// More threads than this are refused: no machine has so many cores, and each takes memory.
const MOST_THREADS: usize = 1024;

/// Reads the number of `--threads`.
///
/// # Errors
/// If it is none from 1 to [`MOST_THREADS`].
pub fn threads(text: &str) -> Result<NonZeroUsize, String> {
    let number = text.parse::<NonZeroUsize>().ok().filter(|number| number.get() <= MOST_THREADS);
    number.ok_or_else(|| {
        format!("expected a number from 1 to {MOST_THREADS}; without --threads there is one for each processor")
    })
}
