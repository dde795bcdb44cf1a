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

    /// Tells the source that an invocation of `function` left the platform, for closed loops.
    fn finished(&mut self, function: FunctionId, at: Time) {
        let _ = (function, at);
    }
}

/// The arrivals of one function.
pub struct FunctionSource<'a> {
    function: FunctionId,
    next_at: Time,
    /// Whether what arrives depends on what has left.
    closed_loop: bool,
    process: Box<dyn ArrivalProcess + 'a>,
    arrivals: Stream,
    execution: &'a Sampler,
    executions: Stream,
}

impl<'a> FunctionSource<'a> {
    /// The arrivals of `function` in the replication of `streams`.
    pub fn new(workload: &'a Workload, function: FunctionId, streams: &Streams) -> Self {
        let Load { arrivals: model, execution } = &workload.loads[function.index()];
        let mut process = model.open();
        let mut arrivals = streams.stream(Purpose::Arrival, function.0);
        let next_at = process.next(&mut arrivals).unwrap_or(Time::NEVER);
        let executions = streams.stream(Purpose::Execution, function.0);
        let closed_loop = model.mean_rate().is_none();
        Self { function, next_at, closed_loop, process, arrivals, execution, executions }
    }
}

impl Source for FunctionSource<'_> {
    #[inline]
    fn next_at(&self) -> Time {
        self.next_at
    }

    #[inline(always)]
    fn take(&mut self) -> Arrival {
        let at = self.next_at;
        let execution = Span::from_nanos_f64(self.execution.sample(&mut self.executions));
        self.next_at = self.process.next(&mut self.arrivals).unwrap_or(Time::NEVER);
        debug_assert!(self.next_at >= at, "arrivals are in time order");
        Arrival { at, function: self.function, execution }
    }

    #[inline(always)]
    fn finished(&mut self, _: FunctionId, at: Time) {
        if !self.closed_loop {
            return;
        }
        self.next_at = self.process.finished(at, self.next_at, &mut self.arrivals);
    }
}
