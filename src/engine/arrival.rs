//! An invocation arrives: it is assigned to an instance, queued or refused.

use crate::engine::fact::{Fact, Observer};
use crate::engine::shard::Shard;
use crate::platform::instance::{NONE, Phase, Slot};
use crate::platform::request::{Request, Start};
use crate::policy::{Pick, ReuseView};
use crate::time::Span;
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
        let request = Request {
            invocation,
            arrived: at,
            started: at,
            execution,
            init: Span::ZERO,
            function,
            instance: NONE,
            next: NONE,
            start: Start::Warm,
            times_out: false,
        };
        if full {
            self.wait_or_refuse(request);
        } else if !self.dispatch(request) {
            self.refuse(request);
        }
    }

    /// The function is at its limit: the request joins the queue, if there is one.
    fn wait_or_refuse(&mut self, request: Request) {
        let Some(rules) = self.setup.platform.limits.queue else { return self.refuse(request) };
        let pool = self.functions[request.function as usize].pool;
        let queue = &mut self.pools[pool as usize].queue;
        if rules.length.is_some_and(|length| queue.len() >= length as usize) {
            return self.drop_request(request);
        }
        queue.push_back(request);
        if let Some(wait) = rules.wait {
            self.patience.push(self.now + wait, (request.function, request.invocation));
        }
    }

    fn refuse(&mut self, request: Request) {
        self.tally.throttled += 1;
        self.tell(Fact::Throttled { function: request.function, at: self.now });
        self.finished(request.function);
    }

    fn drop_request(&mut self, request: Request) {
        self.tally.dropped += 1;
        self.tell(Fact::Dropped { function: request.function, arrived: request.arrived, at: self.now });
        self.finished(request.function);
    }

    /// A request has waited in the queue as long as it may; it has not if it was assigned meanwhile.
    pub(super) fn give_up(&mut self) {
        let Some((function, invocation)) = self.patience.pop() else { return };
        let queue = &mut self.pools[self.functions[function as usize].pool as usize].queue;
        // All wait equally long, so whoever gives up came first of those who still wait.
        let first = queue.pop_front_if(|first| first.function == function && first.invocation == invocation);
        if let Some(request) = first {
            self.drop_request(request);
        }
    }

    /// Serves the first in the queue while the limits allow.
    pub(super) fn serve_queue(&mut self, pool: usize) {
        while let Some(request) = self.pools[pool].queue.front().copied() {
            let state = &self.functions[request.function as usize];
            if state.in_flight >= state.limit || !self.dispatch(request) {
                return;
            }
            self.pools[pool].queue.pop_front();
        }
    }

    /// Assigns a request to an instance; false if a limit forbids it.
    #[inline(always)]
    fn dispatch(&mut self, request: Request) -> bool {
        let number = self.functions[request.function as usize].pool as usize;
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
        if let Some(slot) = self.take_idle(&request, number) {
            self.assign(request, slot);
            return true;
        }
        self.wait_for_start(request, number)
    }

    /// Takes the idle instance that the reuse policy picks.
    #[inline(always)]
    fn take_idle(&mut self, request: &Request, pool: usize) -> Option<Slot> {
        let set = &mut self.pools[pool].idle;
        let last = set.last()?;
        let pick = self.pick.unwrap_or_else(|| {
            let function = self.layout.functions[request.function as usize];
            let (now, invocation, idle, streams) = (self.now, request.invocation, set.len(), &self.setup.streams);
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
    fn wait_for_start(&mut self, mut request: Request, pool: usize) -> bool {
        if let Some(slot) = self.starting_with_room(pool) {
            self.assign(request, slot);
            return true;
        }
        if self.pools[pool].tokens.as_mut().is_some_and(|tokens| !tokens.take(self.now)) {
            return false;
        }
        let function = self.layout.functions[request.function as usize];
        let cold_start = &self.setup.platform.deployments[function.index()].cold_start;
        let stages = cold_start.draw(&self.setup.streams, function.0, request.invocation);
        self.tell(Fact::Started { function: request.function, at: self.now, stages });
        let slot = self.create(pool as u32, Phase::Starting);
        self.readies.push(self.now + stages.total(), slot);
        request.start = Start::Cold;
        request.init = stages.init();
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
            if instance.id == *id && instance.phase == Some(Phase::Starting) && instance.in_flight < self.concurrency {
                return Some(*slot);
            }
            starting.pop_front();
        }
        None
    }
}
