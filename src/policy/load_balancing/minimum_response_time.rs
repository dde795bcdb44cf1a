//! Minimum response time: t_min = min t_i.

use serde::Deserialize;

use super::build::build;
use super::choice::{Found, least, survey};
use super::{BalanceView, LoadBalancing, Target};
use crate::policy::entry::{Build, Entry};

/// The worker with the least expected response time t_i, the least load per core among equals, then ties at random. O(workers).
///
/// t_i = e / speed x max(1, (load + 1) / cores) + cold, where e is the mean execution time of the function so far, and cold is its
/// mean cold start where no instance of it is idle, else 0. The first term is the response time under processor sharing, and that of
/// a queue whose other invocations are as long as this one. What has not been seen yet counts as 0.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MinimumResponseTime {}

/// The catalog's entry.
pub const ENTRY: Entry<dyn LoadBalancing> = Entry {
    name: "minimum_response_time",
    summary: "The worker with the least expected response time, from its load, the mean execution time and the mean cold start.",
    reference: "shortest expected delay: Banawan and Zahorjan, \"Load Sharing in Heterogeneous Queueing Systems\", INFOCOM 1989; with cold starts added",
    parameters: &[],
    example: "{}",
    build: Build::Function(build::<MinimumResponseTime>),
};

impl LoadBalancing for MinimumResponseTime {
    fn choose(&mut self, view: &BalanceView<'_>) -> Target {
        let history = &view.history[view.function];
        let execution = history.mean_execution().unwrap_or_default().as_secs_f64();
        let cold_start = history.mean_cold_start().unwrap_or_default().as_secs_f64();
        let key = |found: Found<'_>| {
            let per_core = f64::from(found.load + 1) / f64::from(found.worker.cores);
            let cold = if found.warm { 0.0 } else { cold_start };
            (found.id, (execution / found.worker.speed * per_core.max(1.0) + cold, per_core))
        };
        least(survey(view).map(key), &mut view.random()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, frequencies, policy};
    use super::*;
    use crate::id::{FunctionId, WorkerId};
    use crate::time::Span;

    /// Execution 1 s, cold start 2 s. Worker 0 (4 cores, load 11, warm): 3 s; worker 1 (1 core, load 0, cold): 3 s; worker 2 (2
    /// cores, load 1, cold, half the speed): 4 s.
    #[test]
    fn by_hand() {
        let (mut cluster, mut balancer) = (Cluster::new(&[4, 1, 2]), policy(&ENTRY, "{}"));
        cluster.workers[WorkerId(2)].speed = 0.5;
        cluster.history.executed(FunctionId(5), Span::from_secs(1));
        cluster.history.started(FunctionId(5), Span::from_secs(2));
        cluster.idle(5, 0, 1);
        cluster.load(2, 1);
        let mut choose = |load| {
            cluster.load(0, load);
            cluster.ask(&mut *balancer, 5)
        };
        // At 11 both need 3 s, and worker 1 has less load per core.
        assert_eq!([0, 10, 11, 12].map(&mut choose), [Some(0), Some(0), Some(1), Some(1)]);
        // Without the first worker's idle instance, its cold start makes 5 s of 3 s.
        cluster.idle(5, 0, 0);
        cluster.load(0, 11);
        cluster.load(1, 2);
        assert_eq!(cluster.ask(&mut *balancer, 5), Some(2));
    }

    #[test]
    fn before_anything_is_known_load_per_core_decides() {
        let (mut cluster, mut balancer) = (Cluster::new(&[4, 1, 2]), policy(&ENTRY, "{}"));
        [3, 0, 0].into_iter().zip(0..).for_each(|(load, worker)| cluster.load(worker, load));
        assert_eq!(cluster.ask(&mut *balancer, 0), Some(2));
        cluster.load(0, 1);
        frequencies((0..1_000).map(|_| cluster.ask(&mut *balancer, 0)), &[1.0, 0.0, 1.0]);
    }
}
