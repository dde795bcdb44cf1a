//! The control plane: what schedulers, autoscalers and keep-alive policies know of demand, supply and history.
//!
//! Only platforms that need it have one; the others pay a comparison per step.

use crate::amount::{Memory, Rate};
use crate::engine::fact::{Fact, Fate, Observer};
use crate::engine::later::Later;
use crate::engine::shard::{Layout, Setup, Shard};
use crate::id::InstanceId;
use crate::platform::history::Mean;
use crate::platform::instance::{Phase, Slot};
use crate::platform::limits::TokenBucket;
use crate::platform::overheads::LoadFound;
use crate::platform::request::{Outcome, Request};
use crate::policy::demand::DemandView;
use crate::policy::{ArrivalView, Autoscaling, Prewarm};
use crate::time::{Span, Time};
use crate::workload::Source;

/// What the control plane knows and decides with.
pub(super) struct Control<'a> {
    /// By function or app.
    pub units: Vec<Unit>,
    /// The functions of each unit, by position in the shard.
    pub members: Vec<Vec<u32>>,
    pub autoscalers: Vec<Box<dyn Autoscaling>>,
    pub prewarmers: Vec<Box<dyn Prewarm>>,
    watches_arrivals: bool,
    instance_concurrency: u32,
    /// Memory of an instance, by function or app.
    memories: &'a [Memory],
    /// Invocations of each app that wait or execute, where decisions take longer the more they are.
    apps: Vec<u32>,
    admission: Option<TokenBucket>,
}

/// Demand and supply of one function or app.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Unit {
    pub demand: Demand,
    /// Instances on demand by phase: starting, busy, idle.
    pub phases: [u32; 3],
    /// Provisioned instances, and how many there should be.
    pub provisioned: u32,
    pub provisioned_wanted: u32,
    /// Instances started ahead of a request, for their random draws.
    pub started_ahead: u64,
    /// How many instances the autoscaler wants.
    pub desired: u32,
    /// Number of the latest plan of the keep-alive policy to start an instance later, and how long that is to be kept.
    pub plan: u64,
    pub keep: Span,
    /// The instance that was started by such a plan, and how long it is kept.
    pub returning: Option<(InstanceId, Span)>,
    executions: Mean,
    cold_starts: Mean,
}

/// Who asks for what is seen of a function (or app): each has a peak of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asker {
    Autoscaler,
    Prewarm,
}

/// Invocations that wait or execute, over time.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Demand {
    pub in_flight: u32,
    arrivals: u64,
    integral: u128,
    since: Time,
    /// Most in flight since each [`Asker`] was last told.
    peaks: [u32; 2],
}

impl Demand {
    fn change(&mut self, now: Time, by: i32) {
        self.integral += u128::from(self.in_flight) * u128::from((now - self.since).as_nanos());
        self.since = now;
        self.in_flight = self.in_flight.saturating_add_signed(by);
        self.peaks = self.peaks.map(|peak| peak.max(self.in_flight));
    }
}

impl<'a> Control<'a> {
    /// The control plane of a shard, if it needs one.
    pub fn new(setup: &Setup<'_>, layout: &Layout<'a>, watches_arrivals: bool) -> Option<Self> {
        let (platform, policies) = (setup.platform, setup.policies);
        let needed = platform.cluster.is_some()
            || policies.autoscaling.is_some()
            || policies.prewarm.is_some()
            || platform.limits.request_rate.is_some()
            || !platform.overheads.is_none()
            || watches_arrivals
            // Provisioned instances that crash are replaced.
            || layout.functions.iter().map(|function| &platform.deployments[function.index()])
                .any(|deployment| deployment.provisioned > 0 && deployment.faults.crashes > 0.0);
        let units = layout.pools as usize;
        let apps = platform.deployments.iter().map(|deployment| deployment.app.index() + 1);
        let apps = if platform.overheads.is_none() { None } else { apps.max() };
        needed.then(|| Self {
            units: vec![Unit::default(); units],
            members: vec![Vec::new(); units],
            autoscalers: policies.autoscaling.iter().flat_map(|make| (0..units).map(|_| make())).collect(),
            prewarmers: policies.prewarm.iter().flat_map(|make| (0..units).map(|_| make())).collect(),
            watches_arrivals,
            instance_concurrency: platform.concurrency.get(),
            memories: layout.memories,
            apps: vec![0; apps.unwrap_or(0)],
            admission: platform.limits.request_rate.map(TokenBucket::new),
        })
    }

    /// What autoscalers see of a function (or app). Ends the interval over which the peak is taken.
    pub fn view(&mut self, unit: u32, now: Time, waiting: u32, asker: Asker) -> DemandView {
        let (instance_concurrency, memory) = (self.instance_concurrency, self.memories[unit as usize]);
        let Unit { demand, phases: [starting, busy, idle], provisioned, executions, cold_starts, .. } =
            &mut self.units[unit as usize];
        demand.change(now, 0);
        let peak = std::mem::replace(&mut demand.peaks[asker as usize], demand.in_flight);
        DemandView {
            now,
            arrivals: demand.arrivals,
            concurrency: demand.integral,
            peak,
            in_flight: demand.in_flight,
            waiting,
            starting: *starting,
            busy: *busy,
            idle: *idle,
            provisioned: *provisioned,
            instance_concurrency,
            memory,
            mean_execution: executions.get(),
            mean_cold_start: cold_starts.get(),
        }
    }
}

