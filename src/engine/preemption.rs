//! Executions that give way to others, and go on later.

use crate::engine::fact::Observer;
use crate::engine::routing::Line;
use crate::engine::shard::Shard;
use crate::id::WorkerId;
use crate::platform::instance::NONE;
use crate::policy::scheduling::Running;
use crate::time::Span;
use crate::workload::Source;

impl<S: Source, O: Observer> Shard<'_, S, O> {
    /// If all cores are taken, `next` needs nothing but a core, and the policy says so, an execution gives way.
    pub(super) fn preempt_for(&mut self, next: u32, worker: WorkerId) -> bool {
        if !self.preempts_at(worker) || !self.needs_only_a_core(next, worker) {
            return false;
        }
        let running = self.running_on(worker);
        let victim = self.with_line(Line::At(worker), |queue, view| queue.preempt(&running, view)).flatten();
        let Some(victim) = victim.and_then(|name| running.iter().find(|one| one.ticket == name)) else { return false };
        self.pause(victim.ticket, victim.attained);
        self.enqueue(victim.ticket, Line::At(worker));
        true
    }

    fn preempts_at(&self, worker: WorkerId) -> bool {
        self.cluster.as_ref().is_some_and(|cluster| {
            let host = &cluster.workers[worker];
            !cluster.running.is_empty() && host.running >= host.cores
        })
    }

    /// Whether a request could begin on a worker if a core were free: else one that gave way for it would hold, for nothing, the
    /// memory that the request waits for.
    fn needs_only_a_core(&mut self, request: u32, worker: WorkerId) -> bool {
        let unit = self.unit_of(request);
        let Some(cluster) = &self.cluster else { return false };
        let fits = cluster.workers[worker].available() >= self.layout.memories[unit as usize];
        let pool = cluster.sites.at(unit, worker).map(|site| site.pool as usize);
        self.requests[request].instance != NONE
            || pool.is_some_and(|pool| self.has_room(pool))
            || (fits && !self.is_autoscaled())
    }

    fn running_on(&mut self, worker: WorkerId) -> Vec<Running> {
        let now = self.now;
        let Some(cluster) = &mut self.cluster else { return Vec::new() };
        let oracle = cluster.front.is_oracle();
        let describe = |name: &u32| {
            let entry = &self.requests[*name];
            let left = cluster.cores[worker.index()].left(&mut cluster.jobs, entry.instance, *name, now);
            let attained = cluster.attained.get(*name as usize).copied().unwrap_or_default();
            Running {
                ticket: *name,
                function: self.layout.functions[entry.function as usize],
                attained: attained + entry.execution.saturating_sub(left),
                remaining: oracle.then_some(left),
            }
        };
        cluster.running[worker.index()].iter().map(describe).collect()
    }

    /// An execution gives way to another: it keeps its instance and waits for a core.
    fn pause(&mut self, name: u32, attained: Span) {
        let entry = &mut self.requests[name];
        let worker = WorkerId(entry.worker);
        let Some(cluster) = &mut self.cluster else { return };
        entry.execution = cluster.cores[worker.index()].stop(&mut cluster.jobs, entry.instance, name, self.now);
        cluster.leave_core(worker, name);
        cluster.paused[worker.index()].push(name);
        if cluster.attained.len() <= name as usize {
            cluster.attained.resize(name as usize + 1, Span::ZERO);
        }
        cluster.attained[name as usize] = attained;
        self.schedule_cores(worker);
    }

    /// Whoever is next waits for memory. A core that is free meanwhile goes to the execution that gave way last; false if there is no
    /// such core or execution.
    pub(super) fn resume_latest(&mut self, worker: WorkerId) -> bool {
        let Some(cluster) = &self.cluster else { return false };
        let latest = cluster.paused.get(worker.index()).and_then(|paused| paused.last().copied());
        let Some(latest) = latest.filter(|_| cluster.workers[worker].running < cluster.workers[worker].cores) else {
            return false;
        };
        self.with_line(Line::At(worker), |queue, view| queue.remove(latest, true, view));
        self.resume(latest);
        true
    }

    /// A paused execution goes on. One that has paused beyond its time-out is stopped now.
    pub(super) fn resume(&mut self, name: u32) {
        let entry = &self.requests[name];
        let (slot, left, started) = (entry.instance, entry.execution, entry.started);
        let deadline = (started + self.functions[entry.function as usize].timeout).max(self.now);
        let worker = WorkerId(entry.worker);
        let Some(cluster) = &mut self.cluster else { return };
        cluster.workers[worker].running += 1;
        cluster.paused[worker.index()].retain(|other| *other != name);
        cluster.running[worker.index()].push(name);
        self.start_on_cores(name, slot, left, deadline);
    }
}
