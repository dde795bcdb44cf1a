//! The scenarios of the tests of workers: Poisson arrivals whose executions take a second on average, and instances that start at
//! once and stay, so that nobody waits but for a core. Arrivals end before the run does: all that arrive are measured to their end,
//! long ones too.

use coldcast::experiment::Outcome;
use coldcast::metrics::Invocations;

use crate::support::{figures, run_independently};

/// Equal workers and what they are given.
pub struct Case<'a> {
    pub workers: u32,
    /// Cores of each worker.
    pub cores: u32,
    /// Arrivals per second.
    pub rate: f64,
    pub service: &'a str,
    /// The keys of `policy` but for the keep-alive.
    pub policy: &'a str,
    /// The keys of `platform.cluster`.
    pub cluster: &'a str,
    /// Seconds of warm-up, then of measurement.
    pub seconds: (u32, u32),
}

pub const EXPONENTIAL: &str = "exponential = { mean = '1s' }";

/// Seconds without arrivals at the end.
const DRAIN: u32 = 1_000;

/// 20 replications.
pub fn simulate(case: &Case<'_>) -> Outcome {
    let Case { workers, cores, rate, service, policy, cluster, seconds: (warm_up, measured) } = case;
    let arrivals = warm_up + measured;
    run_independently(&format!(
        "scenario = {{ duration = '{}s', warm_up = '{warm_up}s', replications = 20 }}\n\
         policy = {{ keep_alive.infinite = {{}}, {policy} }}\n\
         platform.workers = [{{ count = {workers}, cores = {cores}, memory = '1000000 GiB' }}]\n\
         platform.cluster = {{ {cluster} }}\n\
         [[function]]\nname = 'f'\narrivals.step = {{ before = '{rate}/s', after = '0/s', at = '{arrivals}s' }}\nexecution.{service}\n",
        arrivals + DRAIN
    ))
}

/// Mean response times in seconds.
pub fn responses(outcome: &Outcome) -> Vec<f64> {
    figures(outcome, |run| run.summary.latency_ms.response.mean / 1e3)
}

/// Mean waits in seconds.
pub fn waits(outcome: &Outcome) -> Vec<f64> {
    figures(outcome, |run| run.summary.latency_ms.queueing.mean / 1e3)
}

/// Shares of the arrivals.
pub fn shares(outcome: &Outcome, count: impl Fn(&Invocations) -> u64) -> Vec<f64> {
    figures(outcome, |run| count(&run.summary.invocations) as f64 / run.summary.invocations.arrived as f64)
}
