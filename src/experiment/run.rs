//! Runs an experiment: all replications of a scenario.

use std::sync::Mutex;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use rayon::prelude::*;

use crate::billing::{FunctionUsage, InvoiceError, Tariff};
use crate::engine::Violation;
use crate::experiment::summarise::summarise;
use crate::experiment::{Manifest, Outcome, Run, Simulation};
use crate::metrics::{InvocationLog, Window};
use crate::platform::Platform;
use crate::policy::Policies;
use crate::random::Streams;
use crate::workload::Workload;
use crate::workload::trace::TraceError;

/// A scenario that is ready to run.
pub struct Experiment {
    /// Name of the scenario.
    pub name: String,
    /// What arrives.
    pub workload: Workload,
    /// Where it runs.
    pub platform: Platform,
    /// Who decides.
    pub policies: Policies,
    /// What is measured: from the end of the warm-up to the end.
    pub window: Window,
    /// Seed of all random numbers.
    pub seed: u64,
    /// How many independent replications.
    pub replications: u32,
    /// What it costs.
    pub tariff: Tariff,
    /// The sizes of each function that a bill depends on; all that is used is zero.
    pub sizes: Vec<FunctionUsage>,
    /// The resolved scenario as TOML.
    pub scenario: String,
    /// What is written beside the tables.
    pub output: Output,
}

/// What is written beside the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output {
    /// Plots.
    pub plots: bool,
    /// A log of every invocation.
    pub invocations: bool,
}

/// Why a run failed.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A recorded workload could not be read to its end.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// A bug in the engine.
    #[error(transparent)]
    Violation(#[from] Violation),
    /// The bill cannot be written.
    #[error(transparent)]
    Invoice(#[from] InvoiceError),
    /// The threads could not be started.
    #[error("cannot start {threads} threads: {reason}")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the system says.
        reason: String,
    },
}

impl Experiment {
    /// How many invocations are expected in all replications; `None` if that depends on the platform (closed loops).
    pub fn expected_invocations(&self) -> Option<u64> {
        let replications = f64::from(self.replications);
        if let Some(table) = &self.workload.table {
            return Some(table.invocations() * u64::from(self.replications));
        }
        let rate: Option<f64> = self.workload.loads.iter().map(|load| load.arrivals.mean_rate()).sum();
        rate.map(|rate| (rate * self.window.end.as_secs_f64() * replications) as u64)
    }
}

/// Runs all replications on `threads` threads (`None`: one per core). `progress` counts the invocations as they arrive.
///
/// The result does not depend on the number of threads.
///
/// # Errors
/// If a trace cannot be read to its end, or nothing adds up, or what was used has no price.
pub fn run(experiment: &Experiment, threads: Option<usize>, progress: &AtomicU64) -> Result<Outcome, RunError> {
    run_logged(experiment, threads, progress, None)
}

/// As [`run`]; with a `log`, replications and functions follow one another on one thread, and every invocation is logged.
///
/// # Errors
/// As [`run`]; those of the log itself are told by [`InvocationLog::finish`].
pub fn run_logged(
    experiment: &Experiment,
    threads: Option<usize>,
    progress: &AtomicU64,
    log: Option<&Mutex<InvocationLog>>,
) -> Result<Outcome, RunError> {
    let started = Instant::now();
    let pool = pool(threads)?;
    let threads = pool.current_num_threads();
    let runs: Vec<(Run, f64)> = pool.install(|| replicate_all(experiment, threads, progress, log))?;
    let (runs, wall_s): (Vec<Run>, Vec<f64>) = runs.into_iter().unzip();
    let total_wall_s = started.elapsed().as_secs_f64();
    let manifest = Manifest {
        version: env!("CARGO_PKG_VERSION").into(),
        seed: experiment.seed,
        replications: experiment.replications,
        threads,
        inputs: Vec::new(),
        price_books: experiment.tariff.book().map(|book| format!("{book}")).into_iter().collect(),
        notes: experiment.workload.notes.clone(),
        wall_s,
        total_wall_s,
        invocations_per_s: progress.load(std::sync::atomic::Ordering::Relaxed) as f64 / total_wall_s,
    };
    Ok(Outcome { name: experiment.name.clone(), runs, scenario: experiment.scenario.clone(), manifest })
}

/// Replications side by side if there are enough for all threads; else one after the other, each with its shards side by side.
fn replicate_all(
    experiment: &Experiment,
    threads: usize,
    progress: &AtomicU64,
    log: Option<&Mutex<InvocationLog>>,
) -> Result<Vec<(Run, f64)>, RunError> {
    let replicate = |replication: u32, parallel: bool| {
        let started = Instant::now();
        if let Some(mut log) = log.and_then(|log| log.lock().ok()) {
            log.begin(replication);
        }
        let run = replicate(experiment, replication, parallel, progress, log)?;
        Ok((run, started.elapsed().as_secs_f64()))
    };
    let replications = 0..experiment.replications;
    if log.is_some() {
        replications.map(|replication| replicate(replication, false)).collect()
    } else if experiment.replications as usize >= threads {
        replications.into_par_iter().with_max_len(1).map(|replication| replicate(replication, false)).collect()
    } else {
        replications.map(|replication| replicate(replication, true)).collect()
    }
}

/// One replication; `parallel`: its shards are shared out among the threads of the current pool.
pub(super) fn replicate(
    experiment: &Experiment,
    replication: u32,
    parallel: bool,
    progress: &AtomicU64,
    log: Option<&Mutex<InvocationLog>>,
) -> Result<Run, RunError> {
    let simulation = Simulation {
        workload: &experiment.workload,
        platform: &experiment.platform,
        policies: &experiment.policies,
        window: experiment.window,
        metering: experiment.tariff.metering(),
        progress,
        log,
    };
    let counted = simulation.replicate(Streams::new(experiment.seed, replication), parallel)?;
    summarise(experiment, replication, counted)
}

/// So many threads, or one for each core.
pub(super) fn pool(threads: Option<usize>) -> Result<rayon::ThreadPool, RunError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).build();
    pool.map_err(|error| RunError::Threads { threads: threads.unwrap_or(0), reason: error.to_string() })
}
