//! Consistent hashing with bounded loads.

use serde::Deserialize;

use super::build::build_checked;
use super::hash::Key;
use super::ring::Ring;
use super::working::Working;
use super::{BalanceView, LoadBalancing, Notice, Target};
use crate::id::WorkerId;
use crate::policy::entry::{Build, Entry, Parameter};
use crate::policy::parameters::within;

/// The first worker clockwise from the function's hash whose load is below ceil(c (m + 1) / n), with m invocations on n workers.
/// O(log points), and a walk of O(1 / (c - 1)^2) points on average.
///
/// When reported loads are so old that all workers seem full, it is the first one.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BoundedLoads {
    /// How much more than the mean load a worker may have, as a factor, 1 to 1000. Default 1.25.
    pub c: f64,
    /// Points of each worker on the ring, 1 to 10000. Default 10, as in lafikl/consistent.
    pub virtual_nodes: u32,
    #[serde(skip)]
    ring: Ring,
    #[serde(skip)]
    working: Working<WorkerId>,
}

impl Default for BoundedLoads {
    fn default() -> Self {
        Self { c: 1.25, virtual_nodes: 10, ring: Ring::default(), working: Working::default() }
    }
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn LoadBalancing> = Entry {
    name: "bounded_loads",
    summary: "Consistent hashing, but no worker gets more than c times the mean load: the next on the ring does.",
    reference: "Mirrokni, Thorup and Zadimoghaddam, \"Consistent Hashing with Bounded Loads\", SODA 2018; c = 1.25 in lafikl/consistent and brpc",
    parameters: &[
        Parameter {
            name: "c",
            kind: "number",
            default: Some("1.25"),
            meaning: "the most load of a worker, as a multiple of the mean",
        },
        Parameter {
            name: "virtual_nodes",
            kind: "number",
            default: Some("10"),
            meaning: "points of each worker on the ring",
        },
    ],
    example: "{ c = 1.25 }",
    build: Build::Function(|parameters| {
        build_checked(parameters, |policy: &BoundedLoads| {
            within("c", policy.c, 1.0..=1000.0)?;
            within("virtual_nodes", policy.virtual_nodes, 1.0..=10_000.0)
        })
    }),
};

impl LoadBalancing for BoundedLoads {
    fn choose(&mut self, view: &BalanceView<'_>) -> Target {
        self.ring.fill(view.workers.len(), self.virtual_nodes);
        let working = self.working.list(|| view.workers.up().map(|(id, _)| id)).len();
        let capacity = capacity(self.c, view.loads.total(), working);
        let clockwise = || self.ring.clockwise(Key::Unit(view.unit)).filter(|worker| view.workers[*worker].up);
        clockwise().find(|worker| view.loads.of(*worker) < capacity).or_else(|| clockwise().next()).into()
    }

    fn notice(&mut self, notice: Notice) {
        self.working.notice(notice);
    }
}

/// How many invocations each of `workers` workers may have when one comes to `in_flight` others.
fn capacity(c: f64, in_flight: u64, workers: usize) -> u32 {
    (c * (in_flight + 1) as f64 / workers as f64).ceil() as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{Cluster, policy, try_policy};
    use super::*;

    proptest! {
        /// The two properties of the paper: there is always room, and nobody has more than its capacity.
        #[test]
        fn loads_are_bounded(
            c in 1.0..3.0f64,
            workers in 1..12usize,
            steps in prop::collection::vec((0..3u8, 0..30u32), 0..300),
        ) {
            let mut cluster = Cluster::new(&vec![1; workers]);
            let mut balancer = policy(&ENTRY, &format!("{{ c = {c:?} }}"));
            let mut executing = Vec::new();
            for (what, function) in steps {
                if what == 0 && !executing.is_empty() {
                    let worker = executing.remove(function as usize % executing.len());
                    cluster.end(&mut *balancer, worker, 0, true);
                    continue;
                }
                let capacity = capacity(c, cluster.loads.total(), workers);
                prop_assert!(workers as u64 * u64::from(capacity) > cluster.loads.total());
                let worker = cluster.send(&mut *balancer, function).unwrap();
                prop_assert!(cluster.loads.of(WorkerId(worker)) <= capacity);
                executing.push(worker);
            }
        }
    }

    #[test]
    fn one_function_fills_its_home_and_then_the_next() {
        let (mut cluster, mut balancer) = (Cluster::new(&[1; 4]), policy(&ENTRY, "{ c = 2 }"));
        let sent = [(); 8].map(|()| cluster.send(&mut *balancer, 1).unwrap());
        // Capacities are 1 1 2 2 3 3 4 4.
        let [home, next, ..] = sent;
        assert!(home != next);
        assert_eq!(sent, [home, next, home, next, home, next, home, next]);
    }

    #[test]
    fn capacities_by_hand() {
        assert_eq!([0, 3, 4, 7, 8].map(|in_flight| capacity(1.25, in_flight, 5)), [1, 1, 2, 2, 3]);
        assert_eq!([0, 4, 5].map(|in_flight| capacity(1.0, in_flight, 5)), [1, 1, 2]);
    }

    #[test]
    fn less_than_the_mean_is_refused() {
        assert!(try_policy(&ENTRY, "{ c = 0.9 }").err().unwrap().to_string().contains("`c` is 0.9"));
        assert!(try_policy(&ENTRY, "{ c = nan }").is_err());
    }
}
