//! Hiku: workers pull work for which they hold an idle instance.

use serde::Deserialize;

use super::build::build;
use super::choice::any;
use super::{BalanceView, LoadBalancing, Notice, Target};
use crate::id::WorkerId;
use crate::platform::loads::Loads;
use crate::platform::worker::Workers;
use crate::policy::entry::{Build, Entry};

/// A worker that has told that it holds an idle instance of the function, the one with the fewest invocations, then the one that
/// told first; if none has told, the worker with the fewest invocations, ties at random. O(workers that have told); O(1) if none.
///
/// The artefact orders each function's queue by load, and orders it again whenever a load changes; looking for the least when it is
/// needed gives the same. The balancer counts invocations itself. An instance that was warmed without an invocation has told nobody.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hiku {
    /// Invocations on each worker, by the balancer's own books; `None` before the first.
    #[serde(skip)]
    loads: Option<Loads>,
    /// For each function (or app), the workers that have told, with how many idle instances, in the order in which they told first.
    #[serde(skip)]
    told: Vec<Vec<(WorkerId, u32)>>,
    /// The app of each function that was invoked.
    #[serde(skip)]
    unit: Vec<u32>,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn LoadBalancing> = Entry {
    name: "hiku",
    summary: "A worker that has told that it holds an idle instance of the function; else the fewest invocations.",
    reference: "Akbari and Hauswirth, \"Hiku: Pull-Based Scheduling for Serverless Computing\", CCGrid 2025",
    parameters: &[],
    example: "{}",
    build: Build::Function(build::<Hiku>),
};

impl LoadBalancing for Hiku {
    fn choose(&mut self, view: &BalanceView<'_>) -> Target {
        self.know(view.function.index(), view.unit);
        let loads = self.loads.get_or_insert_with(|| empty(view.workers));
        let told = &mut self.told[view.unit as usize];
        let pulls = told.iter().map(|(worker, _)| *worker).min_by_key(|worker| loads.of(*worker));
        let fewest = loads.least();
        let chosen = pulls.or_else(|| any(fewest, &mut view.random()));
        if let Some(worker) = chosen {
            take_back(told, worker);
            loads.add(worker);
        }
        chosen.into()
    }

    fn notice(&mut self, notice: Notice) {
        let Some(loads) = &mut self.loads else { return };
        match notice {
            Notice::Ended { worker, function, idle } => {
                if loads.of(worker) > 0 {
                    loads.remove(worker);
                }
                if let Some(unit) = self.unit.get(function.index()).filter(|_| idle) {
                    tell(&mut self.told[*unit as usize], worker);
                }
            }
            Notice::Gone { worker, unit } => {
                if let Some(told) = self.told.get_mut(unit as usize) {
                    take_back(told, worker);
                }
            }
            Notice::Down(worker) => {
                (0..loads.of(worker)).for_each(|_| loads.remove(worker));
                loads.take_out(worker);
                self.told.iter_mut().for_each(|told| told.retain(|(other, _)| *other != worker));
            }
            Notice::Up(worker) => loads.bring_back(worker),
        }
    }
}

impl Hiku {
    /// Makes room for a function and its app.
    fn know(&mut self, function: usize, unit: u32) {
        self.told.resize_with(self.told.len().max(unit as usize + 1), Vec::new);
        self.unit.resize(self.unit.len().max(function + 1), 0);
        self.unit[function] = unit;
    }
}

fn empty(workers: &Workers) -> Loads {
    let mut loads = Loads::new(workers.len());
    workers.iter().filter(|(_, worker)| !worker.up).for_each(|(id, _)| loads.take_out(id));
    loads
}

fn tell(told: &mut Vec<(WorkerId, u32)>, worker: WorkerId) {
    match told.iter_mut().find(|(other, _)| *other == worker) {
        Some((_, instances)) => *instances += 1,
        None => told.push((worker, 1)),
    }
}

/// One idle instance fewer, if there is one.
fn take_back(told: &mut Vec<(WorkerId, u32)>, worker: WorkerId) {
    if let Some(position) = told.iter().position(|(other, _)| *other == worker) {
        told[position].1 -= 1;
        if told[position].1 == 0 {
            told.remove(position);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, policy};
    use super::*;

    /// Three workers and functions 1 and 2.
    #[test]
    fn by_hand() {
        let (mut cluster, mut hiku) = (Cluster::new(&[1; 3]), policy(&ENTRY, "{}"));
        // Nobody has told: the fewest invocations, so each worker gets one.
        let [a, b, c] = [(); 3].map(|()| cluster.send(&mut *hiku, 1).unwrap());
        assert!(a != b && b != c && a != c);
        // c and then a tell that they hold an idle instance of 1. Both have nothing to do: the first to tell.
        cluster.end(&mut *hiku, c, 1, true);
        cluster.end(&mut *hiku, a, 1, true);
        assert_eq!(cluster.send(&mut *hiku, 1), Some(c));
        cluster.end(&mut *hiku, c, 1, true);
        // Nobody has told for function 2, which goes to a or c. The other one pulls function 1 before it.
        let other = cluster.send(&mut *hiku, 2).unwrap();
        assert!(other != b);
        let idler = a + c - other;
        assert_eq!(cluster.send(&mut *hiku, 1), Some(idler));
        assert_eq!(cluster.send(&mut *hiku, 1), Some(other), "it still pulls");
        // An evicted instance pulls no more, and one whose instance does not stay neither.
        cluster.end(&mut *hiku, b, 1, true);
        hiku.notice(Notice::Gone { worker: WorkerId(b), unit: 1 });
        cluster.end(&mut *hiku, other, 1, false);
        cluster.end(&mut *hiku, other, 2, true);
        cluster.end(&mut *hiku, idler, 1, true);
        assert_eq!(cluster.send(&mut *hiku, 1), Some(idler));
    }

    /// Two idle instances pull twice; a stopped worker takes its own away.
    #[test]
    fn each_idle_instance_pulls_once() {
        let (mut cluster, mut hiku) = (Cluster::new(&[1; 2]), policy(&ENTRY, "{}"));
        let sent = [(); 4].map(|()| cluster.send(&mut *hiku, 1).unwrap());
        sent.into_iter().for_each(|worker| cluster.end(&mut *hiku, worker, 1, true));
        cluster.stop(&mut *hiku, 0);
        assert_eq!([(); 2].map(|()| cluster.send(&mut *hiku, 1).unwrap()), [1, 1]);
        cluster.restart(&mut *hiku, 0);
        assert_eq!([(); 2].map(|()| cluster.send(&mut *hiku, 1).unwrap()), [0, 0]);
    }
}
