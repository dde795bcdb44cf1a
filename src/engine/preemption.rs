//! Executions that hold a core give way to others, and go on later.

use crate::engine::cluster::Cluster;
use crate::engine::fact::Observer;
use crate::engine::routing::Line;
use crate::engine::shard::Shard;
use crate::id::WorkerId;
use crate::platform::instance::{NONE, Phase};
use crate::policy::scheduling::Running;
use crate::time::Span;
use crate::workload::Source;

/// Who holds the cores of a worker.
#[derive(Debug, Clone, Default)]
pub(super) struct Holders {
    /// The requests that hold a core.
    pub running: Vec<u32>,
    /// Those that gave way and wait to go on, the one that has waited longest first.
    pub paused: Vec<u32>,
}

impl Holders {
    /// A request leaves; says whether it held a core.
    pub fn leave(&mut self, name: u32) -> bool {
        let held = self.running.len();
        self.running.retain(|other| *other != name);
        self.paused.retain(|other| *other != name);
        self.running.len() < held
    }
}

impl<S: Source, O: Observer> Shard<'_, S, O> {
    /// If all cores are taken, only a core is missing for `next`, and the policy says so, an execution gives way.
    pub(super) fn preempt_for(&mut self, next: u32, worker: WorkerId) -> bool {
        let preempts = |cluster: &Cluster<'_>| !cluster.holders.is_empty() && !cluster.has_free_core(worker);
        if !self.cluster.as_deref().is_some_and(preempts) || !self.could_start(next, worker) {
            return false;
        }
        let running = self.running_on(worker);
        let victim = self.with_line(Line::At(worker), |queue, view| queue.preempt(&running, view)).flatten();
        let Some(victim) = victim.and_then(|name| running.iter().find(|one| one.ticket == name)) else { return false };
        self.pause(victim.ticket, victim.attained);
        self.enqueue(victim.ticket, Line::At(worker));
        true
    }

    /// Who is next waits for memory, and a core is free: who was paused longest goes on, and ends one day.
    pub(super) fn resume_longest_paused(&mut self, worker: WorkerId) -> bool {
        let free = self.cluster.as_ref().filter(|cluster| cluster.has_free_core(worker));
        let paused = free.and_then(|cluster| cluster.holders.get(worker.index())?.paused.first()).copied();
        let Some(name) = paused else { return false };
        self.resume(name);
        self.with_line(Line::At(worker), |queue, view| queue.remove(name, true, view));
        true
    }

    /// Whether a request would be served at a worker if it had a core.
    fn could_start(&mut self, request: u32, worker: WorkerId) -> bool {
        let unit = self.unit_of(request);
        let Some(cluster) = &self.cluster else { return false };
        if self.requests[request].instance != NONE {
            return true;
        }
        let has_memory = cluster.workers[worker].available() >= self.layout.memories[unit as usize];
        let site = cluster.sites.at(unit, worker).map(|site| site.pool as usize);
        (has_memory && !self.is_autoscaled()) || site.is_some_and(|pool| self.has_room(pool))
    }

    /// What executes on a worker; who waits for its instance to be ready cannot give way.
    fn running_on(&mut self, worker: WorkerId) -> Vec<Running> {
        let (now, instances, functions) = (self.now, &self.instances, self.layout.functions);
        let Some(cluster) = self.cluster.as_deref_mut() else { return Vec::new() };
        let oracle = cluster.front.is_oracle();
        let executes = |name: &&u32| instances[self.requests[**name].instance].phase == Some(Phase::Busy);
        let names: Vec<u32> = cluster.holders[worker.index()].running.iter().filter(executes).copied().collect();
        let running = names.into_iter().map(|name| {
            let entry = &self.requests[name];
            let job = cluster.job(entry.instance, name);
            let left = cluster.cores[worker.index()].left(&mut cluster.jobs, job, name, now);
            let attained = cluster.attained.get(name as usize).copied().unwrap_or_default();
            Running {
                ticket: name,
                function: functions[entry.function as usize],
                attained: attained + entry.execution.saturating_sub(left),
                remaining: oracle.then_some(left),
            }
        });
        running.collect()
    }

    /// An execution gives way to another: it keeps its instance and its deadline, and waits for a core.
    fn pause(&mut self, name: u32, attained: Span) {
        let entry = &mut self.requests[name];
        let worker = WorkerId(entry.worker);
        let Some(cluster) = &mut self.cluster else { return };
        let job = cluster.job(entry.instance, name);
        entry.execution = cluster.cores[worker.index()].pause(&mut cluster.jobs, job, name, self.now);
        cluster.leave_core(worker, name);
        cluster.holders[worker.index()].paused.push(name);
        if cluster.attained.len() <= name as usize {
            cluster.attained.resize(name as usize + 1, Span::ZERO);
        }
        cluster.attained[name as usize] = attained;
        self.schedule_cores(worker);
    }

    /// A paused execution goes on.
    pub(super) fn resume(&mut self, name: u32) {
        let entry = &self.requests[name];
        let (slot, left, started) = (entry.instance, entry.execution, entry.started);
        let deadline = started + self.functions[entry.function as usize].timeout;
        let worker = WorkerId(entry.worker);
        let Some(cluster) = &mut self.cluster else { return };
        cluster.workers[worker].running += 1;
        let holders = &mut cluster.holders[worker.index()];
        holders.paused.retain(|other| *other != name);
        holders.running.push(name);
        self.start_on_cores(name, slot, left, deadline);
    }

    /// An execution ends or is cut off while it is paused: it does not wait for a core any more.
    pub(super) fn leave_line_if_paused(&mut self, name: u32, worker: WorkerId) {
        let holders = self.cluster.as_ref().and_then(|cluster| cluster.holders.get(worker.index()));
        if holders.is_some_and(|holders| holders.paused.contains(&name)) {
            self.with_line(Line::At(worker), |queue, view| queue.remove(name, false, view));
        }
    }
}
