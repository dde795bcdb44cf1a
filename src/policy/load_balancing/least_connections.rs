//! Least connections: the worker with the fewest invocations, also known as join the shortest queue.

use crate::policy::entry::{Build, Entry, read};
use crate::policy::load_balancing::{BalanceView, LoadBalancing, Target};

/// A worker with the least load, ties at random. O(1).
#[derive(Debug, Clone, Copy, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeastConnections {}

/// The catalog's entry.
pub const ENTRY: Entry<dyn LoadBalancing> = Entry {
    name: "least_connections",
    summary: "The worker with the fewest invocations that wait or execute, ties at random.",
    reference: "NGINX least_conn; join the shortest queue: Winston, \"Optimality of the Shortest Line Discipline\", J. Appl. Prob. 1977",
    parameters: &[],
    example: "{}",
    build: Build::Function(|parameters| {
        let policy: LeastConnections = read(parameters)?;
        Ok(Box::new(move || Box::new(policy)))
    }),
};

impl LoadBalancing for LeastConnections {
    fn choose(&mut self, view: &BalanceView<'_>) -> Target {
        match view.loads.least() {
            [] => Target::Wait,
            [only] => Target::Worker(*only),
            least => Target::Worker(least[view.random().index(least.len())]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, frequencies, policy};
    use super::*;

    #[test]
    fn the_fewest_and_equals_with_equal_chances() {
        let (mut cluster, mut balancer) = (Cluster::new(&[1, 1, 8, 1]), policy(&ENTRY, "{}"));
        [2, 1, 3, 1].into_iter().zip(0..).for_each(|(load, worker)| cluster.load(worker, load));
        frequencies((0..2_000).map(|_| cluster.ask(&mut *balancer, 0)), &[0.0, 1.0, 0.0, 1.0]);
        cluster.stop(&mut *balancer, 1);
        cluster.stop(&mut *balancer, 3);
        assert_eq!(cluster.ask(&mut *balancer, 0), Some(0));
    }
}
