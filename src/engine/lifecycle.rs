//! What happens to invocations and instances: arrival, dispatch, execution, idleness, end.

use crate::engine::fact::{Execution, Fact, Observer};
use crate::engine::shard::Shard;
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
                let slot = self.instances.add(pool, Phase::Idle, self.now);
                self.instances[slot].provisioned = number < deployment.provisioned;
                self.tell(Fact::Phase { pool, at: self.now, ends: None, begins: Some(Phase::Idle) });
                // Numbers that no invocation has, so that every instance draws its own lease.
                self.rest(slot, *function, u64::MAX - 1 - u64::from(number));
            }
        }
    }

    /// An invocation reaches the platform: it is assigned, queued or refused.
    pub(super) fn arrive(&mut self) {
        let Arrival { at, function, execution } = self.source.take();
        self.tally.arrived += 1;
        self.tell(Fact::Arrived { function, at });
        let state = &mut self.functions[self.layout.position[function.index()] as usize];
        let invocation = state.invocations;
        state.invocations += 1;
        let full = state.in_flight >= state.limit;
        let request = Request {
            function,
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
        let Request { function, invocation, .. } = self.requests[request];
        let queue = &mut self.pools[self.layout.pool[function.index()] as usize].queue;
        if rules.length.is_some_and(|length| queue.len() >= length as usize) {
            return self.drop_request(request);
        }
        queue.push_back(request);
        if let Some(wait) = rules.wait {
            self.patience.push(self.now + wait, (request, (function, invocation)));
        }
    }

    fn refuse(&mut self, request: u32) {
        let Request { function, .. } = self.requests.remove(request);
        self.tally.throttled += 1;
        self.tell(Fact::Throttled { function, at: self.now });
        self.source.finished(function, self.now);
    }

    fn drop_request(&mut self, request: u32) {
        let Request { function, arrived, .. } = self.requests.remove(request);
        self.tally.dropped += 1;
        self.tell(Fact::Dropped { function, arrived, at: self.now });
        self.source.finished(function, self.now);
    }

    /// A request has waited in the queue as long as it may; it has not if it was assigned meanwhile.
    pub(super) fn give_up(&mut self) {
        let Some((request, (function, invocation))) = self.patience.pop() else { return };
        let queue = &mut self.pools[self.layout.pool[function.index()] as usize].queue;
        // All wait equally long, so whoever gives up came first of those who still wait.
        if queue.front() == Some(&request) && self.requests[request].invocation == invocation {
            queue.pop_front();
            self.drop_request(request);
        }
    }

    /// Assigns a request to an instance; false if a limit forbids it.
    fn dispatch(&mut self, request: u32) -> bool {
        let Request { function, invocation, .. } = self.requests[request];
        let pool = self.layout.pool[function.index()] as usize;
        if let Some(slot) = self.pools[pool].provisioned.pop() {
            self.assign(request, slot);
            return true;
        }
        if self.layout.concurrency.is_some_and(|limit| self.in_flight >= limit) {
            return false;
        }
        if let Some(slot) = self.pools[pool].room.last() {
            self.pools[pool].room.remove(slot, &mut self.instances);
            self.assign(request, slot);
            return true;
        }
        let idle = self.pools[pool].idle.len();
        if idle > 0 {
            let slot = self.choose_idle(pool, idle, function, invocation);
            self.pools[pool].idle.remove(slot, &mut self.instances);
            self.assign(request, slot);
            return true;
        }
        if let Some(slot) = self.starting_with_room(pool) {
            self.assign(request, slot);
            return true;
        }
        self.start_instance(request, pool)
    }

    #[inline]
    fn choose_idle(&mut self, pool: usize, idle: usize, function: FunctionId, invocation: u64) -> Slot {
        let set = &self.pools[pool].idle;
        let last = set.last().unwrap_or(NONE);
        if idle == 1 {
            return last;
        }
        let view = ReuseView { now: self.now, function, invocation, idle, streams: &self.setup.streams };
        match self.reuse.pick(&view) {
            Pick::Last => last,
            Pick::First => set.first().unwrap_or(last),
            Pick::At(position) => set.at(position).unwrap_or(last),
        }
    }

    /// The oldest instance that is starting and has room for one more.
    fn starting_with_room(&mut self, pool: usize) -> Option<Slot> {
        let concurrency = self.setup.platform.concurrency.get();
        let starting = &mut self.pools[pool].starting;
        while let Some(slot) = starting.front() {
            let instance = &self.instances[*slot];
            if instance.phase == Some(Phase::Starting) && instance.in_flight < concurrency {
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
        let Request { function, invocation, .. } = self.requests[request];
        let deployment = &self.setup.platform.deployments[function.index()];
        let stages = deployment.cold_start.draw(&self.setup.streams, function.0, invocation);
        let slot = self.instances.add(pool as u32, Phase::Starting, self.now);
        self.tell(Fact::Started { function, at: self.now, stages });
        self.tell(Fact::Phase { pool: pool as u32, at: self.now, ends: None, begins: Some(Phase::Starting) });
        self.readies.push(self.now + stages.total(), slot);
        self.requests[request].start = Start::Cold;
        self.requests[request].init = stages.init();
        self.assign(request, slot);
        if self.setup.platform.concurrency.get() > 1 {
            self.pools[pool].starting.push_back(slot);
        }
        true
    }

    /// Gives a request to an instance that has room, and is in none of the pool's sets.
    #[inline]
    fn assign(&mut self, request: u32, slot: Slot) {
        let now = self.now;
        let delayed = self.requests[request].arrived < now;
        let entry = &mut self.requests[request];
        entry.assigned = now;
        entry.instance = slot;
        if delayed && entry.start == Start::Warm {
            entry.start = Start::Delayed;
        }
        self.functions[self.layout.position[entry.function.index()] as usize].in_flight += 1;
        let instance = &mut self.instances[slot];
        self.in_flight += u64::from(!instance.provisioned);
        instance.in_flight += 1;
        if instance.phase == Some(Phase::Starting) {
            let first = std::mem::replace(&mut instance.waiting, request);
            let entry = &mut self.requests[request];
            entry.next = first;
            if entry.start != Start::Cold {
                entry.start = Start::Delayed;
            }
            return;
        }
        if instance.phase == Some(Phase::Idle) {
            self.change_phase(slot, Some(Phase::Busy));
        }
        self.list_room(slot);
        self.execute(request);
    }

    /// Lists a busy instance among those with room, if it has room.
    #[inline]
    fn list_room(&mut self, slot: Slot) {
        let instance = &self.instances[slot];
        let pool = instance.pool as usize;
        if instance.in_flight < self.setup.platform.concurrency.get() {
            self.pools[pool].room.insert(slot, &mut self.instances);
        }
    }

    /// A request begins to execute.
    #[inline]
    fn execute(&mut self, request: u32) {
        let entry = &mut self.requests[request];
        let deployment = &self.setup.platform.deployments[entry.function.index()];
        let streams = &self.setup.streams;
        let phase = || streams.keyed(Purpose::CpuPhase, entry.function.0, entry.invocation);
        let mut execution = deployment.cpu.execution(entry.execution, phase);
        if let Some(timeout) = deployment.timeout.filter(|timeout| execution > *timeout) {
            entry.times_out = true;
            execution = timeout;
        }
        entry.started = self.now;
        entry.execution = execution;
        self.ends.push(self.now + execution, request);
    }

    /// An instance is ready: what waits for it begins to execute, in order of assignment.
    pub(super) fn ready(&mut self) {
        let Some(slot) = self.readies.pop() else { return };
        self.change_phase(slot, Some(Phase::Busy));
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
    pub(super) fn end(&mut self) {
        let Some(slot) = self.ends.pop() else { return };
        let request = self.requests.remove(slot);
        let Request { function, instance: slot, .. } = request;
        self.functions[self.layout.position[function.index()] as usize].in_flight -= 1;
        let concurrency = self.setup.platform.concurrency.get();
        let instance = &mut self.instances[slot];
        let was_full = instance.in_flight == concurrency;
        instance.in_flight -= 1;
        let (idle, pool, provisioned) = (instance.in_flight == 0, instance.pool as usize, instance.provisioned);
        self.in_flight -= u64::from(!provisioned);
        self.tally.executed += 1;
        self.tally.executing += u128::from(request.execution.as_nanos());
        self.tell(Fact::Executed(describe(&request, provisioned)));
        self.source.finished(function, self.now);

        if !was_full {
            self.pools[pool].room.remove(slot, &mut self.instances);
        }
        if idle && request.times_out && !provisioned {
            self.remove_instance(slot);
        } else if idle {
            self.change_phase(slot, Some(Phase::Idle));
            self.rest(slot, function, request.invocation);
        } else {
            self.list_room(slot);
        }
        if !self.pools[pool].queue.is_empty() {
            self.serve_queue(pool);
        }
    }

    /// Serves the first in the queue while the limits allow.
    fn serve_queue(&mut self, pool: usize) {
        while let Some(request) = self.pools[pool].queue.front().copied() {
            let state = &self.functions[self.layout.position[self.requests[request].function.index()] as usize];
            if state.in_flight >= state.limit || !self.dispatch(request) {
                return;
            }
            self.pools[pool].queue.pop_front();
        }
    }

    /// An instance has nothing to do: the keep-alive policy plans its future.
    fn rest(&mut self, slot: Slot, function: FunctionId, invocation: u64) {
        let instance = &mut self.instances[slot];
        let pool = instance.pool as usize;
        if instance.provisioned {
            return self.pools[pool].provisioned.push(slot);
        }
        let view =
            IdleView { now: self.now, instance: instance.id, function, invocation, streams: &self.setup.streams };
        let lease_ends = match self.keep_alive.lease(&view) {
            Lease::Forever => Time::NEVER,
            Lease::For(span) => self.now + span,
            // Those who wait come before the lease ends; nobody who arrives later finds the instance.
            Lease::Drop if self.pools[pool].queue.is_empty() => return self.remove_instance(slot),
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
        self.remove_instance(slot);
    }

    fn remove_instance(&mut self, slot: Slot) {
        self.change_phase(slot, None);
        self.tally.lifetimes += u128::from((self.now - self.instances[slot].created).as_nanos());
        self.instances.free(slot);
    }

    #[inline]
    fn change_phase(&mut self, slot: Slot, begins: Option<Phase>) {
        let now = self.now;
        let instance = &mut self.instances[slot];
        let ends = instance.phase.map(|phase| (phase, instance.since));
        if let Some((phase, since)) = ends {
            self.tally.phase(phase, now - since);
        }
        instance.phase = begins;
        instance.since = now;
        let pool = instance.pool;
        self.tell(Fact::Phase { pool, at: now, ends, begins });
    }

    /// The end of the run: whatever is in flight stays open, and all instances go.
    pub(super) fn close(&mut self) {
        let requests = std::mem::take(&mut self.requests);
        for request in requests.open() {
            self.tally.open += 1;
            let instance = self.instances_phase(request.instance);
            if instance == Some(Phase::Busy) {
                self.tally.executing += u128::from((self.now - request.started).as_nanos());
            }
            self.tell(Fact::Open { function: request.function, arrived: request.arrived });
        }
        let live: Vec<_> = self.instances.live().collect();
        live.into_iter().for_each(|slot| self.remove_instance(slot));
    }

    fn instances_phase(&self, slot: Slot) -> Option<Phase> {
        (slot != NONE).then(|| self.instances[slot].phase).flatten()
    }
}

fn describe(request: &Request, provisioned: bool) -> Execution {
    let Request { function, arrived, assigned, started, execution, init, start, times_out, .. } = *request;
    let cold = start == Start::Cold;
    let queueing = if cold { assigned - arrived } else { started - arrived };
    let cold_start = if cold { started - assigned } else { Span::ZERO };
    Execution { function, arrived, queueing, cold_start, execution, init, start, provisioned, timed_out: times_out }
}
