//! Scenarios written in benchmarks.

use std::path::Path;

use coldcast::experiment::Experiment;
use coldcast::policy::catalog::Catalog;
use coldcast::scenario::Scenario;
use coldcast::workload::trace::Rejects;

/// The experiment that a scenario describes.
pub fn experiment(text: &str) -> Experiment {
    let catalog = Catalog::default();
    let scenario = Scenario::from_text(Path::new("bench.toml"), text.into(), &[], &catalog);
    let rejects = &mut Rejects::new(std::io::sink());
    scenario.and_then(|s| s.resolve(Path::new("."), &catalog, rejects)).unwrap_or_else(|error| panic!("{error}"))
}
