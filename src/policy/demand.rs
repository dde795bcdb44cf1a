//! What autoscaling and prewarming policies see of one function (or app): how much is asked, and what is there.

use crate::time::{Span, Time};

/// Demand and supply of one function or app. Sums run since the start; a policy that wants a window takes differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemandView {
    /// The instant.
    pub now: Time,
    /// Invocations that arrived since the start.
    pub arrivals: u64,
    /// Time integral of the invocations that wait or execute, in nanoseconds times invocations since the start.
    pub concurrency: u128,
    /// Most invocations that waited or executed at once since the policy was last asked.
    pub peak: u32,
    /// Invocations that wait or execute now.
    pub in_flight: u32,
    /// Those of them that wait for an instance.
    pub waiting: u32,
    /// Instances by what they do. Provisioned ones are counted apart.
    pub starting: u32,
    /// Instances that execute at least one invocation.
    pub busy: u32,
    /// Instances that wait for work.
    pub idle: u32,
    /// Provisioned instances, whatever they do.
    pub provisioned: u32,
    /// How many invocations an instance executes at once.
    pub instance_concurrency: u32,
    /// Mean execution time of those that have ended; `None` before the first.
    pub mean_execution: Option<Span>,
    /// Mean time from the start of an instance until it is ready; `None` before the first.
    pub mean_cold_start: Option<Span>,
}

impl DemandView {
    /// Instances on demand, whatever they do.
    pub fn instances(&self) -> u32 {
        self.starting + self.busy + self.idle
    }

    /// Instances on demand that are ready.
    pub fn ready(&self) -> u32 {
        self.busy + self.idle
    }
}
