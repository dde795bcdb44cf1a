//! coldcast forecasts cold starts and cost of serverless functions. It is a discrete-event simulator: it replays synthetic or
//! recorded invocations against a platform and its policies, and reports latency, throughput and cost.
//!
//! This page is a tour of the library. How to write scenarios, and what the figures mean, is in the folder `docs` of the
//! repository.
//!
//! # A run in a few lines
//!
//! ```
//! use std::path::Path;
//!
//! use coldcast::experiment::{self, Estimate, RunOptions};
//! use coldcast::policy::catalog::Catalog;
//! use coldcast::scenario::Scenario;
//! use coldcast::workload::trace::Rejects;
//!
//! let text = r#"
//!     scenario = { duration = "6h", warm_up = "1h", replications = 5 }
//!
//!     [[function]]
//!     name = "hello"
//!     arrivals.poisson = { rate = "10/h" }
//!     execution.exponential = { mean = "200ms" }
//!
//!     [policy]
//!     keep_alive.fixed = { ttl = "10m" }
//! "#;
//! let catalog = Catalog::default();
//! let scenario = Scenario::from_text(Path::new("hello.toml"), text.into(), &[], &catalog)?;
//! // The folder is where results would be written; rows that a trace skips would go to the second.
//! let experiment = scenario.resolve(Path::new("."), &catalog, &mut Rejects::new(std::io::sink()))?;
//! let outcome = experiment::run(&experiment, &RunOptions::default())?;
//!
//! let ratios: Vec<f64> = outcome.runs.iter().map(|run| run.summary.cold_start_ratio).collect();
//! let Estimate { mean, ci_low, ci_high, .. } = Estimate::of(&ratios);
//! println!("cold-start ratio {mean:.3}, 95 % confidence interval {ci_low:.3} to {ci_high:.3}");
//! // An invocation is cold when the gap before it is longer than the keep-alive: exp(-10/6) = 0.19 of them.
//! assert!((mean - 0.19).abs() < 0.1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`report::write`] writes an outcome as a result folder. [`report::text::table`] is the table of the command line.
//!
//! # The life of one invocation
//!
//! 1. A [`workload::Source`] yields an [`Arrival`](workload::Arrival) when it is due: arrivals are never all in memory. It comes
//!    from an [arrival process](workload::arrivals), a [trace](workload::trace) or a
//!    [population](workload::population), with an execution time drawn from a
//!    [distribution](workload::distribution).
//! 2. The [`engine::Shard`] takes the earliest of the next arrival and the next event of its
//!    [event queues](engine::queue::EventQueue). It is the only code that changes the platform.
//! 3. The [limits](platform::limits::Limits) admit the invocation, let it wait in a queue, or throttle it. On a platform with
//!    [workers](platform::worker::Workers), a [load balancer](policy::LoadBalancing) may give it to one of them, where the
//!    [scheduling policy](policy::Scheduling) orders those who wait.
//! 4. The [reuse policy](policy::Reuse) picks one of the [idle instances](platform::idle::IdleSet) of the function's
//!    [pool](platform::pool::Pool). Policies see a view and answer; they never write.
//! 5. If none is idle, an [instance](platform::instance::Instance) starts, unless an [autoscaler](policy::Autoscaling) decides how
//!    many there are. [Placement](policy::Placement) finds it a worker, [eviction](policy::Eviction) makes room there. Its
//!    [cold start](platform::cold_start::ColdStart) has five stages, each with a delay of its own.
//! 6. The invocation executes, for as long as the [CPU law](platform::cpu::CpuLaw) makes of its execution time, or longer where it
//!    [shares the cores](platform::sharing::SharedCores) of its worker. If it fails, its [client](platform::client::Client) may try again.
//! 7. At the end a waiting invocation takes the instance, or it is idle and the [keep-alive policy](policy::KeepAlive) says
//!    for how long.
//! 8. At each step the engine tells a [`Fact`](engine::Fact) to its [observers](engine::Observer), which count and never
//!    influence the run: the [recorder](metrics::Recorder) of all figures is one.
//! 9. [Shards](experiment::Simulation) and [replications](experiment::run()) add up exactly, because all sums are integers.
//!    The engine [checks](engine::Tally::check) that nothing was lost.
//! 10. A [tariff](billing::Tariff) turns the [usage](billing::Usage) into an [invoice](billing::Invoice), and
//!     [`report`] writes.
//!
//! # What holds everywhere
//!
//! - [Time](time::Time) is whole nanoseconds; [memory and money](amount) are exact too. Floating point is for derived figures.
//! - A [random number](random) has a coordinate, not a turn: two policies on one scenario see the same arrivals, execution
//!   times and cold starts, and the number of threads does not matter.
//! - A policy is one file and one line of the [catalog](policy::catalog::Catalog). Programs can add their own to it.
//! - Bad input is an error that says where, what was expected and what to do; it never panics.

#![warn(missing_docs)]

pub mod amount;
pub mod billing;
pub mod cli;
pub mod engine;
pub mod experiment;
pub mod id;
pub mod metrics;
pub mod platform;
pub mod policy;
mod quantity;
pub mod random;
pub mod report;
pub mod scenario;
pub mod time;
pub mod workload;
