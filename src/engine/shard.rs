//! The loop: the earliest of the next arrival and the next event, again and again.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::amount::Memory;
use crate::engine::cluster::Cluster;
use crate::engine::conservation::{Halt, Tally};
use crate::engine::control::Control;
use crate::engine::fact::{Fact, Observer};
use crate::engine::later::Later;
use crate::engine::queue::EventQueue;
use crate::id::FunctionId;
use crate::platform::Platform;
use crate::platform::client::Client;
use crate::platform::cpu::Cpu;
use crate::platform::idle::IdleSet;
use crate::platform::instance::{Instances, Slot};
use crate::platform::pool::{Gate, Pool};
use crate::platform::request::Requests;
use crate::policy::{IdleOrder, KeepAlive, Lease, Pick, Policies, Reuse};
use crate::random::Streams;
use crate::time::{Span, Time};
use crate::workload::Source;

/// What all shards of a replication share.
#[derive(Clone, Copy)]
pub struct Setup<'a> {
    /// The platform.
    pub platform: &'a Platform,
    /// Who decides.
    pub policies: &'a Policies,
    /// The random streams of the replication.
    pub streams: Streams,
    /// When the window ends; what happens at this instant is not in it. An invocation that arrives before counts whole, so that the run
    /// goes on, and arrivals with it, until all of these have ended.
    pub end: Time,
    /// For how long it goes on at most.
    pub drain: Span,
    /// Whether facts of executions say the time that was drawn for them, which takes a little time.
    pub demands: bool,
    /// Set by another thread when the run is to end before its time.
    pub cancel: Option<&'a AtomicBool>,
}

/// Which functions a shard simulates, and where it keeps them.
#[derive(Debug, Clone, Copy)]
pub struct Layout<'a> {
    /// The position in the shard of each function of the workload.
    pub position: &'a [u32],
    /// The pool in the shard of each function of the workload.
    pub pool: &'a [u32],
    /// The functions of this shard, by position.
    pub functions: &'a [FunctionId],
    /// How many pools the shard has.
    pub pools: u32,
    /// The most invocations of functions without reserved concurrency that may be in flight in the shard, beside those on provisioned
    /// instances (the account's limit less what is reserved or provisioned); `None`: any.
    pub concurrency: Option<u64>,
    /// Memory of an instance of each pool.
    pub memories: &'a [Memory],
}

/// Steps between two looks at whether the run was cancelled: less than a tenth of a second, on the slowest paths too.
const BREATH: u32 = 1 << 14;

/// Marks, among the ends of executions, the number of a worker whose cores are due.
pub(super) const ON_CORES: u32 = 1 << 31;

/// What a shard knows of a function: its counts, and what of its deployment each invocation needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct FunctionState {
    pub invocations: u64,
    pub in_flight: u32,
    /// How many wait in the queues of the cluster, without an instance.
    pub waiting: u32,
    pub limit: u32,
    pub pool: u32,
    pub timeout: Span,
    pub cpu: Cpu,
    /// Whether its executions may go wrong, be tried again, or share a worker, or their demand is asked for.
    pub careful: bool,
    /// Whether it has concurrency reserved, so that its invocations do not count against what the others share.
    pub reserved: bool,
}

impl FunctionState {
    /// Whether the function is at its limit.
    #[inline(always)]
    pub fn is_full(&self) -> bool {
        self.in_flight + self.waiting >= self.limit
    }
}

