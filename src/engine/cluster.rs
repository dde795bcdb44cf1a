//! The workers of a shard: what they hold, who waits there, and what policies keep in books.

use crate::amount::Memory;
use crate::engine::control::Turns;
use crate::engine::fact::Observer;
use crate::engine::preemption::Holders;
use crate::engine::shard::{Layout, Setup, Shard};
use crate::id::{FunctionId, WorkerId};
use crate::platform::cluster::{ClusterRules, CoreUse};
use crate::platform::cold_start::StageTimes;
use crate::platform::history::Histories;
use crate::platform::images::Images;
use crate::platform::instance::{Phase, Slot};
use crate::platform::loads::Loads;
use crate::platform::sharing::{Jobs, SharedCores};
use crate::platform::sites::{Site, Sites};
use crate::platform::worker::Workers;
use crate::policy::eviction::{Candidate, Leaves};
use crate::policy::load_balancing::Notice;
use crate::policy::{Eviction, LoadBalancing, Placement, Scheduling};
use crate::time::{Span, Time};
use crate::workload::Source;

/// The workers and who decides about them.
pub(super) struct Cluster<'a> {
    pub rules: &'a ClusterRules,
    pub workers: Workers,
    /// The largest worker: what does not fit there never fits.
    pub largest: Memory,
    pub loads: Loads,
    /// The loads as the balancer knows them, if they are reported now and then.
    pub reported: Option<(Loads, Time)>,
    pub sites: Sites,
    /// What schedulers have seen of each function.
    pub history: Histories,
    /// Where each instance is, by slot.
    pub hosts: Vec<Host>,
    /// The instances of each worker.
    pub residents: Vec<Residents>,
    pub balancer: Option<Box<dyn LoadBalancing>>,
    pub placement: Box<dyn Placement>,
    pub evictions: Vec<Box<dyn Eviction>>,
    /// Who waits for any worker.
    pub front: Box<dyn Scheduling>,
    /// Who waits at each worker.
    pub queues: Vec<Box<dyn Scheduling>>,
    /// Executions on each worker, where they share cores or can be preempted.
    pub cores: Vec<SharedCores>,
    pub jobs: Jobs,
    /// When the pending end event of each worker comes, where executions share cores.
    pub pending: Vec<Time>,
    /// Who holds the cores of each worker, where executions can be preempted.
    pub holders: Vec<Holders>,
    /// CPU time that each request has had before it was preempted, by slot.
    pub attained: Vec<Span>,
    /// What is known to oracles of the work on each worker.
    pub work: Vec<Work>,
    /// Pools of sites that are gone.
    pub free_pools: Vec<u32>,
    pub images: Vec<Images>,
    pub turns: Option<Turns>,
    pub worker_turns: Vec<Turns>,
    pub starts: u64,
    /// How often each worker has stopped or returned, for its random draws.
    pub outages: Vec<u64>,
}

/// Where an instance is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Host {
    pub worker: WorkerId,
    /// Its number among the instances of the worker.
    pub number: u32,
    /// The instances of the same function (or app) on the worker.
    pub site: u32,
    pub memory: Memory,
    /// The function that it was started for, or that used it last.
    pub function: FunctionId,
    /// Initialisation that is still to be done on the worker's cores.
    pub init: Span,
    /// Whether the eviction policy has it among its candidates.
    pub candidate: bool,
}

/// The instances of a worker, numbered densely, so that what policies keep by number stays small.
#[derive(Debug, Clone, Default)]
pub(super) struct Residents {
    slots: Vec<Slot>,
    free: Vec<u32>,
}

impl Residents {
    /// Numbers an instance.
    fn add(&mut self, slot: Slot) -> u32 {
        if let Some(number) = self.free.pop() {
            self.slots[number as usize] = slot;
            return number;
        }
        self.slots.push(slot);
        self.slots.len() as u32 - 1
    }

    /// The instance of a number.
    pub fn slot(&self, number: u32) -> Slot {
        self.slots[number as usize]
    }
}

/// Execution times of all that was given to a worker and has not ended.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Work {
    pub given: u128,
    /// How many execute, and the sum of the instants at which they began.
    pub executing: u64,
    pub began: u128,
}

