//! Everything that an experiment has to report.

use std::path::PathBuf;

use serde::Serialize;

use crate::billing::invoice::BookProvenance;
use crate::experiment::{BreakEven, Reached, Servers, SingleRun, Transient};
use crate::metrics::{FunctionSummary, Histogram, Summary, TimelineRow, WorkerSummary};
use crate::workload::Note;

/// One scenario, all its replications.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Name of the scenario.
    pub name: String,
    /// One per replication, in order.
    pub runs: Vec<Run>,
    /// How it compares with servers, if that was asked for.
    pub break_even: Option<BreakEven>,
    /// The resolved scenario as TOML: running it again gives the same bytes.
    pub scenario: String,
    /// Where the result comes from, and how long it took.
    pub manifest: Manifest,
}

/// One replication.
#[derive(Debug, Clone)]
pub struct Run {
    /// Number of the replication, from 0.
    pub replication: u32,
    /// Its figures.
    pub summary: Summary,
    /// One row per function.
    pub functions: Vec<FunctionSummary>,
    /// One row per worker; none if the platform has no workers.
    pub workers: Vec<WorkerSummary>,
    /// The measured window in equal intervals.
    pub timeline: Vec<TimelineRow>,
    /// The price books of its bills, with the date and the trust of the prices that were used.
    pub books: Vec<BookProvenance>,
    /// What servers would have done, if the scenario has any.
    pub servers: Option<Servers>,
    /// Response times of cold invocations.
    pub response_cold: Histogram,
    /// Mean wait of cold invocations before an instance was started for them, in milliseconds.
    pub cold_queueing_ms: f64,
    /// Response times of warm and delayed invocations.
    pub response_warm: Histogram,
}

/// Where a result comes from. Nothing here enters the files that must be identical from run to run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Manifest {
    /// Version of coldcast.
    pub version: String,
    /// Seed of the run.
    pub seed: u64,
    /// Number of replications that were run.
    pub replications: u32,
    /// What came of the precision that the scenario asks for.
    pub precision: Option<Reached>,
    /// Whether the beginning of the run looks like a warm-up; `None` if the run is too short to tell.
    pub transient: Option<Transient>,
    /// Intervals of a single replication, by batch means.
    pub single_run: Option<SingleRun>,
    /// Threads that worked.
    pub threads: usize,
    /// Files that the scenario names, with their checksums. The scenario itself is part of the result.
    pub inputs: Vec<InputFile>,
    /// Price books with their dates.
    pub price_books: Vec<String>,
    /// What the reader should know about the input.
    pub notes: Vec<Note>,
    /// Wall time of each replication in seconds.
    pub wall_s: Vec<f64>,
    /// Wall time of the whole simulation in seconds.
    pub total_wall_s: f64,
    /// Invocations simulated per second of wall time, all replications together.
    pub invocations_per_s: f64,
}

/// A file that the run read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InputFile {
    /// As the scenario names it.
    pub path: PathBuf,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of its content in hexadecimal.
    pub sha256: String,
}

impl Run {
    /// The price books of several replications, each once: as old, and as little to be trusted, as in any of them.
    pub fn price_books(runs: &[Self]) -> Vec<BookProvenance> {
        BookProvenance::merged(runs.iter().flat_map(|run| &run.books))
    }
}

impl InputFile {
    /// Its name without the folders, which is the same wherever the scenario that names it stands.
    pub fn name(&self) -> std::borrow::Cow<'_, str> {
        self.path.file_name().unwrap_or_default().to_string_lossy()
    }
}
