//! One replication: the shards of a workload, simulated side by side and summed up.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crate::billing::Metering;
use crate::engine::fact::{Fact, Observer};
use crate::engine::{Layout, Setup, Shard, Tally};
use crate::experiment::units::Units;
use crate::experiment::{RunError, RunOptions};
use crate::id::FunctionId;
use crate::metrics::{ConcurrencyBound, Recorder, Totals, UsageMeter, Window};
use crate::platform::Platform;
use crate::policy::Policies;
use crate::random::Streams;
use crate::time::Span;
use crate::workload::{FunctionSource, Merge, Source, Workload};

/// Everything that a replication needs.
pub struct Simulation<'a> {
    /// What arrives.
    pub workload: &'a Workload,
    /// Where it runs.
    pub platform: &'a Platform,
    /// Who decides.
    pub policies: &'a Policies,
    /// What is measured.
    pub window: Window,
    /// For how long the run goes on at most, until what arrived in the window has ended.
    pub drain: Span,
    /// What must be counted for the bill.
    pub metering: Metering,
    /// How it is run; with a log, replications and shards must be simulated one after the other.
    pub options: RunOptions<'a>,
}

/// What a replication has counted.
#[derive(Debug)]
pub struct Counted {
    /// For the report.
    pub totals: Totals,
    /// For the check.
    pub tally: Tally,
}

/// Counts of the shards that one thread has simulated.
struct Part {
    counted: Counted,
    bound: Option<ConcurrencyBound>,
    /// How many arrivals the progress has been told of.
    told: u64,
}

