//! What happens now and then: events that few scenarios have, in one queue.

use crate::engine::fact::Observer;
use crate::engine::shard::Shard;
use crate::id::WorkerId;
use crate::workload::Source;

/// Something that is due later.
#[derive(Debug, Clone, Copy)]
pub(super) enum Later {
    /// An invocation has been scheduled and balanced, or is tried again.
    Admit(u32),
    /// The wait of an attempt in a queue ends.
    GiveUp { request: u32, function: u32, attempt: u64 },
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

impl<S: Source, O: Observer> Shard<'_, S, O> {
    /// Does what is due.
    pub(super) fn do_later(&mut self) {
        match self.later.pop() {
            None => {}
            Some(Later::Admit(request)) => self.admit(request),
            Some(Later::GiveUp { request, function, attempt }) => self.give_up(request, function, attempt),
            Some(Later::Return { unit, plan }) => self.return_instance(unit, plan),
            Some(Later::Autoscale(unit)) => self.autoscale(unit),
            Some(Later::Prewarm(unit)) => self.prewarm(unit),
            Some(Later::Report) => self.report_loads(),
            Some(Later::Stop(worker)) => self.stop_worker(worker),
            Some(Later::Restart(worker)) => self.restart_worker(worker),
        }
    }
}
