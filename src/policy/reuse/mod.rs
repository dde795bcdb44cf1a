//! Which idle instance is reused.

mod order;

pub use order::ENTRIES;

use crate::id::FunctionId;
use crate::random::{Purpose, Stream, Streams};
use crate::time::Time;

/// In which order the platform lists the idle instances of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdleOrder {
    /// By the instant at which they became idle.
    Use,
    /// By creation.
    Creation,
    /// In no order; any can be picked in constant time.
    Any,
}

/// Which of a list of idle instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// The first of the order: least recently used, or oldest.
    First,
    /// The last of the order: most recently used, or newest.
    Last,
    /// The one at this position (only with [`IdleOrder::Any`]).
    At(usize),
}

/// What a reuse policy sees when an invocation could run in one of several idle instances.
#[derive(Debug, Clone, Copy)]
pub struct ReuseView<'a> {
    /// The instant of the invocation.
    pub now: Time,
    /// Its function.
    pub function: FunctionId,
    /// Its number among those of its function, from 0.
    pub invocation: u64,
    /// How many idle instances there are; at least one.
    pub idle: usize,
    pub(crate) streams: &'a Streams,
}

impl ReuseView<'_> {
    /// Random numbers for this decision: the same for every policy and in every order of events.
    pub fn random(&self) -> Stream {
        self.streams.keyed(Purpose::Reuse, self.function.0, self.invocation)
    }
}

/// Decides which idle instance an invocation reuses.
pub trait Reuse: Send {
    /// The order in which the policy wants the idle instances listed.
    fn order(&self) -> IdleOrder;

    /// Which one to reuse.
    fn pick(&mut self, view: &ReuseView<'_>) -> Pick;

    /// The pick, if it is always the same: then the engine asks no more.
    fn always(&self) -> Option<Pick> {
        None
    }
}
