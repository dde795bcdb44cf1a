//! On a platform with workers: which worker a request goes to, and where it waits.

use crate::engine::cluster::Cluster;
use crate::engine::fact::{Fact, Fate, Observer};
use crate::engine::later::Later;
use crate::engine::shard::Shard;
use crate::id::{FunctionId, WorkerId};
use crate::platform::instance::{NONE, Phase, Slot};
use crate::platform::limits::Queue;
use crate::platform::request::Request;
use crate::policy::Scheduling;
use crate::policy::load_balancing::{BalanceView, Notice, Target};
use crate::policy::scheduling::{QueueView, Waiting};
use crate::time::Span;
use crate::workload::Source;

/// A queue of the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// At the front door.
    Front,
    /// At a worker.
    At(WorkerId),
}

impl<S: Source, O: Observer> Shard<'_, S, O> {
    /// Gives a request to a worker, or lets it wait at the front door.
    pub(super) fn route(&mut self, request: u32) {
        let unit = self.unit_of(request);
        let Some(cluster) = &self.cluster else { return };
        if self.layout.memories[unit as usize] > cluster.largest {
            return self.lose(request, Fate::Unplaceable);
        }
        let (balanced, nobody_waits) = (cluster.balancer.is_some(), cluster.front.is_empty());
        // Where instances are shared, nobody who waits for memory loses anything to one who finds an idle instance.
        if !balanced && self.take_ready(request, unit as usize) {
            return;
        }
        if !nobody_waits || !self.try_route(request) {
            self.wait_in_line(request, Line::Front);
            if self.tell_autoscaler(unit) {
                self.serve_front();
            }
        }
    }

    /// Gives a request to a worker; false if it has to wait at the front door.
    fn try_route(&mut self, request: u32) -> bool {
        if self.cluster.as_ref().is_some_and(|cluster| cluster.balancer.is_none()) {
            return self.find_or_start(request);
        }
        match self.choose(request) {
            Target::Wait => false,
            Target::Worker(worker) => {
                self.bind(request, worker);
                true
            }
        }
    }

    /// Where there is no load balancer: gives a request to any instance of its function, or starts one where there is room.
    fn find_or_start(&mut self, request: u32) -> bool {
        let unit = self.unit_of(request);
        if self.take_any(request, unit as usize) {
            return true;
        }
        if self.is_autoscaled() {
            return false;
        }
        let position = self.requests[request].function;
        let Some((pool, worker)) = self.find_place(unit, position, true) else { return false };
        self.start_for(request, pool as usize, worker);
        true
    }

    /// Asks the load balancer.
    fn choose(&mut self, request: u32) -> Target {
        let Request { function, invocation, errors, refusals, .. } = self.requests[request];
        let unit = self.unit_of(request);
        let work_left = self.work_left();
        let Some(cluster) = &mut self.cluster else { return Target::Wait };
        let Some(mut balancer) = cluster.balancer.take() else { return Target::Wait };
        let (loads, loads_at) = cluster.known_loads(self.now);
        let target = balancer.choose(&BalanceView {
            now: self.now,
            function: self.layout.functions[function as usize],
            invocation,
            retries: u32::from(errors) + u32::from(refusals),
            memory: self.layout.memories[unit as usize],
            unit,
            workers: &cluster.workers,
            loads,
            loads_at,
            history: &cluster.history,
            work_left: work_left.as_deref(),
            sites: &cluster.sites,
            streams: &self.setup.streams,
        });
        cluster.balancer = Some(balancer);
        target
    }

    /// The request goes to `worker`, where it is served at once or waits.
    fn bind(&mut self, request: u32, worker: WorkerId) {
        self.give_to(request, worker);
        let Some(cluster) = &self.cluster else { return };
        if !cluster.workers[worker].up {
            return self.lose(request, Fate::Failed);
        }
        if self.layout.memories[self.unit_of(request) as usize] > cluster.workers[worker].memory {
            return self.lose(request, Fate::Unplaceable);
        }
        if cluster.queues[worker.index()].is_empty() && self.serve(request, worker) {
            return;
        }
        self.wait_in_line(request, Line::At(worker));
        self.serve_line(worker);
    }

    /// Books that a worker has been given a request.
    pub(super) fn give_to(&mut self, request: u32, worker: WorkerId) {
        let Some(cluster) = &mut self.cluster else { return };
        let entry = &mut self.requests[request];
        entry.worker = worker.0;
        cluster.loads.add(worker);
        if let Some(work) = cluster.work.get_mut(worker.index()) {
            work.given += u128::from(entry.execution.as_nanos());
        }
        self.tell(Fact::Balanced { worker, at: self.now });
    }

    /// Gives a request to an instance of its worker, or starts one there; false if it has to wait for a core or for memory.
    fn serve(&mut self, request: u32, worker: WorkerId) -> bool {
        let Some(cluster) = self.cluster.as_ref().filter(|cluster| cluster.has_free_core(worker)) else { return false };
        if self.requests[request].instance != NONE {
            self.resume(request);
            return true;
        }
        let unit = self.unit_of(request);
        let pool = cluster.sites.at(unit, worker).map(|site| site.pool as usize);
        if pool.is_some_and(|pool| self.take_any(request, pool)) {
            return true;
        }
        if self.is_autoscaled() || !self.make_room(worker, self.layout.memories[unit as usize]) {
            return false;
        }
        let pool = self.site_pool(unit, worker);
        self.start_for(request, pool as usize, Some(worker));
        true
    }

    /// The request joins a queue, if that is not full.
    fn wait_in_line(&mut self, request: u32, line: Line) {
        let Some(cluster) = &self.cluster else { return };
        let (rules, waiting) = match line {
            Line::Front => (cluster.rules.front_queue, cluster.front.len()),
            Line::At(worker) => (cluster.rules.worker_queue, cluster.queues[worker.index()].len()),
        };
        let Queue { length, wait } = rules.unwrap_or_default();
        if length.is_some_and(|length| waiting >= length as usize) {
            return self.lose(request, Fate::Dropped);
        }
        self.enqueue(request, line);
        let state = &mut self.functions[self.requests[request].function as usize];
        state.waiting += 1;
        self.waiting += u64::from(!state.reserved);
        if let Some(wait) = wait {
            self.give_up_after(wait, request, Some(line));
        }
    }

    /// A request without an instance leaves a queue; false if it is not there.
    pub(super) fn leave_line(&mut self, request: u32, line: Line, served: bool) -> bool {
        let left = self.with_line(line, |queue, view| {
            let waiting = queue.len();
            queue.remove(request, served, view);
            queue.len() < waiting
        });
        let left = left == Some(true);
        let state = &mut self.functions[self.requests[request].function as usize];
        state.waiting -= u32::from(left);
        self.waiting -= u64::from(left && !state.reserved);
        left
    }

    pub(super) fn enqueue(&mut self, request: u32, line: Line) {
        let entry = self.requests[request];
        let deployment = &self.setup.platform.deployments[self.layout.functions[entry.function as usize].index()];
        let attained = self.cluster.as_ref().and_then(|cluster| cluster.attained.get(request as usize)).copied();
        let mut waiting = Waiting {
            ticket: request,
            function: self.layout.functions[entry.function as usize],
            arrived: entry.arrived,
            deadline: deployment.deadline.map(|span| entry.arrived + span),
            priority: deployment.priority,
            weight: deployment.weight,
            attained: attained.unwrap_or_default(),
            remaining: None,
        };
        self.with_line(line, |queue, view| {
            waiting.remaining = queue.is_oracle().then_some(entry.execution);
            queue.enqueue(waiting, view);
        });
    }

    /// Lets `act` do something with a queue, which sees what schedulers may see.
    pub(super) fn with_line<T>(
        &mut self,
        line: Line,
        act: impl FnOnce(&mut dyn Scheduling, &QueueView<'_>) -> T,
    ) -> Option<T> {
        let cluster = self.cluster.as_mut()?;
        let (sites, functions, position) = (&cluster.sites, &self.functions, self.layout.position);
        let unit = |function: FunctionId| functions[position[function.index()] as usize].pool;
        let is_warm = |function: FunctionId| match line {
            Line::Front => sites.of(unit(function)).any(|site| site.idle > 0),
            Line::At(worker) => sites.at(unit(function), worker).is_some_and(|site| site.idle > 0),
        };
        let running = match line {
            Line::Front => cluster.loads.total() as u32,
            Line::At(worker) => cluster.workers[worker].running,
        };
        let view = QueueView { now: self.now, history: &cluster.history, running, is_warm: &is_warm };
        let queue = match line {
            Line::Front => &mut cluster.front,
            Line::At(worker) => &mut cluster.queues[worker.index()],
        };
        Some(act(queue.as_mut(), &view))
    }

    /// Serves those who wait at a worker, as far as cores and memory go.
    pub(super) fn serve_line(&mut self, worker: WorkerId) {
        loop {
            let Some(Some(next)) = self.with_line(Line::At(worker), |queue, view| queue.next(view)) else { return };
            let paused = self.requests[next].instance != NONE;
            if !self.serve(next, worker) {
                if !self.preempt_for(next, worker) && !self.resume_longest_paused(worker) {
                    return;
                }
            } else if paused {
                self.with_line(Line::At(worker), |queue, view| queue.remove(next, true, view));
            } else {
                self.leave_line(next, Line::At(worker), true);
            }
        }
    }

    /// Serves those who wait at the front door.
    pub(super) fn serve_front(&mut self) {
        loop {
            let Some(Some(next)) = self.with_line(Line::Front, |queue, view| queue.next(view)) else { return };
            if !self.try_route_waiting(next) {
                return;
            }
        }
    }

    /// As [`Shard::try_route`], for one who waits at the front door and leaves it first.
    fn try_route_waiting(&mut self, request: u32) -> bool {
        let leave = |shard: &mut Self| shard.leave_line(request, Line::Front, true);
        if self.cluster.as_ref().is_some_and(|cluster| cluster.balancer.is_none()) {
            return self.find_or_start(request) && leave(self);
        }
        let Target::Worker(worker) = self.choose(request) else { return false };
        leave(self);
        self.bind(request, worker);
        true
    }

    /// An execution ended: its worker and the front door serve those who wait.
    pub(super) fn serve_workers(&mut self, ended: &Request) {
        let worker = WorkerId(ended.worker);
        let function = self.layout.functions[ended.function as usize];
        self.tell_queues(ended, worker);
        if self.cluster.as_ref().is_some_and(|cluster| cluster.balancer.is_some()) {
            self.serve_line(worker);
            let idle = self.instances[ended.instance].phase == Some(Phase::Idle)
                && self.host_worker(ended.instance) == Some(worker);
            if let Some(balancer) = self.cluster.as_mut().and_then(|cluster| cluster.balancer.as_mut()) {
                balancer.notice(Notice::Ended { worker, function, idle });
            }
        }
        self.serve_front();
    }

    /// The queues through which a request has come hear that its execution is over.
    pub(super) fn tell_queues(&mut self, ended: &Request, worker: WorkerId) {
        let function = self.layout.functions[ended.function as usize];
        for line in [Line::Front, Line::At(worker)] {
            self.with_line(line, |queue, view| queue.executed(function, ended.execution, view));
        }
    }

    /// A request that waits in a queue of the cluster gives up; nothing happens if it does not wait there. Those behind it may have
    /// room.
    pub(super) fn give_up_in_line(&mut self, request: u32, line: Line) {
        if !self.leave_line(request, line, false) {
            return;
        }
        self.lose(request, Fate::Dropped);
        if let Line::At(worker) = line {
            self.serve_line(worker);
        }
        self.serve_front();
    }

    /// The worker of a request that leaves without an end is not charged with it any more.
    pub(super) fn unbind(&mut self, request: u32) {
        let Some(cluster) = &mut self.cluster else { return };
        let entry = &mut self.requests[request];
        if entry.worker != NONE {
            let worker = WorkerId(std::mem::replace(&mut entry.worker, NONE));
            cluster.loads.remove(worker);
            let function = self.layout.functions[entry.function as usize];
            if let Some(balancer) = &mut cluster.balancer {
                balancer.notice(Notice::Ended { worker, function, idle: false });
            }
            if let Some(work) = cluster.work.get_mut(worker.index()) {
                work.given -= u128::from(entry.execution.as_nanos());
            }
        }
    }

    pub(super) fn unit_of(&self, request: u32) -> u32 {
        self.unit_at(self.requests[request].function)
    }

    /// The function (or app) of the function at a position in the shard.
    pub(super) fn unit_at(&self, position: u32) -> u32 {
        self.functions[position as usize].pool
    }

    /// Whether anybody waits for the worker of an instance, or for any worker.
    pub(super) fn has_lines(&self, slot: Slot) -> bool {
        let waits = |cluster: &Cluster<'_>| {
            let worker = cluster.hosts[slot as usize].worker;
            !cluster.front.is_empty() || !cluster.queues[worker.index()].is_empty()
        };
        self.cluster.as_deref().is_some_and(waits)
    }

    /// The work left on each worker, for balancers that know the future.
    fn work_left(&self) -> Option<Vec<Span>> {
        let cluster = self.cluster.as_ref().filter(|cluster| !cluster.work.is_empty())?;
        let now = u128::from(self.now.as_nanos());
        let left = cluster.work.iter().zip(cluster.workers.iter()).map(|(work, (_, worker))| {
            let done = (u128::from(work.executing) * now).saturating_sub(work.began);
            let left = work.given.saturating_sub(done) / u128::from(worker.cores.max(1));
            Span::from_nanos(u64::try_from(left).unwrap_or(u64::MAX))
        });
        Some(left.collect())
    }

    /// The workers report their load.
    pub(super) fn report_loads(&mut self) {
        let now = self.now;
        let Some(cluster) = &mut self.cluster else { return };
        let Some(every) = cluster.rules.report_every else { return };
        cluster.reported = Some((cluster.loads.clone(), now));
        self.later.push(now + every, Later::Report);
        self.serve_front();
    }
}