impl<'a> Cluster<'a> {
    /// The workers of the platform, if it has any.
    pub fn new(setup: &Setup<'a>, layout: &Layout<'_>) -> Option<Self> {
        let cluster = setup.platform.cluster.as_ref()?;
        let (rules, policies) = (&cluster.rules, setup.policies);
        let n = cluster.workers.len();
        let front = (policies.scheduling)();
        let preempts = rules.cores == CoreUse::Exclusive && front.preempts();
        let on_cores = rules.cores == CoreUse::Shared || preempts;
        let cores = cluster.workers.iter().filter(|_| on_cores).map(|worker| SharedCores::new(worker.cores));
        let oracle = policies.load_balancing.as_ref().is_some_and(|make| make().is_oracle());
        Some(Self {
            rules,
            largest: cluster.workers.iter().map(|worker| worker.memory).max().unwrap_or_default(),
            workers: Workers::new(cluster.workers.clone()),
            loads: Loads::new(n),
            reported: rules.report_every.map(|_| (Loads::new(n), Time::ZERO)),
            sites: Sites::new(layout.pools as usize),
            history: Histories::new(layout.position.len()),
            hosts: Vec::new(),
            residents: vec![Residents::default(); n],
            balancer: policies.load_balancing.as_ref().map(|make| make()),
            placement: (policies.placement)(),
            evictions: (0..n).map(|_| (policies.eviction)()).collect(),
            front,
            queues: (0..n).map(|_| (policies.scheduling)()).collect(),
            cores: cores.collect(),
            jobs: Jobs::default(),
            pending: if on_cores { vec![Time::NEVER; n] } else { Vec::new() },
            holders: if preempts { vec![Holders::default(); n] } else { Vec::new() },
            attained: Vec::new(),
            work: if oracle { vec![Work::default(); n] } else { Vec::new() },
            free_pools: Vec::new(),
            images: rules.image_cache.map_or_else(Vec::new, |size| vec![Images::new(size); n]),
            turns: rules.creation_rate.map(Turns::new),
            worker_turns: rules.worker_creation_rate.map_or_else(Vec::new, |rate| vec![Turns::new(rate); n]),
            starts: 0,
            outages: vec![0; n],
        })
    }

    /// A request does not hold a core of its worker any more, and is not paused there.
    pub fn leave_core(&mut self, worker: WorkerId, name: u32) {
        let held = self.holders.get_mut(worker.index()).is_none_or(|holders| holders.leave(name));
        self.workers[worker].running -= u32::from(held);
        if let Some(attained) = self.attained.get_mut(name as usize) {
            *attained = Span::ZERO;
        }
    }

    /// Whether an invocation that needs a core of a worker would have one.
    pub fn has_free_core(&self, worker: WorkerId) -> bool {
        self.rules.cores != CoreUse::Exclusive || self.workers[worker].running < self.workers[worker].cores
    }

    /// Under which number an execution is on the cores: those of an instance share its speed, but who holds a core has it alone.
    pub fn job(&self, slot: Slot, name: u32) -> u32 {
        if self.rules.cores == CoreUse::Exclusive { name } else { slot }
    }

    /// What a load balancer knows of the loads, and since when.
    pub fn known_loads(&self, now: Time) -> (&Loads, Time) {
        self.reported.as_ref().map_or((&self.loads, now), |(loads, at)| (loads, *at))
    }
}

