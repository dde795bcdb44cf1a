//! How long idle instances are kept.

pub mod clairvoyant;
pub mod fixed;
mod gap_counts;
mod gap_forecast;
pub mod hawkes;
pub mod histogram;
pub mod hybrid_histogram;
pub mod idle_time;
pub mod infinite;
#[cfg(test)]
mod lab;
pub mod none;
pub mod ski_rental;
pub mod spes;
pub mod survival;

use crate::id::{FunctionId, InstanceId};
use crate::random::{Purpose, Stream, Streams};
use crate::time::{Span, Time};

/// How long an instance is kept that has just become idle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lease {
    /// It goes at once.
    Drop,
    /// It goes when it has been idle for this long. An invocation at that very instant still finds it.
    For(Span),
    /// It stays.
    Forever,
    /// It goes at once, and a new one is started before the next invocation is expected, unless one exists by then.
    Return {
        /// How long after now the new one is started.
        after: Span,
        /// How long the new one is kept if nothing comes.
        keep: Span,
    },
}

/// What a keep-alive policy sees when an instance becomes idle.
#[derive(Debug, Clone, Copy)]
pub struct IdleView<'a> {
    /// The instant at which it became idle.
    pub now: Time,
    /// The instance.
    pub instance: InstanceId,
    /// The function whose invocation has just ended.
    pub function: FunctionId,
    /// The number of that invocation among those of its function, from 0.
    pub invocation: u64,
    /// The function or app that the instance belongs to: its position among those that are simulated together.
    pub unit: u32,
    /// Invocations of the unit that wait or execute now.
    pub in_flight: u32,
    /// The next arrival for the unit; only told to policies that declare [`KeepAlive::is_oracle`].
    pub next_arrival: Option<Time>,
    pub(crate) streams: &'a Streams,
}

impl IdleView<'_> {
    /// Random numbers for this decision: the same for every policy and in every order of events.
    pub fn random(&self) -> Stream {
        self.streams.keyed(Purpose::KeepAlive, self.function.0, self.invocation)
    }
}

/// What a keep-alive policy that watches arrivals sees of one.
#[derive(Debug, Clone, Copy)]
pub struct ArrivalView {
    /// When it arrived.
    pub now: Time,
    /// Of which function.
    pub function: FunctionId,
    /// The function or app whose instances serve it: its position among those that are simulated together.
    pub unit: u32,
    /// Other invocations of the unit that wait or execute now.
    pub in_flight: u32,
}

/// Decides how long idle instances are kept. One object per shard; it may keep history, by `unit`.
pub trait KeepAlive: Send {
    /// How long to keep the instance that has just become idle. The lease is renewed on each use.
    fn lease(&mut self, idle: &IdleView<'_>) -> Lease;

    /// The lease, if it is always the same: then the engine asks no more.
    fn always(&self) -> Option<Lease> {
        None
    }

    /// Whether [`KeepAlive::arrived`] is to be called.
    fn watches_arrivals(&self) -> bool {
        false
    }

    /// An invocation arrived.
    fn arrived(&mut self, _arrival: &ArrivalView) {}

    /// Whether the policy knows the future: a bound, not a scheduler that could be built.
    fn is_oracle(&self) -> bool {
        false
    }
}
