//! Late binding: one central queue.

use serde::Deserialize;

use super::build::build;
use super::free_cores::FreeCores;
use super::{BalanceView, LoadBalancing, Notice, Target};
use crate::policy::entry::{Build, Entry, Parameter};

/// A worker with a free core, else nowhere: invocations wait in one queue at the front door until a core is free, so that nobody
/// waits at a busy worker while another is free (M/G/c). O(1), amortized; O(workers with instances of the function) if warm ones are
/// preferred.
///
/// This is "L" in the taxonomy of Hermod; the scheduling policy at the front door orders the queue.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LateBinding {
    /// Whether a free worker with an idle instance of the function goes before the one that has waited longest. Default true.
    pub prefer_warm: bool,
    #[serde(skip)]
    free: FreeCores,
}

impl Default for LateBinding {
    fn default() -> Self {
        Self { prefer_warm: true, free: FreeCores::default() }
    }
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn LoadBalancing> = Entry {
    name: "late_binding",
    summary: "A worker with a free core; while there is none, invocations wait in one central queue.",
    reference: "Kaffes et al., \"Hermod: Principled and Practical Scheduling for Serverless Functions\", SoCC 2022 (L/*/FCFS)",
    parameters: &[Parameter {
        name: "prefer_warm",
        kind: "true or false",
        default: Some("true"),
        meaning: "whether free workers with an idle instance of the function go first",
    }],
    example: "{ prefer_warm = false }",
    build: Build::Function(build::<LateBinding>),
};

impl LoadBalancing for LateBinding {
    fn choose(&mut self, view: &BalanceView<'_>) -> Target {
        self.free.open(view.workers);
        let mut warm = view.sites().filter(|site| self.prefer_warm && site.idle > 0).map(|site| site.worker);
        let warm = warm.find(|worker| self.free.is_free(*worker)).inspect(|worker| self.free.assign(*worker));
        warm.or_else(|| self.free.assign_next()).into()
    }

    fn notice(&mut self, notice: Notice) {
        self.free.notice(notice);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, policy};
    use super::*;

    #[test]
    fn invocations_wait_until_a_core_is_free() {
        let (mut cluster, mut late) = (Cluster::new(&[1, 2]), policy(&ENTRY, "{}"));
        let sent = [(); 4].map(|()| cluster.send(&mut *late, 0));
        assert_eq!(sent, [Some(0), Some(1), Some(1), None]);
        cluster.end(&mut *late, 1, 0, true);
        assert_eq!([(); 2].map(|()| cluster.send(&mut *late, 0)), [Some(1), None]);
        cluster.stop(&mut *late, 1);
        assert_eq!(cluster.send(&mut *late, 0), None);
        cluster.restart(&mut *late, 1);
        assert_eq!([(); 3].map(|()| cluster.send(&mut *late, 0)), [Some(1), Some(1), None]);
    }

    #[test]
    fn warm_workers_first_if_they_are_free() {
        for (parameters, expected) in [("{}", [2, 2, 0, 1]), ("{ prefer_warm = false }", [0, 1, 2, 2])] {
            let (mut cluster, mut late) = (Cluster::new(&[1, 1, 2]), policy(&ENTRY, parameters));
            cluster.idle(3, 2, 3);
            assert_eq!([(); 4].map(|()| cluster.send(&mut *late, 3).unwrap()), expected, "{parameters}");
        }
    }
}
