//! What a scheduler has seen of each function so far.

use crate::id::FunctionId;
use crate::time::{Span, Time};

/// What has been seen of one function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct History {
    /// Invocations that arrived.
    pub arrivals: u64,
    /// When the first and the last of them arrived.
    pub first_arrival: Time,
    /// When the last of them arrived.
    pub last_arrival: Time,
    executions: Mean,
    cold_starts: Mean,
}

/// The mean of spans, exact but for its last nanosecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mean {
    count: u64,
    nanos: u128,
}

impl Mean {
    /// One more.
    pub fn add(&mut self, span: Span) {
        self.count += 1;
        self.nanos += u128::from(span.as_nanos());
    }

    /// The mean; `None` of nothing.
    pub fn get(self) -> Option<Span> {
        (self.count > 0).then(|| Span::from_nanos((self.nanos / u128::from(self.count)) as u64))
    }
}

impl History {
    /// Mean execution time of those that have ended; `None` before the first.
    pub fn mean_execution(&self) -> Option<Span> {
        self.executions.get()
    }

    /// Mean time from the start of an instance until it was ready; `None` before the first.
    pub fn mean_cold_start(&self) -> Option<Span> {
        self.cold_starts.get()
    }

    /// Executions that have ended.
    pub fn executions(&self) -> u64 {
        self.executions.count
    }

    /// Mean gap between arrivals; `None` before the second.
    pub fn mean_gap(&self) -> Option<Span> {
        let gaps = self.arrivals.checked_sub(1).filter(|gaps| *gaps > 0)?;
        Some(Span::from_nanos((self.last_arrival - self.first_arrival).as_nanos() / gaps))
    }
}

/// The history of every function.
#[derive(Debug, Clone, Default)]
pub struct Histories(Vec<History>);

impl Histories {
    /// Nothing has been seen of `functions` functions.
    pub fn new(functions: usize) -> Self {
        Self(vec![History::default(); functions])
    }

    /// An invocation of `function` arrived.
    pub fn arrived(&mut self, function: FunctionId, at: Time) {
        let history = &mut self.0[function.index()];
        if history.arrivals == 0 {
            history.first_arrival = at;
        }
        (history.arrivals, history.last_arrival) = (history.arrivals + 1, at);
    }

    /// An execution of `function` ended.
    pub fn executed(&mut self, function: FunctionId, execution: Span) {
        self.0[function.index()].executions.add(execution);
    }

    /// An instance that was started for `function` is ready.
    pub fn started(&mut self, function: FunctionId, cold_start: Span) {
        self.0[function.index()].cold_starts.add(cold_start);
    }
}

impl std::ops::Index<FunctionId> for Histories {
    type Output = History;
    fn index(&self, function: FunctionId) -> &History {
        &self.0[function.index()]
    }
}
