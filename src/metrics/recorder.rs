//! The observer of a run: everything that results report, counted in exact integers.

use crate::billing::{FunctionUsage, Metering};
use crate::engine::Layout;
use crate::engine::fact::{Fact, Observer};
use crate::id::FunctionId;
use crate::metrics::function::{FunctionRecord, Latency};
use crate::metrics::timeline::Timeline;
use crate::metrics::{
    Decisions, Distribution, Histogram, InstanceTime, Invocations, ProvisionedTime, UsageMeter, Window, WorkerShares,
};
use crate::platform::cold_start::STAGES;
use crate::platform::instance::Phase;

/// Sums over shards. Exact, so that the order in which shards are added does not matter.
#[derive(Debug, Clone)]
pub struct Totals {
    /// The measured part of the run.
    pub window: Window,
    /// What became of the invocations.
    pub invocations: Invocations,
    /// Times of all completed invocations.
    pub latency: Latency,
    /// Instances started in the window.
    pub started: u64,
    /// Instances whose keep-alive ended in the window.
    pub expired: u64,
    /// Instances that were evicted in the window.
    pub evicted: u64,
    /// What the platform's decisions took.
    pub decisions: Decisions,
    /// Invocations given to each worker.
    pub workers: WorkerShares,
    /// Nanoseconds of each cold-start stage, over the instances started.
    pub stages: [u128; STAGES.len()],
    /// Instance-nanoseconds by phase: starting, busy, idle.
    pub phases: [u128; 3],
    /// Byte-nanoseconds by phase.
    pub memory: [u128; 3],
    /// Arrivals, cold starts and instances over time.
    pub timeline: Timeline,
    /// One per function, in the order in which their shards were done.
    pub functions: Vec<FunctionTotal>,
    /// One per function or app that has instances of its own, in the same order.
    pub units: Vec<UnitTotal>,
}

/// What is kept of one function when its shard is done.
#[derive(Debug, Clone)]
pub struct FunctionTotal {
    /// Which function.
    pub function: FunctionId,
    /// What became of its invocations.
    pub invocations: Invocations,
    /// Its response times.
    pub response_ms: Distribution,
    /// Its mean execution time in milliseconds.
    pub execution_mean_ms: f64,
    /// What its invocations are billed for.
    pub usage: FunctionUsage,
}

/// What is kept of the instances of one function or app.
#[derive(Debug, Clone, Copy)]
pub struct UnitTotal {
    /// Which function or app.
    pub unit: u32,
    /// How long instances were provisioned, each time rounded up: instances times nanoseconds.
    pub provisioned: u128,
    /// What its instances did, if anybody is to be billed for it.
    pub instances: Option<InstanceTime>,
}

impl Totals {
    /// Nothing yet.
    pub fn new(window: Window) -> Self {
        Self {
            window,
            invocations: Invocations::default(),
            latency: Latency::default(),
            started: 0,
            expired: 0,
            evicted: 0,
            decisions: Decisions::default(),
            workers: WorkerShares::default(),
            stages: [0; STAGES.len()],
            phases: [0; 3],
            memory: [0; 3],
            timeline: Timeline::new(window),
            functions: Vec::new(),
            units: Vec::new(),
        }
    }

    /// Adds what another thread summed up.
    pub fn merge(&mut self, mut other: Self) {
        self.invocations.add(&other.invocations);
        self.latency.merge(&other.latency);
        self.started += other.started;
        self.expired += other.expired;
        self.evicted += other.evicted;
        self.decisions.merge(&other.decisions);
        self.workers.merge(&other.workers);
        let add = |sums: &mut [u128], more: &[u128]| sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        add(&mut self.stages, &other.stages);
        add(&mut self.phases, &other.phases);
        add(&mut self.memory, &other.memory);
        self.timeline.merge(&other.timeline);
        self.functions.append(&mut other.functions);
        self.units.append(&mut other.units);
    }
}

/// Instance-nanoseconds of one pool.
#[derive(Debug, Clone, Copy, Default)]
struct PoolRecord {
    starting: u128,
    busy: u128,
    /// Starting, busy or idle.
    alive: u128,
}

/// Counts the facts of one shard.
#[derive(Debug)]
pub struct Recorder<'a> {
    totals: &'a mut Totals,
    metering: Metering,
    /// By position in the shard.
    functions: Vec<FunctionRecord>,
    /// By pool of the shard.
    pools: Vec<PoolRecord>,
    provisioned: Vec<ProvisionedTime>,
}

