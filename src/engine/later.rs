//! What happens now and then: events that few scenarios have, in one queue.

use crate::engine::fact::Observer;
use crate::engine::routing::Line;
use crate::engine::shard::Shard;
use crate::id::WorkerId;
use crate::time::Time;
use crate::workload::Source;

/// Something that is due later.
#[derive(Debug, Clone, Copy)]
pub(super) enum Later {
    /// An invocation has been scheduled and balanced.
    Admit(u32),
    /// An invocation is tried again.
    Retry(u32),
    /// A wait in a queue ends.
    GiveUp(Stay),
    /// An invocation has left that may have counted against the limit of its function.
    Left { function: u32 },
    /// An instance is started ahead of the next arrival, if the plan of that number still holds.
    Return { unit: u32, plan: u64 },
    /// The autoscaler of a function (or app) is asked.
    Autoscale(u32),
    /// The prewarming policy of a function (or app) is asked.
    Prewarm(u32),
    /// The workers report their load.
    Report,
    /// A worker stops.
    Stop(WorkerId),
    /// A worker returns.
    Restart(WorkerId),
}

/// A stay in a queue, which is told from all others: an invocation may be in the same place again when it is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stay {
    pub request: u32,
    pub function: u32,
    pub invocation: u64,
    /// When it was tried last.
    pub tried: Time,
    /// Where it waits; `None`: for the limit of its function, or for an autoscaler.
    pub line: Option<Line>,
}

impl<S: Source, O: Observer> Shard<'_, S, O> {
    /// Does what is due.
    pub(super) fn do_later(&mut self) {
        match self.later.pop() {
            None => {}
            Some(Later::Admit(request)) => self.decided(request),
            Some(Later::Retry(request)) => self.retry(request),
            Some(Later::GiveUp(stay)) => self.give_up(stay),
            Some(Later::Left { function }) => self.serve_queue(self.unit_at(function) as usize, function),
            Some(Later::Return { unit, plan }) => self.return_instance(unit, plan),
            Some(Later::Autoscale(unit)) => self.autoscale(unit),
            Some(Later::Prewarm(unit)) => self.prewarm(unit),
            Some(Later::Report) => self.report_loads(),
            Some(Later::Stop(worker)) => self.stop_worker(worker),
            Some(Later::Restart(worker)) => self.restart_worker(worker),
        }
    }
}
