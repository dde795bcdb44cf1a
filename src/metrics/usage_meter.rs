//! The observer of what only some tariffs bill: the time of instances, and processor time.

use crate::billing::Metering;
use crate::engine::fact::{Execution, Fact, Observer};
use crate::metrics::Window;
use crate::platform::instance::Phase;
use crate::platform::request::Outcome;
use crate::time::{Span, Time};

/// How long the instances of one pool did something, in instance-nanoseconds of the measured window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InstanceTime {
    /// On-demand instances had something to do, each interval rounded.
    pub active: u128,
    /// Provisioned instances had something to do, each interval rounded.
    pub provisioned_active: u128,
    /// Provisioned instances were idle, not rounded.
    pub idle: u128,
    /// Instances existed, each life rounded.
    pub lifetime: u128,
}

/// From when until when an instance has something to do; until now, if it still has.
#[derive(Debug, Clone, Copy)]
struct Interval {
    from: Time,
    to: Time,
}

impl Interval {
    /// There is none.
    const NONE: Self = Self { from: Time::NEVER, to: Time::NEVER };
}

/// Meters the instances and the executions of one shard. Sums of integers: shards can be merged in any order.
///
/// A time is rounded as a whole, as the meter rounds it, and counts as far as what is billed for it lies in the window: so the
/// windows of a run add up to the run.
#[derive(Debug)]
pub struct UsageMeter<'a> {
    window: Window,
    metering: Metering,
    /// The last interval of each instance, by slot. It goes on if the instance has work again at the instant at which it ended.
    intervals: Vec<Interval>,
    /// By pool.
    instances: Vec<InstanceTime>,
    /// What of each drawn execution time is waiting, by function.
    waits: &'a [Span],
    /// Processor time in nanoseconds, by function.
    cpu_time: Vec<u128>,
}

impl<'a> UsageMeter<'a> {
    /// A meter for a shard with `pools` pools and a function for each of `waits`.
    pub fn new(window: Window, metering: Metering, pools: usize, waits: &'a [Span]) -> Self {
        let (instances, cpu_time) = (vec![InstanceTime::default(); pools], vec![0; waits.len()]);
        Self { window, metering, intervals: Vec::new(), instances, waits, cpu_time }
    }

    /// The time of instances by pool, and the processor time by function.
    pub fn finish(self) -> (Vec<InstanceTime>, Vec<u128>) {
        (self.instances, self.cpu_time)
    }

    /// What is billed in the window for the time from `from` to `to`.
    fn billed(&self, from: Time, to: Time) -> u128 {
        let rounded = self.metering.meter.billed(Span::ZERO, to - from);
        u128::from(self.window.part(from, rounded).as_nanos())
    }

    fn phase(&mut self, fact: &Fact) {
        let Fact::Phase { pool, at, created, instance, provisioned, ends, begins } = *fact else { return };
        let (pool, instance) = (pool as usize, instance as usize);
        if self.intervals.len() <= instance {
            self.intervals.resize(instance + 1, Interval::NONE);
        }
        if let Some((Phase::Idle, since)) = ends
            && provisioned
        {
            self.instances[pool].idle += u128::from(self.window.overlap(since, at).as_nanos());
        }
        let bills_init = self.metering.meter.bills_init;
        let is_active = |phase| phase == Phase::Busy || (phase == Phase::Starting && bills_init);
        if ends.is_some_and(|(phase, _)| is_active(phase)) {
            self.intervals[instance].to = at;
        }
        if begins.is_some_and(is_active) {
            if self.intervals[instance].to != at {
                self.count(pool, instance, provisioned);
                self.intervals[instance] = Interval { from: at, to: at };
            }
        } else if begins.is_none() {
            self.count(pool, instance, provisioned);
            self.instances[pool].lifetime += self.billed(created, at);
        }
    }

    /// Counts the last interval of an instance, which is over.
    fn count(&mut self, pool: usize, instance: usize, provisioned: bool) {
        let Interval { from, to } = std::mem::replace(&mut self.intervals[instance], Interval::NONE);
        if from == Time::NEVER {
            return;
        }
        let time = self.billed(from, to);
        let sums = &mut self.instances[pool];
        *(if provisioned { &mut sums.provisioned_active } else { &mut sums.active }) += time;
    }

