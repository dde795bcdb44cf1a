//! A request has an instance: it waits until that is ready, executes, and ends.

use crate::engine::fact::{Execution, Fact, Observer};
use crate::engine::shard::{ON_CORES, Shard};
use crate::platform::instance::{NONE, Phase, Slot};
use crate::platform::request::{Outcome, Request, Start};
use crate::random::Purpose;
use crate::time::{Span, Time};
use crate::workload::Source;

impl<S: Source, O: Observer> Shard<'_, S, O> {
    /// Gives a request to an instance that has room, and is in none of the pool's sets.
    #[inline(always)]
    pub(super) fn assign(&mut self, request: u32, slot: Slot) {
        let entry = &mut self.requests[request];
        entry.instance = slot;
        let state = &mut self.functions[entry.function as usize];
        state.in_flight += 1;
        let instance = &mut self.instances[slot];
        instance.in_flight += 1;
        self.in_flight += u64::from(!(instance.provisioned | state.reserved));
        let starting = instance.phase == Some(Phase::Starting);
        if entry.start == Start::Warm && (starting || entry.started < self.now) {
            entry.start = Start::Delayed;
        }
        if starting {
            entry.next = std::mem::replace(&mut instance.waiting, request);
        }
        let idle = instance.phase == Some(Phase::Idle);
        if self.cluster.is_some() {
            self.take_core(request, slot);
        }
        if starting {
            return;
        }
        if idle {
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
    fn execute(&mut self, request: u32) {
        let entry = &mut self.requests[request];
        let state = &self.functions[entry.function as usize];
        let (streams, functions) = (&self.setup.streams, self.layout.functions);
        let phase = || streams.keyed(Purpose::CpuPhase, functions[entry.function as usize].0, entry.invocation);
        let execution = state.cpu.execution(entry.execution, phase);
        entry.started = self.now;
        if state.careful {
            return self.execute_with_care(request, execution);
        }
        if execution > state.timeout {
            entry.outcome = Outcome::TimedOut;
        }
        entry.execution = execution.min(state.timeout);
        self.ends.push(self.now + entry.execution, request);
    }

    /// An instance is ready: what waits for it begins to execute, in order of assignment; if nothing does, it is idle.
    pub(super) fn ready(&mut self) {
        let Some((slot, id)) = self.readies.pop() else { return };
        if self.instances[slot].id.0 as u32 == id && self.instances[slot].phase.is_some() {
            self.made_ready(slot);
        }
    }

    /// As [`Shard::ready`], once it is known that the instance still exists.
    pub(super) fn made_ready(&mut self, slot: Slot) {
        if self.control.is_some() && !self.note_ready(slot) {
            return;
        }
        let mut waiting = std::mem::replace(&mut self.instances[slot].waiting, NONE);
        if waiting == NONE {
            return self.ready_for_nobody(slot);
        }
        self.change_phase(slot, Phase::Starting, Some(Phase::Busy));
        self.list_room(slot);
        // The list is linked from the last to the first.
        let mut in_order = NONE;
        while waiting != NONE {
            let next = std::mem::replace(&mut self.requests[waiting].next, in_order);
            (in_order, waiting) = (waiting, next);
        }
        while in_order != NONE {
            let next = self.requests[in_order].next;
            self.execute(in_order);
            in_order = next;
        }
        if self.control.is_some() {
            self.serve_waiting(slot);
        }
    }

    /// The next execution ends.
    #[inline(always)]
    pub(super) fn end(&mut self) {
        let Some(name) = self.ends.pop() else { return };
        if name & ON_CORES != 0 {
            return self.cores_due(name & !ON_CORES);
        }
        self.ended(name);
    }

    /// An execution ends: its instance takes the next request, or has room, or is idle.
    #[inline(always)]
    pub(super) fn ended(&mut self, name: u32) {
        let request = self.requests.remove(name);
        if request.outcome == Outcome::Abandoned {
            return;
        }
        let slot = request.instance;
        let state = &mut self.functions[request.function as usize];
        state.in_flight -= 1;
        let instance = &mut self.instances[slot];
        let had_room = instance.in_flight < self.concurrency;
        instance.in_flight -= 1;
        let idle = instance.in_flight == 0;
        let (pool, provisioned, created) = (instance.pool as usize, instance.provisioned, instance.created);
        self.in_flight -= u64::from(!(provisioned | state.reserved));
        self.tally.execution(request.execution);
        let retried = request.outcome != Outcome::Completed && self.retry_failed(name, &request);
        self.tally.executed += u64::from(!retried);
        self.tell(Fact::Executed(self.describe(name, &request, created, provisioned, retried)));
        if self.control.is_some() {
            self.note_end(name, &request);
        }
        if !retried {
            self.finished(request.function, request.arrived);
        }

        if had_room {
            self.pools[pool].room.remove(slot, &mut self.instances);
        }
        if request.outcome == Outcome::Crashed {
            self.crash(slot);
        } else if !idle {
            self.list_room(slot);
        } else if request.outcome == Outcome::TimedOut && !provisioned {
            self.remove_instance(slot, Phase::Busy);
        } else {
            self.change_phase(slot, Phase::Busy, Some(Phase::Idle));
            self.rest(slot, request.function, request.invocation);
        }
        if self.cluster.is_some() {
            self.serve_workers(&request);
        }
        let unit = self.functions[request.function as usize].pool as usize;
        if !self.gates[unit].queue.is_empty() {
            self.serve_queue(unit, request.function);
        }
    }

    /// The parts of the time that an invocation took. An instance is created when the request that it starts for is assigned.
    #[inline(always)]
    fn describe(&self, name: u32, request: &Request, created: Time, provisioned: bool, retried: bool) -> Execution {
        let Request { function, arrived, started, execution, init, start, outcome, .. } = *request;
        let (queueing, cold_start) = match start {
            Start::Cold => (created - arrived, started - created),
            Start::Warm | Start::Delayed => (started - arrived, Span::ZERO),
        };
        let demand = if self.setup.demands { self.demands[name as usize] } else { Span::ZERO };
        let dead_letter = outcome != Outcome::Completed && !retried && self.client(function).has_dead_letters();
        Execution {
            function,
            arrived,
            queueing,
            cold_start,
            execution,
            demand,
            init,
            start,
            provisioned,
            outcome,
            retried,
            dead_letter,
        }
    }
}