impl<S: Source, O: Observer> Shard<'_, S, O> {
    /// An invocation arrived: the control plane takes note, and admits it now or after what its decisions take.
    #[inline(never)]
    pub(super) fn take_note(&mut self, request: u32) {
        let (now, position) = (self.now, self.requests[request].function);
        let app = self.app_of(position);
        let Some(control) = &mut self.control else { return };
        let function = self.layout.functions[position as usize];
        let unit = self.functions[position as usize].pool;
        if let Some(cluster) = &mut self.cluster {
            cluster.history.arrived(function, now);
        }
        let Unit { demand, phases, .. } = &mut control.units[unit as usize];
        let in_flight = demand.in_flight;
        demand.change(now, 1);
        demand.arrivals += 1;
        let container = phases.iter().map(|count| u64::from(*count)).sum();
        let in_app =
            control.apps.get_mut(app).map_or(0, |invocations| std::mem::replace(invocations, *invocations + 1));
        if control.watches_arrivals {
            self.keep_alive.arrived(&ArrivalView { now, function, unit, in_flight });
        }
        if !self.has_token() {
            return self.lose(request, Fate::Throttled);
        }
        if self.setup.platform.overheads.is_none() {
            return self.admit(request);
        }
        let (function, microservice) = (u64::from(in_flight), u64::from(in_app));
        let delay = self.setup.platform.overheads.at(LoadFound { container, function, microservice });
        self.tell(Fact::Decided { at: now, delay });
        self.later.push(now + delay.scheduling + delay.balancing, Later::Admit(request));
    }

    /// The app of the function at a position in the shard.
    fn app_of(&self, position: u32) -> usize {
        self.setup.platform.deployments[self.layout.functions[position as usize].index()].app.index()
    }

    /// Takes a token of the rate at which the front door admits; false if there is none.
    pub(super) fn has_token(&mut self) -> bool {
        let admission = self.control.as_mut().and_then(|control| control.admission.as_mut());
        admission.is_none_or(|tokens| tokens.take(self.now))
    }

    /// An execution ended, whose request had the slot `name`.
    pub(super) fn note_end(&mut self, name: u32, request: &Request) {
        self.leave_worker(name, request);
        let Some(control) = &mut self.control else { return };
        let unit = &mut control.units[self.functions[request.function as usize].pool as usize];
        if request.outcome == Outcome::Completed {
            unit.executions.add(request.execution);
            if let Some(cluster) = &mut self.cluster {
                cluster.history.executed(self.layout.functions[request.function as usize], request.execution);
            }
        }
    }

    /// An invocation has left the platform for good.
    pub(super) fn note_departure(&mut self, position: u32) {
        let app = self.app_of(position);
        let Some(control) = &mut self.control else { return };
        control.units[self.functions[position as usize].pool as usize].demand.change(self.now, -1);
        control.apps.get_mut(app).into_iter().for_each(|invocations| *invocations -= 1);
    }

    /// An instance is ready; false if its initialisation goes on on the worker's cores.
    pub(super) fn note_ready(&mut self, slot: Slot) -> bool {
        if self.initialise_on_cores(slot) {
            return false;
        }
        let cold_start = self.now - self.instances[slot].created;
        let unit = self.pools[self.instances[slot].pool as usize].unit;
        if let Some(control) = &mut self.control {
            control.units[unit as usize].cold_starts.add(cold_start);
        }
        if let Some(cluster) = &mut self.cluster {
            cluster.history.started(cluster.hosts[slot as usize].function, cold_start);
        }
        true
    }

    /// An instance ends one phase and begins another.
    pub(super) fn note_phase(&mut self, slot: Slot, ends: Option<Phase>, begins: Option<Phase>) {
        let instance = &self.instances[slot];
        let (unit, provisioned) = (self.pools[instance.pool as usize].unit, instance.provisioned);
        let Some(control) = &mut self.control else { return };
        let unit = &mut control.units[unit as usize];
        if provisioned {
            unit.provisioned += u32::from(ends.is_none());
            unit.provisioned -= u32::from(begins.is_none());
        } else {
            ends.iter().for_each(|phase| unit.phases[*phase as usize] -= 1);
            begins.iter().for_each(|phase| unit.phases[*phase as usize] += 1);
        }
        if self.cluster.is_some() {
            self.note_phase_on_worker(slot, ends, begins);
        }
    }

    /// Invocations of a function (or app) that wait or execute; zero where nobody counts.
    pub(super) fn unit_in_flight(&self, unit: u32) -> u32 {
        self.control.as_ref().map_or(0, |control| control.units[unit as usize].demand.in_flight)
    }
}

/// Who starts something has to wait for the turn: one after the other, so many per unit of time.
#[derive(Debug, Clone)]
pub(super) struct Turns {
    gap: Span,
    next: Time,
}

impl Turns {
    pub fn new(rate: Rate) -> Self {
        Self { gap: Span::from_nanos_f64(1e9 / rate.as_per_second()), next: Time::ZERO }
    }

    /// How long the next one waits.
    pub fn take(&mut self, now: Time) -> Span {
        let turn = self.next.max(now);
        self.next = turn + self.gap;
        turn - now
    }
}
