//! Which idle instance goes when a worker needs memory.

pub mod belady;
pub mod cidre;
pub mod frequency;
pub mod greedy_dual;
#[cfg(test)]
mod lab;
pub mod landlord;
pub mod least_frequently_used;
pub mod least_recently_used;
pub mod priority;
pub mod ranking;
pub mod size;

use crate::amount::Memory;
use crate::id::FunctionId;
use crate::time::{Span, Time};

/// Names an instance among those of its worker while it exists: a small number, used again when it is gone.
pub type Slot = u32;

/// What an eviction policy sees of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Candidate {
    /// The instant.
    pub now: Time,
    /// The instance.
    pub slot: Slot,
    /// The function that it executes or has executed.
    pub function: FunctionId,
    /// The function or app that it belongs to.
    pub unit: u32,
    /// Its memory.
    pub memory: Memory,
    /// What a cold start of the function costs: the mean so far. Zero before the first.
    pub cold_start: Span,
    /// Instances of the same function (or app) on this worker, whatever they do, this one included.
    pub siblings: u32,
    /// The next arrival for the function (or app); only told to policies that declare [`Eviction::is_oracle`].
    pub next_arrival: Option<Time>,
}

/// Why an idle instance is not a candidate any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaves {
    /// It was given an invocation.
    Reused,
    /// It was evicted, as the policy said.
    Evicted,
    /// Its keep-alive ended, it was scaled in, or its worker stopped.
    Gone,
}

/// Decides which idle instance goes when a worker needs memory. One object for each worker.
pub trait Eviction: Send {
    /// An invocation begins to execute on an instance, which is not idle.
    fn used(&mut self, _candidate: &Candidate) {}

    /// An instance is idle from now on and could be evicted.
    fn idle(&mut self, candidate: &Candidate);

    /// An idle instance is no candidate any more.
    fn leaves(&mut self, candidate: &Candidate, why: Leaves);

    /// Which idle instance goes first; it stays a candidate until it leaves.
    fn victim(&mut self) -> Option<Slot>;

    /// Whether the policy looks at what a cold start costs, at siblings and at the next arrival; if not, it is shown zeros.
    fn looks_at_functions(&self) -> bool {
        true
    }

    /// Whether the policy knows the future: a bound.
    fn is_oracle(&self) -> bool {
        false
    }
}
