//! A cluster for the tests of balancers: what an engine would show them, changed by hand.

use super::{BalanceView, LoadBalancing, Notice, Target};
use crate::amount::Memory;
use crate::id::{FunctionId, WorkerId};
use crate::platform::history::Histories;
use crate::platform::loads::Loads;
use crate::platform::sites::Sites;
use crate::platform::worker::{Worker, Workers};
use crate::policy::entry::{Entry, ParameterError};
use crate::random::Streams;
use crate::time::{Span, Time};

/// How many functions there are; each is a unit of its own.
const FUNCTIONS: usize = 1000;

pub struct Cluster {
    pub now: Time,
    pub loads_at: Time,
    pub workers: Workers,
    pub loads: Loads,
    pub history: Histories,
    pub sites: Sites,
    pub work_left: Vec<Span>,
    /// Memory of an instance.
    pub memory: Memory,
    streams: Streams,
    asked: u64,
}

impl Cluster {
    /// Idle workers with these cores, 1 GiB each; instances need 128 MiB.
    pub fn new(cores: &[u32]) -> Self {
        Self {
            now: Time::ZERO,
            loads_at: Time::ZERO,
            workers: Workers::new(cores.iter().map(|cores| Worker::new(*cores, Memory::from_mib(1024), 1.0)).collect()),
            loads: Loads::new(cores.len()),
            history: Histories::new(FUNCTIONS),
            sites: Sites::new(FUNCTIONS),
            work_left: vec![Span::ZERO; cores.len()],
            memory: Memory::from_mib(128),
            streams: Streams::new(11, 0),
            asked: 0,
        }
    }

    pub fn view(&self, function: u32, invocation: u64) -> BalanceView<'_> {
        BalanceView {
            now: self.now,
            function: FunctionId(function),
            invocation,
            retries: 0,
            memory: self.memory,
            unit: function,
            workers: &self.workers,
            loads: &self.loads,
            loads_at: self.loads_at,
            history: &self.history,
            work_left: Some(&self.work_left),
            sites: &self.sites,
            streams: &self.streams,
        }
    }

    /// Where the next invocation goes; `None`: it waits.
    pub fn ask(&mut self, policy: &mut dyn LoadBalancing, function: u32) -> Option<u32> {
        self.asked += 1;
        match policy.choose(&self.view(function, self.asked)) {
            Target::Worker(worker) => Some(worker.0),
            Target::Wait => None,
        }
    }

    /// The same, and the invocation goes there.
    pub fn send(&mut self, policy: &mut dyn LoadBalancing, function: u32) -> Option<u32> {
        let worker = self.ask(policy, function);
        worker.inspect(|worker| self.loads.add(WorkerId(*worker)))
    }

    /// An invocation ends; `idle` says whether its instance stays.
    pub fn end(&mut self, policy: &mut dyn LoadBalancing, worker: u32, function: u32, idle: bool) {
        self.loads.remove(WorkerId(worker));
        policy.notice(Notice::Ended { worker: WorkerId(worker), function: FunctionId(function), idle });
    }

    pub fn stop(&mut self, policy: &mut dyn LoadBalancing, worker: u32) {
        let worker = WorkerId(worker);
        (0..self.loads.of(worker)).for_each(|_| self.loads.remove(worker));
        self.loads.take_out(worker);
        self.workers[worker].up = false;
        policy.notice(Notice::Down(worker));
    }

    pub fn restart(&mut self, policy: &mut dyn LoadBalancing, worker: u32) {
        self.loads.bring_back(WorkerId(worker));
        self.workers[WorkerId(worker)].up = true;
        policy.notice(Notice::Up(WorkerId(worker)));
    }

    /// From now on a worker has so many idle instances of a function.
    pub fn idle(&mut self, function: u32, worker: u32, instances: u32) {
        let worker = WorkerId(worker);
        let site = self.sites.find(function, worker).unwrap_or_else(|| self.sites.add(function, worker, 0));
        (self.sites[site].idle, self.sites[site].instances) = (instances, instances);
    }

    /// From now on a worker has so many invocations.
    pub fn load(&mut self, worker: u32, invocations: u32) {
        let worker = WorkerId(worker);
        (self.loads.of(worker)..invocations).for_each(|_| self.loads.add(worker));
        (invocations..self.loads.of(worker)).for_each(|_| self.loads.remove(worker));
    }
}

/// A policy with the parameters of an inline table, or why it refuses them.
pub fn try_policy(
    entry: &Entry<dyn LoadBalancing>,
    parameters: &str,
) -> Result<Box<dyn LoadBalancing>, ParameterError> {
    let table: toml::Table = toml::from_str(&format!("p = {parameters}")).unwrap();
    entry.build(table["p"].as_table().unwrap().clone()).map(|factory| factory())
}

/// A policy with the parameters of an inline table.
pub fn policy(entry: &Entry<dyn LoadBalancing>, parameters: &str) -> Box<dyn LoadBalancing> {
    try_policy(entry, parameters).unwrap()
}

/// Each worker was drawn as often as its weight says, within 4 standard errors.
pub fn frequencies(draws: impl Iterator<Item = Option<u32>>, weights: &[f64]) {
    let mut counts = vec![0.0; weights.len()];
    draws.for_each(|worker| counts[worker.unwrap() as usize] += 1.0);
    let (n, total) = (counts.iter().sum::<f64>(), weights.iter().sum::<f64>());
    for (worker, (count, weight)) in counts.iter().zip(weights).enumerate() {
        let share = weight / total;
        let error = (n * share * (1.0 - share)).sqrt();
        assert!((count - n * share).abs() <= 4.0 * error, "worker {worker}: {count} of {n}, expected {share}");
    }
}
