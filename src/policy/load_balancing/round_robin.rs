//! Round robin: one worker after the other.

use serde::Deserialize;

use super::build::build;
use super::{BalanceView, LoadBalancing, Target};
use crate::id::WorkerId;
use crate::policy::entry::{Build, Entry};

/// One worker after the other, whatever they have. O(1) and one step for each stopped worker on the way.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RoundRobin {
    /// Whose turn it is.
    #[serde(skip)]
    turn: usize,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn LoadBalancing> = Entry {
    name: "round_robin",
    summary: "One worker after the other, whatever they have.",
    reference: "NGINX and HAProxy, the default for equal weights",
    parameters: &[],
    example: "{}",
    build: Build::Function(build::<RoundRobin>),
};

impl LoadBalancing for RoundRobin {
    fn choose(&mut self, view: &BalanceView<'_>) -> Target {
        let workers = view.workers.len();
        let mut turns = (self.turn..self.turn + workers).map(|turn| WorkerId((turn % workers) as u32));
        let next = turns.find(|worker| view.workers[*worker].up);
        self.turn = next.map_or(self.turn, |worker| worker.index() + 1);
        next.into()
    }

    fn is_oblivious(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, policy};
    use super::*;

    #[test]
    fn turns_go_round_and_skip_the_stopped() {
        let (mut cluster, mut robin) = (Cluster::new(&[1; 3]), policy(&ENTRY, "{}"));
        let mut turns = |cluster: &mut Cluster| [(); 5].map(|()| cluster.ask(&mut *robin, 0).unwrap());
        assert_eq!(turns(&mut cluster), [0, 1, 2, 0, 1]);
        cluster.workers[WorkerId(2)].up = false;
        assert_eq!(turns(&mut cluster), [0, 1, 0, 1, 0]);
    }
}
