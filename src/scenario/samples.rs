//! Loads the files that distributions draw from.

use std::path::Path;

use super::cold_start::ColdStartKeys;
use super::file::File;
use crate::time::Span;
use crate::workload::distribution::{Distribution, SamplesError};

/// Loads every sample file that the scenario names; relative paths start at `base`.
///
/// # Errors
/// The keys at which the file is named, and what is wrong with it.
pub fn load(file: &mut File, base: &Path) -> Result<(), (Vec<String>, SamplesError)> {
    for (index, function) in file.function.iter_mut().enumerate() {
        let at = |key: &str| vec!["function".into(), index.to_string(), key.into()];
        function.arrivals.resolve(base).map_err(|error| (at("arrivals"), error))?;
        load_one(&mut function.execution, base).map_err(|error| (at("execution"), error))?;
        load_stages(&mut function.cold_start, base).map_err(|error| (at("cold_start"), error))?;
    }
    let at = |section: &str, key: &str| vec![section.to_owned(), key.to_owned()];
    load_one(&mut file.defaults.execution, base).map_err(|error| (at("defaults", "execution"), error))?;
    load_stages(&mut file.defaults.cold_start, base).map_err(|error| (at("defaults", "cold_start"), error))?;
    load_stages(&mut file.platform.cold_start, base).map_err(|error| (at("platform", "cold_start"), error))
}

fn load_one(distribution: &mut Option<Distribution<Span>>, base: &Path) -> Result<(), SamplesError> {
    distribution.as_mut().map_or(Ok(()), |distribution| distribution.resolve(base))
}

fn load_stages(keys: &mut ColdStartKeys, base: &Path) -> Result<(), SamplesError> {
    let ColdStartKeys { runtime: _, placement, sandbox, code, init, user } = keys;
    [placement, sandbox, code, init, user].into_iter().try_for_each(|stage| load_one(stage, base))
}