/// Functions that are simulated together, because they share instances or limits.
pub struct Shard<'a, S, O> {
    pub(super) setup: Setup<'a>,
    pub(super) layout: Layout<'a>,
    pub(super) source: S,
    pub(super) observer: O,
    pub(super) keep_alive: Box<dyn KeepAlive>,
    pub(super) reuse: Box<dyn Reuse>,
    /// What the policies always answer, if they do.
    pub(super) lease: Option<Lease>,
    pub(super) pick: Option<Pick>,
    pub(super) now: Time,
    /// How far the run goes: to the end of the window, then as far as it goes on. Events at this instant still happen.
    horizon: Time,
    /// After the end of the window: how many that arrived before have not ended.
    owed: u64,
    /// Executions that end.
    pub(super) ends: EventQueue<u32>,
    /// Instances that become ready.
    pub(super) readies: EventQueue<(Slot, u32)>,
    /// Idle instances whose lease ends; one pending event per instance, moved on when it comes.
    pub(super) expiries: EventQueue<(Slot, u32)>,
    /// What happens now and then.
    pub(super) later: EventQueue<Later>,
    /// How many invocations an instance executes at once.
    pub(super) concurrency: u32,
    pub(super) functions: Vec<FunctionState>,
    pub(super) pools: Vec<Pool>,
    /// By function or app.
    pub(super) gates: Vec<Gate>,
    pub(super) instances: Instances,
    pub(super) requests: Requests,
    /// The workers, if the platform has any.
    pub(super) cluster: Option<Box<Cluster<'a>>>,
    /// The control plane, if the platform needs one.
    pub(super) control: Option<Box<Control<'a>>>,
    /// Drawn execution times of requests that may have to be executed again, by slot.
    pub(super) demands: Vec<Span>,
    /// Invocations in flight that count against the account's limit.
    pub(super) in_flight: u64,
    /// Those that wait in the queues of the cluster, without an instance, and will count against it.
    pub(super) waiting: u64,
    pub(super) tally: Tally,
}

/// What happens at one instant happens in this order; ties by creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// An execution ends.
    End,
    /// An instance becomes ready.
    Ready,
    /// An invocation arrives.
    Arrival,
    /// The lease of an idle instance ends.
    Expiry,
    /// Something rarer.
    Later,
}

impl<'a, S: Source, O: Observer> Shard<'a, S, O> {
    /// A shard at time zero.
    pub fn new(setup: Setup<'a>, layout: Layout<'a>, source: S, observer: O) -> Self {
        let (keep_alive, reuse) = ((setup.policies.keep_alive)(), (setup.policies.reuse)());
        let pools = (0..layout.pools).map(|unit| Pool::new(unit, idle_set(reuse.order()))).collect();
        let gates = (0..layout.pools).map(|_| Gate::new(setup.platform.limits.scaling_rate)).collect();
        let cluster = Cluster::new(&setup, &layout).map(Box::new);
        let control = Control::new(&setup, &layout, keep_alive.watches_arrivals() || keep_alive.is_oracle());
        let state = |function: &FunctionId| {
            let deployment = &setup.platform.deployments[function.index()];
            let limit = deployment.concurrency_limit.or(setup.platform.limits.function_concurrency);
            FunctionState {
                invocations: 0,
                in_flight: 0,
                waiting: 0,
                limit: limit.unwrap_or(u32::MAX),
                pool: layout.pool[function.index()],
                timeout: deployment.timeout.unwrap_or(Span::MAX),
                cpu: deployment.cpu,
                careful: setup.demands
                    || setup.platform.cluster.is_some()
                    || !deployment.faults.never()
                    || deployment.client != Client::GivesUp,
                reserved: setup.platform.reserved(*function).is_some(),
            }
        };
        let functions = layout.functions.iter().map(state).collect();
        Self {
            setup,
            layout,
            source,
            observer,
            lease: keep_alive.always().filter(|_| setup.policies.autoscaling.is_none()),
            pick: reuse.always(),
            keep_alive,
            reuse,
            now: Time::ZERO,
            // What happens at the very end comes after the window, so that the order within that instant holds.
            horizon: setup.end.just_before(),
            owed: 0,
            ends: EventQueue::default(),
            readies: EventQueue::default(),
            expiries: EventQueue::default(),
            later: EventQueue::default(),
            concurrency: setup.platform.concurrency.get(),
            functions,
            pools,
            gates,
            instances: Instances::default(),
            requests: Requests::default(),
            cluster,
            control: control.map(Box::new),
            demands: Vec::new(),
            in_flight: 0,
            waiting: 0,
            tally: Tally::default(),
        }
    }

    /// Simulates to the end and checks that everything adds up.
    ///
    /// # Errors
    /// If it does not, or the run was cancelled.
    pub fn run(mut self) -> Result<(Tally, S), Halt> {
        self.begin_control();
        self.start_initial_instances();
        self.simulate(false)?;
        self.now = self.setup.end;
        self.owed = self.tally.arrived - self.tally.executed - self.tally.lost;
        if self.owed > 0 {
            self.horizon = (self.setup.end + self.setup.drain).min(Time::LAST);
            self.simulate(true)?;
        }
        if self.owed > 0 {
            self.now = self.horizon;
        }
        self.close();
        self.tally.check(self.concurrency == 1)?;
        Ok((self.tally, self.source))
    }

