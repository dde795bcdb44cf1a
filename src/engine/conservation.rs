//! What must add up after every run.

use crate::platform::instance::Phase;
use crate::time::Span;

/// What a shard counted for itself, apart from all observers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Invocations taken from the source.
    pub arrived: u64,
    /// Invocations whose last execution ended, in time or not.
    pub executed: u64,
    /// Invocations that left without an end of execution.
    pub lost: u64,
    /// Invocations in flight at the end.
    pub open: u64,
    /// Instance-nanoseconds by phase (starting, busy, idle), modulo 2^64.
    pub phases: [u64; 3],
    /// Instance-nanoseconds from creation to removal, modulo 2^64.
    pub lifetimes: u64,
    /// Nanoseconds of execution, as far as they lie in the run, modulo 2^64.
    pub executing: u64,
}

/// A sum that does not add up: a bug in the engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the run does not add up ({0}): this is a bug in coldcast, please report it with the scenario")]
pub struct Violation(String);

/// Why a shard did not come to its end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Halt {
    /// A sum does not add up.
    #[error(transparent)]
    Violation(#[from] Violation),
    /// Another thread ended it.
    #[error("cancelled")]
    Cancelled,
}

impl Tally {
    /// Adds what another shard counted.
    pub fn merge(&mut self, other: &Self) {
        self.arrived += other.arrived;
        self.executed += other.executed;
        self.lost += other.lost;
        self.open += other.open;
        self.lifetimes = self.lifetimes.wrapping_add(other.lifetimes);
        self.executing = self.executing.wrapping_add(other.executing);
        self.phases.iter_mut().zip(other.phases).for_each(|(sum, more)| *sum = sum.wrapping_add(more));
    }

    /// Books the end of a phase.
    #[inline(always)]
    pub(crate) fn phase(&mut self, phase: Phase, length: Span) {
        let sum = &mut self.phases[phase as usize];
        *sum = sum.wrapping_add(length.as_nanos());
    }

    /// Books the end of an instance.
    pub(crate) fn lifetime(&mut self, length: Span) {
        self.lifetimes = self.lifetimes.wrapping_add(length.as_nanos());
    }

    /// Books an execution.
    #[inline(always)]
    pub(crate) fn execution(&mut self, length: Span) {
        self.executing = self.executing.wrapping_add(length.as_nanos());
    }

    /// Checks the sums. `one_at_a_time`: an instance executes one invocation at a time.
    pub fn check(&self, one_at_a_time: bool) -> Result<(), Violation> {
        let left = self.executed + self.lost + self.open;
        if self.arrived != left {
            return Err(Violation(format!("{} invocations arrived, {left} are accounted for", self.arrived)));
        }
        let phases = self.phases.iter().fold(0u64, |sum, phase| sum.wrapping_add(*phase));
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
