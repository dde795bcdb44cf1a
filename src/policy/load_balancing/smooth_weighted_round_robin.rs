//! Smooth weighted round robin: turns in proportion to cores, well mixed.

use std::cmp::Reverse;

use serde::Deserialize;

use super::build::build;
use super::{BalanceView, LoadBalancing, Target};
use crate::policy::entry::{Build, Entry};

/// Turns in proportion to cores, spread evenly: at each turn every worker earns its cores, the richest is chosen (the first of
/// equals) and pays the sum. O(workers).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SmoothWeightedRoundRobin {
    #[serde(skip)]
    credit: Vec<i64>,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn LoadBalancing> = Entry {
    name: "smooth_weighted_round_robin",
    summary: "Turns in proportion to cores, spread evenly instead of in bursts.",
    reference: "NGINX 1.3.1, ngx_http_upstream_round_robin (Sysoev, 2012)",
    parameters: &[],
    example: "{}",
    build: Build::Function(build::<SmoothWeightedRoundRobin>),
};

impl LoadBalancing for SmoothWeightedRoundRobin {
    fn choose(&mut self, view: &BalanceView<'_>) -> Target {
        self.credit.resize(view.workers.len(), 0);
        let mut sum = 0;
        for (id, worker) in view.workers.up() {
            self.credit[id.index()] += i64::from(worker.cores);
            sum += i64::from(worker.cores);
        }
        let working = view.workers.up().map(|(id, _)| id);
        let richest = working.max_by_key(|id| (self.credit[id.index()], Reverse(*id)));
        richest.inspect(|id| self.credit[id.index()] -= sum).into()
    }

    fn is_oblivious(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, policy};
    use super::*;

    /// The sequence in the commit message that introduced the rule to NGINX: weights 5, 1, 1 give a a b a c a a.
    #[test]
    fn the_sequence_of_nginx() {
        let (mut cluster, mut robin) = (Cluster::new(&[5, 1, 1]), policy(&ENTRY, "{}"));
        for _ in 0..3 {
            assert_eq!([(); 7].map(|()| cluster.ask(&mut *robin, 0).unwrap()), [0, 0, 1, 0, 2, 0, 0]);
        }
        cluster.stop(&mut *robin, 0);
        assert_eq!([(); 4].map(|()| cluster.ask(&mut *robin, 0).unwrap()), [1, 2, 1, 2]);
    }
}
