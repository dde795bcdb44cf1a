//! A request finds an instance, or one is started for it.

use crate::engine::fact::{Fact, Observer};
use crate::engine::shard::Shard;
use crate::id::WorkerId;
use crate::platform::cold_start::StageTimes;
use crate::platform::instance::{Phase, Slot};
use crate::platform::request::{Request, Start};
use crate::policy::{Pick, ReuseView};
use crate::workload::Source;

impl<S: Source, O: Observer> Shard<'_, S, O> {
    /// Gives a request to an instance, or lets it wait; false if a limit forbids it.
    #[inline(always)]
    pub(super) fn dispatch(&mut self, request: u32) -> bool {
        let state = &self.functions[self.requests[request].function as usize];
        let (number, reserved) = (state.pool as usize, state.reserved);
        if let Some(slot) = self.pools[number].provisioned.pop() {
            self.assign(request, slot);
            return true;
        }
        if self.layout.concurrency.is_some_and(|limit| self.in_flight + self.waiting >= limit) && !reserved {
            return false;
        }
        if self.cluster.is_some() {
            self.route(request);
            return true;
        }
        if self.take_ready(request, number) {
            return true;
        }
        if self.is_autoscaled() {
            self.wait_for_capacity(request);
            return true;
        }
        self.wait_for_start(request, number)
    }

    /// Gives a request to an instance of a pool that is ready and has room, if there is one.
    #[inline(always)]
    pub(super) fn take_ready(&mut self, request: u32, pool: usize) -> bool {
        if self.concurrency > 1
            && let Some(slot) = self.pools[pool].room.last()
        {
            self.pools[pool].room.remove(slot, &mut self.instances);
            self.assign(request, slot);
            return true;
        }
        let Some(slot) = self.take_idle(request, pool) else { return false };
        self.assign(request, slot);
        true
    }

    /// Gives a request to an instance of a pool: a provisioned one, one that is ready, or one that is starting, if any has room.
    pub(super) fn take_any(&mut self, request: u32, pool: usize) -> bool {
        if let Some(slot) = self.pools[pool].provisioned.pop() {
            self.assign(request, slot);
            return true;
        }
        self.take_ready(request, pool) || self.take_starting(request, pool)
    }

    /// Gives a request to an instance of a pool that is starting and has room, if there is one.
    pub(super) fn take_starting(&mut self, request: u32, pool: usize) -> bool {
        let Some(slot) = self.starting_with_room(pool) else { return false };
        self.assign(request, slot);
        true
    }

    /// Takes the idle instance that the reuse policy picks.
    #[inline(always)]
    fn take_idle(&mut self, request: u32, pool: usize) -> Option<Slot> {
        let set = &mut self.pools[pool].idle;
        let last = set.last()?;
        let pick = self.pick.unwrap_or_else(|| {
            let Request { function, invocation, .. } = self.requests[request];
            let function = self.layout.functions[function as usize];
            let (now, idle, streams) = (self.now, set.len(), &self.setup.streams);
            self.reuse.pick(&ReuseView { now, function, invocation, idle, streams })
        });
        let slot = match pick {
            Pick::Last => last,
            Pick::First => set.first().unwrap_or(last),
            Pick::At(position) => set.at(position).unwrap_or(last),
        };
        set.remove(slot, &mut self.instances);
        Some(slot)
    }

    /// No instance is free: the request waits for one that is starting, or one is started for it; false if the scaling rate
    /// forbids that.
    fn wait_for_start(&mut self, request: u32, pool: usize) -> bool {
        if self.take_starting(request, pool) {
            return true;
        }
        if self.gates[pool].tokens.as_mut().is_some_and(|tokens| !tokens.take(self.now)) {
            return false;
        }
        self.start_for(request, pool, None);
        true
    }

    /// Starts an instance for a request.
    pub(super) fn start_for(&mut self, request: u32, pool: usize, worker: Option<WorkerId>) {
        let Request { function, invocation, .. } = self.requests[request];
        let (slot, stages) = self.start_instance(pool, function, invocation, worker, false);
        let entry = &mut self.requests[request];
        (entry.start, entry.init) = (Start::Cold, stages.init());
        self.assign(request, slot);
        if self.concurrency > 1 {
            self.pools[pool].starting.push_back((slot, self.instances[slot].id));
        }
    }

    /// Starts an instance of a pool for a function. Its cold start is that of the function's invocation `index`.
    pub(super) fn start_instance(
        &mut self,
        pool: usize,
        position: u32,
        index: u64,
        worker: Option<WorkerId>,
        provisioned: bool,
    ) -> (Slot, StageTimes) {
        let function = self.layout.functions[position as usize];
        let cold_start = &self.setup.platform.deployments[function.index()].cold_start;
        let mut stages = cold_start.draw(&self.setup.streams, function.0, index);
        if let Some(worker) = worker {
            self.prepare_start(worker, function, &mut stages);
        }
        self.tell(Fact::Started { function: position, at: self.now, stages });
        let slot = self.create(pool as u32, Phase::Starting, provisioned, worker);
        let mut ready_in = stages.total();
        if worker.is_some() {
            ready_in = ready_in.saturating_sub(self.note_start(slot, function, stages.init()));
        }
        self.readies.push(self.now + ready_in, (slot, self.instances[slot].id.0 as u32));
        (slot, stages)
    }

    /// The oldest instance that is starting and has room for one more.
    pub(super) fn starting_with_room(&mut self, pool: usize) -> Option<Slot> {
        let starting = &mut self.pools[pool].starting;
        while let Some((slot, id)) = starting.front() {
            let instance = &self.instances[*slot];
            let starting_still = instance.id == *id && instance.phase == Some(Phase::Starting);
            if starting_still && instance.in_flight < self.concurrency {
                return Some(*slot);
            }
            starting.pop_front();
        }
        None
    }
}
