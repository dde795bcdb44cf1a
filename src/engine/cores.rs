//! On a platform with workers, or where executions go wrong: how an execution uses the cores of its worker, and how it ends.

use crate::engine::fact::Observer;
use crate::engine::loss::of_try;
use crate::engine::shard::{ON_CORES, Shard};
use crate::id::WorkerId;
use crate::platform::cluster::CoreUse;
use crate::platform::instance::{NONE, Phase, Slot};
use crate::platform::request::{Outcome, Request};
use crate::platform::sharing::{Begins, Due};
use crate::random::Purpose;
use crate::time::{Span, Time};
use crate::workload::Source;

/// Names the initialisation of an instance among the executions on its worker's cores.
const INITIALISATION: u32 = NONE;

impl<S: Source, O: Observer> Shard<'_, S, O> {
    /// A request was assigned: from now on it holds a core of its worker.
    pub(super) fn take_core(&mut self, request: u32, slot: Slot) {
        let Some(worker) = self.host_worker(slot) else { return };
        if self.requests[request].worker == NONE {
            self.give_to(request, worker);
        }
        let function = self.layout.functions[self.requests[request].function as usize];
        let Some(cluster) = &mut self.cluster else { return };
        cluster.hosts[slot as usize].function = function;
        cluster.workers[worker].running += 1;
        if let Some(holders) = cluster.holders.get_mut(worker.index()) {
            holders.running.push(request);
        }
    }

    /// A request whose execution ended leaves its worker.
    pub(super) fn leave_worker(&mut self, name: u32, ended: &Request) {
        let demand = self.demands.get(name as usize).copied().unwrap_or_default();
        let Some(cluster) = &mut self.cluster else { return };
        let worker = WorkerId(ended.worker);
        cluster.loads.remove(worker);
        cluster.leave_core(worker, name);
        if let Some(work) = cluster.work.get_mut(worker.index()) {
            work.given -= u128::from(demand.as_nanos());
            work.executing -= 1;
            work.began -= u128::from(ended.started.as_nanos());
        }
    }

    /// A request that was cut off does not hold a core any more.
    pub(super) fn release_core(&mut self, name: u32) {
        let entry = self.requests[name];
        let executes = self.instances[entry.instance].phase == Some(Phase::Busy);
        let worker = WorkerId(entry.worker);
        self.leave_line_if_paused(name, worker);
        let Some(cluster) = &mut self.cluster else { return };
        cluster.leave_core(worker, name);
        let job = cluster.job(entry.instance, name);
        if let Some(work) = cluster.work.get_mut(worker.index()).filter(|_| executes) {
            work.executing -= 1;
            work.began -= u128::from(entry.started.as_nanos());
        }
        if let Some(cores) = cluster.cores.get_mut(worker.index()) {
            cores.stop(&mut cluster.jobs, job, name, self.now);
            self.schedule_cores(worker);
        }
    }

    /// An execution begins that may fail, or that has a worker. `execution` is its length on an idle worker.
    pub(super) fn execute_with_care(&mut self, request: u32, execution: Span) {
        self.remember_demand(request);
        let execution = self.on_worker(request, execution);
        let (mut execution, outcome) = self.with_faults(request, execution);
        let entry = &mut self.requests[request];
        entry.outcome = outcome;
        let timeout = self.functions[entry.function as usize].timeout;
        let (slot, deadline) = (entry.instance, self.now + timeout);
        self.note_use(slot);
        if self.start_on_cores(request, slot, execution, deadline) {
            return;
        }
        let entry = &mut self.requests[request];
        if execution > timeout {
            (execution, entry.outcome) = (timeout, Outcome::TimedOut);
        }
        entry.execution = execution;
        self.ends.push(self.now + execution, request);
    }

    /// Keeps the drawn execution time of a request that may have to be executed again.
    fn remember_demand(&mut self, request: u32) {
        if self.demands.len() <= request as usize {
            self.demands.resize(request as usize + 1, Span::ZERO);
        }
        self.demands[request as usize] = self.requests[request].execution;
    }

    /// The length of an execution on its worker: scaled by its speed, and slowed by what else runs there.
    fn on_worker(&mut self, request: u32, execution: Span) -> Span {
        let Some(cluster) = &mut self.cluster else { return execution };
        let id = WorkerId(self.requests[request].worker);
        let worker = &cluster.workers[id];
        let others = f64::from(worker.running.saturating_sub(1)) / f64::from(worker.cores.max(1));
        let factor = (1.0 + cluster.rules.interference * others) / worker.speed;
        let length = if factor == 1.0 { execution } else { Span::from_nanos_f64(execution.as_nanos() as f64 * factor) };
        if let Some(work) = cluster.work.get_mut(id.index()) {
            work.executing += 1;
            work.began += u128::from(self.now.as_nanos());
        }
        length
    }

    /// Whether the execution goes wrong, and how far it gets then.
    fn with_faults(&self, request: u32, execution: Span) -> (Span, Outcome) {
        let entry = &self.requests[request];
        let function = self.layout.functions[entry.function as usize];
        let faults = self.setup.platform.deployments[function.index()].faults;
        if faults.never() {
            return (execution, Outcome::Completed);
        }
        let index = of_try(entry.invocation, entry.errors);
        let mut random = self.setup.streams.keyed(Purpose::Failure, function.0, index);
        let [crash, part, error] = std::array::from_fn(|_| random.uniform());
        if crash < faults.crashes {
            return (Span::from_nanos_f64(execution.as_nanos() as f64 * part), Outcome::Crashed);
        }
        (execution, if error < faults.errors { Outcome::Failed } else { Outcome::Completed })
    }

    /// The eviction policy hears that an instance is used.
    fn note_use(&mut self, slot: Slot) {
        let seen = self.candidate(slot);
        let Some(cluster) = &mut self.cluster else { return };
        let worker = cluster.hosts[slot as usize].worker;
        cluster.evictions[worker.index()].used(&seen);
    }

    /// Starts an execution where executions share cores or can be preempted; false elsewhere.
    pub(super) fn start_on_cores(&mut self, request: u32, slot: Slot, work: Span, deadline: Time) -> bool {
        let entry = &mut self.requests[request];
        let function = self.layout.functions[entry.function as usize];
        let worker = WorkerId(entry.worker);
        let Some(cluster) = &mut self.cluster else { return false };
        let job = cluster.job(slot, request);
        let Some(cores) = cluster.cores.get_mut(worker.index()) else { return false };
        entry.execution = work;
        let vcpu = self.setup.platform.deployments[function.index()].vcpu;
        let share = if cluster.rules.cores == CoreUse::Exclusive { 1000 } else { vcpu };
        let begins = Begins { slot: job, name: request, share, work, deadline };
        cores.start(&mut cluster.jobs, begins, self.now);
        self.schedule_cores(worker);
        true
    }

    /// Whether the end of an execution lies in the event queue of ends.
    pub(super) fn has_end_event(&self) -> bool {
        self.cluster.as_ref().is_none_or(|cluster| cluster.cores.is_empty())
    }

    /// Sees to it that an event comes when the next execution on a worker's cores ends. One that comes too early moves on.
    pub(super) fn schedule_cores(&mut self, worker: WorkerId) {
        let Some(cluster) = &mut self.cluster else { return };
        // Who was paused beyond its deadline is due at once.
        let next = cluster.cores[worker.index()].next_at().max(self.now);
        let pending = &mut cluster.pending[worker.index()];
        if next < *pending {
            *pending = next;
            self.ends.push(next, worker.0 | ON_CORES);
        }
    }

    /// The pending event of a worker's cores comes.
    pub(super) fn cores_due(&mut self, worker: u32) {
        let (worker, now) = (WorkerId(worker), self.now);
        let Some(cluster) = &mut self.cluster else { return };
        if cluster.pending[worker.index()] != now {
            return;
        }
        cluster.pending[worker.index()] = Time::NEVER;
        while let Some(cluster) = &mut self.cluster
            && let Some(due) = cluster.cores[worker.index()].due(&mut cluster.jobs, now)
        {
            match due {
                Due::Done(slot, INITIALISATION) => self.made_ready(slot),
                Due::Done(_, name) => self.end_on_cores(name),
                Due::TimedOut(_, name) => {
                    self.leave_line_if_paused(name, worker);
                    self.requests[name].outcome = Outcome::TimedOut;
                    self.end_on_cores(name);
                }
            }
        }
        self.schedule_cores(worker);
    }

    fn end_on_cores(&mut self, name: u32) {
        let entry = &mut self.requests[name];
        entry.execution = self.now - entry.started;
        self.ended(name);
    }

    /// An instance is ready but for what it computes itself; false if there is nothing of the kind.
    pub(super) fn initialise_on_cores(&mut self, slot: Slot) -> bool {
        let Some(cluster) = &mut self.cluster else { return false };
        let host = &mut cluster.hosts[slot as usize];
        let (worker, init) = (host.worker, std::mem::take(&mut host.init));
        if init == Span::ZERO {
            return false;
        }
        let vcpu = self.setup.platform.deployments[host.function.index()].vcpu;
        let init = Span::from_nanos_f64(init.as_nanos() as f64 / cluster.workers[worker].speed);
        let cores = &mut cluster.cores[worker.index()];
        let begins = Begins { slot, name: INITIALISATION, share: vcpu, work: init, deadline: Time::NEVER };
        cores.start(&mut cluster.jobs, begins, self.now);
        self.schedule_cores(worker);
        true
    }

    /// An instance goes with its worker: it does not compute there any more.
    pub(super) fn stop_initialisation(&mut self, slot: Slot, worker: WorkerId) {
        let Some(cluster) = &mut self.cluster else { return };
        if let Some(cores) = cluster.cores.get_mut(worker.index()) {
            cores.stop(&mut cluster.jobs, slot, INITIALISATION, self.now);
            self.schedule_cores(worker);
        }
    }
}
