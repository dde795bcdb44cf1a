//! The files that distributions draw from.

use std::path::{Path, PathBuf};

use super::cold_start::ColdStartKeys;
use super::file::File;
use crate::time::Span;
use crate::workload::DataError;
use crate::workload::distribution::Distribution;

/// Loads every sample file that the scenario names; relative paths start at `base`.
///
/// # Errors
/// The keys at which the file is named, and what is wrong with it.
pub fn load(file: &mut File, base: &Path) -> Result<(), (Vec<String>, DataError)> {
    for (index, function) in file.function.iter_mut().enumerate() {
        let keys = || vec!["function".to_owned(), index.to_string(), "arrivals".to_owned()];
        function.arrivals.resolve(base).map_err(|error| (keys(), error))?;
    }
    for (keys, distribution) in distributions(file) {
        distribution.resolve(base).map_err(|error| (keys, error))?;
    }
    Ok(())
}

/// The sample files that the scenario names, as it writes them.
pub fn paths(file: &File) -> Vec<PathBuf> {
    let mut file = file.clone();
    let mut paths: Vec<PathBuf> = Vec::new();
    for function in &mut file.function {
        paths.extend(function.arrivals.files().into_iter().map(|path| path.clone()));
    }
    for (_, distribution) in distributions(&mut file) {
        paths.extend(distribution.files().into_iter().map(|path| path.clone()));
    }
    paths
}

/// Every distribution of times, with the keys at which it stands.
fn distributions(file: &mut File) -> Vec<(Vec<String>, &mut Distribution<Span>)> {
    let mut all = Vec::new();
    for (index, function) in file.function.iter_mut().enumerate() {
        add(&mut all, &["function", &index.to_string()], Some(&mut function.execution), &mut function.cold_start);
    }
    add(&mut all, &["defaults"], Some(&mut file.defaults.execution), &mut file.defaults.cold_start);
    add(&mut all, &["platform"], None, &mut file.platform.cold_start);
    all
}

fn add<'a>(
    all: &mut Vec<(Vec<String>, &'a mut Distribution<Span>)>,
    at: &[&str],
    execution: Option<&'a mut Option<Distribution<Span>>>,
    cold_start: &'a mut ColdStartKeys,
) {
    let keys = |below: &[&str]| at.iter().chain(below).map(|key| (*key).to_owned()).collect();
    all.extend(execution.and_then(Option::as_mut).map(|execution| (keys(&["execution"]), execution)));
    let ColdStartKeys { runtime: _, placement, sandbox, code, init, user } = cold_start;
    let stages = [("placement", placement), ("sandbox", sandbox), ("code", code), ("init", init), ("user", user)];
    for (name, stage) in stages {
        all.extend(stage.as_mut().map(|stage| (keys(&["cold_start", name]), stage)));
    }
}
