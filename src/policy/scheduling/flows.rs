//! What fair queues have in common: a flow for each function, and how much an invocation is expected to take.

use std::collections::{BTreeMap, VecDeque};

use crate::id::FunctionId;
use crate::policy::scheduling::{QueueView, Ticket, Waiting};
use crate::time::Span;

/// An invocation in a flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// The invocation.
    pub ticket: Ticket,
    /// What it is expected to take, divided by the weight of its function.
    pub share: Span,
    /// Its number among all that ever waited here.
    pub order: u64,
}

/// Who waits, by function; first come within a function. O(log n), O(waiting of the function) for those who give up.
#[derive(Debug, Default)]
pub struct Flows {
    queues: BTreeMap<FunctionId, VecDeque<Item>>,
    functions: BTreeMap<Ticket, FunctionId>,
    entered: u64,
}

impl Flows {
    /// An invocation begins to wait. Whether it is the first of its function.
    pub fn push(&mut self, waiting: &Waiting, share: Span) -> bool {
        let queue = self.queues.entry(waiting.function).or_default();
        queue.push_back(Item { ticket: waiting.ticket, share, order: self.entered });
        self.entered += 1;
        self.functions.insert(waiting.ticket, waiting.function);
        queue.len() == 1
    }

    /// Who waits longest of a function.
    pub fn head(&self, function: FunctionId) -> Option<Item> {
        self.queues.get(&function)?.front().copied()
    }

    /// An invocation leaves: its function, and what it was.
    pub fn remove(&mut self, ticket: Ticket) -> Option<(FunctionId, Item)> {
        let function = self.functions.remove(&ticket)?;
        let queue = self.queues.get_mut(&function)?;
        let item = queue.iter().position(|item| item.ticket == ticket).and_then(|position| queue.remove(position))?;
        if queue.is_empty() {
            self.queues.remove(&function);
        }
        Some((function, item))
    }

    /// The functions of which somebody waits, each with who waits longest.
    pub fn heads(&self) -> impl Iterator<Item = (FunctionId, Item)> {
        self.queues.iter().filter_map(|(function, queue)| Some((*function, *queue.front()?)))
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.functions.len()
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.functions.is_empty()
    }
}

/// How long executions are expected to take: the mean of the function so far; before its first end the mean of all that ended at
/// this queue; zero before any.
#[derive(Debug, Default)]
pub struct Expected {
    executions: u64,
    nanos: u128,
}

impl Expected {
    /// An execution ended.
    pub fn executed(&mut self, execution: Span) {
        self.executions += 1;
        self.nanos += u128::from(execution.as_nanos());
    }

    /// What an invocation is expected to take, divided by the weight of its function.
    pub fn share(&self, waiting: &Waiting, view: &QueueView<'_>) -> Span {
        let overall = || Span::from_nanos((self.nanos / u128::from(self.executions.max(1))) as u64);
        let execution = view.history[waiting.function].mean_execution().unwrap_or_else(overall);
        Span::from_nanos_f64(execution.as_nanos() as f64 / waiting.weight)
    }
}
