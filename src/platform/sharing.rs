//! Processor sharing: the executions of a worker run at once and share its cores.
//!
//! Every instance has its vCPU as a share. While the instances that execute want no more than the worker's cores, each runs at full
//! speed; else all run at the same part of it: speed = min(1, cores / sum of shares). Executions in one instance share its speed
//! equally. All speeds change together, so one virtual clock per worker (and one per instance) orders the ends, and each event costs
//! O(log n) (generalised processor sharing: Parekh and Gallager, IEEE/ACM ToN 1993; the rule is that of dslab-faas, "contended").

use std::collections::BTreeSet;

use crate::platform::instance::Slot;
use crate::time::{Span, Time};

/// Virtual time has 2^10 steps in a nanosecond: what rounding loses over a thousand events is below a nanosecond.
const FRACTION: u32 = 10;

/// Work on one worker.
#[derive(Debug, Clone, Default)]
pub struct SharedCores {
    /// Thousandths of a core.
    cores: u64,
    /// Sum of the shares of instances that execute, in thousandths of a core.
    shares: u64,
    /// Virtual time: how far an execution that is alone in its instance has come since it was zero.
    virtual_now: u64,
    at: Time,
    /// When each instance's next execution ends, in virtual time.
    next_ends: BTreeSet<(u64, Slot)>,
    /// When executions are stopped for having taken too long.
    deadlines: BTreeSet<(Time, Slot, u32)>,
}

/// What executes in one instance.
#[derive(Debug, Clone, Default)]
pub struct Job {
    share: u64,
    /// Virtual time of the instance, and the worker's virtual time at which it was that.
    virtual_now: u64,
    at: u64,
    /// Key in the worker's list.
    next_end: u64,
    /// When each execution ends in the virtual time of the instance, its name, and its deadline.
    executions: Vec<(u64, u32, Time)>,
}

/// An execution that begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begins {
    /// The instance in which it executes.
    pub slot: Slot,
    /// Its name.
    pub name: u32,
    /// What its instance has of a core, in thousandths.
    pub share: u32,
    /// What it needs on an idle worker.
    pub work: Span,
    /// When it is stopped.
    pub deadline: Time,
}

/// An execution that leaves the cores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// It is done.
    Done(Slot, u32),
    /// It has taken too long.
    TimedOut(Slot, u32),
}

impl SharedCores {
    /// An idle worker.
    pub fn new(cores: u32) -> Self {
        Self { cores: u64::from(cores) * 1000, ..Self::default() }
    }

    /// An execution begins.
    pub fn start(&mut self, jobs: &mut Jobs, begins: Begins, now: Time) {
        let Begins { slot, name, share, work, deadline } = begins;
        self.advance(now);
        let job = jobs.at(slot);
        if job.executions.is_empty() {
            let (share, executions) = (u64::from(share.max(1)), std::mem::take(&mut job.executions));
            *job = Job { share, at: self.virtual_now, executions, ..Job::default() };
            self.shares += job.share;
        } else {
            self.next_ends.remove(&(job.next_end, slot));
            job.advance(self.virtual_now);
        }
        let end = job.virtual_now.saturating_add(work.as_nanos().saturating_mul(1 << FRACTION));
        job.executions.push((end, name, deadline));
        self.list(job, slot);
        if deadline < Time::NEVER {
            self.deadlines.insert((deadline, slot, name));
        }
    }

    /// When the next execution leaves the cores.
    pub fn next_at(&self) -> Time {
        let end = self.next_ends.first().map_or(Time::NEVER, |(end, _)| {
            let left = u128::from(end.saturating_sub(self.virtual_now));
            let real = if self.shares <= self.cores {
                left
            } else {
                (left * u128::from(self.shares)).div_ceil(u128::from(self.cores))
            };
            self.at + Span::from_nanos(u64::try_from(real.div_ceil(1 << FRACTION)).unwrap_or(u64::MAX))
        });
        self.deadlines.first().map_or(end, |(deadline, ..)| end.min(*deadline))
    }

