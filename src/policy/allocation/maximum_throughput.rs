//! The size with which a worker does most.

use std::cmp::Reverse;

use serde::Deserialize;

use crate::amount::Memory;
use crate::policy::allocation::grid::GRID;
use crate::policy::allocation::{Allocation, Chosen, Grid, Profile, Trial};
use crate::policy::entry::{Build, Entry, Parameter, ParameterError, read};

/// Most invocations per second of this function alone on one worker: the scarcer of memory, floor(M / m) instances that end one
/// each T(m), and of cores, K / CPU time; the fastest of equals. O(sizes x draws).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaximumThroughput {
    #[serde(default)]
    grid: Grid,
    memory: Memory,
    cores: u32,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Allocation> = Entry {
    name: "maximum_throughput",
    summary: "The size with which a worker full of the function ends most invocations per second, by memory and by cores.",
    reference: "bottleneck bound: Denning and Buzen, \"The Operational Analysis of Queueing Network Models\", ACM Computing Surveys 1978",
    parameters: &[
        Parameter { name: "memory", kind: "memory size", default: None, meaning: "memory of the worker" },
        Parameter { name: "cores", kind: "number", default: None, meaning: "cores of the worker; at least 1" },
        GRID,
    ],
    example: r#"{ memory = "64 GiB", cores = 16 }"#,
    build: Build::Function(|parameters| {
        let policy: MaximumThroughput = read(parameters)?;
        if policy.cores == 0 {
            return Err(ParameterError("`cores` is zero; expected at least 1".into()));
        }
        if policy.grid.sizes().first().is_some_and(|least| *least > policy.memory) {
            return Err(ParameterError("`memory` of the worker is less than the least size of the grid".into()));
        }
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl MaximumThroughput {
    /// Invocations per second at one size.
    fn throughput(&self, profile: &Profile<'_>, trial: &Trial) -> f64 {
        let instances = self.memory.as_bytes() / trial.memory.as_bytes();
        let by_memory = instances as f64 / trial.mean().as_secs_f64().max(1e-9);
        let by_cores = f64::from(self.cores) / profile.cpu_time.as_secs_f64();
        by_memory.min(by_cores)
    }
}

impl Allocation for MaximumThroughput {
    fn grid(&self) -> &[Memory] {
        self.grid.sizes()
    }

    fn choose(&self, profile: &Profile<'_>) -> Chosen {
        let most = profile.trials.iter().max_by(|a, b| {
            let by_throughput = self.throughput(profile, a).total_cmp(&self.throughput(profile, b));
            by_throughput
                .then_with(|| (Reverse(a.mean()), Reverse(a.memory)).cmp(&(Reverse(b.mean()), Reverse(b.memory))))
        });
        most.map_or(profile.memory, |trial| trial.memory).into()
    }
}
