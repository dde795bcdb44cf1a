//! Consistent hashing: each function has a home.

use serde::Deserialize;

use super::build::build_checked;
use super::hash::Key;
use super::ring::Ring;
use super::{BalanceView, LoadBalancing, Target};
use crate::policy::entry::{Build, Entry, Parameter};
use crate::policy::parameters::within;

/// The owner of the function (or app) on a ring of hashes, whatever its load. When a worker stops, its functions go to their next
/// neighbours and no other moves. O(log points).
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConsistentHashing {
    /// Points of each worker on the ring, 1 to 10000. Default 160, as in libketama: shares differ by about 8 %.
    pub virtual_nodes: u32,
    #[serde(skip)]
    ring: Ring,
}

impl Default for ConsistentHashing {
    fn default() -> Self {
        Self { virtual_nodes: 160, ring: Ring::default() }
    }
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn LoadBalancing> = Entry {
    name: "consistent_hashing",
    summary: "The owner of the function on a ring of hashes, whatever its load.",
    reference: "Karger et al., \"Consistent Hashing and Random Trees\", STOC 1997; libketama (160 points)",
    parameters: &[Parameter {
        name: "virtual_nodes",
        kind: "number",
        default: Some("160"),
        meaning: "points of each worker on the ring",
    }],
    example: "{ virtual_nodes = 160 }",
    build: Build::Function(|parameters| {
        build_checked(parameters, |policy: &ConsistentHashing| {
            within("virtual_nodes", policy.virtual_nodes, 1.0..=10_000.0)
        })
    }),
};

impl LoadBalancing for ConsistentHashing {
    fn choose(&mut self, view: &BalanceView<'_>) -> Target {
        self.ring.fill(view.workers.len(), self.virtual_nodes);
        self.ring.clockwise(Key::Unit(view.unit)).find(|worker| view.workers[*worker].up).into()
    }

    fn is_oblivious(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, policy};
    use super::*;

    fn homes(cluster: &mut Cluster, policy: &mut dyn LoadBalancing) -> Vec<u32> {
        (0..1000).map(|function| cluster.ask(policy, function).unwrap()).collect()
    }

    /// With v points each, the share of a worker has a standard deviation of about 1 / (n sqrt(v)), and the draw of 1000
    /// functions adds that of a multinomial.
    #[test]
    fn only_the_functions_of_a_stopped_worker_move() {
        const N: usize = 10;
        let (mut cluster, mut balancer) = (Cluster::new(&[1; N]), policy(&ENTRY, "{}"));
        let before = homes(&mut cluster, &mut *balancer);
        assert_eq!(before, homes(&mut cluster, &mut *balancer));
        let share = 1.0 / N as f64;
        let error = (share * share / 160.0 + share * (1.0 - share) / 1000.0).sqrt();
        for worker in 0..N as u32 {
            cluster.stop(&mut *balancer, worker);
            let after = homes(&mut cluster, &mut *balancer);
            let moved = before.iter().zip(&after).filter(|(before, after)| before != after);
            assert!(moved.clone().all(|(before, _)| *before == worker));
            assert!((moved.count() as f64 / 1000.0 - share).abs() < 4.0 * error, "worker {worker}");
            cluster.restart(&mut *balancer, worker);
        }
    }

    #[test]
    fn a_ring_without_points_is_refused() {
        let error = super::super::testing::try_policy(&ENTRY, "{ virtual_nodes = 0 }").err().unwrap();
        assert!(error.to_string().contains("`virtual_nodes` is 0"));
    }
}
