//! The figures of one run, in the shape of `summary.json`.

use serde::{Deserialize, Serialize};

use crate::metrics::Histogram;

/// The figures of one run. Every figure is defined in [`crate::metrics`]'s list of definitions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// What became of the invocations.
    pub invocations: Invocations,
    /// Where the time of completed invocations went, in milliseconds.
    pub latency_ms: Latencies,
    /// Mean duration of each cold-start stage over the instances started, in milliseconds.
    pub stages_ms: Stages,
    /// Completed invocations per second.
    pub throughput_per_s: f64,
    /// Cold starts among completed invocations, 0 to 1.
    pub cold_start_ratio: f64,
    /// Instances over time.
    pub instances: Instances,
    /// How evenly the load balancer used the workers.
    pub balance: Balance,
    /// Memory x time of instances by what they were doing, in GB-s of 1024 MiB.
    pub memory_gb_s: MemoryTime,
    /// Busy share of the instances' memory x time, 0 to 1.
    pub utilisation: f64,
    /// The bill; `None` if the scenario has no prices.
    pub cost: Option<Cost>,
}

/// What became of the invocations that arrived in the measured window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Invocations {
    /// Reached the platform.
    pub arrived: u64,
    /// Executed to the end: cold + warm + delayed.
    pub completed: u64,
    /// Waited for an instance that was started for them.
    pub cold: u64,
    /// Were given an idle instance, or room in a busy one, at once.
    pub warm: u64,
    /// Waited for an instance that was busy, or starting for another invocation.
    pub delayed: u64,
    /// Refused at once by a concurrency or rate limit.
    pub throttled: u64,
    /// Stopped at the function's time-out.
    pub timed_out: u64,
    /// Ended by an error of the function, a crash of the instance, or a stop of the worker.
    pub failed: u64,
    /// Left a queue that was full, in which they waited too long, or at whose head no instance could be started for them.
    pub dropped: u64,
    /// Refused at once because no worker is large enough for their instance, or the one that the load balancer chose is not.
    pub unplaceable: u64,
    /// Had not ended when the run stopped, `drain` after the window.
    pub open: u64,
    /// Of those that were not completed, the ones that went to a dead-letter queue.
    pub dead_lettered: u64,
    /// How often an invocation was tried again.
    pub retried: u64,
}

impl Invocations {
    /// Adds the counts of another.
    pub fn add(&mut self, other: &Self) {
        self.arrived += other.arrived;
        self.completed += other.completed;
        self.cold += other.cold;
        self.warm += other.warm;
        self.delayed += other.delayed;
        self.throttled += other.throttled;
        self.timed_out += other.timed_out;
        self.failed += other.failed;
        self.dropped += other.dropped;
        self.unplaceable += other.unplaceable;
        self.open += other.open;
        self.dead_lettered += other.dead_lettered;
        self.retried += other.retried;
    }

    /// Cold starts among completed invocations, 0 to 1; zero if none was completed.
    pub fn cold_start_ratio(&self) -> f64 {
        if self.completed == 0 { 0.0 } else { self.cold as f64 / self.completed as f64 }
    }
}

/// Where the time of completed invocations went, in milliseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Latencies {
    /// Arrival to completion.
    pub response: Distribution,
    /// Waiting for a busy instance, or for one that starts for another invocation. Zero for most.
    pub queueing: Distribution,
    /// Waiting for the instance that was started for the invocation; over cold invocations only.
    pub cold_start: Distribution,
    /// Execution.
    pub execution: Distribution,
}

/// Mean and percentiles of a time in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Distribution {
    /// Mean, exact.
    pub mean: f64,
    /// Median.
    pub p50: f64,
    /// 90th percentile.
    pub p90: f64,
    /// 95th percentile.
    pub p95: f64,
    /// 99th percentile.
    pub p99: f64,
    /// 99.9th percentile.
    pub p999: f64,
    /// Longest, exact.
    pub max: f64,
}

impl From<&Histogram> for Distribution {
    fn from(histogram: &Histogram) -> Self {
        let [p50, p90, p95, p99, p999] =
            histogram.quantiles([0.5, 0.9, 0.95, 0.99, 0.999]).map(|span| span.as_millis_f64());
        Self { mean: histogram.mean().as_millis_f64(), p50, p90, p95, p99, p999, max: histogram.max().as_millis_f64() }
    }
}

