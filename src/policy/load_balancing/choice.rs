//! What several balancers choose by.

use std::cmp::Ordering;

use super::BalanceView;
use crate::id::WorkerId;
use crate::platform::worker::Worker;
use crate::random::Stream;

/// Any of these workers, with equal chances; none of none.
pub(super) fn any(workers: &[WorkerId], random: &mut Stream) -> Option<WorkerId> {
    workers.get(random.index(workers.len().max(1))).copied()
}

/// Any of the workers with the least key, with equal chances; none of none. Keys are comparable numbers.
pub(super) fn least<K: PartialOrd>(keys: impl Iterator<Item = (WorkerId, K)>, random: &mut Stream) -> Option<WorkerId> {
    let mut least: Option<(WorkerId, K)> = None;
    let mut equals = 1;
    for (worker, key) in keys {
        let order = least.as_ref().and_then(|(_, least)| key.partial_cmp(least)).unwrap_or(Ordering::Less);
        match order {
            Ordering::Less => (least, equals) = (Some((worker, key)), 1),
            Ordering::Equal => {
                equals += 1;
                least = if random.index(equals) == 0 { Some((worker, key)) } else { least };
            }
            Ordering::Greater => {}
        }
    }
    least.map(|(worker, _)| worker)
}

/// A worker that works, as the function of an invocation finds it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'a> {
    /// Which.
    pub id: WorkerId,
    /// What it is.
    pub worker: &'a Worker,
    /// Its load, as last reported.
    pub load: u32,
    /// Whether an instance of the function is idle there.
    pub warm: bool,
}

/// The workers that work, in the order of their ids. O(workers).
pub(super) fn survey<'a>(view: &'a BalanceView<'_>) -> impl Iterator<Item = Found<'a>> {
    let mut sites = view.sites().peekable();
    view.workers.up().map(move |(id, worker)| {
        while sites.next_if(|site| site.worker < id).is_some() {}
        let warm = sites.peek().is_some_and(|site| site.worker == id && site.idle > 0);
        Found { id, worker, load: view.loads.of(id), warm }
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, frequencies};
    use super::*;
    use crate::random::{Purpose, Streams};

    /// Three of five are least: each gets a third, within 4 standard errors.
    #[test]
    fn ties_are_broken_with_equal_chances() {
        let mut random = Streams::new(3, 0).stream(Purpose::LoadBalancing, 0);
        let keys = [2.0, 1.0, 1.0, 3.0, 1.0];
        let draws = (0..9_000).map(|_| least((0..).map(WorkerId).zip(keys), &mut random).map(|worker| worker.0));
        frequencies(draws, &[0.0, 1.0, 1.0, 0.0, 1.0]);
        assert_eq!(least(std::iter::empty::<(WorkerId, u32)>(), &mut random), None);
    }

    #[test]
    fn the_survey_finds_idle_instances_of_workers_that_work() {
        let mut cluster = Cluster::new(&[1; 5]);
        [0, 1, 3].into_iter().for_each(|worker| cluster.idle(7, worker, 2));
        cluster.idle(7, 3, 0);
        cluster.workers[WorkerId(0)].up = false;
        let found: Vec<_> = survey(&cluster.view(7, 0)).map(|found| (found.id.0, found.warm)).collect();
        assert_eq!(found, [(1, true), (2, false), (3, false), (4, false)]);
    }
}