impl<S: Source, O: Observer> Shard<'_, S, O> {
    /// An instance is created on a worker.
    pub(super) fn host(&mut self, slot: Slot, worker: WorkerId) {
        let pool = self.instances[slot].pool;
        let unit = self.pools[pool as usize].unit;
        let Some(cluster) = &mut self.cluster else { return };
        let memory = self.layout.memories[unit as usize];
        let number = cluster.residents[worker.index()].add(slot);
        let site = cluster.sites.find(unit, worker).unwrap_or_else(|| cluster.sites.add(unit, worker, pool));
        cluster.sites[site].instances += 1;
        let (function, init) = (FunctionId::default(), Span::ZERO);
        let host = Host { worker, number, site, memory, function, init, candidate: false };
        if cluster.hosts.len() <= slot as usize {
            cluster.hosts.resize(slot as usize + 1, host);
        }
        cluster.hosts[slot as usize] = host;
        cluster.workers[worker].used += memory;
    }

    /// Notes for which function an instance is started on a worker. Returns the part of its initialisation that computes there.
    pub(super) fn note_start(&mut self, slot: Slot, function: FunctionId, init: Span) -> Span {
        let Some(cluster) = &mut self.cluster else { return Span::ZERO };
        let on_cores = cluster.rules.init_on_cores && cluster.rules.cores == CoreUse::Shared;
        let host = &mut cluster.hosts[slot as usize];
        (host.function, host.init) = (function, if on_cores { init } else { Span::ZERO });
        host.init
    }

    /// What a start on a worker adds to its stages, or saves.
    pub(super) fn prepare_start(&mut self, worker: WorkerId, function: FunctionId, stages: &mut StageTimes) {
        let Some(cluster) = &mut self.cluster else { return };
        let turn = cluster.turns.as_mut().map_or(Span::ZERO, |turns| turns.take(self.now));
        let at_worker =
            cluster.worker_turns.get_mut(worker.index()).map_or(Span::ZERO, |turns| turns.take(self.now + turn));
        let [placement, _, code, ..] = &mut stages.0;
        *placement += turn + at_worker;
        if let Some(images) = cluster.images.get_mut(worker.index())
            && images.has_or_fetch(function, self.setup.platform.deployments[function.index()].image)
        {
            *code = Span::ZERO;
        }
    }

    /// The worker of an instance, if there are workers.
    pub(super) fn host_worker(&self, slot: Slot) -> Option<WorkerId> {
        self.cluster.as_ref().and_then(|cluster| cluster.hosts.get(slot as usize)).map(|host| host.worker)
    }

    /// Keeps the books of the worker when an instance ends one phase and begins another.
    pub(super) fn note_phase_on_worker(&mut self, slot: Slot, ends: Option<Phase>, begins: Option<Phase>) {
        let instance = &self.instances[slot];
        let unit = self.pools[instance.pool as usize].unit;
        let evictable = !instance.provisioned;
        if begins == Some(Phase::Idle) && evictable {
            let seen = self.candidate(slot);
            let Some(cluster) = &mut self.cluster else { return };
            let host = &mut cluster.hosts[slot as usize];
            let worker = host.worker;
            host.candidate = true;
            cluster.workers[worker].idle += host.memory;
            cluster.evictions[worker.index()].idle(&seen);
        }
        if ends == Some(Phase::Idle) && evictable {
            let why = if begins == Some(Phase::Busy) { Leaves::Reused } else { Leaves::Gone };
            self.no_candidate(slot, why);
        }
        let Some(cluster) = &mut self.cluster else { return };
        let Host { worker, memory, number, site, .. } = cluster.hosts[slot as usize];
        let books = &mut cluster.sites[site];
        books.idle += u32::from(begins == Some(Phase::Idle));
        books.idle -= u32::from(ends == Some(Phase::Idle));
        books.instances -= u32::from(begins.is_none());
        if begins.is_none() {
            cluster.workers[worker].used -= memory;
            cluster.residents[worker.index()].free.push(number);
            if ends == Some(Phase::Idle)
                && let Some(balancer) = &mut cluster.balancer
            {
                balancer.notice(Notice::Gone { worker, unit });
            }
            self.close_site(site);
        }
    }

    /// An idle instance is not to be evicted any more.
    pub(super) fn no_candidate(&mut self, slot: Slot, why: Leaves) {
        let seen = self.candidate(slot);
        let Some(cluster) = &mut self.cluster else { return };
        let host = &mut cluster.hosts[slot as usize];
        if !std::mem::replace(&mut host.candidate, false) {
            return;
        }
        let worker = host.worker;
        cluster.workers[worker].idle -= host.memory;
        cluster.evictions[worker.index()].leaves(&seen, why);
    }

    /// What the eviction policy sees of an instance.
    pub(super) fn candidate(&self, slot: Slot) -> Candidate {
        let unit = self.pools[self.instances[slot].pool as usize].unit;
        let Some(cluster) = &self.cluster else { return Candidate::default() };
        let Host { worker, number, site, memory, function, .. } = cluster.hosts[slot as usize];
        let policy = &cluster.evictions[worker.index()];
        if !policy.looks_at_functions() {
            return Candidate { now: self.now, slot: number, function, unit, memory, ..Candidate::default() };
        }
        Candidate {
            now: self.now,
            slot: number,
            function,
            unit,
            memory,
            cold_start: cluster.history[function].mean_cold_start().unwrap_or_default(),
            siblings: cluster.sites[site].instances,
            next_arrival: policy.is_oracle().then(|| self.source.next_of(function)).flatten(),
        }
    }

    /// The pool of a function (or app) on a worker, made if there is none.
    pub(super) fn site_pool(&mut self, unit: u32, worker: WorkerId) -> u32 {
        let Some(cluster) = &mut self.cluster else { return unit };
        if cluster.balancer.is_none() {
            return unit;
        }
        if let Some(site) = cluster.sites.at(unit, worker) {
            return site.pool;
        }
        let pool = self.new_pool(unit);
        let Some(cluster) = &mut self.cluster else { return unit };
        let pool = match cluster.free_pools.pop() {
            Some(free) => {
                self.pools[free as usize] = pool;
                free
            }
            None => {
                self.pools.push(pool);
                self.pools.len() as u32 - 1
            }
        };
        cluster.sites.add(unit, worker, pool);
        pool
    }

    /// Forgets a site without instances.
    fn close_site(&mut self, number: u32) {
        let Some(cluster) = &mut self.cluster else { return };
        let Site { instances, pool, .. } = cluster.sites[number];
        if instances > 0 {
            return;
        }
        cluster.sites.remove(number);
        if pool >= self.layout.pools {
            cluster.free_pools.push(pool);
        }
    }
}