/// Mean duration of each cold-start stage, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Stages {
    /// The platform's scheduling decisions, over the invocations that arrived.
    pub scheduling: f64,
    /// The platform's balancing decisions, over the invocations that arrived.
    pub balancing: f64,
    /// Deciding where the instance goes.
    pub placement: f64,
    /// Making the sandbox.
    pub sandbox: f64,
    /// Fetching code or image.
    pub code: f64,
    /// Starting the language runtime.
    pub runtime: f64,
    /// The function's own initialisation.
    pub user: f64,
}

/// How evenly invocations were given to workers. All zero on a platform without workers.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Balance {
    /// Workers that were given at least one invocation.
    pub workers: u64,
    /// Largest share of any worker, times the number of workers: 1 if all got the same.
    pub peak_to_mean: f64,
    /// Standard deviation of the workers' shares divided by their mean.
    pub variation: f64,
}

/// Instances over the measured window.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Instances {
    /// Time average of instances that exist.
    pub mean: f64,
    /// Time average of instances that start.
    pub starting: f64,
    /// Time average of instances that execute something.
    pub busy: f64,
    /// Time average of instances that wait for work.
    pub idle: f64,
    /// Most instances at any of the timeline's sampling instants.
    pub peak: u64,
    /// Instances started in the window.
    pub started: u64,
    /// Instances removed in the window because memory was needed.
    pub evicted: u64,
    /// Instances removed in the window because their keep-alive ended.
    pub expired: u64,
}

/// Memory x time of instances, in GB-s of 1024 MiB.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct MemoryTime {
    /// While starting.
    pub starting: f64,
    /// While executing at least one invocation.
    pub busy: f64,
    /// While idle: wasted memory time.
    pub idle: f64,
}

/// The bill of the measured window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// ISO code.
    pub currency: String,
    /// Cost of the measured window.
    pub total: f64,
    /// Cost of a month of 730 hours like this window.
    pub per_month: f64,
    /// Cost of a million invocations like these; zero if there were none.
    pub per_million_requests: f64,
    /// One entry per line of the bill.
    pub lines: Vec<CostLine>,
}

/// A line of the bill.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CostLine {
    /// What is billed.
    pub name: String,
    /// Unit of the quantity.
    pub unit: String,
    /// How much was used in the measured window.
    pub quantity: f64,
    /// What it costs.
    pub amount: f64,
    /// How much a month of 730 hours like this window uses.
    pub month_quantity: f64,
    /// What that costs.
    pub month_amount: f64,
}

/// One row of `workers.csv`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct WorkerSummary {
    /// Number of the worker, from 0.
    pub worker: u32,
    /// Its cores.
    pub cores: u32,
    /// Its memory for instances, in MiB.
    pub memory_mib: f64,
    /// How fast it computes.
    pub speed: f64,
    /// Invocations that it was given, retries included.
    pub invocations: u64,
    /// Its share of the invocations given to all workers, n_i / n, 0 to 1.
    pub share: f64,
    /// Load ratio P_i = n / n_i; empty if it was given none.
    pub load_ratio: Option<f64>,
}

/// One row of `functions.csv`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FunctionSummary {
    /// Name of the function.
    pub function: String,
    /// Name of its app.
    pub app: String,
    /// What invokes it.
    pub trigger: String,
    /// Memory of an instance in MiB.
    pub memory_mib: f64,
    /// Its share of the invocations that arrived for all functions, n_i / n, 0 to 1.
    pub share: f64,
    /// Load ratio P_i = n / n_i; empty if none arrived.
    pub load_ratio: Option<f64>,
    /// What became of its invocations.
    pub invocations: Invocations,
    /// Cold starts among its completed invocations, 0 to 1.
    pub cold_start_ratio: f64,
    /// Response time in milliseconds.
    pub response_ms: Distribution,
    /// Mean execution time in milliseconds.
    pub execution_mean_ms: f64,
    /// Billed time in GB-s of 1024 MiB.
    pub billed_gb_s: f64,
    /// Its share of the bill of the window, without services and fixed fees; empty without prices. Tiers and free units are divided
    /// by use, instances of an app among its functions by billed time.
    pub cost: Option<f64>,
    /// The same of a month of 730 hours.
    pub cost_per_month: Option<f64>,
}

/// One row of `timeline.csv`: an interval of the measured window.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct TimelineRow {
    /// Start of the interval in seconds since the start of the run.
    pub start_s: f64,
    /// Length of the interval in seconds.
    pub length_s: f64,
    /// Invocations that arrived.
    pub arrivals: u64,
    /// Invocations for which an instance was started.
    pub cold: u64,
    /// Invocations refused by a limit.
    pub throttled: u64,
    /// Time average of instances that start.
    pub starting: f64,
    /// Time average of instances that execute something.
    pub busy: f64,
    /// Time average of instances that wait for work.
    pub idle: f64,
}
