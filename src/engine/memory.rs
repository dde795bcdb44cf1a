//! The memory of workers: where an instance finds room, and who goes for it.

use crate::amount::Memory;
use crate::engine::fact::{Fact, Observer};
use crate::engine::shard::Shard;
use crate::id::WorkerId;
use crate::platform::instance::Phase;
use crate::policy::eviction::Leaves;
use crate::policy::placement::PlaceView;
use crate::workload::Source;

impl<S: Source, O: Observer> Shard<'_, S, O> {
    /// A pool and, if there are workers, a worker with room for an instance of a function; if `evicting`, idle ones go if that is
    /// needed. `None` if there is no room.
    pub(super) fn find_place(&mut self, unit: u32, position: u32, evicting: bool) -> Option<(u32, Option<WorkerId>)> {
        if self.cluster.is_none() {
            return Some((unit, None));
        }
        let worker = match self.place(unit, position, false) {
            None if evicting => self.place(unit, position, true),
            found => found,
        }?;
        let room = self.make_room(worker, self.layout.memories[unit as usize]);
        room.then(|| (self.site_pool(unit, worker), Some(worker)))
    }

    /// Asks the placement policy.
    fn place(&mut self, unit: u32, position: u32, evicting: bool) -> Option<WorkerId> {
        let cluster = self.cluster.as_mut()?;
        let function = self.layout.functions[position as usize];
        let images = &cluster.images;
        let has_image = |worker: WorkerId| images.get(worker.index()).is_some_and(|images| images.has(function));
        let view = PlaceView {
            now: self.now,
            function,
            unit,
            memory: self.layout.memories[unit as usize],
            workers: &cluster.workers,
            evicting,
            has_image: &has_image,
            start: cluster.starts,
            sites: &cluster.sites,
            streams: &self.setup.streams,
        };
        let worker = cluster.placement.place(&view);
        cluster.starts += 1;
        worker
    }

    /// Evicts idle instances from a worker until `memory` is free; false, and nobody goes, if that cannot be.
    pub(super) fn make_room(&mut self, worker: WorkerId, memory: Memory) -> bool {
        let Some(cluster) = &self.cluster else { return true };
        if !cluster.workers[worker].up || cluster.workers[worker].available() < memory {
            return false;
        }
        while let Some(cluster) = &mut self.cluster
            && cluster.workers[worker].free() < memory
        {
            let Some(number) = cluster.evictions[worker.index()].victim() else { return false };
            let slot = cluster.residents[worker.index()].slot(number);
            self.no_candidate(slot, Leaves::Evicted);
            let pool = self.instances[slot].pool as usize;
            self.pools[pool].idle.remove(slot, &mut self.instances);
            self.tell(Fact::Evicted { at: self.now });
            self.remove_instance(slot, Phase::Idle);
        }
        true
    }
}
