//! What happens to invocations and instances: arrival, dispatch, execution, idleness, end.

use crate::engine::fact::{Execution, Fact, Observer};
use crate::engine::shard::{FunctionState, Shard};
use crate::id::FunctionId;
use crate::platform::instance::{NONE, Phase, Slot};
use crate::platform::request::{Request, Start};
use crate::policy::{IdleView, Lease, Pick, ReuseView};
use crate::random::Purpose;
use crate::time::{Span, Time};
use crate::workload::{Arrival, Source};

impl<S: Source, O: Observer> Shard<'_, S, O> {
    /// The instances that exist at the start: provisioned ones, and warm ones whose keep-alive begins now.
    pub(super) fn start_initial_instances(&mut self) {
        for function in self.layout.functions {
            let deployment = &self.setup.platform.deployments[function.index()];
            let pool = self.layout.pool[function.index()];
            for number in 0..deployment.provisioned + deployment.warm_at_start {
                let slot = self.create(pool, Phase::Idle);
                self.instances[slot].provisioned = number < deployment.provisioned;
                // Numbers that no invocation has, so that every instance draws its own lease.
                self.rest(slot, *function, u64::MAX - 1 - u64::from(number));
            }
        }
    }

    /// An invocation reaches the platform: it is assigned, queued or refused.
    #[inline(always)]
    pub(super) fn arrive(&mut self) {
        let Arrival { at, function, execution } = self.source.take();
        self.tally.arrived += 1;
        let position = self.layout.position[function.index()];
        self.tell(Fact::Arrived { function: position, at });
        let state = &mut self.functions[position as usize];
        let invocation = state.invocations;
        state.invocations += 1;
        let full = state.in_flight >= state.limit;
        let request = Request {
            function,
            position,
            invocation,
            arrived: at,
            assigned: at,
            started: at,
            execution,
            init: Span::ZERO,
            start: Start::Warm,
            times_out: false,
            instance: NONE,
            next: NONE,
        };
        let request = self.requests.add(request);
        if full {
            self.wait_or_refuse(request);
        } else if !self.dispatch(request) {
            self.refuse(request);
        }
    }

    /// The function is at its limit: the request joins the queue, if there is one.
    fn wait_or_refuse(&mut self, request: u32) {
        let Some(rules) = self.setup.platform.limits.queue else { return self.refuse(request) };
        let Request { function, position, invocation, .. } = self.requests[request];
        let queue = &mut self.pools[self.functions[position as usize].pool as usize].queue;
        if rules.length.is_some_and(|length| queue.len() >= length as usize) {
            return self.drop_request(request);
        }
        queue.push_back(request);
        if let Some(wait) = rules.wait {
            self.patience.push(self.now + wait, (request, (function, invocation)));
        }
    }

    fn refuse(&mut self, request: u32) {
        let Request { function, position, .. } = self.requests.remove(request);
        self.tally.throttled += 1;
        self.tell(Fact::Throttled { function: position, at: self.now });
        self.source.finished(function, self.now);
    }

    fn drop_request(&mut self, request: u32) {
        let Request { function, position, arrived, .. } = self.requests.remove(request);
        self.tally.dropped += 1;
        self.tell(Fact::Dropped { function: position, arrived, at: self.now });
        self.source.finished(function, self.now);
    }

    /// A request has waited in the queue as long as it may; it has not if it was assigned meanwhile.
    pub(super) fn give_up(&mut self) {
        let Some((request, (function, invocation))) = self.patience.pop() else { return };
        let queue = &mut self.pools[self.layout.pool[function.index()] as usize].queue;
        // All wait equally long, so whoever gives up came first of those who still wait.
        let waits = queue.front() == Some(&request);
        if waits && (self.requests[request].function, self.requests[request].invocation) == (function, invocation) {
            queue.pop_front();
            self.drop_request(request);
        }
    }

    /// Assigns a request to an instance; false if a limit forbids it.
    #[inline(always)]
    fn dispatch(&mut self, request: u32) -> bool {
        let Request { position, .. } = self.requests[request];
        let number = self.functions[position as usize].pool as usize;
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
        if let Some(slot) = self.starting_with_room(number) {
            self.assign(request, slot);
            return true;
        }
        self.start_instance(request, number)
    }

    /// Takes the idle instance that the reuse policy picks.
    #[inline(always)]
    fn take_idle(&mut self, request: u32, pool: usize) -> Option<Slot> {
        let set = &mut self.pools[pool].idle;
        let last = set.last()?;
        let pick = self.pick.unwrap_or_else(|| {
            let (now, idle, Request { function, invocation, .. }) = (self.now, set.len(), self.requests[request]);
            self.reuse.pick(&ReuseView { now, function, invocation, idle, streams: &self.setup.streams })
        });
        let slot = match pick {
            Pick::Last => last,
            Pick::First => set.first().unwrap_or(last),
            Pick::At(position) => set.at(position).unwrap_or(last),
        };
        set.remove(slot, &mut self.instances);
        Some(slot)
    }

    /// The oldest instance that is starting and has room for one more.
    fn starting_with_room(&mut self, pool: usize) -> Option<Slot> {
        let concurrency = self.concurrency;
        let starting = &mut self.pools[pool].starting;
        while let Some((slot, id)) = starting.front() {
            let instance = &self.instances[*slot];
            if instance.id == *id && instance.phase == Some(Phase::Starting) && instance.in_flight < concurrency {
                return Some(*slot);
            }
            starting.pop_front();
        }
        None
    }

    /// Starts an instance for a request; false if the scaling rate forbids it.
    fn start_instance(&mut self, request: u32, pool: usize) -> bool {
        if self.pools[pool].tokens.as_mut().is_some_and(|tokens| !tokens.take(self.now)) {
            return false;
        }
        let Request { function, position, invocation, .. } = self.requests[request];
        let deployment = &self.setup.platform.deployments[function.index()];
        let stages = deployment.cold_start.draw(&self.setup.streams, function.0, invocation);
        self.tell(Fact::Started { function: position, at: self.now, stages });
        let slot = self.create(pool as u32, Phase::Starting);
        self.readies.push(self.now + stages.total(), slot);
        self.requests[request].start = Start::Cold;
        self.requests[request].init = stages.init();
        self.assign(request, slot);
        if self.concurrency > 1 {
            self.pools[pool].starting.push_back((slot, self.instances[slot].id));
        }
        true
    }

    /// Gives a request to an instance that has room, and is in none of the pool's sets.
    #[inline(always)]
    fn assign(&mut self, request: u32, slot: Slot) {
        let now = self.now;
        let instance = &mut self.instances[slot];
        instance.in_flight += 1;
        self.in_flight += u64::from(!instance.provisioned);
        let entry = &mut self.requests[request];
        entry.assigned = now;
        entry.instance = slot;
        self.functions[entry.position as usize].in_flight += 1;
        let starting = instance.phase == Some(Phase::Starting);
        if entry.start == Start::Warm && (starting || entry.arrived < now) {
            entry.start = Start::Delayed;
        }
        if starting {
            entry.next = std::mem::replace(&mut instance.waiting, request);
            return;
        }
        if instance.phase == Some(Phase::Idle) {
            self.change_phase(slot, Phase::Idle, Some(Phase::Busy));
        }
        self.list_room(slot);
        self.execute(request);
    }

    /// Lists a busy instance among those with room, if it has room.
    #[inline(always)]
    fn list_room(&mut self, slot: Slot) {
        let instance = &self.instances[slot];
        if instance.in_flight < self.concurrency {
            let pool = instance.pool as usize;
            self.pools[pool].room.insert(slot, &mut self.instances);
        }
    }

    /// A request begins to execute.
    #[inline(always)]
    fn execute(&mut self, request: u32) {
        let entry = &mut self.requests[request];
        let state = &self.functions[entry.position as usize];
        let streams = &self.setup.streams;
        let phase = || streams.keyed(Purpose::CpuPhase, entry.function.0, entry.invocation);
        let execution = state.cpu.execution(entry.execution, phase);
        entry.times_out = execution > state.timeout;
        entry.started = self.now;
        entry.execution = execution.min(state.timeout);
        self.ends.push(self.now + entry.execution, request);
    }

    /// An instance is ready: what waits for it begins to execute, in order of assignment.
    pub(super) fn ready(&mut self) {
        let Some(slot) = self.readies.pop() else { return };
        self.change_phase(slot, Phase::Starting, Some(Phase::Busy));
        let mut waiting = std::mem::replace(&mut self.instances[slot].waiting, NONE);
        // The list is linked from the last to the first.
        let mut in_order = NONE;
        while waiting != NONE {
            let next = std::mem::replace(&mut self.requests[waiting].next, in_order);
            (in_order, waiting) = (waiting, next);
        }
        self.list_room(slot);
        while in_order != NONE {
            let next = self.requests[in_order].next;
            self.execute(in_order);
            in_order = next;
        }
    }

    /// An execution ends: its instance takes the next request, or has room, or is idle.
    #[inline(always)]
    pub(super) fn end(&mut self) {
        let Some(slot) = self.ends.pop() else { return };
        let request = self.requests.remove(slot);
        let slot = request.instance;
        self.functions[request.position as usize].in_flight -= 1;
        let instance = &mut self.instances[slot];
        let had_room = instance.in_flight < self.concurrency;
        instance.in_flight -= 1;
        let (idle, pool, provisioned) = (instance.in_flight == 0, instance.pool as usize, instance.provisioned);
        self.in_flight -= u64::from(!provisioned);
        self.tally.executed += 1;
        self.tally.execution(request.execution);
        self.tell(Fact::Executed(describe(&request, provisioned)));
        self.source.finished(request.function, self.now);

        if had_room {
            self.pools[pool].room.remove(slot, &mut self.instances);
        }
        if !idle {
            self.list_room(slot);
        } else if request.times_out && !provisioned {
            self.remove_instance(slot, Phase::Busy);
        } else {
            self.change_phase(slot, Phase::Busy, Some(Phase::Idle));
            self.rest(slot, request.function, request.invocation);
        }
        if !self.pools[pool].queue.is_empty() {
            self.serve_queue(pool, request.position);
        }
    }

    /// Serves those who wait for the limit of a function, in order of arrival; functions of an app wait in one queue.
    fn serve_queue(&mut self, pool: usize, function: u32) {
        loop {
            let FunctionState { in_flight, limit, .. } = self.functions[function as usize];
            let (requests, queue) = (&self.requests, &mut self.pools[pool].queue);
            let first = || queue.iter().position(|request| requests[*request].position == function);
            let Some(first) = (in_flight < limit).then(first).flatten() else { return };
            // Whoever cannot be assigned now must not stay: no event would bring the next chance.
            if let Some(request) = queue.remove(first).filter(|request| !self.dispatch(*request)) {
                self.drop_request(request);
            }
        }
    }

    /// An instance has nothing to do: the keep-alive policy plans its future.
    #[inline(always)]
    fn rest(&mut self, slot: Slot, function: FunctionId, invocation: u64) {
        let instance = &mut self.instances[slot];
        let pool = instance.pool as usize;
        if instance.provisioned {
            return self.pools[pool].provisioned.push(slot);
        }
        let lease = self.lease.unwrap_or_else(|| {
            let (now, instance) = (self.now, instance.id);
            self.keep_alive.lease(&IdleView { now, instance, function, invocation, streams: &self.setup.streams })
        });
        let lease_ends = match lease {
            Lease::Forever => Time::NEVER,
            Lease::For(span) => self.now + span,
            // Those who wait come before the lease ends; nobody who arrives later finds the instance.
            Lease::Drop if self.pools[pool].queue.is_empty() => return self.remove_instance(slot, Phase::Idle),
            Lease::Drop => self.now,
        };
        let instance = &mut self.instances[slot];
        instance.lease_ends = lease_ends;
        if lease_ends < instance.timer {
            instance.timer = lease_ends;
            self.expiries.push(lease_ends, (slot, instance.id.0 as u32));
        }
        self.pools[pool].idle.insert(slot, &mut self.instances);
    }

    /// The pending expiry event of an instance comes: the instance goes, or its lease was renewed and the event moves on.
    pub(super) fn expire(&mut self) {
        let Some((slot, id)) = self.expiries.pop() else { return };
        let now = self.now;
        let instance = &mut self.instances[slot];
        if instance.id.0 as u32 != id || instance.phase.is_none() || instance.timer != now {
            return;
        }
        instance.timer = Time::NEVER;
        if instance.phase != Some(Phase::Idle) {
            return;
        }
        if instance.lease_ends > now {
            instance.timer = instance.lease_ends;
            return self.expiries.push(instance.lease_ends, (slot, id));
        }
        let pool = instance.pool as usize;
        self.pools[pool].idle.remove(slot, &mut self.instances);
        self.tell(Fact::Expired { at: now });
        self.remove_instance(slot, Phase::Idle);
    }

    fn create(&mut self, pool: u32, phase: Phase) -> Slot {
        let at = self.now;
        self.tell(Fact::Phase { pool, at, created: at, ends: None, begins: Some(phase) });
        self.instances.add(pool, phase, at)
    }

    fn remove_instance(&mut self, slot: Slot, ends: Phase) {
        self.change_phase(slot, ends, None);
        self.tally.lifetime(self.now - self.instances[slot].created);
        self.instances.free(slot);
    }

    /// The phase that ends is known wherever this is called; naming it lets the compiler leave out the rest.
    #[inline(always)]
    fn change_phase(&mut self, slot: Slot, ends: Phase, begins: Option<Phase>) {
        let at = self.now;
        let instance = &mut self.instances[slot];
        debug_assert_eq!(instance.phase, Some(ends));
        let (pool, created, since) = (instance.pool, instance.created, instance.since);
        instance.phase = begins;
        instance.since = at;
        self.tally.phase(ends, at - since);
        self.tell(Fact::Phase { pool, at, created, ends: Some((ends, since)), begins });
    }

    /// The end of the run: whatever is in flight stays open, and all instances go.
    pub(super) fn close(&mut self) {
        let requests = std::mem::take(&mut self.requests);
        for request in requests.open() {
            self.tally.open += 1;
            if request.instance != NONE && self.instances[request.instance].phase == Some(Phase::Busy) {
                self.tally.execution(self.now - request.started);
            }
            self.tell(Fact::Open { function: request.position, arrived: request.arrived });
        }
        let live: Vec<_> = self.instances.live().collect();
        for (slot, phase) in live {
            self.remove_instance(slot, phase);
        }
    }
}

#[inline(always)]
fn describe(request: &Request, provisioned: bool) -> Execution {
    let Request { position, arrived, assigned, started, execution, init, start, times_out, .. } = *request;
    let cold = start == Start::Cold;
    let queueing = if cold { assigned - arrived } else { started - arrived };
    let cold_start = if cold { started - assigned } else { Span::ZERO };
    Execution {
        function: position,
        arrived,
        queueing,
        cold_start,
        execution,
        init,
        start,
        provisioned,
        timed_out: times_out,
    }
}
