//! Power of d choices: the least loaded of a few.

use serde::Deserialize;

use super::build::build_checked;
use super::choice::least;
use super::working::Working;
use super::{BalanceView, LoadBalancing, Notice, Target};
use crate::id::WorkerId;
use crate::policy::entry::{Build, Entry, Parameter};
use crate::policy::parameters::within;
use crate::random::Stream;

/// The least loaded of `d` different workers that are drawn with equal chances, ties at random. O(d^2).
///
/// Drawn without replacement: a balancer would not ask a worker twice, and d = workers is least connections. The mean field of the
/// theory does not tell the difference.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PowerOfD {
    /// How many workers are asked, 1 to 1000. Default 2.
    pub d: u32,
    #[serde(skip)]
    working: Working<WorkerId>,
    #[serde(skip)]
    sample: Vec<usize>,
}

impl Default for PowerOfD {
    fn default() -> Self {
        Self { d: 2, working: Working::default(), sample: Vec::new() }
    }
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn LoadBalancing> = Entry {
    name: "power_of_d",
    summary: "The least loaded of d workers drawn at random.",
    reference: "Mitzenmacher, \"The Power of Two Choices in Randomized Load Balancing\", IEEE TPDS 2001; Vvedenskaya et al. 1996; NGINX `random two least_conn`",
    parameters: &[Parameter { name: "d", kind: "number", default: Some("2"), meaning: "how many workers are asked" }],
    example: "{ d = 3 }",
    build: Build::Function(|parameters| {
        build_checked(parameters, |policy: &PowerOfD| within("d", policy.d, 1.0..=1000.0))
    }),
};

impl LoadBalancing for PowerOfD {
    fn choose(&mut self, view: &BalanceView<'_>) -> Target {
        let working = self.working.list(|| view.workers.up().map(|(id, _)| id));
        let mut random = view.random();
        draw(&mut self.sample, self.d as usize, working.len(), &mut random);
        let asked = self.sample.iter().map(|position| working[*position]);
        least(asked.map(|worker| (worker, view.loads.of(worker))), &mut random).into()
    }

    fn notice(&mut self, notice: Notice) {
        self.working.notice(notice);
    }
}

/// `d` different numbers below `n`, or all of them: Floyd's algorithm (Bentley and Floyd, CACM 1987).
fn draw(sample: &mut Vec<usize>, d: usize, n: usize, random: &mut Stream) {
    sample.clear();
    for last in n.saturating_sub(d)..n {
        let drawn = random.index(last + 1);
        let drawn = if sample.contains(&drawn) { last } else { drawn };
        sample.push(drawn);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, frequencies, policy, try_policy};
    use super::*;

    /// The worker of rank i (from 0) of n is least of 2 when the other is of a higher rank: 2 (n - 1 - i) of n (n - 1) pairs.
    #[test]
    fn the_chances_of_the_ranks() {
        let (mut cluster, mut two) = (Cluster::new(&[1; 5]), policy(&ENTRY, "{}"));
        (0..5).for_each(|worker| cluster.load(worker, worker));
        frequencies((0..10_000).map(|_| cluster.ask(&mut *two, 0)), &[4.0, 3.0, 2.0, 1.0, 0.0]);
        // Stopped workers are not asked.
        cluster.stop(&mut *two, 1);
        frequencies((0..10_000).map(|_| cluster.ask(&mut *two, 0)), &[3.0, 0.0, 2.0, 1.0, 0.0]);
    }

    #[test]
    fn equals_have_equal_chances() {
        let (mut cluster, mut three) = (Cluster::new(&[1; 5]), policy(&ENTRY, "{ d = 3 }"));
        frequencies((0..10_000).map(|_| cluster.ask(&mut *three, 0)), &[1.0; 5]);
    }

    #[test]
    fn asking_all_is_least_connections() {
        let (mut cluster, mut all) = (Cluster::new(&[1; 5]), policy(&ENTRY, "{ d = 100 }"));
        [3, 1, 4, 1, 5].into_iter().zip(0..).for_each(|(load, worker)| cluster.load(worker, load));
        frequencies((0..1_000).map(|_| cluster.ask(&mut *all, 0)), &[0.0, 1.0, 0.0, 1.0, 0.0]);
    }

    #[test]
    fn to_ask_nobody_is_refused() {
        assert!(try_policy(&ENTRY, "{ d = 0 }").err().unwrap().to_string().contains("`d` is 0"));
    }
}