    /// Takes out the next execution that leaves at `now`, if one does.
    pub fn due(&mut self, jobs: &mut Jobs, now: Time) -> Option<Due> {
        self.advance(now);
        if let Some(&(end, slot)) = self.next_ends.first()
            && end <= self.virtual_now
        {
            let job = jobs.at(slot);
            job.advance(self.virtual_now);
            let name = job.executions.iter().min().map(|(_, name, _)| *name)?;
            self.stop(jobs, slot, name, now);
            return Some(Due::Done(slot, name));
        }
        let (deadline, slot, name) = *self.deadlines.first()?;
        (deadline <= now).then(|| {
            self.stop(jobs, slot, name, now);
            Due::TimedOut(slot, name)
        })
    }

    /// Takes an execution off the cores for good; returns the work that is left, none if it is not there.
    pub fn stop(&mut self, jobs: &mut Jobs, slot: Slot, name: u32, now: Time) -> Span {
        self.advance(now);
        let job = jobs.at(slot);
        let Some(place) = job.executions.iter().position(|(_, other, _)| *other == name) else {
            // It may have been paused.
            self.deadlines.retain(|(_, at, other)| (*at, *other) != (slot, name));
            return Span::ZERO;
        };
        self.next_ends.remove(&(job.next_end, slot));
        job.advance(self.virtual_now);
        let (end, _, deadline) = job.executions.remove(place);
        let left = end.saturating_sub(job.virtual_now) >> FRACTION;
        self.deadlines.remove(&(deadline, slot, name));
        if job.executions.is_empty() {
            self.shares -= job.share;
            if self.next_ends.is_empty() {
                // Nothing runs: the clock may begin again, so that it never overflows.
                self.virtual_now = 0;
            }
        } else {
            self.list(job, slot);
        }
        Span::from_nanos(left)
    }

    /// Takes an execution off the cores that will go on later; its deadline stays. Returns the work that is left.
    pub fn pause(&mut self, jobs: &mut Jobs, slot: Slot, name: u32, now: Time) -> Span {
        let deadline = jobs.at(slot).executions.iter().find(|(_, other, _)| *other == name).map(|(.., at)| *at);
        let left = self.stop(jobs, slot, name, now);
        self.deadlines.extend(deadline.filter(|at| *at < Time::NEVER).map(|at| (at, slot, name)));
        left
    }

    /// The work that an execution still needs; none if it is not there.
    pub fn left(&mut self, jobs: &mut Jobs, slot: Slot, name: u32, now: Time) -> Span {
        self.advance(now);
        let job = jobs.at(slot);
        let Some((end, ..)) = job.executions.iter().find(|(_, other, _)| *other == name) else { return Span::ZERO };
        let virtual_now = job.virtual_now + (self.virtual_now - job.at) / job.executions.len() as u64;
        Span::from_nanos(end.saturating_sub(virtual_now) >> FRACTION)
    }

    fn list(&mut self, job: &mut Job, slot: Slot) {
        let (executing, next) = (job.executions.len() as u64, job.executions.iter().map(|(end, ..)| *end).min());
        let left = next.unwrap_or(0).saturating_sub(job.virtual_now);
        job.next_end = self.virtual_now.saturating_add(left.saturating_mul(executing));
        self.next_ends.insert((job.next_end, slot));
    }

    fn advance(&mut self, now: Time) {
        let real = (now - self.at).as_nanos();
        self.at = now;
        if real == 0 || self.next_ends.is_empty() {
            return;
        }
        let steps = if self.shares <= self.cores {
            real << FRACTION
        } else {
            match (real << FRACTION).checked_mul(self.cores) {
                Some(product) => product / self.shares,
                None => ((u128::from(real) << FRACTION) * u128::from(self.cores) / u128::from(self.shares)) as u64,
            }
        };
        self.virtual_now = self.virtual_now.saturating_add(steps);
    }
}

impl Job {
    /// Moves the clock of the instance to the worker's virtual time.
    fn advance(&mut self, worker: u64) {
        self.virtual_now += (worker - self.at) / self.executions.len().max(1) as u64;
        self.at = worker;
    }
}

/// The jobs of all instances, by slot.
#[derive(Debug, Default)]
pub struct Jobs(Vec<Job>);

