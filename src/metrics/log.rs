//! Every invocation in a row of its own, streamed as it ends.

use std::io::{self, Write};

use crate::engine::fact::{Execution, Fact, Observer};
use crate::id::FunctionId;
use crate::platform::request::{Outcome, Start};
use crate::time::{Span, Time};
use crate::workload::Workload;

const COLUMNS: [&str; 9] = [
    "replication",
    "function",
    "arrived_ns",
    "outcome",
    "start",
    "queueing_ns",
    "cold_start_ns",
    "execution_ns",
    "provisioned",
];

/// Writes `invocations.csv`: one row per invocation, warm-up included, times in nanoseconds.
///
/// Rows of one function stand in the order in which its invocations left the platform; what a limit refused, or was open at the
/// end, has no times.
pub struct InvocationLog {
    rows: csv::Writer<Box<dyn Write + Send>>,
    /// The first error; nothing is written after it.
    failure: Option<io::Error>,
    replication: u32,
}

impl std::fmt::Debug for InvocationLog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InvocationLog").field("replication", &self.replication).finish_non_exhaustive()
    }
}

impl InvocationLog {
    /// A log that is written to `out`, and its line of column names.
    pub fn new(out: impl Write + Send + 'static) -> Self {
        let mut log = Self { rows: csv::Writer::from_writer(Box::new(out)), failure: None, replication: 0 };
        log.write(&COLUMNS);
        log
    }

    /// Begins the rows of a replication.
    pub fn begin(&mut self, replication: u32) {
        self.replication = replication;
    }

    /// Writes out what is buffered.
    ///
    /// # Errors
    /// The first error of all that was written.
    pub fn finish(&mut self) -> io::Result<()> {
        self.failure.take().map_or(Ok(()), Err)?;
        self.rows.flush()
    }

    /// An observer for a shard of these functions, which logs what arrives before `end`.
    pub fn shard<'a>(&'a mut self, workload: &'a Workload, functions: &'a [FunctionId], end: Time) -> ShardLog<'a> {
        ShardLog { log: self, workload, functions, end }
    }

    fn write(&mut self, row: &[&str]) {
        if self.failure.is_none() {
            self.failure = self.rows.write_record(row).err().map(io::Error::from);
        }
    }
}

/// Logs the invocations of one shard.
#[derive(Debug)]
pub struct ShardLog<'a> {
    log: &'a mut InvocationLog,
    workload: &'a Workload,
    functions: &'a [FunctionId],
    end: Time,
}

impl ShardLog<'_> {
    fn executed(&mut self, done: &Execution) {
        let outcome = match done.outcome {
            Outcome::Completed => "completed",
            Outcome::TimedOut => "timed_out",
            _ => "failed",
        };
        let start = match done.start {
            Start::Cold => "cold",
            Start::Warm => "warm",
            Start::Delayed => "delayed",
        };
        let nanos = |span: Span| span.as_nanos().to_string();
        let times = [nanos(done.queueing), nanos(done.cold_start), nanos(done.execution)];
        let provisioned = if done.provisioned { "true" } else { "false" };
        self.row(done.function, done.arrived, outcome, [start, &times[0], &times[1], &times[2], provisioned]);
    }

    fn row(&mut self, function: u32, arrived: Time, outcome: &str, rest: [&str; 5]) {
        if arrived >= self.end {
            return;
        }
        let function = self.functions[function as usize];
        let name = self.workload.functions[function.index()].name.as_str();
        let (replication, arrived) = (self.log.replication.to_string(), arrived.as_nanos().to_string());
        let [start, queueing, cold_start, execution, provisioned] = rest;
        self.log.write(&[&replication, name, &arrived, outcome, start, queueing, cold_start, execution, provisioned]);
    }
}

impl Observer for ShardLog<'_> {
    fn observe(&mut self, fact: &Fact) {
        const NOTHING: [&str; 5] = [""; 5];
        match *fact {
            Fact::Executed(done) if !done.retried => self.executed(&done),
            Fact::Lost { function, arrived, fate, .. } => self.row(function, arrived, fate.name(), NOTHING),
            Fact::Open { function, arrived } => self.row(function, arrived, "open", NOTHING),
            _ => {}
        }
    }
}
