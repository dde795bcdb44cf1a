//! An invocation arrives: it is given an instance, or it waits, or it is refused.

use crate::engine::fact::{Fact, Fate, Observer};
use crate::engine::later::{Later, Stay};
use crate::engine::routing::Line;
use crate::engine::shard::Shard;
use crate::platform::instance::NONE;
use crate::platform::request::Request;
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
        let (invocation, full) = (state.invocations, state.is_full());
        state.invocations += 1;
        let request = self.requests.add(|| Request::arrived(function, invocation, at, execution));
        if self.control.is_some() {
            self.take_note(request);
        } else if full {
            self.wait_for_limit(request);
        } else if !self.dispatch(request) {
            self.lose(request, Fate::Throttled);
        }
    }

    /// The platform has decided about a request. What that took is no wait for an instance.
    pub(super) fn decided(&mut self, request: u32) {
        self.requests[request].started = self.now;
        self.admit(request);
    }

    /// A request is tried again: it knocks at the front door as those do that arrive.
    pub(super) fn retry(&mut self, request: u32) {
        if self.has_token() { self.admit(request) } else { self.lose(request, Fate::Throttled) }
    }

    /// The request is served, waits, or is refused.
    pub(super) fn admit(&mut self, request: u32) {
        if self.functions[self.requests[request].function as usize].is_full() {
            self.wait_for_limit(request);
        } else if !self.dispatch(request) {
            self.lose(request, Fate::Throttled);
        }
    }

    /// The function is at its limit: the request joins the queue, if there is one.
    fn wait_for_limit(&mut self, request: u32) {
        match self.setup.platform.limits.queue {
            Some(_) => self.join_queue(request),
            None => self.lose(request, Fate::Throttled),
        }
    }

    /// The request waits in the queue of its function (or app), as long as that may be.
    pub(super) fn join_queue(&mut self, request: u32) {
        let rules = self.setup.platform.limits.queue.unwrap_or_default();
        let unit = self.unit_of(request) as usize;
        let queue = &mut self.gates[unit].queue;
        if rules.length.is_some_and(|length| queue.len() >= length as usize) {
            return self.lose(request, Fate::Dropped);
        }
        queue.push_back(request);
        if let Some(wait) = rules.wait {
            self.give_up_after(wait, request, None);
        }
    }

    /// A request that begins to wait gives up after `wait`.
    pub(super) fn give_up_after(&mut self, wait: Span, request: u32, line: Option<Line>) {
        let Request { function, invocation, started: tried, .. } = self.requests[request];
        self.later.push(self.now + wait, Later::GiveUp(Stay { request, function, invocation, tried, line }));
    }

    /// A request has waited as long as it may, unless it does not wait there any more.
    pub(super) fn give_up(&mut self, stay: Stay) {
        let Request { function, invocation, started, instance, .. } = self.requests[stay.request];
        if instance != NONE || (function, invocation, started) != (stay.function, stay.invocation, stay.tried) {
            return;
        }
        if let Some(line) = stay.line {
            return self.give_up_in_line(stay.request, line);
        }
        // All wait equally long, so whoever gives up came first of those who still wait.
        let unit = self.unit_at(function) as usize;
        if let Some(request) = self.gates[unit].queue.pop_front_if(|first| *first == stay.request) {
            self.lose(request, Fate::Dropped);
        }
    }

    /// Serves those who wait for the limit of a function, in order of arrival; functions of an app wait in one queue. Where an
    /// autoscaler says how many instances there are, they wait for those, and whoever waits longest is next, whatever its function.
    pub(super) fn serve_queue(&mut self, pool: usize, function: u32) {
        let scaled = self.is_autoscaled() && self.cluster.is_none();
        while !self.gates[pool].queue.is_empty() {
            let nobody_may = if scaled { !self.has_room(pool) } else { self.functions[function as usize].is_full() };
            if nobody_may {
                return;
            }
            let may_go = |request: &u32| {
                let position = self.requests[*request].function;
                (scaled || position == function) && !self.functions[position as usize].is_full()
            };
            let Some(first) = self.gates[pool].queue.iter().position(may_go) else { return };
            // Whoever cannot be assigned now must not stay: no event would bring the next chance.
            let queue = &mut self.gates[pool].queue;
            if let Some(request) = queue.remove(first).filter(|request| !self.dispatch(*request)) {
                self.lose(request, Fate::Dropped);
            }
        }
    }
}