    /// Goes on until nothing more happens before the horizon; `draining`: or nobody is owed an end.
    #[inline(never)]
    fn simulate(&mut self, draining: bool) -> Result<(), Halt> {
        while (0..BREATH).all(|_| !(draining && self.owed == 0) && self.step()) {
            if self.setup.cancel.is_some_and(|cancel| cancel.load(Ordering::Relaxed)) {
                return Err(Halt::Cancelled);
            }
        }
        Ok(())
    }

    /// Does the next thing; false if nothing more happens before the horizon.
    ///
    /// Nearly always that is an arrival or the end of an execution, which a few comparisons tell.
    #[inline(always)]
    fn step(&mut self) -> bool {
        let (arrival, end) = (self.source.next_at(), self.ends.earliest());
        let expiry = self.expiries.earliest().min(self.later.earliest());
        let ready = self.readies.earliest();
        if arrival < end.min(ready) && arrival <= expiry && arrival < self.horizon {
            self.move_to(arrival);
            self.arrive();
            return true;
        }
        if self.ends.is_exact() && end <= arrival.min(ready).min(expiry) && end <= self.horizon {
            self.move_to(end);
            self.end();
            return true;
        }
        self.rare_step(arrival)
    }

    /// Does what is neither an arrival nor the end of an execution, or finds out that one of those is next.
    #[inline(never)]
    fn rare_step(&mut self, arrival: Time) -> bool {
        let Some((at, class)) = self.next_event(arrival) else { return false };
        self.move_to(at);
        match class {
            // The bounds of the queues are now sharp enough for the next step to tell.
            Class::Arrival | Class::End => {}
            Class::Ready => self.ready(),
            Class::Expiry => self.expire(),
            Class::Later => self.do_later(),
        }
        true
    }

    #[inline(always)]
    fn move_to(&mut self, at: Time) {
        assert!(at >= self.now, "time runs forward");
        self.now = at;
    }

    /// The next thing to happen, if it happens before the horizon.
    fn next_event(&mut self, arrival: Time) -> Option<(Time, Class)> {
        let mut next = (self.horizon, None);
        if arrival < self.horizon {
            next = (arrival, Some(Class::Arrival));
        }
        // Each queue is asked only for what comes before the best so far, so that it need not look further ahead.
        let earlier = |due: Option<Time>, class: Class, next: (Time, Option<Class>)| match due {
            Some(at) if at < next.0 || next.1.is_none_or(|best| class < best) => (at, Some(class)),
            _ => next,
        };
        next = earlier(self.ends.due(next.0), Class::End, next);
        next = earlier(self.readies.due(next.0), Class::Ready, next);
        next = earlier(self.expiries.due(next.0), Class::Expiry, next);
        next = earlier(self.later.due(next.0), Class::Later, next);
        next.1.map(|class| (next.0, class))
    }
}

fn idle_set(order: IdleOrder) -> IdleSet {
    match order {
        IdleOrder::Use => IdleSet::by_use(),
        IdleOrder::Creation => IdleSet::ByCreation(BTreeSet::new()),
        IdleOrder::Any => IdleSet::Unordered(Vec::new()),
    }
}

impl<S: Source, O: Observer> Shard<'_, S, O> {
    /// A new pool for instances of a function (or app).
    pub(super) fn new_pool(&self, unit: u32) -> Pool {
        Pool::new(unit, idle_set(self.reuse.order()))
    }

    /// Tells the observers.
    #[inline(always)]
    pub(super) fn tell(&mut self, fact: Fact) {
        self.observer.observe(&fact);
    }

    /// An invocation that arrived at `arrived` has left the platform: the source is told, and the control plane.
    #[inline(always)]
    pub(super) fn finished(&mut self, function: u32, arrived: Time) {
        self.owed = self.owed.wrapping_sub(u64::from(arrived < self.setup.end));
        if self.control.is_some() {
            self.note_departure(function);
        }
        self.source.finished(self.layout.functions[function as usize], self.now);
    }
}
