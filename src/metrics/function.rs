//! What became of the invocations of one function, and how long they took.

use crate::billing::{FunctionUsage, Meter};
use crate::engine::fact::{Execution, Fate};
use crate::metrics::{Histogram, Invocations};
use crate::platform::request::{Outcome, Start};
use crate::time::Span;

/// Response times and their parts, of completed invocations.
///
/// Most invocations are warm and do not wait: response time and execution time are one number, counted once.
#[derive(Debug, Clone, Default)]
pub struct Latency {
    /// Execution times of warm invocations: also their response times.
    direct: Histogram,
    /// Response times of cold invocations.
    cold: Histogram,
    /// Response times of delayed invocations.
    delayed: Histogram,
    /// Execution times of cold and delayed invocations.
    execution: Histogram,
    /// Waiting times that are not zero.
    queueing: Histogram,
    /// Cold-start times of cold invocations.
    cold_start: Histogram,
    /// Nanoseconds that cold invocations waited before an instance was started for them.
    cold_queueing: u128,
}

impl Latency {
    #[inline(always)]
    fn record(&mut self, done: &Execution) {
        if done.start == Start::Warm && done.queueing == Span::ZERO {
            return self.direct.record(done.execution);
        }
        self.record_waited(done);
    }

    fn record_waited(&mut self, done: &Execution) {
        self.execution.record(done.execution);
        if done.queueing > Span::ZERO {
            self.queueing.record(done.queueing);
        }
        let response = done.queueing + done.cold_start + done.execution;
        if done.start == Start::Cold {
            self.cold_start.record(done.cold_start);
            self.cold_queueing += u128::from(done.queueing.as_nanos());
            self.cold.record(response);
        } else {
            self.delayed.record(response);
        }
    }

    /// Adds the times of another.
    pub fn merge(&mut self, other: &Self) {
        self.direct.merge(&other.direct);
        self.cold.merge(&other.cold);
        self.delayed.merge(&other.delayed);
        self.execution.merge(&other.execution);
        self.queueing.merge(&other.queueing);
        self.cold_start.merge(&other.cold_start);
        self.cold_queueing += other.cold_queueing;
    }

    /// Response times of all.
    pub fn response(&self) -> Histogram {
        let mut all = self.response_warm();
        all.merge(&self.cold);
        all
    }

    /// Response times of warm and delayed invocations.
    pub fn response_warm(&self) -> Histogram {
        let mut warm = self.direct.clone();
        warm.merge(&self.delayed);
        warm
    }

    /// Response times of cold invocations.
    pub fn response_cold(&self) -> &Histogram {
        &self.cold
    }

    /// Execution times of all.
    pub fn execution(&self) -> Histogram {
        let mut all = self.direct.clone();
        all.merge(&self.execution);
        all
    }

    /// Waiting times of all; most are zero.
    pub fn queueing(&self) -> Histogram {
        let mut all = self.queueing.clone();
        let completed = self.direct.count() + self.cold.count() + self.delayed.count();
        all.record_many(Span::ZERO, completed - self.queueing.count());
        all
    }

    /// Mean wait of cold invocations before an instance was started for them, in milliseconds; zero if there were none.
    pub fn cold_queueing_ms(&self) -> f64 {
        self.cold_queueing as f64 / 1e6 / self.cold.count().max(1) as f64
    }

    /// Cold-start times of cold invocations.
    pub fn cold_start(&self) -> &Histogram {
        &self.cold_start
    }
}

/// What one function adds to the result of a run.
#[derive(Debug, Clone, Default)]
pub struct FunctionRecord {
    /// What became of its invocations.
    pub invocations: Invocations,
    /// How long they took.
    pub latency: Latency,
    /// Executions that were not completed, which are billed all the same.
    billed_anyway: u64,
    /// What they are billed for, but for the number of requests on demand, which is what is left of those executed.
    usage: FunctionUsage,
}

impl FunctionRecord {
    /// Counts an execution that has ended.
    #[inline(always)]
    pub fn executed(&mut self, done: &Execution, meter: &Meter) {
        self.bill(done, meter);
        if done.outcome != Outcome::Completed {
            return self.went_wrong(done);
        }
        match done.start {
            Start::Warm => self.invocations.warm += 1,
            Start::Cold => self.invocations.cold += 1,
            Start::Delayed => self.invocations.delayed += 1,
        }
        self.latency.record(done);
    }

    /// An execution that was not completed. If it is tried again, the invocation has not ended.
    fn went_wrong(&mut self, done: &Execution) {
        self.billed_anyway += 1;
        if done.retried {
            return;
        }
        let counter = match done.outcome {
            Outcome::TimedOut => &mut self.invocations.timed_out,
            _ => &mut self.invocations.failed,
        };
        *counter += 1;
        self.invocations.dead_lettered += u64::from(done.dead_letter);
    }

    /// Counts an invocation that left without an end of execution.
    pub fn lost(&mut self, fate: Fate, dead_letter: bool) {
        let counter = match fate {
            Fate::Throttled => &mut self.invocations.throttled,
            Fate::Dropped => &mut self.invocations.dropped,
            Fate::Unplaceable => &mut self.invocations.unplaceable,
            Fate::Failed => &mut self.invocations.failed,
        };
        *counter += 1;
        self.invocations.dead_lettered += u64::from(dead_letter);
    }

    #[inline(always)]
    fn bill(&mut self, done: &Execution, meter: &Meter) {
        let billed = u128::from(meter.billed(done.init, done.execution).as_nanos());
        if done.provisioned {
            self.usage.provisioned_requests += 1;
            self.usage.provisioned_billed += billed;
        } else {
            self.usage.billed += billed;
        }
    }

    /// What they are billed for.
    pub fn usage(&self) -> FunctionUsage {
        let executed = self.invocations().completed + self.billed_anyway;
        FunctionUsage { requests: executed - self.usage.provisioned_requests, ..self.usage }
    }

    /// The counts, with the completed ones summed up.
    pub fn invocations(&self) -> Invocations {
        let Invocations { cold, warm, delayed, .. } = self.invocations;
        Invocations { completed: cold + warm + delayed, ..self.invocations }
    }
}
