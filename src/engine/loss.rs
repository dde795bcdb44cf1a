//! An invocation is refused or fails: it is tried again, or lost.

use crate::engine::fact::{Fact, Fate, Observer};
use crate::engine::later::Later;
use crate::engine::shard::Shard;
use crate::id::WorkerId;
use crate::platform::client::{Client, Ordeal, Trouble};
use crate::platform::instance::{NONE, Phase, Slot};
use crate::platform::request::{Outcome, Request, Start};
use crate::random::Purpose;
use crate::time::Span;
use crate::workload::Source;

impl<S: Source, O: Observer> Shard<'_, S, O> {
    /// A request leaves without having been executed, or its execution was cut off. It must be in no queue.
    pub(super) fn lose(&mut self, request: u32, fate: Fate) {
        self.unbind(request);
        let trouble = if fate == Fate::Failed { Trouble::Failed } else { Trouble::Refused };
        let mut entry = self.requests[request];
        if !self.gates[self.unit_of(request) as usize].queue.is_empty() {
            // Not at once: others may be about to fail as well.
            self.later.push(self.now, Later::Left { function: entry.function });
        }
        count(&mut entry, trouble);
        if fate != Fate::Unplaceable
            && let Some(wait) = self.wait_before_retry(&entry, trouble)
        {
            self.requests[request] = entry;
            return self.try_later(request, wait);
        }
        let Request { function, arrived, .. } = self.requests.remove(request);
        self.tally.lost += 1;
        let dead_letter = self.client(function).has_dead_letters();
        self.tell(Fact::Lost { function, arrived, at: self.now, fate, dead_letter });
        self.finished(function, arrived);
    }

    /// An execution went wrong, whose request had the slot `name` and has been taken out: it comes back if its client tries again.
    /// Says whether it does.
    pub(super) fn retry_failed(&mut self, name: u32, failed: &Request) -> bool {
        let mut failed = *failed;
        count(&mut failed, Trouble::Failed);
        let Some(wait) = self.wait_before_retry(&failed, Trouble::Failed) else { return false };
        failed.execution = self.demands.get(name as usize).copied().unwrap_or(failed.execution);
        failed.outcome = Outcome::Completed;
        let request = self.requests.add(|| failed);
        self.try_later(request, wait);
        true
    }

    fn wait_before_retry(&self, entry: &Request, trouble: Trouble) -> Option<Span> {
        let Request { function, invocation, arrived, errors, refusals, .. } = *entry;
        let ordeal = Ordeal { trouble, errors, refusals, age: self.now - arrived };
        let index = of_try(invocation, errors.saturating_add(refusals));
        let function_id = self.layout.functions[function as usize].0;
        self.client(function).waits(ordeal, || self.setup.streams.keyed(Purpose::Retry, function_id, index))
    }

    /// What the callers of a function do when it goes wrong.
    pub(super) fn client(&self, function: u32) -> Client {
        self.setup.platform.deployments[self.layout.functions[function as usize].index()].client
    }

    fn try_later(&mut self, request: u32, wait: Span) {
        let at = self.now + wait;
        let entry = &mut self.requests[request];
        (entry.instance, entry.worker, entry.start, entry.started) = (NONE, NONE, Start::Warm, at);
        let Request { function, arrived, .. } = *entry;
        self.tell(Fact::Retried { function, arrived, at: self.now });
        self.later.push(at, Later::Retry(request));
    }
}

impl<S: Source, O: Observer> Shard<'_, S, O> {
    /// An instance crashes, and with it whatever else executes there.
    pub(super) fn crash(&mut self, slot: Slot) {
        let others: Vec<u32> =
            self.requests.open().filter(|(_, request)| request.instance == slot).map(|(name, _)| name).collect();
        others.into_iter().for_each(|name| self.abandon(name));
        let instance = &self.instances[slot];
        let (unit, provisioned) = (self.pools[instance.pool as usize].unit, instance.provisioned);
        self.remove_instance(slot, Phase::Busy);
        if provisioned {
            self.replace_provisioned(unit);
        }
    }

    /// An execution is cut off, or the start that it waits for: its request is tried again or lost.
    pub(super) fn abandon(&mut self, name: u32) {
        let mut request = self.requests[name];
        if request.outcome == Outcome::Abandoned {
            return;
        }
        let instance = &mut self.instances[request.instance];
        let state = &mut self.functions[request.function as usize];
        instance.in_flight -= 1;
        state.in_flight -= 1;
        self.in_flight -= u64::from(!(instance.provisioned | state.reserved));
        self.release_core(name);
        if self.instances[request.instance].phase != Some(Phase::Busy) {
            return self.lose(name, Fate::Failed);
        }
        let cut_off = Request { execution: self.now - request.started, ..request };
        self.tally.execution(cut_off.execution);
        self.tell_queues(&cut_off, WorkerId(request.worker));
        request.execution = self.demands.get(name as usize).copied().unwrap_or(request.execution);
        request.outcome = Outcome::Completed;
        if !self.has_end_event() {
            self.requests[name] = request;
            return self.lose(name, Fate::Failed);
        }
        // Its end is still in the event queue: the slot is free when that comes.
        self.requests[name].outcome = Outcome::Abandoned;
        let moved = self.requests.add(|| request);
        self.lose(moved, Fate::Failed);
    }
}

/// The coordinate of the random numbers of one try of an invocation.
pub(super) fn of_try(invocation: u64, tries: u8) -> u64 {
    invocation | u64::from(tries) << 56
}

fn count(entry: &mut Request, trouble: Trouble) {
    let counter = if trouble == Trouble::Failed { &mut entry.errors } else { &mut entry.refusals };
    *counter = counter.saturating_add(1);
}
