//! What must add up after every run.

use crate::platform::instance::Phase;
use crate::time::Span;

/// What a shard counted for itself, apart from all observers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Invocations taken from the source.
    pub arrived: u64,
    /// Executions that ended, in time or at a time-out.
    pub executed: u64,
    /// Invocations refused by a limit.
    pub throttled: u64,
    /// Invocations that left the queue unserved.
    pub dropped: u64,
    /// Invocations in flight at the end.
    pub open: u64,
    /// Instance-nanoseconds by phase: starting, busy, idle.
    pub phases: [u128; 3],
    /// Instance-nanoseconds from creation to removal.
    pub lifetimes: u128,
    /// Nanoseconds of execution, as far as they lie in the run.
    pub executing: u128,
}

/// A sum that does not add up: a bug in the engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the run does not add up ({0}): this is a bug in coldcast, please report it with the scenario")]
pub struct Violation(String);

impl Tally {
    /// Adds what another shard counted.
    pub fn merge(&mut self, other: &Self) {
        self.arrived += other.arrived;
        self.executed += other.executed;
        self.throttled += other.throttled;
        self.dropped += other.dropped;
        self.open += other.open;
        self.lifetimes += other.lifetimes;
        self.executing += other.executing;
        self.phases.iter_mut().zip(other.phases).for_each(|(sum, more)| *sum += more);
    }

    /// Books the end of a phase.
    #[inline]
    pub(crate) fn phase(&mut self, phase: Phase, length: Span) {
        self.phases[phase as usize] += u128::from(length.as_nanos());
    }

    /// Checks the sums. `one_at_a_time`: an instance executes one invocation at a time.
    pub fn check(&self, one_at_a_time: bool) -> Result<(), Violation> {
        let left = self.executed + self.throttled + self.dropped + self.open;
        if self.arrived != left {
            return Err(Violation(format!("{} invocations arrived, {left} are accounted for", self.arrived)));
        }
        let phases: u128 = self.phases.iter().sum();
        if phases != self.lifetimes {
            return Err(Violation(format!(
                "instances existed for {} ns, their phases last {phases} ns",
                self.lifetimes
            )));
        }
        let busy = self.phases[Phase::Busy as usize];
        if one_at_a_time && busy != self.executing {
            return Err(Violation(format!("instances were busy for {busy} ns, executions took {} ns", self.executing)));
        }
        Ok(())
    }
}
