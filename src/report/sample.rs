//! Made-up outcomes for the tests of the exporters.

use std::path::PathBuf;

use crate::experiment::{
    BatchMeans, Estimate, HalfWidth, InputFile, Manifest, Outcome, Reached, Run, SingleRun, Transient,
};
use crate::metrics::{
    Cost, CostLine, Distribution, FunctionSummary, Histogram, Instances, Invocations, Latencies, MemoryTime, Stages,
    Summary, TimelineRow,
};
use crate::random::{Purpose, Streams};
use crate::time::Span;
use crate::workload::Note;

/// What a sample is made of; times in milliseconds.
struct Recipe {
    name: &'static str,
    replications: u32,
    invocations: u64,
    cold_every: u64,
    execution_ms: f64,
    stages: Stages,
    functions: usize,
    intervals: usize,
    interval_s: f64,
    priced: bool,
}

const TYPICAL: Recipe = Recipe {
    name: "quickstart",
    replications: 5,
    invocations: 6_000,
    cold_every: 120,
    execution_ms: 120.0,
    stages: Stages {
        placement: 12.0,
        sandbox: 131.5,
        code: 44.0,
        runtime: 202.0,
        user: 61.0,
        scheduling: 0.0,
        balancing: 0.0,
    },
    functions: 60,
    intervals: 120,
    interval_s: 30.0,
    priced: true,
};

/// All samples, each with what is special about it in its name.
pub fn all() -> Vec<Outcome> {
    vec![
        typical(),
        no_cost(),
        one_replication(),
        nothing_completed(),
        slow_and_long(),
        fast_and_warm(),
        no_time(),
        nothing_at_all(),
        super::sample_servers::compared(),
    ]
}

/// Five replications of an hour.
pub fn typical() -> Outcome {
    outcome(&TYPICAL)
}

/// A scenario without prices.
pub fn no_cost() -> Outcome {
    outcome(&Recipe { name: "no-cost", priced: false, ..TYPICAL })
}

/// No intervals.
pub fn one_replication() -> Outcome {
    outcome(&Recipe { name: "one-replication", replications: 1, functions: 1, ..TYPICAL })
}

/// Everything was throttled.
pub fn nothing_completed() -> Outcome {
    let mut outcome = outcome(&Recipe { name: "nothing-completed", invocations: 0, ..TYPICAL });
    for run in &mut outcome.runs {
        run.summary.invocations = Invocations { arrived: 4_000, throttled: 4_000, ..Invocations::default() };
        run.timeline.iter_mut().for_each(|row| (row.arrivals, row.throttled) = (33, 33));
    }
    outcome
}

/// Fourteen days, hour-long executions, minute-long cold starts, every invocation cold, big bills and long names.
pub fn slow_and_long() -> Outcome {
    let stages =
        Stages { placement: 0.4, sandbox: 61_000.0, code: 4_000.0, runtime: 0.0, user: 250_000.0, ..Stages::default() };
    let slow =
        Recipe { stages, cold_every: 1, execution_ms: 7_200_000.0, intervals: 20_160, interval_s: 60.0, ..TYPICAL };
    let mut outcome = outcome(&Recipe {
        name: "slow-and-long-with-a-name-that-goes-on-and-on-and-on-for-ever",
        replications: 2,
        ..slow
    });
    for cost in outcome.runs.iter_mut().filter_map(|run| run.summary.cost.as_mut()) {
        cost.total *= 1e12;
        cost.per_month *= 1e12;
        for line in &mut cost.lines {
            line.amount *= 1e12;
            line.month_amount *= 1e12;
        }
        cost.lines[0].name = "Compute time of functions on x86 beyond the second tier of the month, us-east-1".into();
        cost.lines.push(cost_line(("Free tier", "GB-s"), (4e5, -6.666_68e7), 1.0));
    }
    outcome
}

/// One function, microseconds, no cold start, costs next to nothing.
pub fn fast_and_warm() -> Outcome {
    let fast = Recipe { execution_ms: 0.004, cold_every: u64::MAX, stages: Stages::default(), functions: 1, ..TYPICAL };
    let mut outcome = outcome(&Recipe { name: "fast-and-warm", intervals: 3, interval_s: 0.01, ..fast });
    for line in outcome.runs.iter_mut().filter_map(|run| run.summary.cost.as_mut()).flat_map(|cost| &mut cost.lines) {
        line.amount *= 1e-9;
    }
    outcome
}

/// Executions that take no time at all, on one function that is always warm.
pub fn no_time() -> Outcome {
    let instant =
        Recipe { execution_ms: 0.0, cold_every: u64::MAX, stages: Stages::default(), functions: 1, ..TYPICAL };
    outcome(&Recipe { name: "no-time", ..instant })
}

