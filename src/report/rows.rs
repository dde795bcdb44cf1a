//! The rows and columns that the tables of text and HTML have in common: a name and where its figure is.

use crate::metrics::{Distribution, Stages, Summary};

/// A named figure of a `T`.
pub type Row<T, F> = (&'static str, fn(&T) -> F);

/// What becomes of invocations that are served; the last three add up to the second.
pub const SERVED: [Row<Summary, u64>; 5] = [
    ("arrived", |s| s.invocations.arrived),
    ("completed", |s| s.invocations.completed),
    ("warm", |s| s.invocations.warm),
    ("delayed", |s| s.invocations.delayed),
    ("cold", |s| s.invocations.cold),
];

/// What becomes of the others.
pub const LOST: [Row<Summary, u64>; 6] = [
    ("throttled", |s| s.invocations.throttled),
    ("timed out", |s| s.invocations.timed_out),
    ("failed", |s| s.invocations.failed),
    ("dropped", |s| s.invocations.dropped),
    ("never fits", |s| s.invocations.unplaceable),
    ("still open", |s| s.invocations.open),
];

/// The number of invocations that have a response time.
pub const COMPLETED: fn(&Summary) -> u64 = |s| s.invocations.completed;

/// A time that is reported.
pub struct Time {
    /// What it is.
    pub name: &'static str,
    /// Its mean and percentiles.
    pub times: fn(&Summary) -> Distribution,
    /// How many invocations have it.
    pub occurs: fn(&Summary) -> u64,
}

/// The times that are reported.
pub const LATENCIES: [Time; 4] = [
    Time { name: "response", times: |s| s.latency_ms.response, occurs: COMPLETED },
    Time { name: "queueing", times: |s| s.latency_ms.queueing, occurs: COMPLETED },
    Time { name: "cold start", times: |s| s.latency_ms.cold_start, occurs: |s| s.invocations.cold },
    Time { name: "execution", times: |s| s.latency_ms.execution, occurs: COMPLETED },
];

/// What is reported of each time.
pub const STATISTICS: [Row<Distribution, f64>; 7] = [
    ("mean", |d| d.mean),
    ("p50", |d| d.p50),
    ("p90", |d| d.p90),
    ("p95", |d| d.p95),
    ("p99", |d| d.p99),
    ("p99.9", |d| d.p999),
    ("longest", |d| d.max),
];

/// The stages of a cold start in their order.
pub const STAGES: [Row<Stages, f64>; 5] = [
    ("placement", |s| s.placement),
    ("sandbox", |s| s.sandbox),
    ("code", |s| s.code),
    ("runtime", |s| s.runtime),
    ("user init", |s| s.user),
];

/// A state of instances.
pub struct State {
    /// What they do.
    pub name: &'static str,
    /// Time average of their number.
    pub number: fn(&Summary) -> f64,
    /// Their memory x time in GB-s.
    pub memory: fn(&Summary) -> f64,
}

/// The states of instances.
pub const STATES: [State; 3] = [
    State { name: "busy", number: |s| s.instances.busy, memory: |s| s.memory_gb_s.busy },
    State { name: "idle", number: |s| s.instances.idle, memory: |s| s.memory_gb_s.idle },
    State { name: "starting", number: |s| s.instances.starting, memory: |s| s.memory_gb_s.starting },
];
