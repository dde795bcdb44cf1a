//! A request has an instance: it waits until that is ready, executes, and ends.

use crate::engine::fact::{Execution, Fact, Observer};
use crate::engine::shard::Shard;
use crate::platform::instance::{NONE, Phase, Slot};
use crate::platform::request::{Request, Start};
use crate::random::Purpose;
use crate::time::{Span, Time};
use crate::workload::Source;

impl<S: Source, O: Observer> Shard<'_, S, O> {
    /// Gives a request to an instance that has room, and is in none of the pool's sets.
    #[inline(always)]
    pub(super) fn assign(&mut self, mut request: Request, slot: Slot) {
        let now = self.now;
        request.instance = slot;
        self.functions[request.function as usize].in_flight += 1;
        let instance = &mut self.instances[slot];
        instance.in_flight += 1;
        self.in_flight += u64::from(!instance.provisioned);
        let starting = instance.phase == Some(Phase::Starting);
        if request.start == Start::Warm && (starting || request.arrived < now) {
            request.start = Start::Delayed;
        }
        if starting {
            request.next = instance.waiting;
            instance.waiting = self.requests.add(request);
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
        if self.concurrency == 1 {
            return;
        }
        let instance = &self.instances[slot];
        if instance.in_flight < self.concurrency {
            let pool = instance.pool as usize;
            self.pools[pool].room.insert(slot, &mut self.instances);
        }
    }

    /// A request begins to execute.
    #[inline(always)]
    fn execute(&mut self, mut request: Request) {
        let state = &self.functions[request.function as usize];
        let (streams, functions) = (&self.setup.streams, self.layout.functions);
        let phase = || streams.keyed(Purpose::CpuPhase, functions[request.function as usize].0, request.invocation);
        let execution = state.cpu.execution(request.execution, phase);
        request.times_out = execution > state.timeout;
        request.execution = execution.min(state.timeout);
        request.started = self.now;
        let slot = self.requests.add(request);
        self.ends.push(self.now + request.execution, slot);
    }

    /// An instance is ready: what waits for it begins to execute, in order of assignment.
    pub(super) fn ready(&mut self) {
        let Some(slot) = self.readies.pop() else { return };
        self.change_phase(slot, Phase::Starting, Some(Phase::Busy));
        self.list_room(slot);
        let mut next = std::mem::replace(&mut self.instances[slot].waiting, NONE);
        let mut waiting = Vec::new();
        while next != NONE {
            let request = self.requests.remove(next);
            next = request.next;
            waiting.push(request);
        }
        // The list is linked from the last to the first.
        waiting.into_iter().rev().for_each(|request| self.execute(request));
    }

    /// An execution ends: its instance takes the next request, or has room, or is idle.
    #[inline(always)]
    pub(super) fn end(&mut self) {
        let Some(slot) = self.ends.pop() else { return };
        let request = self.requests.remove(slot);
        let slot = request.instance;
        self.functions[request.function as usize].in_flight -= 1;
        let instance = &mut self.instances[slot];
        let had_room = instance.in_flight < self.concurrency;
        instance.in_flight -= 1;
        let idle = instance.in_flight == 0;
        let (pool, provisioned, created) = (instance.pool as usize, instance.provisioned, instance.created);
        self.in_flight -= u64::from(!provisioned);
        self.tally.executed += 1;
        self.tally.execution(request.execution);
        self.tell(Fact::Executed(describe(&request, created, provisioned)));
        self.finished(request.function);

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
            self.serve_queue(pool);
        }
    }
}

/// The parts of the time that an invocation took. An instance is created when the request that it starts for is assigned.
#[inline(always)]
fn describe(request: &Request, created: Time, provisioned: bool) -> Execution {
    let Request { function, arrived, started, execution, init, start, times_out, .. } = *request;
    let (queueing, cold_start) = match start {
        Start::Warm => (Span::ZERO, Span::ZERO),
        Start::Delayed => (started - arrived, Span::ZERO),
        Start::Cold => (created - arrived, started - created),
    };
    Execution { function, arrived, queueing, cold_start, execution, init, start, provisioned, timed_out: times_out }
}
