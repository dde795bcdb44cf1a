//! Runs an experiment: all replications of a scenario.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use rayon::prelude::*;

use crate::billing::{FunctionUsage, InvoiceError, Services, Tariff};
use crate::engine::{Halt, Violation};
use crate::experiment::edge;
use crate::experiment::summarise::summarise;
use crate::experiment::{Fleet, Manifest, Outcome, Precision, Run, RunOptions, Simulation, SingleRun, Transient};
use crate::metrics::{Summary, Window};
use crate::platform::Platform;
use crate::policy::Policies;
use crate::random::Streams;
use crate::time::Span;
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
    /// For how long a run goes on after that at most, until what arrived in the window has ended.
    pub drain: Span,
    /// Seed of all random numbers.
    pub seed: u64,
    /// How many independent replications; with a precision, the first of them.
    pub replications: u32,
    /// How precise the figures are to be; `None`: as they come.
    pub precision: Option<Precision>,
    /// What it costs.
    pub tariff: Tariff,
    /// The sizes of each function that a bill depends on; all that is used is zero.
    pub sizes: Vec<FunctionUsage>,
    /// What it uses of other services.
    pub services: Services,
    /// The servers that it is compared with.
    pub fleet: Option<Fleet>,
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
    /// Another thread ended it.
    #[error("the run was cancelled")]
    Cancelled,
    /// The threads could not be started.
    #[error("cannot start {threads} threads: {reason}")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the system says.
        reason: String,
    },
}

impl From<Halt> for RunError {
    fn from(halt: Halt) -> Self {
        match halt {
            Halt::Violation(violation) => Self::Violation(violation),
            Halt::Cancelled => Self::Cancelled,
        }
    }
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

/// Runs all replications. The result does not depend on the options.
///
/// # Errors
/// If a trace cannot be read to its end, or nothing adds up, or what was used has no price, or the run was cancelled.
pub fn run(experiment: &Experiment, options: &RunOptions<'_>) -> Result<Outcome, RunError> {
    let (started, own) = (Instant::now(), AtomicU64::new(0));
    let progress = options.progress.unwrap_or(&own);
    let options = RunOptions { progress: Some(progress), ..*options };
    let pool = pool(options.threads)?;
    let threads = pool.current_num_threads();
    let runs: Vec<(Run, f64)> = pool.install(|| replicate_all(experiment, threads, &options))?;
    let (runs, wall_s): (Vec<Run>, Vec<f64>) = runs.into_iter().unzip();
    let total_wall_s = started.elapsed().as_secs_f64();
    let summaries: Vec<&Summary> = runs.iter().map(|run| &run.summary).collect();
    let manifest = Manifest {
        version: env!("CARGO_PKG_VERSION").into(),
        seed: experiment.seed,
        replications: runs.len() as u32,
        precision: experiment.precision.as_ref().map(|precision| precision.reached(&summaries)),
        transient: Transient::of(&runs),
        single_run: SingleRun::of(&runs),
        threads,
        inputs: Vec::new(),
        price_books: Run::price_books(&runs).iter().map(ToString::to_string).collect(),
        notes: [experiment.workload.notes.clone(), edge::notes(experiment, &runs)].concat(),
        wall_s,
        total_wall_s,
        invocations_per_s: progress.load(Ordering::Relaxed) as f64 / total_wall_s,
    };
    let (name, scenario) = (experiment.name.clone(), experiment.scenario.clone());
    Ok(Outcome { name, runs, break_even: None, scenario, manifest })
}

/// The replications that the experiment names, and then as many as its precision asks for.
fn replicate_all(
    experiment: &Experiment,
    threads: usize,
    options: &RunOptions<'_>,
) -> Result<Vec<(Run, f64)>, RunError> {
    let replicate = |replication: u32, parallel: bool| {
        let started = Instant::now();
        if let Some(mut log) = options.log.and_then(|log| log.lock().ok()) {
            log.begin(replication);
        }
        let run = replicate(experiment, replication, parallel, options)?;
        Ok((run, started.elapsed().as_secs_f64()))
    };
    // Side by side if there are enough for all threads; else one after the other, each with its shards side by side.
    let batch = |replications: Range<u32>| -> Result<Vec<(Run, f64)>, RunError> {
        if options.log.is_some() {
            replications.map(|replication| replicate(replication, false)).collect()
        } else if replications.len() >= threads {
            replications.into_par_iter().with_max_len(1).map(|replication| replicate(replication, false)).collect()
        } else {
            replications.map(|replication| replicate(replication, true)).collect()
        }
    };
    let mut runs = batch(0..experiment.replications)?;
    while let Some(more) = experiment.precision.as_ref().and_then(|precision| more(precision, &runs)) {
        let done = runs.len() as u32;
        runs.extend(batch(done..done + more)?);
    }
    Ok(runs)
}

fn more(precision: &Precision, runs: &[(Run, f64)]) -> Option<u32> {
    let summaries: Vec<&Summary> = runs.iter().map(|(run, _)| &run.summary).collect();
    Some(precision.more(&summaries)).filter(|more| *more > 0)
}

/// One replication; `parallel`: its shards are shared out among the threads of the current pool.
pub(super) fn replicate(
    experiment: &Experiment,
    replication: u32,
    parallel: bool,
    options: &RunOptions<'_>,
) -> Result<Run, RunError> {
    let simulation = Simulation {
        workload: &experiment.workload,
        platform: &experiment.platform,
        policies: &experiment.policies,
        window: experiment.window,
        drain: experiment.drain,
        metering: experiment.tariff.metering(),
        options: *options,
    };
    let counted = simulation.replicate(Streams::new(experiment.seed, replication), parallel)?;
    summarise(experiment, replication, counted)
}

/// So many threads, or one for each core.
pub(super) fn pool(threads: Option<usize>) -> Result<rayon::ThreadPool, RunError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0)).build();
    pool.map_err(|error| RunError::Threads { threads: threads.unwrap_or(0), reason: error.to_string() })
}
