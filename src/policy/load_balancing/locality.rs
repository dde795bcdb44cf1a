//! Locality by hash: a home for each function, and a fixed way on from there.

use serde::Deserialize;

use super::build::build_checked;
use super::hash::{Key, hash};
use super::{BalanceView, LoadBalancing, Target};
use crate::id::WorkerId;
use crate::policy::entry::{Build, Entry, Parameter};
use crate::policy::parameters::within;

/// Worker hash mod n, then `step` further until the function fits: an instance of it is idle there, or there is free memory for
/// one. If it fits nowhere, the first. O(workers) at worst.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Locality {
    /// How many workers further, 1 to 10000; with a common divisor of the number of workers, some are never reached. Default 1.
    pub step: u32,
    /// Whether only an idle instance will do, not free memory. Default false.
    pub warm_only: bool,
}

impl Default for Locality {
    fn default() -> Self {
        Self { step: 1, warm_only: false }
    }
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn LoadBalancing> = Entry {
    name: "locality",
    summary: "The function's home by hash, then one step further until it fits.",
    reference: "dslab-faas, LocalityBasedScheduler",
    parameters: &[
        Parameter { name: "step", kind: "number", default: Some("1"), meaning: "how many workers further" },
        Parameter {
            name: "warm_only",
            kind: "true or false",
            default: Some("false"),
            meaning: "whether only an idle instance of the function will do, not free memory",
        },
    ],
    example: "{ step = 1, warm_only = true }",
    build: Build::Function(|parameters| {
        build_checked(parameters, |policy: &Locality| within("step", policy.step, 1.0..=10_000.0))
    }),
};

impl LoadBalancing for Locality {
    fn choose(&mut self, view: &BalanceView<'_>) -> Target {
        let workers = view.workers.len() as u64;
        let at = |steps: u64| (hash(Key::Unit(view.unit)) % workers + steps * u64::from(self.step)) % workers;
        let mut way = (0..workers).map(|steps| WorkerId(at(steps) as u32)).filter(|worker| view.workers[*worker].up);
        let fits = |worker: &WorkerId| {
            view.idle_on(*worker) > 0 || !self.warm_only && view.workers[*worker].free() >= view.memory
        };
        let any = || view.workers.up().map(|(id, _)| id).next();
        way.clone().find(fits).or_else(|| way.next()).or_else(any).into()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, policy};
    use super::*;

    #[test]
    fn steps_until_it_fits() {
        let (mut cluster, mut locality) = (Cluster::new(&[1; 5]), policy(&ENTRY, "{ step = 2 }"));
        let home = (hash(Key::Unit(3)) % 5) as u32;
        let way = [0, 2, 4, 1, 3].map(|further| (home + further) % 5);
        assert_eq!(cluster.ask(&mut *locality, 3), Some(way[0]));
        // Full workers are passed by.
        way[..3].iter().for_each(|worker| cluster.workers[WorkerId(*worker)].used = cluster.memory);
        way[..3].iter().for_each(|worker| cluster.workers[WorkerId(*worker)].memory = cluster.memory);
        assert_eq!(cluster.ask(&mut *locality, 3), Some(way[3]));
        // An idle instance needs no memory; a stopped worker does not count.
        cluster.idle(3, way[1], 1);
        assert_eq!(cluster.ask(&mut *locality, 3), Some(way[1]));
        cluster.stop(&mut *locality, way[1]);
        cluster.stop(&mut *locality, way[3]);
        assert_eq!(cluster.ask(&mut *locality, 3), Some(way[4]));
        // It fits nowhere: the first that works.
        cluster.memory = crate::amount::Memory::from_mib(5000);
        assert_eq!(cluster.ask(&mut *locality, 3), Some(way[0]));
    }

    #[test]
    fn only_warm_workers_will_do() {
        let (mut cluster, mut locality) = (Cluster::new(&[1; 5]), policy(&ENTRY, "{ warm_only = true }"));
        let home = (hash(Key::Unit(3)) % 5) as u32;
        assert_eq!(cluster.ask(&mut *locality, 3), Some(home));
        cluster.idle(3, (home + 3) % 5, 1);
        assert_eq!(cluster.ask(&mut *locality, 3), Some((home + 3) % 5));
    }
}
