//! Join idle queue: workers tell when they are idle.

use serde::Deserialize;

use super::build::build;
use super::choice::any;
use super::free_cores::FreeCores;
use super::working::Working;
use super::{BalanceView, LoadBalancing, Notice, Target};
use crate::id::WorkerId;
use crate::policy::entry::{Build, Entry};

/// The worker with a free core that has waited longest in the queue of the idle; if there is none, any worker, with equal chances.
/// O(1), amortized.
///
/// Lu et al. have single processors, which join the queue when they have nothing to do; here that is a core. The balancer needs no
/// reports of load: it hears of every end.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JoinIdleQueue {
    #[serde(skip)]
    idle: FreeCores,
    #[serde(skip)]
    working: Working<WorkerId>,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn LoadBalancing> = Entry {
    name: "join_idle_queue",
    summary: "A worker that has told that a core is idle; if there is none, any worker.",
    reference: "Lu et al., \"Join-Idle-Queue: A Novel Load Balancing Algorithm for Dynamically Scalable Web Services\", Performance 2011",
    parameters: &[],
    example: "{}",
    build: Build::Function(build::<JoinIdleQueue>),
};

impl LoadBalancing for JoinIdleQueue {
    fn choose(&mut self, view: &BalanceView<'_>) -> Target {
        self.idle.open(view.workers);
        let working = self.working.list(|| view.workers.up().map(|(id, _)| id));
        let idle = self.idle.assign_next();
        idle.or_else(|| any(working, &mut view.random()).inspect(|worker| self.idle.assign(*worker))).into()
    }

    fn notice(&mut self, notice: Notice) {
        self.idle.notice(notice);
        self.working.notice(notice);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, frequencies, policy};
    use super::*;

    #[test]
    fn the_idle_queue_by_hand() {
        let (mut cluster, mut jiq) = (Cluster::new(&[1; 3]), policy(&ENTRY, "{}"));
        let send = |cluster: &mut Cluster, jiq: &mut dyn LoadBalancing| cluster.send(jiq, 0).unwrap();
        assert_eq!([(); 3].map(|()| send(&mut cluster, &mut *jiq)), [0, 1, 2]);
        // 2 and 0 join the queue in this order.
        cluster.end(&mut *jiq, 2, 0, true);
        cluster.end(&mut *jiq, 0, 0, true);
        assert_eq!([(); 2].map(|()| send(&mut cluster, &mut *jiq)), [2, 0]);
        // Nobody is idle: one worker gets a second invocation, and is idle only after both have ended.
        let twice = send(&mut cluster, &mut *jiq);
        cluster.end(&mut *jiq, twice, 0, true);
        let once = (twice + 1) % 3;
        cluster.end(&mut *jiq, once, 0, true);
        assert_eq!(send(&mut cluster, &mut *jiq), once);
        // A stopped worker leaves the queue, and joins it when it is back.
        cluster.end(&mut *jiq, twice, 0, true);
        cluster.stop(&mut *jiq, twice);
        cluster.end(&mut *jiq, once, 0, true);
        assert_eq!(send(&mut cluster, &mut *jiq), once);
        cluster.restart(&mut *jiq, twice);
        assert_eq!(send(&mut cluster, &mut *jiq), twice);
    }

    /// Four cores join four times.
    #[test]
    fn every_core_counts() {
        let (mut cluster, mut jiq) = (Cluster::new(&[1, 4]), policy(&ENTRY, "{}"));
        assert_eq!([(); 5].map(|()| cluster.send(&mut *jiq, 0).unwrap()), [0, 1, 1, 1, 1]);
        frequencies((0..2_000).map(|_| cluster.send(&mut *jiq, 0)), &[1.0, 1.0]);
    }
}