impl<'a> Recorder<'a> {
    /// An observer of a shard of `functions` functions in `pools` pools, which will add to `totals`.
    pub fn new(totals: &'a mut Totals, metering: Metering, functions: usize, pools: usize) -> Self {
        totals.timeline.rewind();
        let provisioned = vec![ProvisionedTime::default(); pools];
        let (functions, pools) = (vec![FunctionRecord::default(); functions], vec![PoolRecord::default(); pools]);
        Self { totals, metering, functions, pools, provisioned }
    }

    /// Adds the shard to the totals. Its pools are those of the functions or apps from `first_unit` on.
    pub fn finish(self, layout: &Layout<'_>, first_unit: u32, meter: Option<UsageMeter<'_>>) {
        let (instances, cpu_time) = meter.map(UsageMeter::finish).unzip();
        for ((position, function), record) in layout.functions.iter().enumerate().zip(self.functions) {
            let invocations = record.invocations();
            let cpu_time = cpu_time.as_ref().filter(|_| self.metering.cpu_time).map(|times| times[position]);
            self.totals.invocations.add(&invocations);
            self.totals.latency.merge(&record.latency);
            self.totals.functions.push(FunctionTotal {
                function: *function,
                invocations,
                response_ms: Distribution::from(&record.latency.response()),
                execution_mean_ms: record.latency.execution().mean().as_millis_f64(),
                usage: FunctionUsage { cpu_time, ..record.usage() },
            });
        }
        for ((pool, provisioned), unit) in self.provisioned.iter().enumerate().zip(first_unit..) {
            let instances = instances.as_ref().filter(|_| self.metering.instances).map(|times| times[pool]);
            let provisioned = provisioned.total(self.totals.window);
            self.totals.units.push(UnitTotal { unit, provisioned, instances });
        }
        for (pool, memory) in self.pools.iter().zip(layout.memories) {
            let PoolRecord { starting, busy, alive } = *pool;
            for (phase, nanos) in [starting, busy, alive - starting - busy].into_iter().enumerate() {
                self.totals.phases[phase] += nanos;
                self.totals.memory[phase] += nanos * u128::from(memory.as_bytes());
            }
        }
    }

    #[inline(always)]
    fn record(&mut self, function: u32) -> &mut FunctionRecord {
        &mut self.functions[function as usize]
    }

    /// Idle time is what is left of an instance's life, so that most changes of phase cost nothing.
    #[inline(always)]
    fn phase(&mut self, fact: &Fact) {
        let Fact::Phase { pool, at, created, ends, begins, .. } = *fact else { return };
        let window = self.totals.window;
        let length = |since| u128::from(window.overlap(since, at).as_nanos());
        match ends {
            Some((Phase::Busy, since)) => self.pools[pool as usize].busy += length(since),
            Some((Phase::Starting, since)) => self.pools[pool as usize].starting += length(since),
            _ => {}
        }
        if begins.is_none() {
            self.pools[pool as usize].alive += length(created);
        }
    }
}

impl Observer for Recorder<'_> {
    #[inline(always)]
    fn observe(&mut self, fact: &Fact) {
        let window = self.totals.window;
        self.totals.timeline.observe(fact);
        match *fact {
            Fact::Arrived { function, at } if window.contains(at) => self.record(function).invocations.arrived += 1,
            Fact::Executed(done) if window.contains(done.arrived) => {
                let meter = self.metering.meter;
                self.record(done.function).executed(&done, &meter);
            }
            Fact::Phase { .. } => self.phase(fact),
            Fact::Lost { function, arrived, fate, dead_letter, .. } if window.contains(arrived) => {
                self.record(function).lost(fate, dead_letter);
            }
            Fact::Open { function, arrived } if window.contains(arrived) => self.record(function).invocations.open += 1,
            Fact::Started { at, stages, .. } if window.contains(at) => {
                self.totals.started += 1;
                let sums = self.totals.stages.iter_mut().zip(stages.0);
                sums.for_each(|(sum, span)| *sum += u128::from(span.as_nanos()));
            }
            Fact::Expired { at } if window.contains(at) => self.totals.expired += 1,
            Fact::Evicted { at } if window.contains(at) => self.totals.evicted += 1,
            Fact::Retried { function, arrived, .. } if window.contains(arrived) => {
                self.record(function).invocations.retried += 1
            }
            Fact::Decided { at, delay } if window.contains(at) => self.totals.decisions.add(delay),
            Fact::Balanced { worker, at } if window.contains(at) => self.totals.workers.add(worker),
            Fact::Provisioned { pool, at, more } => {
                self.provisioned[pool as usize].change(at, more, self.metering.provisioned_step, window);
            }
            _ => {}
        }
    }
}

impl Totals {
    /// Response times of cold invocations, and of warm and delayed ones.
    pub fn responses(&self) -> (Histogram, Histogram) {
        (self.latency.response_cold().clone(), self.latency.response_warm())
    }
}
