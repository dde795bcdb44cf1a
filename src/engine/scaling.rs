//! Instances that nobody has asked for yet: autoscaling, prewarming, and the returns that keep-alive policies plan.

use crate::engine::control::{Asker, Control};
use crate::engine::fact::{Fact, Observer};
use crate::engine::later::Later;
use crate::engine::shard::Shard;
use crate::id::InstanceId;
use crate::platform::instance::{Phase, Slot};
use crate::platform::pool::Pool;
use crate::policy::Lease;
use crate::policy::prewarm::Wanted;
use crate::time::{Span, Time};
use crate::workload::Source;

/// Cold starts that no invocation waits for draw their times from coordinates that no invocation has.
const AHEAD: u64 = 1 << 62;

impl<S: Source, O: Observer> Shard<'_, S, O> {
    /// The first questions to the policies that are asked again and again.
    pub(super) fn begin_control(&mut self) {
        let Some(control) = &mut self.control else { return };
        let (scaled, prewarmed) = (!control.autoscalers.is_empty(), !control.prewarmers.is_empty());
        for (position, function) in (0..).zip(self.layout.functions) {
            let unit = self.functions[position as usize].pool as usize;
            control.members[unit].push(position);
            control.units[unit].provisioned_wanted += self.setup.platform.deployments[function.index()].provisioned;
        }
        for unit in 0..control.units.len() as u32 {
            if scaled {
                self.later.push(Time::ZERO, Later::Autoscale(unit));
            }
            if prewarmed {
                self.later.push(Time::ZERO, Later::Prewarm(unit));
            }
        }
        if let Some(every) = self.cluster.as_ref().and_then(|cluster| cluster.rules.report_every) {
            self.later.push(Time::ZERO + every, Later::Report);
        }
        self.plan_outages();
    }

    /// Whether a controller decides how many instances there are.
    pub(super) fn is_autoscaled(&self) -> bool {
        self.setup.policies.autoscaling.is_some()
    }

    /// Asks the autoscaler of a function (or app), and starts or removes instances.
    pub(super) fn autoscale(&mut self, unit: u32) {
        let period = self.ask_autoscaler(unit);
        self.later.push(self.now + period, Later::Autoscale(unit));
    }

    fn ask_autoscaler(&mut self, unit: u32) -> Span {
        let waiting = self.waiting(unit);
        let Some(control) = &mut self.control else { return Span::MAX };
        let view = control.view(unit, self.now, waiting, Asker::Autoscaler);
        let autoscaler = &mut control.autoscalers[unit as usize];
        let (desired, period) = (autoscaler.desired(&view), autoscaler.period());
        control.units[unit as usize].desired = desired;
        (view.instances()..desired).all(|_| self.start_ahead(unit, false).is_some());
        (desired..view.instances()).all(|_| self.remove_idle(unit));
        period
    }

    /// Invocations of a function (or app) that wait for an instance.
    fn waiting(&self, unit: u32) -> u32 {
        let queued = self.gates[unit as usize].queue.len() as u32;
        // On workers, whoever is in flight without an instance waits.
        match &self.cluster {
            None => queued,
            Some(_) => {
                let members = self.control.as_ref().map_or(&[][..], |control| &control.members[unit as usize]);
                let assigned = members.iter().map(|position| self.functions[*position as usize].in_flight);
                self.unit_in_flight(unit).saturating_sub(assigned.sum())
            }
        }
    }

    /// A request waits until the autoscaler has started something.
    pub(super) fn wait_for_capacity(&mut self, request: u32) {
        let unit = self.unit_of(request);
        if !self.take_starting(request, unit as usize) {
            self.join_queue(request);
            self.tell_autoscaler(unit);
        }
    }

    /// Somebody waits: the autoscaler is asked at once if it reacts to that. Says whether it was.
    pub(super) fn tell_autoscaler(&mut self, unit: u32) -> bool {
        let reacts = |control: &Control<'_>| {
            control.autoscalers.get(unit as usize).is_some_and(|scaler| scaler.reacts_to_waiting())
        };
        let reacts = self.control.as_deref().is_some_and(reacts);
        if reacts {
            self.ask_autoscaler(unit);
        }
        reacts
    }

    /// How long an instance stays that an autoscaler has started.
    pub(super) fn lease_of_replica(&self, slot: Slot) -> Lease {
        let unit = self.pools[self.instances[slot].pool as usize].unit;
        let too_many = self.control.as_ref().is_some_and(|control| {
            let unit = &control.units[unit as usize];
            unit.phases.iter().sum::<u32>() > unit.desired
        });
        if too_many { Lease::Drop } else { Lease::Forever }
    }

    /// Asks the prewarming policy of a function (or app).
    pub(super) fn prewarm(&mut self, unit: u32) {
        let waiting = self.waiting(unit);
        let Some(control) = &mut self.control else { return };
        let view = control.view(unit, self.now, waiting, Asker::Prewarm);
        let policy = &mut control.prewarmers[unit as usize];
        let (wanted, period) = (policy.wanted(&view), policy.period());
        match wanted {
            Wanted::AtLeast(instances) => {
                (view.instances()..instances).all(|_| self.start_ahead(unit, false).is_some());
            }
            Wanted::Provisioned(instances) => self.provision(unit, instances),
        }
        self.later.push(self.now + period, Later::Prewarm(unit));
    }

    /// Changes how many instances of a function (or app) are provisioned.
    fn provision(&mut self, unit: u32, instances: u32) {
        let Some(control) = &mut self.control else { return };
        let state = &mut control.units[unit as usize];
        let (from, live) = (std::mem::replace(&mut state.provisioned_wanted, instances), state.provisioned);
        if from != instances {
            let more = i64::from(instances) - i64::from(from);
            self.tell(Fact::Provisioned { pool: unit, at: self.now, more });
        }
        (live..instances).all(|_| self.start_ahead(unit, true).is_some());
        for _ in instances..live {
            // Busy ones go when they are idle.
            let Some(slot) = self.idle_provisioned(unit) else { return };
            self.remove_instance(slot, Phase::Idle);
            self.serve_waiting(slot);
        }
    }

    /// Starts provisioned instances for those that went with their worker or crashed, as far as there is room.
    pub(super) fn replace_provisioned(&mut self, unit: u32) {
        let missing = |control: &Control<'_>| {
            let unit = &control.units[unit as usize];
            unit.provisioned_wanted.saturating_sub(unit.provisioned)
        };
        let missing = self.control.as_deref().map_or(0, missing);
        (0..missing).all(|_| self.start_ahead(unit, true).is_some());
    }

    fn idle_provisioned(&mut self, unit: u32) -> Option<Slot> {
        self.pools_of(unit).into_iter().find_map(|pool| self.pools[pool as usize].provisioned.pop())
    }

    /// A provisioned instance has nothing to do.
    pub(super) fn rest_provisioned(&mut self, slot: Slot) {
        let pool = self.instances[slot].pool as usize;
        let too_many = self.control.as_ref().is_some_and(|control| {
            let unit = &control.units[self.pools[pool].unit as usize];
            unit.provisioned > unit.provisioned_wanted
        });
        if too_many {
            return self.remove_instance(slot, Phase::Idle);
        }
        self.pools[pool].provisioned.push(slot);
    }

    /// Starts an instance that nobody waits for. `None` if there is no room. Those that are to be provisioned evict idle ones; others
    /// take free memory only: else functions that want more than there is would evict each other, or themselves, for ever.
    fn start_ahead(&mut self, unit: u32, provisioned: bool) -> Option<InstanceId> {
        let position = *self.control.as_ref()?.members[unit as usize].first()?;
        let (pool, worker) = self.find_place(unit, position, provisioned)?;
        let control = self.control.as_mut()?;
        let state = &mut control.units[unit as usize];
        let index = AHEAD + state.started_ahead;
        state.started_ahead += 1;
        let (slot, _) = self.start_instance(pool as usize, position, index, worker, provisioned);
        let id = self.instances[slot].id;
        if !provisioned {
            self.pools[pool as usize].starting.push_back((slot, id));
        }
        Some(id)
    }

    /// Removes the instance of a function (or app) that has been idle longest; false if none is idle.
    fn remove_idle(&mut self, unit: u32) -> bool {
        let Some(pool) = self.pools_of(unit).into_iter().find(|pool| !self.pools[*pool as usize].idle.is_empty())
        else {
            return false;
        };
        let Some(slot) = self.pools[pool as usize].idle.first() else { return false };
        self.pools[pool as usize].idle.remove(slot, &mut self.instances);
        self.remove_instance(slot, Phase::Idle);
        true
    }

    /// The pools in which a function (or app) may have instances.
    fn pools_of(&self, unit: u32) -> Vec<u32> {
        let sites = self.cluster.iter().flat_map(|cluster| cluster.sites.of(unit));
        std::iter::once(unit).chain(sites.map(|site| site.pool)).collect()
    }

    /// An instance is ready that nobody waits for.
    pub(super) fn ready_for_nobody(&mut self, slot: Slot) {
        self.change_phase(slot, Phase::Starting, Some(Phase::Idle));
        if self.instances[slot].provisioned {
            self.rest_provisioned(slot);
        } else {
            self.rest_ahead(slot);
        }
        self.serve_waiting(slot);
    }

    /// The first lease of an instance that was started ahead.
    fn rest_ahead(&mut self, slot: Slot) {
        let (pool, id) = (self.instances[slot].pool, self.instances[slot].id);
        let unit = self.pools[pool as usize].unit;
        let Some(control) = &self.control else { return self.remove_instance(slot, Phase::Idle) };
        let returning = control.units[unit as usize].returning.filter(|(returned, _)| *returned == id);
        match (returning, control.members[unit as usize].first()) {
            (Some((_, keep)), _) => self.keep(slot, self.now + keep),
            (None, Some(position)) => self.rest(slot, *position, AHEAD + id.0),
            (None, None) => self.remove_instance(slot, Phase::Idle),
        }
    }

    /// An instance is ready and may have room, or it is gone and leaves memory: those who wait for that are served.
    pub(super) fn serve_waiting(&mut self, slot: Slot) {
        let unit = self.pools[self.instances[slot].pool as usize].unit as usize;
        if let Some(worker) = self.host_worker(slot) {
            self.serve_line(worker);
            self.serve_front();
        }
        if let Some(first) = self.gates[unit].queue.front() {
            self.serve_queue(unit, self.requests[*first].function);
        }
    }

    /// Whether an instance of a pool could take a request now.
    pub(super) fn has_room(&mut self, pool: usize) -> bool {
        let Pool { idle, room, provisioned, .. } = &self.pools[pool];
        !idle.is_empty() || !room.is_empty() || !provisioned.is_empty() || self.starting_with_room(pool).is_some()
    }

    /// The keep-alive policy has spoken: a new plan for the next instance takes the place of the last.
    pub(super) fn plan_return(&mut self, unit: u32, lease: Lease) {
        let Some(control) = &mut self.control else { return };
        let state = &mut control.units[unit as usize];
        state.plan += 1;
        if let Lease::Return { after, keep } = lease {
            state.keep = keep;
            self.later.push(self.now + after, Later::Return { unit, plan: state.plan });
        }
    }

    /// The next arrival is near: an instance is started unless there is one, or the plan has changed.
    pub(super) fn return_instance(&mut self, unit: u32, plan: u64) {
        let Some(control) = &self.control else { return };
        let state = control.units[unit as usize];
        if state.plan != plan || state.phases != [0; 3] {
            return;
        }
        let returning = self.start_ahead(unit, false).map(|id| (id, state.keep));
        if let Some(control) = &mut self.control {
            control.units[unit as usize].returning = returning;
        }
    }
}
