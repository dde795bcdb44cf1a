//! The life of an instance: it is created, changes its phase, rests under a lease, and goes.

use crate::engine::fact::{Fact, Observer};
use crate::engine::shard::Shard;
use crate::id::WorkerId;
use crate::platform::instance::{NONE, Phase, Slot};
use crate::platform::request::Outcome;
use crate::policy::{IdleView, Lease};
use crate::time::Time;
use crate::workload::Source;

impl<S: Source, O: Observer> Shard<'_, S, O> {
    /// The instances that exist at the start: provisioned ones, and warm ones whose keep-alive begins now.
    pub(super) fn start_initial_instances(&mut self) {
        for position in 0..self.layout.functions.len() {
            let deployment = &self.setup.platform.deployments[self.layout.functions[position].index()];
            let unit = self.functions[position].pool;
            if deployment.provisioned > 0 {
                self.tell(Fact::Provisioned { pool: unit, at: self.now, more: i64::from(deployment.provisioned) });
            }
            for number in 0..deployment.provisioned + deployment.warm_at_start {
                let Some((pool, worker)) = self.find_place(unit, position as u32, true) else { break };
                let slot = self.create(pool, Phase::Idle, number < deployment.provisioned, worker);
                // Numbers that no invocation has, so that every instance draws its own lease.
                self.rest(slot, position as u32, u64::MAX - 1 - u64::from(number));
            }
        }
    }

    /// An instance has nothing to do: the keep-alive policy plans its future.
    #[inline(always)]
    pub(super) fn rest(&mut self, slot: Slot, function: u32, invocation: u64) {
        if self.instances[slot].provisioned {
            return self.rest_provisioned(slot);
        }
        let lease = self.lease.unwrap_or_else(|| self.ask_for_lease(slot, function, invocation));
        let lease_ends = match lease {
            Lease::Forever => Time::NEVER,
            Lease::For(span) => self.now + span,
            // Those who wait come before the lease ends; nobody who arrives later finds the instance.
            Lease::Drop | Lease::Return { .. } if !self.somebody_waits(slot) => {
                return self.remove_instance(slot, Phase::Idle);
            }
            Lease::Drop | Lease::Return { .. } => self.now,
        };
        self.keep(slot, lease_ends);
    }

    /// Whether an idle instance could be taken by one who waits already.
    fn somebody_waits(&self, slot: Slot) -> bool {
        let unit = self.pools[self.instances[slot].pool as usize].unit as usize;
        !self.gates[unit].queue.is_empty() || self.has_lines(slot)
    }

    /// Lists an idle instance until its lease ends.
    #[inline(always)]
    pub(super) fn keep(&mut self, slot: Slot, lease_ends: Time) {
        let instance = &mut self.instances[slot];
        instance.lease_ends = lease_ends;
        if lease_ends < instance.timer {
            instance.timer = lease_ends;
            self.expiries.push(lease_ends, (slot, instance.id.0 as u32));
        }
        let pool = instance.pool as usize;
        self.pools[pool].idle.insert(slot, &mut self.instances);
    }

    fn ask_for_lease(&mut self, slot: Slot, position: u32, invocation: u64) -> Lease {
        if self.is_autoscaled() {
            return self.lease_of_replica(slot);
        }
        let function = self.layout.functions[position as usize];
        let unit = self.functions[position as usize].pool;
        let idle = IdleView {
            now: self.now,
            instance: self.instances[slot].id,
            function,
            invocation,
            unit,
            in_flight: self.unit_in_flight(unit),
            next_arrival: self.keep_alive.is_oracle().then(|| self.source.next_of(function)).flatten(),
            streams: &self.setup.streams,
        };
        let lease = self.keep_alive.lease(&idle);
        self.plan_return(unit, lease);
        lease
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
        if self.cluster.is_some() {
            self.serve_front();
        }
    }

    pub(super) fn create(&mut self, pool: u32, phase: Phase, provisioned: bool, worker: Option<WorkerId>) -> Slot {
        let (at, unit) = (self.now, self.pools[pool as usize].unit);
        let slot = self.instances.add(pool, phase, at);
        self.instances[slot].provisioned = provisioned;
        let (instance, begins) = (slot, Some(phase));
        self.tell(Fact::Phase { pool: unit, at, created: at, instance, provisioned, ends: None, begins });
        if let Some(worker) = worker {
            self.host(slot, worker);
        }
        if self.control.is_some() {
            self.note_phase(slot, None, Some(phase));
        }
        slot
    }

    pub(super) fn remove_instance(&mut self, slot: Slot, ends: Phase) {
        self.change_phase(slot, ends, None);
        self.tally.lifetime(self.now - self.instances[slot].created);
        self.instances.free(slot);
    }

    /// The phase that ends is known wherever this is called; naming it lets the compiler leave out the rest.
    #[inline(always)]
    pub(super) fn change_phase(&mut self, slot: Slot, ends: Phase, begins: Option<Phase>) {
        let at = self.now;
        let instance = &mut self.instances[slot];
        debug_assert_eq!(instance.phase, Some(ends));
        let (pool, created, provisioned, since) =
            (instance.pool, instance.created, instance.provisioned, instance.since);
        instance.phase = begins;
        instance.since = at;
        self.tally.phase(ends, at - since);
        let pool = self.pools[pool as usize].unit;
        self.tell(Fact::Phase { pool, at, created, instance: slot, provisioned, ends: Some((ends, since)), begins });
        if self.control.is_some() {
            self.note_phase(slot, Some(ends), begins);
        }
    }

    /// The end of the run: whatever is in flight stays open, be it that it arrived after the window or never ends, and all instances go.
    pub(super) fn close(&mut self) {
        // What the policies do not see any more.
        self.control = None;
        let requests = std::mem::take(&mut self.requests);
        for (_, request) in requests.open().filter(|(_, request)| request.outcome != Outcome::Abandoned) {
            self.tally.open += 1;
            if request.instance != NONE && self.instances[request.instance].phase == Some(Phase::Busy) {
                self.tally.execution(self.now - request.started);
            }
            self.tell(Fact::Open { function: request.function, arrived: request.arrived });
        }
        let live: Vec<_> = self.instances.live().collect();
        for (slot, phase) in live {
            self.remove_instance(slot, phase);
        }
    }
}