impl Jobs {
    fn at(&mut self, slot: Slot) -> &mut Job {
        let slot = slot as usize;
        if self.0.len() <= slot {
            self.0.resize_with(slot + 1, Job::default);
        }
        &mut self.0[slot]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Executions (start, slot, share, work) on one worker; returns when each ends, in seconds.
    fn ends(cores: u32, executions: &[(f64, Slot, u32, f64)]) -> Vec<f64> {
        let (mut worker, mut jobs) = (SharedCores::new(cores), Jobs::default());
        let mut starts: Vec<_> = executions.iter().copied().enumerate().collect();
        starts.sort_by(|a, b| a.1.0.total_cmp(&b.1.0));
        let mut starts = starts.into_iter().peekable();
        let mut ends = vec![0.0; executions.len()];
        loop {
            let (next, at) = (worker.next_at(), starts.peek().map_or(Time::NEVER, |(_, start)| seconds(start.0)));
            if next == Time::NEVER && at == Time::NEVER {
                return ends;
            }
            if at < next {
                let Some((name, (_, slot, share, work))) = starts.next() else { unreachable!() };
                let work = Span::from_nanos_f64(work * 1e9);
                let (name, share, deadline) = (name as u32, share * 1000, Time::NEVER);
                worker.start(&mut jobs, Begins { slot, name, share, work, deadline }, at);
                continue;
            }
            while let Some(Due::Done(_, name)) = worker.due(&mut jobs, next) {
                ends[name as usize] = next.as_secs_f64();
            }
        }
    }

    fn seconds(at: f64) -> Time {
        Time::ZERO + Span::from_nanos_f64(at * 1e9)
    }

    fn assert_ends(found: &[f64], expected: &[(usize, f64)]) {
        let expected = expected.iter().flat_map(|(n, at)| std::iter::repeat_n(*at, *n));
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{found}, not {expected}");
        }
    }

    /// osukhoroslov/dslab, crates/dslab-faas/tests/test_contention.rs: two executions in an instance with one core and three in one
    /// with two, on two cores.
    #[test]
    fn instances_share_a_worker_and_executions_share_an_instance() {
        let mut executions = vec![(0.0, 0, 1, 1.0); 2];
        executions.extend([(0.0, 1, 2, 1.0); 3]);
        assert_ends(&ends(2, &executions), &[(2, 3.0), (3, 4.0)]);
    }

    /// The same file: ten instances on seven cores, together and half a second apart.
    #[test]
    fn ten_instances_on_seven_cores() {
        let instances = |first: (f64, u32, f64), second: (f64, u32, f64)| -> Vec<_> {
            let of = |(at, share, work): (f64, u32, f64), slot| (at, slot, share, work);
            (0..5).map(|slot| of(first, slot)).chain((5..10).map(|slot| of(second, slot))).collect()
        };
        assert_ends(&ends(7, &instances((0.0, 2, 1.0), (0.0, 3, 2.0))), &[(5, 3.571429), (5, 5.714286)]);
        assert_ends(&ends(7, &instances((0.5, 2, 2.0), (0.0, 3, 2.0))), &[(5, 7.142857), (5, 6.809524)]);
    }

    #[test]
    fn a_deadline_stops_an_execution_and_the_rest_go_on() {
        let (mut worker, mut jobs) = (SharedCores::new(1), Jobs::default());
        let (work, deadline) = (Span::from_secs(10), seconds(4.0));
        worker.start(&mut jobs, Begins { slot: 0, name: 7, share: 1000, work, deadline }, Time::ZERO);
        let (work, deadline) = (Span::from_secs(3), Time::NEVER);
        worker.start(&mut jobs, Begins { slot: 1, name: 8, share: 1000, work, deadline }, Time::ZERO);
        assert_eq!(worker.next_at(), seconds(4.0));
        assert_eq!(worker.due(&mut jobs, seconds(4.0)), Some(Due::TimedOut(0, 7)));
        assert_eq!(worker.due(&mut jobs, seconds(4.0)), None);
        assert_eq!(worker.next_at(), seconds(5.0));
        assert_eq!(worker.stop(&mut jobs, 1, 8, seconds(4.5)), Span::from_millis(500));
        assert_eq!(worker.next_at(), Time::NEVER);
    }
}