    /// An execution that was cut off has computed at most as long as it ran.
    fn executed(&mut self, done: &Execution) {
        let mut time = done.demand.saturating_sub(self.waits[done.function as usize]);
        if matches!(done.outcome, Outcome::TimedOut | Outcome::Crashed) {
            time = time.min(done.execution);
        }
        let billed = self.metering.meter.billed(Span::ZERO, time);
        self.cpu_time[done.function as usize] += u128::from(billed.as_nanos());
    }
}

impl Observer for UsageMeter<'_> {
    #[inline]
    fn observe(&mut self, fact: &Fact) {
        match fact {
            Fact::Phase { .. } if self.metering.instances => self.phase(fact),
            Fact::Executed(done) if self.metering.cpu_time && self.window.contains(done.arrived) => self.executed(done),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::Meter;

    fn ms(ms: u64) -> Time {
        Time::ZERO + Span::from_millis(ms)
    }

    /// The life of one instance: phases, each with the instant at which it begins, then the instant at which it is gone.
    fn life(meter: &mut UsageMeter, provisioned: bool, phases: &[(u64, Phase)], gone: u64) {
        let mut ends = None;
        let next = phases.iter().map(|(at, phase)| (ms(*at), Some(*phase))).chain([(ms(gone), None)]);
        for (at, begins) in next {
            let created = ms(phases[0].0);
            meter.observe(&Fact::Phase { pool: 0, at, created, instance: 3, provisioned, ends, begins });
            ends = begins.map(|phase| (phase, at));
        }
    }

    fn meter(minimum: u64, bills_init: bool, window: (u64, u64)) -> UsageMeter<'static> {
        let meter = Meter { granularity: Span::from_millis(100), minimum: Span::from_millis(minimum), bills_init };
        let metering = Metering { meter, instances: true, ..Metering::of(Meter::EXACT) };
        UsageMeter::new(Window { start: ms(window.0), end: ms(window.1) }, metering, 1, &[])
    }

    fn millis(meter: UsageMeter) -> [u128; 4] {
        let InstanceTime { active, provisioned_active, idle, lifetime } = meter.finish().0[0];
        [active, provisioned_active, idle, lifetime].map(|nanos| nanos / 1_000_000)
    }

    #[test]
    fn each_interval_is_rounded_and_the_start_belongs_to_the_first() {
        use Phase::{Busy, Idle, Starting};
        let phases = [(0, Starting), (210, Busy), (440, Idle), (900, Busy), (910, Idle)];
        for (init, minimum, active) in [(true, 0, 500 + 100), (false, 0, 300 + 100), (true, 1_000, 2_000)] {
            let mut meter = meter(minimum, init, (0, 60_000));
            life(&mut meter, false, &phases, 5_010);
            assert_eq!(millis(meter), [active, 0, 0, 5_100], "init {init}, minimum {minimum}");
        }
    }

    #[test]
    fn work_that_follows_at_once_goes_on_in_the_same_interval() {
        use Phase::{Busy, Idle};
        let mut meter = meter(1_000, false, (0, 60_000));
        life(&mut meter, false, &[(0, Busy), (840, Idle), (840, Busy), (1_680, Idle)], 2_000);
        // The next instance in its place is another one, though it begins when this one is gone.
        life(&mut meter, false, &[(2_000, Busy)], 2_001);
        assert_eq!(millis(meter), [1_700 + 1_000, 0, 0, 2_000 + 1_000]);
    }

    #[test]
    fn provisioned_instances_count_apart_and_idle_time_is_exact() {
        use Phase::{Busy, Idle};
        let mut meter = meter(0, true, (0, 60_000));
        life(&mut meter, true, &[(0, Idle), (333, Busy), (363, Idle)], 1_000);
        assert_eq!(millis(meter), [0, 100, 333 + 637, 1_000]);
    }

    /// Windows that follow one another add up to the whole.
    #[test]
    fn a_time_counts_as_far_as_it_lies_in_the_window() {
        use Phase::{Busy, Idle, Starting};
        let phases = [(50, Starting), (120, Busy), (333, Idle), (612, Busy), (1_070, Idle)];
        let of = |window| {
            let mut meter = meter(100, true, window);
            life(&mut meter, false, &phases, 2_000);
            millis(meter)
        };
        let whole = of((0, 10_000));
        assert_eq!(whole, [300 + 500, 0, 0, 2_000]);
        for edge in [0, 40, 50, 130, 334, 349, 351, 700, 1_099, 1_999, 5_000] {
            let (before, after) = (of((0, edge)), of((edge, 10_000)));
            assert_eq!([0, 1, 2, 3].map(|at| before[at] + after[at]), whole, "{edge}");
        }
    }
}
