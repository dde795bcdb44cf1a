//! From the text of a scenario to its outcome.

use std::path::{Path, PathBuf};

use coldcast::experiment::{self, Experiment, Outcome, Run, RunOptions};
use coldcast::policy::catalog::Catalog;
use coldcast::scenario::Scenario;
use coldcast::workload::trace::Rejects;

/// The folder of the repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder of the real data; `None`, and a message, where it is absent.
pub fn shared_data(folder: &str) -> Option<PathBuf> {
    let path = repository().join("../shared/data").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: ../shared/data is absent");
    None
}

/// The experiment of a scenario that is right.
pub fn resolve(scenario: &Scenario) -> Experiment {
    let mut rejects = Rejects::new(std::io::sink());
    scenario.resolve(&repository().join("results/test"), &Catalog::default(), &mut rejects).unwrap()
}

/// The experiment that a text describes; relative paths start at the repository.
pub fn experiment(text: &str) -> Experiment {
    let path = repository().join("test.toml");
    let scenario = Scenario::from_text(&path, text.to_owned(), &[], &Catalog::default());
    resolve(&scenario.unwrap_or_else(|error| panic!("{error}\n{text}")))
}

/// Runs an experiment on as many threads as there are cores.
pub fn outcome(experiment: &Experiment) -> Outcome {
    experiment::run(experiment, &RunOptions::default()).unwrap()
}

/// Runs the scenario that a text describes.
pub fn run(text: &str) -> Outcome {
    outcome(&experiment(text))
}

/// The same with random numbers of its own (the seed is a hash of the text, FNV-1a), so that the lines of a table are independent.
pub fn run_independently(text: &str) -> Outcome {
    let hash = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    outcome(&Experiment { seed: text.bytes().fold(0xcbf2_9ce4_8422_2325, hash), ..experiment(text) })
}

/// A figure of every replication.
pub fn figures(outcome: &Outcome, figure: impl Fn(&Run) -> f64) -> Vec<f64> {
    outcome.runs.iter().map(figure).collect()
}
