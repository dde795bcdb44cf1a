//! An invocation arrives: it is assigned to an instance, queued or refused.

use crate::engine::fact::{Fact, Observer};
use crate::engine::shard::{FunctionState, Shard};
use crate::platform::instance::{Phase, Slot};
use crate::platform::request::{Request, Start};
use crate::policy::{Pick, ReuseView};
use crate::workload::{Arrival, Source};

impl<S: Source, O: Observer> Shard<'_, S, O> {
    /// An invocation reaches the platform.
    #[inline(always)]
    pub(super) fn arrive(&mut self) {
        let Arrival { at, function, execution } = self.source.take();
        let function = self.layout.position[function.index()];
        self.tally.arrived += 1;
        self.tell(Fact::Arrived { function, at });
        let state = &mut self.functions[function as usize];
        let (invocation, full) = (state.invocations, state.in_flight >= state.limit);
        state.invocations += 1;
        let request = self.requests.add(|| Request::arrived(function, invocation, at, execution));
        if full {
            self.wait_or_refuse(request);
        } else if !self.dispatch(request) {
            self.refuse(request);
        }
    }

    /// The function is at its limit: the request joins the queue, if there is one.
    fn wait_or_refuse(&mut self, request: u32) {
        let Some(rules) = self.setup.platform.limits.queue else { return self.refuse(request) };
        let Request { function, invocation, .. } = self.requests[request];
        let queue = &mut self.pools[self.functions[function as usize].pool as usize].queue;
        if rules.length.is_some_and(|length| queue.len() >= length as usize) {
            return self.drop_request(request);
        }
        queue.push_back(request);
        if let Some(wait) = rules.wait {
            self.patience.push(self.now + wait, (function, invocation));
        }
    }

    fn refuse(&mut self, request: u32) {
        let Request { function, .. } = self.requests.remove(request);
        self.tally.throttled += 1;
        self.tell(Fact::Throttled { function, at: self.now });
        self.finished(function);
    }

    fn drop_request(&mut self, request: u32) {
        let Request { function, arrived, .. } = self.requests.remove(request);
        self.tally.dropped += 1;
        self.tell(Fact::Dropped { function, arrived, at: self.now });
        self.finished(function);
    }

    /// A request has waited in the queue as long as it may; it has not if it was assigned meanwhile.
    pub(super) fn give_up(&mut self) {
        let Some((function, invocation)) = self.patience.pop() else { return };
        let queue = &mut self.pools[self.functions[function as usize].pool as usize].queue;
        // All wait equally long, so whoever gives up came first of those who still wait.
        let requests = &self.requests;
        let same = |first: &Request| first.function == function && first.invocation == invocation;
        if let Some(request) = queue.pop_front_if(|first| same(&requests[*first])) {
            self.drop_request(request);
        }
    }

    /// Serves those who wait for the limit of a function, in order of arrival; functions of an app wait in one queue.
    pub(super) fn serve_queue(&mut self, pool: usize, function: u32) {
        loop {
            let FunctionState { in_flight, limit, .. } = self.functions[function as usize];
            let (requests, queue) = (&self.requests, &mut self.pools[pool].queue);
            let first = || queue.iter().position(|request| requests[*request].function == function);
            let Some(first) = (in_flight < limit).then(first).flatten() else { return };
            // Whoever cannot be assigned now must not stay: no event would bring the next chance.
            if let Some(request) = queue.remove(first).filter(|request| !self.dispatch(*request)) {
                self.drop_request(request);
            }
        }
    }

    /// Assigns a request to an instance; false if a limit forbids it.
    #[inline(always)]
    fn dispatch(&mut self, request: u32) -> bool {
        let number = self.functions[self.requests[request].function as usize].pool as usize;
        let pool = &mut self.pools[number];
        if let Some(slot) = pool.provisioned.pop() {
            self.assign(request, slot);
            return true;
        }
        if self.layout.concurrency.is_some_and(|limit| self.in_flight >= limit) {
            return false;
        }
        if let Some(slot) = pool.room.last() {
            pool.room.remove(slot, &mut self.instances);
            self.assign(request, slot);
            return true;
        }
        if let Some(slot) = self.take_idle(request, number) {
            self.assign(request, slot);
            return true;
        }
        self.wait_for_start(request, number)
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
        if let Some(slot) = self.starting_with_room(pool) {
            self.assign(request, slot);
            return true;
        }
        if self.pools[pool].tokens.as_mut().is_some_and(|tokens| !tokens.take(self.now)) {
            return false;
        }
        let Request { function: position, invocation, .. } = self.requests[request];
        let function = self.layout.functions[position as usize];
        let cold_start = &self.setup.platform.deployments[function.index()].cold_start;
        let stages = cold_start.draw(&self.setup.streams, function.0, invocation);
        self.tell(Fact::Started { function: position, at: self.now, stages });
        let slot = self.create(pool as u32, Phase::Starting);
        self.readies.push(self.now + stages.total(), slot);
        let entry = &mut self.requests[request];
        (entry.start, entry.init) = (Start::Cold, stages.init());
        self.assign(request, slot);
        if self.concurrency > 1 {
            self.pools[pool].starting.push_back((slot, self.instances[slot].id));
        }
        true
    }

    /// The oldest instance that is starting and has room for one more.
    fn starting_with_room(&mut self, pool: usize) -> Option<Slot> {
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