impl Simulation<'_> {
    /// Simulates one replication. `parallel`: its shards are shared out among the threads of the current pool.
    pub fn replicate(&self, streams: Streams, parallel: bool) -> Result<Counted, RunError> {
        let units = Units::new(self.workload, self.platform.scale_by);
        let limit = self.shared_concurrency();
        if self.workload.table.is_some() || self.couples() {
            return self.run_coupled(streams, &units, limit);
        }
        let bounded = limit.filter(|_| units.members.len() > 1);
        // What is simulated twice would be logged twice.
        if limit.is_some() && (bounded.is_none() || self.options.log.is_some()) {
            return self.run_coupled(streams, &units, limit);
        }
        let part = self.run_apart(streams, &units, bounded.is_some(), parallel)?;
        match (bounded, part.bound) {
            // The account's limit may have been reached: only together are the units simulated rightly.
            (Some(limit), Some(bound)) if bound.most() > limit => {
                // Told again by the second simulation.
                self.options.progress.map(|progress| progress.fetch_sub(part.told, Ordering::Relaxed));
                self.run_coupled(streams, &units, Some(limit))
            }
            _ => Ok(part.counted),
        }
    }

    /// Whether functions share more than the account's limit: workers, or decisions.
    fn couples(&self) -> bool {
        self.platform.cluster.is_some()
            || self.platform.limits.request_rate.is_some()
            || !self.platform.overheads.is_none()
    }

    /// The account's limit, less what is reserved or provisioned.
    fn shared_concurrency(&self) -> Option<u64> {
        let limit = u64::from(self.platform.limits.account_concurrency?);
        let claimed = self.workload.function_ids().map(|function| self.platform.claimed(function)).sum();
        Some(limit.saturating_sub(claimed))
    }

    /// Whether the bound counts what these functions have in flight: not if all have concurrency of their own.
    fn is_bounded(&self, functions: &[FunctionId]) -> bool {
        functions.iter().any(|function| self.platform.reserved(*function).is_none())
    }

    /// Each unit by itself, as if there were no limit that they share.
    fn run_apart(&self, streams: Streams, units: &Units, bounded: bool, parallel: bool) -> Result<Part, RunError> {
        // A log has the functions in their order.
        let order = if self.options.log.is_some() {
            (0..units.members.len() as u32).collect()
        } else {
            units.by_load(self.workload)
        };
        let next = AtomicUsize::new(0);
        let work = || {
            let mut part = self.empty_part(bounded);
            while let Some(unit) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                self.run_unit(streams, units, *unit, &mut part)?;
            }
            Ok(part)
        };
        let parts: Vec<Result<Part, RunError>> = if parallel { rayon::broadcast(|_| work()) } else { vec![work()] };
        let mut sum = self.empty_part(bounded);
        for part in parts {
            let part = part?;
            sum.counted.totals.merge(part.counted.totals);
            sum.counted.tally.merge(&part.counted.tally);
            sum.told += part.told;
            if let (Some(sum), Some(bound)) = (&mut sum.bound, &part.bound) {
                sum.merge(bound);
            }
        }
        sum.counted.totals.functions.sort_by_key(|total| total.function);
        Ok(sum)
    }

    fn empty_part(&self, bounded: bool) -> Part {
        let counted = Counted { totals: Totals::new(self.window), tally: Tally::default() };
        Part { counted, bound: bounded.then(|| ConcurrencyBound::new(self.window.end)), told: 0 }
    }

    fn run_unit(&self, streams: Streams, units: &Units, unit: u32, part: &mut Part) -> Result<(), RunError> {
        let functions = &units.members[unit as usize];
        let memories = &units.memory[unit as usize..=unit as usize];
        let layout = Layout {
            position: &units.position,
            pool: &units.only_pool,
            functions,
            pools: 1,
            concurrency: None,
            memories,
        };
        let mut sources: Vec<_> = self.sources(functions, &streams);
        let shard = ShardRun { layout, streams, first_unit: unit };
        match (sources.len(), sources.pop()) {
            (1, Some(only)) => self.run_shard(&shard, only, part).map(drop),
            (_, Some(last)) => {
                sources.push(last);
                self.run_shard(&shard, Merge::new(sources, &units.position), part).map(drop)
            }
            (_, None) => Ok(()),
        }
    }

    fn sources(&self, functions: &[FunctionId], streams: &Streams) -> Vec<FunctionSource<'_>> {
        functions.iter().map(|function| FunctionSource::new(self.workload, *function, streams)).collect()
    }

    /// All units in one shard, in one time order.
    fn run_coupled(&self, streams: Streams, units: &Units, limit: Option<u64>) -> Result<Counted, RunError> {
        let functions: Vec<_> = self.workload.function_ids().collect();
        let position: Vec<u32> = (0..functions.len() as u32).collect();
        let pools = units.members.len() as u32;
        let memories = &units.memory;
        let layout =
            Layout { position: &position, pool: &units.of, functions: &functions, pools, concurrency: limit, memories };
        let shard = ShardRun { layout, streams, first_unit: 0 };
        let mut part = self.empty_part(false);
        match &self.workload.table {
            Some(table) => {
                let source = self.run_shard(&shard, table.open()?, &mut part)?;
                source.into_failure().map_or(Ok(()), Err)?;
            }
            None => {
                let sources = self.sources(&functions, &streams);
                self.run_shard(&shard, Merge::new(sources, &position), &mut part)?;
            }
        }
        Ok(part.counted)
    }

    /// What of each drawn execution time is waiting, if processor time is metered.
    fn waits(&self, functions: &[FunctionId]) -> Vec<Span> {
        let wait = |function: &FunctionId| self.platform.deployments[function.index()].wait;
        functions.iter().filter(|_| self.metering.cpu_time).map(wait).collect()
    }

    fn run_shard<S: Source>(&self, shard: &ShardRun<'_>, source: S, part: &mut Part) -> Result<S, RunError> {
        let ShardRun { layout, streams, first_unit } = *shard;
        let Self { platform, policies, metering, options: RunOptions { progress, cancel, .. }, .. } = *self;
        let setup = Setup {
            platform,
            policies,
            streams,
            end: self.window.end,
            drain: self.drain,
            demands: metering.cpu_time,
            cancel,
        };
        let totals = &mut part.counted.totals;
        let mut recorder = Recorder::new(totals, metering, layout.functions.len(), layout.pools as usize);
        let waits = self.waits(layout.functions);
        let mut meter = (metering.instances || metering.cpu_time)
            .then(|| UsageMeter::new(self.window, metering, layout.pools as usize, &waits));
        let mut progress = Progress { count: 0, told: 0, shared: progress };
        let mut log = self.options.log.and_then(|log| log.lock().ok());
        let mut bound = part.bound.as_mut().filter(|_| self.is_bounded(layout.functions));
        let (tally, source) = if bound.is_none() && log.is_none() && meter.is_none() {
            Shard::new(setup, layout, source, (&mut recorder, &mut progress)).run()?
        } else {
            let log = log.as_mut().map(|log| log.shard(self.workload, layout.functions, self.window.end));
            let observer = ((&mut recorder, &mut progress), ((bound.as_deref_mut(), log), meter.as_mut()));
            Shard::new(setup, layout, source, observer).run()?
        };
        bound.into_iter().for_each(ConcurrencyBound::finish_shard);
        recorder.finish(&layout, first_unit, meter);
        part.counted.tally.merge(&tally);
        progress.share();
        part.told += progress.told;
        Ok(source)
    }
}

#[derive(Clone, Copy)]
struct ShardRun<'a> {
    layout: Layout<'a>,
    streams: Streams,
    /// The function or app of the first pool.
    first_unit: u32,
}

/// Counts arrivals for the progress bar, and tells the others now and then.
struct Progress<'a> {
    count: u64,
    told: u64,
    shared: Option<&'a AtomicU64>,
}

impl Progress<'_> {
    fn share(&mut self) {
        let count = std::mem::take(&mut self.count);
        if let Some(shared) = self.shared {
            shared.fetch_add(count, Ordering::Relaxed);
            self.told += count;
        }
    }
}

impl Observer for Progress<'_> {
    #[inline(always)]
    fn observe(&mut self, fact: &Fact) {
        if let Fact::Arrived { .. } = fact {
            self.count += 1;
            if self.count == 1 << 16 {
                self.share();
            }
        }
    }
}
