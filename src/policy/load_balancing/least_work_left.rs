//! Least work left: a bound that knows all execution times.

use serde::Deserialize;

use super::build::build;
use super::choice::least;
use super::{BalanceView, LoadBalancing, Target};
use crate::policy::entry::{Build, Entry};

/// The worker with the least work left per core, counting the true execution times of all that waits or executes there, ties at
/// random. An oracle. O(workers).
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeastWorkLeft {}

/// The catalog's entry.
pub const ENTRY: Entry<dyn LoadBalancing> = Entry {
    name: "least_work_left",
    summary: "The worker with the least work left per core; an oracle that knows execution times.",
    reference: "Harchol-Balter, \"Performance Modeling and Design of Computer Systems\", 2013, chapter 24",
    parameters: &[],
    example: "{}",
    build: Build::Function(build::<LeastWorkLeft>),
};

impl LoadBalancing for LeastWorkLeft {
    fn choose(&mut self, view: &BalanceView<'_>) -> Target {
        // The engine tells an oracle; without its word all workers are equal.
        let left = view.work_left.unwrap_or_default();
        least(view.workers.up().map(|(id, _)| (id, left.get(id.index()))), &mut view.random()).into()
    }

    fn is_oracle(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, frequencies, policy};
    use super::*;
    use crate::time::Span;

    #[test]
    fn work_counts_and_not_the_number_of_invocations() {
        let (mut cluster, mut balancer) = (Cluster::new(&[1; 4]), policy(&ENTRY, "{}"));
        cluster.load(1, 9);
        cluster.work_left = [5, 2, 3, 2].map(Span::from_secs).into();
        frequencies((0..2_000).map(|_| cluster.ask(&mut *balancer, 0)), &[0.0, 1.0, 0.0, 1.0]);
        cluster.stop(&mut *balancer, 1);
        assert_eq!(cluster.ask(&mut *balancer, 0), Some(3));
    }
}
