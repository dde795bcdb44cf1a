//! Weighted random: chances in proportion to cores.

use serde::Deserialize;

use super::build::build;
use super::working::Working;
use super::{BalanceView, LoadBalancing, Notice, Target};
use crate::id::WorkerId;
use crate::platform::worker::Workers;
use crate::policy::entry::{Build, Entry};

/// A worker with a chance in proportion to its cores. O(log workers), by bisection of the cumulative sum.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WeightedRandom {
    /// The cores of each worker and of those before it.
    #[serde(skip)]
    cumulative: Working<(usize, WorkerId)>,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn LoadBalancing> = Entry {
    name: "weighted_random",
    summary: "A worker with a chance in proportion to its cores.",
    reference: "Envoy, load balancers, \"Random\" with host weights; Devroye, \"Non-Uniform Random Variate Generation\", 1986, III.2 (inversion)",
    parameters: &[],
    example: "{}",
    build: Build::Function(build::<WeightedRandom>),
};

impl LoadBalancing for WeightedRandom {
    fn choose(&mut self, view: &BalanceView<'_>) -> Target {
        let cumulative = self.cumulative.list(|| cumulative(view.workers));
        let total = cumulative.last().map_or(1, |(total, _)| *total);
        let drawn = view.random().index(total);
        let position = cumulative.partition_point(|(end, _)| *end <= drawn);
        cumulative.get(position).map(|(_, worker)| *worker).into()
    }

    fn notice(&mut self, notice: Notice) {
        self.cumulative.notice(notice);
    }

    fn is_oblivious(&self) -> bool {
        true
    }
}

fn cumulative(workers: &Workers) -> impl Iterator<Item = (usize, WorkerId)> {
    workers.up().scan(0, |sum, (id, worker)| {
        *sum += worker.cores as usize;
        Some((*sum, id))
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, frequencies, policy};
    use super::*;

    #[test]
    fn chances_are_in_proportion_to_cores() {
        let (mut cluster, mut random) = (Cluster::new(&[1, 16, 3, 4]), policy(&ENTRY, "{}"));
        frequencies((0..10_000).map(|_| cluster.ask(&mut *random, 0)), &[1.0, 16.0, 3.0, 4.0]);
        cluster.stop(&mut *random, 1);
        frequencies((0..10_000).map(|_| cluster.ask(&mut *random, 0)), &[1.0, 0.0, 3.0, 4.0]);
    }
}