/// No arrivals, no functions, no intervals.
pub fn nothing_at_all() -> Outcome {
    let nothing = Recipe { invocations: 0, functions: 0, intervals: 0, replications: 1, priced: false, ..TYPICAL };
    outcome(&Recipe { name: "nothing-at-all", ..nothing })
}

fn outcome(recipe: &Recipe) -> Outcome {
    Outcome {
        break_even: None,
        name: recipe.name.into(),
        runs: (0..recipe.replications).map(|replication| run(recipe, replication)).collect(),
        scenario: format!("[scenario]\nname = \"{}\"\nseed = 42\n# <quoted> & \"kept\"\n", recipe.name),
        manifest: manifest(recipe),
    }
}

fn manifest(recipe: &Recipe) -> Manifest {
    let sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into();
    Manifest {
        version: "0.1.0".into(),
        seed: 42,
        replications: recipe.replications,
        precision: (recipe.replications > 1).then(|| Reached {
            wanted: 0.02,
            reached: false,
            figures: vec![HalfWidth { figure: "latency_ms.response.mean".into(), relative: Some(0.031) }],
        }),
        transient: Some(Transient {
            measured_from_s: 300.0,
            settled_from_s: Some(1_020.0),
            mean: 11.0,
            settled_mean: Some(12.5),
        }),
        single_run: (recipe.replications == 1).then_some(SingleRun {
            instances: Some(BatchMeans {
                estimate: Estimate { mean: 12.5, ci_low: 12.0, ci_high: 13.0, n: 40 },
                autocorrelation: 0.1,
            }),
            cold_per_arrival: None,
        }),
        threads: 2,
        inputs: vec![InputFile { path: PathBuf::from("data/invocations <day 1>.csv"), bytes: 3_037_902, sha256 }],
        price_books: vec!["aws-lambda 2025-06-01".into()],
        notes: vec![
            Note { what: "functions without a row of memory took the median of their trigger".into(), count: 1_204 },
            Note { what: "rows whose invocations & durations disagree were kept as they are".into(), count: 3 },
        ],
        wall_s: vec![0.05; recipe.replications as usize],
        total_wall_s: 0.26,
        invocations_per_s: 3.8e6,
    }
}

/// Log-normal executions with sigma 0.8; every `cold_every`-th invocation pays the stages.
fn run(recipe: &Recipe, replication: u32) -> Run {
    let mut stream = Streams::new(42, replication).stream(Purpose::Execution, 0);
    let [mut cold, mut warm, mut waits, mut executions, mut queueing] = std::array::from_fn(|_| Histogram::default());
    let Stages { placement, sandbox, code, runtime, user, .. } = recipe.stages;
    for number in 1..=recipe.invocations {
        let execution = millis(recipe.execution_ms * libm::exp(0.8 * stream.normal()));
        let wait = millis((placement + sandbox + code + runtime + user) * (0.5 + stream.uniform()));
        executions.record(execution);
        if number.is_multiple_of(recipe.cold_every) {
            queueing.record(Span::ZERO);
            waits.record(wait);
            cold.record(wait + execution);
        } else {
            let waited = if number.is_multiple_of(50) { wait } else { Span::ZERO };
            queueing.record(waited);
            warm.record(waited + execution);
        }
    }
    let mut response = cold.clone();
    response.merge(&warm);
    let latency_ms = Latencies {
        response: (&response).into(),
        queueing: (&queueing).into(),
        cold_start: (&waits).into(),
        execution: (&executions).into(),
    };
    let invocations = invocations(cold.count(), warm.count());
    let functions = (0..recipe.functions).map(|i| function(recipe, i, &invocations, latency_ms.response)).collect();
    let summary = summary(recipe, invocations, latency_ms);
    Run {
        books: Vec::new(),
        servers: None,
        replication,
        workers: Vec::new(),
        cold_queueing_ms: 0.0,
        timeline: timeline(recipe, replication, &summary),
        summary,
        functions,
        response_cold: cold,
        response_warm: warm,
    }
}

fn millis(millis: f64) -> Span {
    Span::from_nanos_f64(millis * 1e6)
}

fn invocations(cold: u64, warm: u64) -> Invocations {
    let (completed, delayed) = (cold + warm, warm / 50);
    let throttled = completed / 997;
    Invocations {
        arrived: completed + throttled,
        completed,
        cold,
        warm: warm - delayed,
        delayed,
        throttled,
        ..Invocations::default()
    }
}

