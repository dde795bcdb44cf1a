//! Which waiting invocation is next.

pub mod deficit_round_robin;
pub mod earliest_deadline_first;
pub mod earliest_expected_completion;
pub mod first_come;
pub mod flows;
pub mod least_attained_service;
pub mod mqfq_sticky;
pub mod priority_with_ageing;
pub mod ranked;
pub mod shortest_inter_arrival;
pub mod shortest_job_first;
pub mod shortest_remaining;
pub mod start_time_fair;

#[cfg(test)]
mod fairness;
#[cfg(test)]
mod single_server;

use crate::id::FunctionId;
use crate::platform::history::Histories;
use crate::policy::entry::Entry;
use crate::time::{Span, Time};

/// The catalog's entries.
pub const ENTRIES: [Entry<dyn Scheduling>; 11] = [
    first_come::ENTRY,
    shortest_job_first::ENTRY,
    earliest_expected_completion::ENTRY,
    shortest_remaining::ENTRY,
    earliest_deadline_first::ENTRY,
    least_attained_service::ENTRY,
    priority_with_ageing::ENTRY,
    deficit_round_robin::ENTRY,
    start_time_fair::ENTRY,
    mqfq_sticky::ENTRY,
    shortest_inter_arrival::ENTRY,
];

/// Names an invocation while it waits.
pub type Ticket = u32;

/// An invocation that waits, at the front door or at a worker.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Waiting {
    /// Its name while it waits.
    pub ticket: Ticket,
    /// Its function.
    pub function: FunctionId,
    /// When it arrived, at its first attempt.
    pub arrived: Time,
    /// When its response is due, if the scenario gives the function a deadline.
    pub deadline: Option<Time>,
    /// Priority of the function: more is more urgent. Default 0.
    pub priority: i32,
    /// Weight of the function among those that share: more gets more. Default 1.
    pub weight: f64,
    /// CPU time that it has had before it was preempted.
    pub attained: Span,
    /// CPU time that it still needs; only told to policies that declare [`Scheduling::is_oracle`].
    pub remaining: Option<Span>,
}

/// What a scheduling policy sees besides the queue.
#[derive(Clone, Copy)]
pub struct QueueView<'a> {
    /// The instant.
    pub now: Time,
    /// What has been seen of each function.
    pub history: &'a Histories,
    /// Executions under way after each of which the queue is asked again: at a worker those of the worker, at the front door all.
    pub running: u32,
    /// Whether a function has an idle instance here.
    pub is_warm: &'a dyn Fn(FunctionId) -> bool,
}

/// An execution that can be preempted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Running {
    /// Its name.
    pub ticket: Ticket,
    /// Its function.
    pub function: FunctionId,
    /// CPU time that it has had.
    pub attained: Span,
    /// CPU time that it still needs; only told to policies that declare [`Scheduling::is_oracle`].
    pub remaining: Option<Span>,
}

/// A queue in the order of the policy. One object for each queue: the front door, and each worker.
pub trait Scheduling: Send {
    /// An invocation begins to wait.
    fn enqueue(&mut self, waiting: Waiting, view: &QueueView<'_>);

    /// Who is next; stays in the queue until it is removed. `None` if nobody waits, or nobody may go yet.
    fn next(&mut self, view: &QueueView<'_>) -> Option<Ticket>;

    /// Somebody who waits leaves: `served` if it goes to an instance, else it gave up or failed.
    fn remove(&mut self, ticket: Ticket, served: bool, view: &QueueView<'_>);

    /// How many wait.
    fn len(&self) -> usize;

    /// Whether nobody waits.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// An execution of a function ended on this queue's instances: told once for each invocation that was served, also if it
    /// failed or was stopped.
    fn executed(&mut self, _function: FunctionId, _execution: Span, _view: &QueueView<'_>) {}

    /// Which execution gives way to the next one in the queue, if one does. Only asked where each execution holds a core and all
    /// cores are taken.
    fn preempt(&mut self, _running: &[Running], _view: &QueueView<'_>) -> Option<Ticket> {
        None
    }

    /// Whether [`Scheduling::preempt`] is to be asked.
    fn preempts(&self) -> bool {
        false
    }

    /// Whether the policy knows execution times in advance: a bound.
    fn is_oracle(&self) -> bool {
        false
    }
}
