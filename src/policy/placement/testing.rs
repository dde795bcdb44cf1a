//! A cluster for the tests of placement policies, and what all of them promise.

use proptest::prelude::*;

use super::{PlaceView, Placement};
use crate::amount::Memory;
use crate::id::{FunctionId, WorkerId};
use crate::platform::sites::Sites;
use crate::platform::worker::{Worker, Workers};
use crate::policy::catalog::Catalog;
use crate::policy::entry::Entry;
use crate::random::Streams;
use crate::time::Time;

pub struct Cluster {
    pub workers: Workers,
    /// The workers that have the image.
    pub images: Vec<u32>,
    pub evicting: bool,
    sites: Sites,
    starts: u64,
}

impl Cluster {
    /// Empty workers with this memory, in MiB.
    pub fn new(mib: &[u64]) -> Self {
        let workers = mib.iter().map(|mib| Worker::new(1, Memory::from_mib(*mib), 1.0)).collect();
        Self { workers: Workers::new(workers), images: Vec::new(), evicting: false, sites: Sites::new(1), starts: 0 }
    }

    /// A worker gets more memory, and idle instances that take all of it.
    pub fn evictable(&mut self, worker: u32, mib: u64) {
        let worker = &mut self.workers[WorkerId(worker)];
        let memory = Memory::from_mib(mib);
        worker.memory = Memory::from_bytes(worker.memory.as_bytes() + memory.as_bytes());
        (worker.used, worker.idle) = (memory, memory);
    }

    /// From now on a worker holds so many instances of the function.
    pub fn hold(&mut self, worker: u32, instances: u32) {
        let worker = WorkerId(worker);
        let site = self.sites.find(0, worker).unwrap_or_else(|| self.sites.add(0, worker, 0));
        self.sites[site].instances = instances;
    }

    /// Where an instance of this memory, in MiB, is started.
    pub fn place(&mut self, policy: &mut dyn Placement, mib: u64) -> Option<u32> {
        self.starts += 1;
        let has_image = |worker: WorkerId| self.images.contains(&worker.0);
        let view = PlaceView {
            now: Time::ZERO,
            function: FunctionId(0),
            unit: 0,
            memory: Memory::from_mib(mib),
            workers: &self.workers,
            evicting: self.evicting,
            has_image: &has_image,
            start: self.starts,
            sites: &self.sites,
            streams: &Streams::new(5, 0),
        };
        policy.place(&view).map(|worker| worker.0)
    }
}

/// The policy without parameters.
pub fn policy(entry: &Entry<dyn Placement>) -> Box<dyn Placement> {
    entry.build(toml::Table::new()).unwrap()()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// A working worker with room is found if there is one, and nothing else.
    #[test]
    fn every_policy_places_where_there_is_room(
        workers in prop::collection::vec((0..8u64, any::<bool>(), any::<bool>(), 0..3u32), 0..8),
        mib in 0..8u64,
    ) {
        let mut cluster = Cluster::new(&workers.iter().map(|(mib, ..)| *mib).collect::<Vec<_>>());
        for (id, (_, up, image, instances)) in (0..).zip(&workers) {
            cluster.workers[WorkerId(id)].up = *up;
            cluster.images.extend(image.then_some(id));
            cluster.hold(id, *instances);
        }
        let fits = |id: usize| workers[id].1 && workers[id].0 >= mib;
        for entry in &Catalog::default().placement {
            match cluster.place(&mut *policy(entry), mib) {
                Some(worker) => prop_assert!(fits(worker as usize), "{}", entry.name),
                None => prop_assert!(!(0..workers.len()).any(fits), "{}", entry.name),
            }
        }
    }
}
