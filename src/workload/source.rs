//! Arrivals in time order, one at a time.

use crate::id::FunctionId;
use crate::random::{Purpose, Stream, Streams};
use crate::time::{Span, Time};
use crate::workload::arrivals::ArrivalProcess;
use crate::workload::distribution::Sampler;
use crate::workload::{Load, Workload};

/// One invocation that reaches the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// When.
    pub at: Time,
    /// Of which function.
    pub function: FunctionId,
    /// How long it executes on the function's configured memory before the CPU law is applied.
    pub execution: Span,
}

/// Yields arrivals in time order.
pub trait Source {
    /// When the next arrival is; [`Time::NEVER`] if there is none.
    fn next_at(&self) -> Time;

    /// The next arrival. Must not be called when there is none.
    fn take(&mut self) -> Arrival;

    /// When the next arrival of `function` is, for policies that know the future; `None` if the source cannot tell.
    fn next_of(&self, function: FunctionId) -> Option<Time>;

    /// Tells the source that an invocation of `function` left the platform, for closed loops.
    fn finished(&mut self, function: FunctionId, at: Time) {
        let _ = (function, at);
    }
}

/// How many arrivals are drawn at once: one virtual call, and one tight loop, for all of them.
const BATCH: usize = 32;

/// The arrivals of one function.
pub struct FunctionSource<'a> {
    function: FunctionId,
    next_at: Time,
    /// Whether what arrives depends on what has left. Then nothing is drawn ahead.
    closed_loop: bool,
    process: Box<dyn ArrivalProcess + 'a>,
    arrivals: Stream,
    /// Arrivals drawn ahead; those before `taken` have been taken, `next_at` is the one before it.
    times: [Time; BATCH],
    drawn: usize,
    taken: usize,
    execution: &'a Sampler,
    executions: Stream,
    /// Execution times drawn ahead.
    spans: [Span; BATCH],
    used: usize,
}

impl<'a> FunctionSource<'a> {
    /// The arrivals of `function` in the replication of `streams`.
    pub fn new(workload: &'a Workload, function: FunctionId, streams: &Streams) -> Self {
        let Load { arrivals: model, execution } = &workload.loads[function.index()];
        let mut source = Self {
            function,
            next_at: Time::NEVER,
            closed_loop: model.mean_rate().is_none(),
            process: model.open(),
            arrivals: streams.stream(Purpose::Arrival, function.0),
            times: [Time::NEVER; BATCH],
            drawn: 0,
            taken: 0,
            execution,
            executions: streams.stream(Purpose::Execution, function.0),
            spans: [Span::ZERO; BATCH],
            used: BATCH,
        };
        source.advance();
        source
    }

    #[inline(always)]
    fn advance(&mut self) {
        if self.taken == self.drawn {
            self.draw_arrivals();
        }
        self.next_at = self.times[self.taken];
        self.taken += 1;
    }

    fn draw_arrivals(&mut self) {
        let batch = if self.closed_loop { 1 } else { BATCH };
        self.drawn = self.process.fill(&mut self.arrivals, &mut self.times[..batch]);
        self.taken = 0;
        if self.drawn == 0 {
            (self.times[0], self.drawn) = (Time::NEVER, 1);
        }
    }

    fn draw_executions(&mut self) {
        self.execution.fill(&mut self.executions, &mut self.spans);
        self.used = 0;
    }
}

impl Source for FunctionSource<'_> {
    #[inline(always)]
    fn next_at(&self) -> Time {
        self.next_at
    }

    #[inline(always)]
    fn take(&mut self) -> Arrival {
        let at = self.next_at;
        if self.used == BATCH {
            self.draw_executions();
        }
        let execution = self.spans[self.used];
        self.used += 1;
        self.advance();
        debug_assert!(self.next_at >= at, "arrivals are in time order");
        Arrival { at, function: self.function, execution }
    }

    fn next_of(&self, _: FunctionId) -> Option<Time> {
        Some(self.next_at)
    }

    #[inline(always)]
    fn finished(&mut self, _: FunctionId, at: Time) {
        if self.closed_loop {
            self.next_at = self.process.finished(at, self.next_at, &mut self.arrivals);
        }
    }
}
