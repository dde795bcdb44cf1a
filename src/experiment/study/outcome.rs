//! What a study came to: one record per variant and replication.

use serde::{Deserialize, Serialize};

use crate::experiment::InputFile;
use crate::metrics::{Histogram, Summary};

/// Variants of a scenario, and what each came to. Replications of the same number see the same arrivals, execution times and
/// cold-start draws in every cell whose workload is the same, so that differences are paired.
#[derive(Debug, Clone)]
pub struct Study {
    /// Name of the scenario.
    pub name: String,
    /// What varies: the cells are all combinations, the last axis fastest. Empty if the cells differ in no keys, such as scenarios
    /// that are compared.
    pub axes: Vec<Axis>,
    /// The variants, in their order.
    pub cells: Vec<Cell>,
    /// The scenario as TOML, with its `[sweep]`: running it again gives the same bytes.
    pub scenario: String,
    /// Where the study comes from, and how long it took.
    pub origin: Origin,
}

/// A key that varies, or several that vary together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Axis {
    /// The keys as the scenario names them, such as `policy.keep_alive.fixed.ttl`.
    pub keys: Vec<String>,
    /// The shortest name that tells it from the other axes, such as `ttl`.
    pub name: String,
    /// How each value is shown, such as `10m`.
    pub values: Vec<String>,
}

/// One variant.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// What tells it from the others, such as `ttl 10m, memory 512 MiB`.
    pub name: String,
    /// The value it has on each axis, by number from 0.
    pub position: Vec<usize>,
    /// The keys that it sets, with their values as TOML, as `--set` takes them.
    pub settings: Vec<(String, String)>,
    /// One per replication, in order. Fewer than asked for, or none, if it failed.
    pub records: Vec<Record>,
    /// Why it could not be run to its end.
    pub failure: Option<String>,
}

/// What is kept of one replication of a cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Number of the replication, from 0.
    pub replication: u32,
    /// Its figures.
    pub summary: Summary,
    /// Response times of completed invocations.
    pub response: Histogram,
}

/// Where a study comes from. Nothing here enters the files that must be identical from run to run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Origin {
    /// Version of coldcast.
    pub version: String,
    /// Seed of the study.
    pub seed: u64,
    /// Threads that worked.
    pub threads: usize,
    /// Files that the scenario names, with their checksums.
    pub inputs: Vec<InputFile>,
    /// Price books with their dates.
    pub price_books: Vec<String>,
    /// Cells x replications that were taken from an interrupted study.
    pub resumed: usize,
    /// Wall time in seconds.
    pub total_wall_s: f64,
}
