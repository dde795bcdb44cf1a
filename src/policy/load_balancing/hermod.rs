//! Hermod's hybrid: consolidate at low load, balance at high load.

use std::cmp::Ordering;

use serde::Deserialize;

use super::build::build;
use super::choice::{Found, survey};
use super::{BalanceView, LoadBalancing, Target};
use crate::policy::entry::{Build, Entry};

/// Low load (a worker has fewer invocations than cores): among those workers, one that executes something and has an idle instance of
/// the function; else one that executes something; else an empty one with an idle instance; else an empty one. High load: the least
/// load per core, with an idle instance if there is a choice. The first of equals. O(workers).
///
/// The "H" of E/H/PS: early binding, hybrid, with processor sharing on the workers. Load is the number of invocations.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hermod {}

/// The catalog's entry.
pub const ENTRY: Entry<dyn LoadBalancing> = Entry {
    name: "hermod",
    summary: "Few workers, warm ones first, while one has a free core; then the least loaded.",
    reference: "Kaffes et al., \"Hermod: Principled and Practical Scheduling for Serverless Functions\", SoCC 2022 (E/H/PS); dslab-faas, HermodScheduler",
    parameters: &[],
    example: "{}",
    build: Build::Function(build::<Hermod>),
};

impl LoadBalancing for Hermod {
    fn choose(&mut self, view: &BalanceView<'_>) -> Target {
        let free = survey(view).filter(|found| found.load < found.worker.cores);
        let low = free.min_by_key(|found| (found.load == 0, !found.warm));
        low.or_else(|| survey(view).min_by(by_load)).map(|found| found.id).into()
    }
}

/// By load per core, exactly; equals by whether they are warm.
fn by_load(one: &Found<'_>, other: &Found<'_>) -> Ordering {
    let load = |of: &Found<'_>, than: &Found<'_>| u64::from(of.load) * u64::from(than.worker.cores);
    load(one, other).cmp(&load(other, one)).then(other.warm.cmp(&one.warm))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, policy};
    use super::*;

    /// The four ranks by hand: each time, the best of the ranks is taken away.
    #[test]
    fn low_load_fills_warm_and_busy_workers_first() {
        let (mut cluster, mut hermod) = (Cluster::new(&[2; 6]), policy(&ENTRY, "{}"));
        // 0, 1: empty; 2: empty and warm; 3: busy; 4: busy and warm; 5: warm without a free core.
        [0, 0, 0, 1, 1, 2].into_iter().zip(0..).for_each(|(load, worker)| cluster.load(worker, load));
        [2, 4, 5].into_iter().for_each(|worker| cluster.idle(9, worker, 1));
        for expected in [4, 3, 2, 0, 1] {
            assert_eq!(cluster.ask(&mut *hermod, 9), Some(expected));
            cluster.load(expected, 2);
        }
    }

    #[test]
    fn high_load_goes_to_the_least_loaded_then_to_the_warm() {
        let (mut cluster, mut hermod) = (Cluster::new(&[2, 2, 4, 2]), policy(&ENTRY, "{}"));
        [4, 3, 6, 3].into_iter().zip(0..).for_each(|(load, worker)| cluster.load(worker, load));
        cluster.idle(9, 0, 1);
        assert_eq!(cluster.ask(&mut *hermod, 9), Some(1), "1.5 per core, the first of three");
        cluster.idle(9, 2, 1);
        assert_eq!(cluster.ask(&mut *hermod, 9), Some(2), "1.5 per core and warm");
        cluster.load(2, 7);
        assert_eq!(cluster.ask(&mut *hermod, 9), Some(1));
    }
}
