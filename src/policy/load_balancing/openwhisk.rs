//! The balancer of Apache OpenWhisk: sharding pools.

use serde::Deserialize;

use super::build::build;
use super::choice::any;
use super::hash::{Key, hash};
use super::working::Working;
use super::{BalanceView, LoadBalancing, Notice, Target};
use crate::amount::Memory;
use crate::id::WorkerId;
use crate::policy::entry::{Build, Entry};

/// A home for each function, by hash, and from there a step that is prime to the number of workers, until one has a memory slot
/// for one more invocation; if none has, any worker that works, which then has more than it can hold. O(workers) at worst.
///
/// One controller, which holds the memory of its invocations in its own books until they end; every invocation takes a slot of its
/// own; all functions are of the managed kind.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OpenWhisk {
    /// The steps: pairwise prime, and prime to the number of workers.
    #[serde(skip)]
    steps: Vec<usize>,
    /// Memory that the invocations of each worker hold, in bytes.
    #[serde(skip)]
    held: Vec<u64>,
    /// Memory of each function at its last invocation.
    #[serde(skip)]
    memory: Vec<Memory>,
    #[serde(skip)]
    working: Working<WorkerId>,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn LoadBalancing> = Entry {
    name: "openwhisk",
    summary: "The function's home by hash, then steps prime to the number of workers until one has memory; any if none has.",
    reference: "Apache OpenWhisk, ShardingContainerPoolBalancer.scala",
    parameters: &[],
    example: "{}",
    build: Build::Function(build::<OpenWhisk>),
};

impl LoadBalancing for OpenWhisk {
    fn choose(&mut self, view: &BalanceView<'_>) -> Target {
        let workers = view.workers.len();
        if self.held.is_empty() {
            (self.steps, self.held) = (coprime_steps(workers), vec![0; workers]);
        }
        let has_slot = |worker: &WorkerId| {
            let held = self.held[worker.index()] + view.memory.as_bytes();
            view.workers[*worker].up && held <= view.workers[*worker].memory.as_bytes()
        };
        let working = self.working.list(|| view.workers.up().map(|(id, _)| id));
        let slot = probes(hash(Key::Unit(view.unit)), workers, &self.steps).find(has_slot);
        let chosen = slot.or_else(|| any(working, &mut view.random()));
        chosen.inspect(|worker| self.hold(*worker, view)).into()
    }

    fn notice(&mut self, notice: Notice) {
        self.working.notice(notice);
        match notice {
            Notice::Ended { worker, function, .. } => {
                let memory = self.memory.get(function.index()).map_or(0, |memory| memory.as_bytes());
                self.release(worker, memory);
            }
            Notice::Down(worker) => self.release(worker, u64::MAX),
            Notice::Gone { .. } | Notice::Up(_) => {}
        }
    }
}

impl OpenWhisk {
    fn hold(&mut self, worker: WorkerId, view: &BalanceView<'_>) {
        let functions = self.memory.len().max(view.function.index() + 1);
        self.memory.resize(functions, Memory::default());
        self.memory[view.function.index()] = view.memory;
        self.held[worker.index()] += view.memory.as_bytes();
    }

    fn release(&mut self, worker: WorkerId, bytes: u64) {
        if let Some(held) = self.held.get_mut(worker.index()) {
            *held = held.saturating_sub(bytes);
        }
    }
}

/// Numbers up to `n` that are prime to `n` and to each other, in order.
fn coprime_steps(n: usize) -> Vec<usize> {
    let mut steps: Vec<usize> = Vec::new();
    for step in 1..=n {
        if gcd(step, n) == 1 && steps.iter().all(|other| gcd(*other, step) == 1) {
            steps.push(step);
        }
    }
    steps
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Each of `n` workers once, in the order of a hash.
fn probes(hash: u64, n: usize, steps: &[usize]) -> impl Iterator<Item = WorkerId> {
    let below = |n: usize| (hash % n.max(1) as u64) as usize;
    let (home, step) = (below(n), steps.get(below(steps.len())).copied().unwrap_or(1));
    (0..n).map(move |probe| WorkerId(((home + probe * step) % n) as u32))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, policy};
    use super::*;

    #[test]
    fn steps_by_hand() {
        assert_eq!(coprime_steps(1), [1]);
        assert_eq!(coprime_steps(5), [1, 2, 3]);
        assert_eq!(coprime_steps(10), [1, 3, 7]);
        assert_eq!(coprime_steps(9), [1, 2, 5, 7]);
    }

    /// Hash 23 of 10 workers: home 3, step 7 (23 mod 3 = 2).
    #[test]
    fn probes_by_hand() {
        let order: Vec<u32> = probes(23, 10, &[1, 3, 7]).map(|worker| worker.0).collect();
        assert_eq!(order, [3, 0, 7, 4, 1, 8, 5, 2, 9, 6]);
    }

    #[test]
    fn slots_are_held_until_invocations_end() {
        let (mut cluster, mut balancer) = (Cluster::new(&[1; 3]), policy(&ENTRY, "{}"));
        let order: Vec<u32> = probes(hash(Key::Unit(4)), 3, &coprime_steps(3)).map(|worker| worker.0).collect();
        // 1 GiB is eight slots of 128 MiB.
        for worker in &order {
            assert_eq!([(); 8].map(|()| cluster.send(&mut *balancer, 4).unwrap()), [*worker; 8]);
        }
        // All are full, so any gets it, and gives no slot until it has less than it can hold.
        let beyond = cluster.send(&mut *balancer, 4).unwrap();
        cluster.end(&mut *balancer, beyond, 4, true);
        let freed = (beyond + 1) % 3;
        cluster.end(&mut *balancer, freed, 4, true);
        assert_eq!(cluster.send(&mut *balancer, 4), Some(freed));
        // A worker that was stopped comes back empty.
        cluster.stop(&mut *balancer, order[1]);
        cluster.restart(&mut *balancer, order[1]);
        assert_eq!([(); 8].map(|()| cluster.send(&mut *balancer, 4).unwrap()), [order[1]; 8]);
    }
}