fn summary(recipe: &Recipe, invocations: Invocations, latency_ms: Latencies) -> Summary {
    let seconds = (recipe.intervals as f64 * recipe.interval_s).max(1.0);
    let busy = latency_ms.execution.mean / 1e3 * invocations.completed as f64 / seconds;
    let starting = latency_ms.cold_start.mean / 1e3 * invocations.cold as f64 / seconds;
    let idle = 3.0 * busy;
    let mean = busy + starting + idle;
    let Invocations { completed, cold, .. } = invocations;
    Summary {
        invocations,
        stages_ms: if cold > 0 { recipe.stages } else { Stages::default() },
        throughput_per_s: completed as f64 / seconds,
        cold_start_ratio: cold as f64 / completed.max(1) as f64,
        balance: Default::default(),
        instances: Instances {
            mean,
            starting,
            busy,
            idle,
            peak: (mean * 2.0) as u64,
            started: cold,
            evicted: 0,
            expired: cold / 2,
        },
        memory_gb_s: MemoryTime {
            starting: starting * seconds / 2.0,
            busy: busy * seconds / 2.0,
            idle: idle * seconds / 2.0,
        },
        utilisation: if mean > 0.0 { busy / mean } else { 0.0 },
        cost: recipe.priced.then(|| cost(completed, latency_ms.execution.mean, seconds)),
        latency_ms,
    }
}

fn cost(completed: u64, execution_ms: f64, seconds: f64) -> Cost {
    let gb_s = completed as f64 * execution_ms / 1e3 / 2.0;
    let months = 730.0 * 3_600.0 / seconds;
    let lines = vec![
        cost_line(("Duration", "GB-s"), (gb_s, gb_s * 0.000_013_333_4), months),
        cost_line(("Requests", "requests"), (completed as f64, completed as f64 * 2e-7), months),
    ];
    let total = lines.iter().map(|line| line.amount).sum::<f64>();
    let per_million_requests = total / completed.max(1) as f64 * 1e6;
    Cost { currency: "USD".into(), total, per_month: total * months, per_million_requests, lines }
}

/// A line of so much for so much, and as many times as much in a month.
fn cost_line((name, unit): (&str, &str), (quantity, amount): (f64, f64), months: f64) -> CostLine {
    let (month_quantity, month_amount) = (quantity * months, amount * months);
    CostLine { name: name.into(), unit: unit.into(), quantity, amount, month_quantity, month_amount }
}

fn function(recipe: &Recipe, number: usize, all: &Invocations, response_ms: Distribution) -> FunctionSummary {
    let share = |count: u64| count / (number as u64 + 2) / 2;
    let (cold, warm) = (share(all.cold), share(all.warm));
    let completed = cold + warm;
    FunctionSummary {
        function: if number == 0 {
            "resize, \"large\" <images> & more".into()
        } else {
            format!("function-{number:03}")
        },
        app: format!("app-{}", number / 3),
        trigger: "http".into(),
        memory_mib: 512.0,
        share: 1.0 / recipe.functions.max(1) as f64,
        load_ratio: Some(recipe.functions as f64),
        invocations: Invocations { arrived: completed, completed, cold, warm, ..Invocations::default() },
        cold_start_ratio: cold as f64 / completed.max(1) as f64,
        response_ms,
        execution_mean_ms: recipe.execution_ms,
        billed_gb_s: completed as f64 * recipe.execution_ms / 2e3,
        cost: None,
        cost_per_month: None,
    }
}

/// A sine of two periods over the window with a burst of cold starts at the start.
fn timeline(recipe: &Recipe, replication: u32, summary: &Summary) -> Vec<TimelineRow> {
    let rows = recipe.intervals.max(1) as f64;
    let row = |i: usize| {
        let wave = 1.0 + 0.6 * libm::sin(i as f64 / rows * 4.0 * std::f64::consts::PI + f64::from(replication) * 0.1);
        let burst = if i * 40 < recipe.intervals { 8.0 } else { wave };
        let each = |total: u64| (total as f64 / rows * wave) as u64;
        let Instances { starting, busy, idle, .. } = summary.instances;
        TimelineRow {
            start_s: 300.0 + i as f64 * recipe.interval_s,
            length_s: recipe.interval_s,
            arrivals: each(summary.invocations.arrived),
            cold: (summary.invocations.cold as f64 / rows * burst) as u64,
            throttled: if wave > 1.5 { each(summary.invocations.throttled * 10) } else { 0 },
            starting: starting * burst,
            busy: busy * wave,
            idle,
        }
    };
    (0..recipe.intervals).map(row).collect()
}
