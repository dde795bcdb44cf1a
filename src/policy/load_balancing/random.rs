//! Random: any worker, with equal chances.

use serde::Deserialize;

use super::build::build;
use super::choice::any;
use super::working::Working;
use super::{BalanceView, LoadBalancing, Notice, Target};
use crate::id::WorkerId;
use crate::policy::entry::{Build, Entry};

/// Any worker, with equal chances. O(1).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Random {
    #[serde(skip)]
    working: Working<WorkerId>,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn LoadBalancing> = Entry {
    name: "random",
    summary: "Any worker, with equal chances: knows nothing, the bound from below for all others.",
    reference: "Mitzenmacher, \"The Power of Two Choices in Randomized Load Balancing\", IEEE TPDS 2001 (d = 1)",
    parameters: &[],
    example: "{}",
    build: Build::Function(build::<Random>),
};

impl LoadBalancing for Random {
    fn choose(&mut self, view: &BalanceView<'_>) -> Target {
        let working = self.working.list(|| view.workers.up().map(|(id, _)| id));
        any(working, &mut view.random()).into()
    }

    fn notice(&mut self, notice: Notice) {
        self.working.notice(notice);
    }

    fn is_oblivious(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, frequencies, policy};
    use super::*;

    #[test]
    fn each_worker_has_the_same_chance() {
        let (mut cluster, mut random) = (Cluster::new(&[1, 2, 3, 4]), policy(&ENTRY, "{}"));
        frequencies((0..10_000).map(|_| cluster.ask(&mut *random, 0)), &[1.0; 4]);
        cluster.stop(&mut *random, 1);
        frequencies((0..10_000).map(|_| cluster.ask(&mut *random, 0)), &[1.0, 0.0, 1.0, 1.0]);
    }
}
