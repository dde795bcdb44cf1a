//! What every balancer of the catalog promises.

use proptest::prelude::*;

use super::testing::{Cluster, policy};
use super::{LoadBalancing, Target};
use crate::id::WorkerId;
use crate::policy::catalog::Catalog;
use crate::policy::entry::Entry;

const WORKERS: u32 = 5;

/// Something that happens in a cluster.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// An invocation of this function.
    Send(u32),
    /// The oldest invocation that executes ends; its instance stays.
    End,
    Stop(u32),
    Restart(u32),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (0..20u32).prop_map(Step::Send),
        4 => Just(Step::End),
        1 => (0..WORKERS).prop_map(Step::Stop),
        1 => (0..WORKERS).prop_map(Step::Restart),
    ];
    prop::collection::vec(step, 0..80)
}

/// Where the invocations go. With `blind`, the loads and instances that the balancer sees do not change.
fn run(entry: &Entry<dyn LoadBalancing>, steps: &[Step], blind: bool) -> Vec<Option<u32>> {
    let mut cluster = Cluster::new(&[1, 2, 1, 4, 2]);
    let mut policy = policy(entry, entry.example);
    let mut executing: Vec<(u32, u32)> = Vec::new();
    let mut went = Vec::new();
    for step in steps {
        match *step {
            Step::Send(function) if blind => went.push(cluster.ask(&mut *policy, function)),
            Step::Send(function) => {
                let worker = cluster.send(&mut *policy, function);
                went.push(worker);
                executing.extend(worker.map(|worker| (worker, function)));
                check(entry, &cluster, worker);
            }
            Step::End if !executing.is_empty() => {
                let (worker, function) = executing.remove(0);
                cluster.end(&mut *policy, worker, function, true);
                cluster.idle(function, worker, 1);
            }
            Step::Stop(worker) if cluster.workers[WorkerId(worker)].up => {
                cluster.stop(&mut *policy, worker);
                executing.retain(|(on, _)| *on != worker);
                (0..20).for_each(|function| cluster.idle(function, worker, 0));
            }
            Step::Restart(worker) if !cluster.workers[WorkerId(worker)].up => cluster.restart(&mut *policy, worker),
            Step::End | Step::Stop(_) | Step::Restart(_) => {}
        }
    }
    went
}

/// It works; and nobody waits while a worker works, except for a core.
fn check(entry: &Entry<dyn LoadBalancing>, cluster: &Cluster, chosen: Option<u32>) {
    let name = entry.name;
    match chosen {
        Some(worker) => assert!(cluster.workers[WorkerId(worker)].up, "{name} chose a stopped worker"),
        None if name == "late_binding" => {
            let full =
                |(id, worker): (WorkerId, &crate::platform::worker::Worker)| cluster.loads.of(id) >= worker.cores;
            assert!(cluster.workers.up().all(full), "{name} waits while a core is free");
        }
        None => assert_eq!(cluster.workers.up().count(), 0, "{name} waits while a worker works"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn workers_that_work_are_chosen_and_a_run_can_be_repeated(steps in steps()) {
        for entry in &Catalog::default().load_balancing {
            prop_assert_eq!(run(entry, &steps, false), run(entry, &steps, false), "{}", entry.name);
        }
    }

    /// What happens to the invocations does not change where an oblivious balancer sends the next.
    #[test]
    fn the_oblivious_see_nothing_but_arrivals(steps in steps()) {
        let oblivious = |entry: &&Entry<dyn LoadBalancing>| policy(entry, entry.example).is_oblivious();
        for entry in Catalog::default().load_balancing.iter().filter(oblivious) {
            prop_assert_eq!(run(entry, &steps, false), run(entry, &steps, true), "{}", entry.name);
        }
    }
}

#[test]
fn with_no_worker_at_work_invocations_wait() {
    for entry in &Catalog::default().load_balancing {
        let (mut cluster, mut policy) = (Cluster::new(&[1; 2]), policy(entry, entry.example));
        (0..2).for_each(|worker| cluster.stop(&mut *policy, worker));
        assert_eq!(policy.choose(&cluster.view(0, 0)), Target::Wait, "{}", entry.name);
        cluster.restart(&mut *policy, 1);
        assert_eq!(policy.choose(&cluster.view(0, 1)), Target::Worker(WorkerId(1)), "{}", entry.name);
    }
}

/// The list that the engine relies on when it simulates workers apart.
#[test]
fn who_is_oblivious() {
    let oblivious = |entry: &&Entry<dyn LoadBalancing>| policy(entry, entry.example).is_oblivious();
    let names: Vec<_> = Catalog::default().load_balancing.iter().filter(oblivious).map(|entry| entry.name).collect();
    assert_eq!(
        names,
        [
            "random",
            "weighted_random",
            "round_robin",
            "smooth_weighted_round_robin",
            "consistent_hashing",
            "palette_bucket_hashing",
            "palette_consistent_hashing",
            "palette_least_assigned"
        ]
    );
}
