//! An invocation arrives: it is given an instance, or it waits, or it is refused.

use crate::engine::fact::{Fact, Fate, Observer};
use crate::engine::later::Later;
use crate::engine::loss::attempt;
use crate::engine::shard::{FunctionState, Shard};
use crate::platform::request::Request;
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
        if self.control.is_some() {
            self.take_note(request);
        } else if full {
            self.wait_for_limit(request);
        } else if !self.dispatch(request) {
            self.lose(request, Fate::Throttled);
        }
    }

    /// The request is served, waits, or is refused.
    pub(super) fn admit(&mut self, request: u32) {
        let state = &self.functions[self.requests[request].function as usize];
        if state.in_flight >= state.limit {
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
        let entry = &self.requests[request];
        let (function, attempt) = (entry.function, attempt(entry));
        let queue = &mut self.pools[self.functions[function as usize].pool as usize].queue;
        if rules.length.is_some_and(|length| queue.len() >= length as usize) {
            return self.lose(request, Fate::Dropped);
        }
        queue.push_back(request);
        if let Some(wait) = rules.wait {
            self.later.push(self.now + wait, Later::GiveUp { request, function, attempt });
        }
    }

    /// A request has waited as long as it may; it has not if it was assigned meanwhile.
    pub(super) fn give_up(&mut self, request: u32, function: u32, named: u64) {
        let queue = &mut self.pools[self.functions[function as usize].pool as usize].queue;
        // All wait equally long, so whoever gives up came first of those who still wait.
        let requests = &self.requests;
        let same = |first: &Request| first.function == function && attempt(first) == named;
        if let Some(request) = queue.pop_front_if(|first| same(&requests[*first])) {
            self.lose(request, Fate::Dropped);
        } else if same(&self.requests[request]) {
            self.leave_cluster_queue(request);
        }
    }

    /// Serves those who wait for the limit of a function, or for its instances, in order of arrival; functions of an app wait in one
    /// queue.
    pub(super) fn serve_queue(&mut self, pool: usize, function: u32) {
        loop {
            let FunctionState { in_flight, limit, .. } = self.functions[function as usize];
            let (requests, queue) = (&self.requests, &mut self.pools[pool].queue);
            let first = || queue.iter().position(|request| requests[*request].function == function);
            let Some(first) = (in_flight < limit).then(first).flatten() else { return };
            if self.is_autoscaled() && !self.has_room(pool) {
                return;
            }
            // Whoever cannot be assigned now must not stay: no event would bring the next chance.
            let queue = &mut self.pools[pool].queue;
            if let Some(request) = queue.remove(first).filter(|request| !self.dispatch(*request)) {
                self.lose(request, Fate::Dropped);
            }
        }
    }
}
