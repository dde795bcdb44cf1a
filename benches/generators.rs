//! Arrival processes and distributions: what an arrival and an execution time cost to draw, as the engine draws them.

mod common;

use std::collections::BTreeMap;
use std::hint::black_box;

use coldcast::random::{Purpose, Stream, Streams};
use coldcast::time::{Span, Time};
use coldcast::workload::arrivals::{ArrivalModel, Arrivals};
use coldcast::workload::distribution::{Distribution, Sampler};
use common::CpuTime;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use serde::de::DeserializeOwned;

/// As many as the engine draws at once.
const BATCH: usize = 32;
const DRAWS: usize = BATCH * 4_096;

/// Processes as scenario files write them. What repeats in them does so often enough that the mean rate is met.
const ARRIVALS: &[(&str, &str)] = &[
    ("poisson", r#"poisson = { rate = "20/s" }"#),
    ("gamma", r#"gamma = { rate = "20/s", cv = 3.0 }"#),
    ("weibull", r#"weibull = { rate = "20/s", cv = 2.0 }"#),
    ("hyperexponential", r#"hyperexponential = { rate = "20/s", cv = 4.0 }"#),
    ("mmpp", r#"mmpp.states = [{ rate = "10/s", sojourn = "5s" }, { rate = "60/s", sojourn = "1250ms" }]"#),
    ("diurnal", r#"diurnal = { rate = "10/m", amplitude = 0.5 }"#),
    ("rates", r#"rates = { step = "10s", rates = ["10/s", "0/s", "50/s"], repeat = true }"#),
    ("pareto on-off", r#"pareto_on_off = { rate = "20/s", sources = 50, alpha = 1.5, on = "2s", off = "8s" }"#),
    ("hawkes", r#"hawkes = { rate = "20/s", branching = 0.8, decay = "2s" }"#),
    ("batches", r#"batches = { rate = "2/s", size.geometric = 10 }"#),
    ("timer", r#"timer = { period = "5m", jitter = "1s" }"#),
    ("cron", r#"cron = { expression = "*/15 8-17 * * MON-FRI" }"#),
];

/// Distributions as scenario files write them.
const DISTRIBUTIONS: &[(&str, &str)] = &[
    ("uniform", r#"uniform = { min = "50ms", max = "150ms" }"#),
    ("exponential", r#"exponential = { mean = "120ms" }"#),
    ("lognormal", r#"lognormal = { median = "120ms", p99 = "900ms" }"#),
    ("gamma", r#"gamma = { mean = "120ms", cv = 0.5 }"#),
    ("weibull", r#"weibull = { mean = "120ms", cv = 1.5 }"#),
    ("pareto", r#"pareto = { minimum = "50ms", alpha = 5.0 }"#),
    ("hyperexponential", r#"hyperexponential = { mean = "120ms", cv = 2.0 }"#),
    (
        "percentiles",
        r#"percentiles = { p0 = "1ms", p25 = "10ms", p50 = "20ms", p75 = "50ms", p99 = "900ms", p100 = "2s" }"#,
    ),
];

fn read<T: DeserializeOwned>(name: &str, text: &str) -> T {
    let mut read: BTreeMap<String, T> = toml::from_str(&format!("x.{text}")).unwrap_or_else(|e| panic!("{name}: {e}"));
    read.remove("x").expect("x was written")
}

fn stream(purpose: Purpose) -> Stream {
    Streams::new(1, 0).stream(purpose, 0)
}

/// The time of the last of [`DRAWS`] arrivals.
fn last_arrival(model: &dyn ArrivalModel) -> Time {
    let (mut process, mut stream) = (model.open(), stream(Purpose::Arrival));
    let mut batch = [Time::ZERO; BATCH];
    for _ in 0..DRAWS / BATCH {
        let before = batch[BATCH - 1];
        assert_eq!(process.fill(&mut stream, &mut batch), BATCH, "arrivals never end");
        assert!(batch[0] >= before, "in time order");
    }
    batch[BATCH - 1]
}

fn arrivals(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("arrivals");
    group.throughput(Throughput::Elements(DRAWS as u64));
    for (name, text) in ARRIVALS {
        let model = read::<Arrivals>(name, text).model();
        let expected = model.mean_rate().expect("no closed loop");
        group.bench_function(*name, |bencher| {
            bencher.iter(|| {
                let rate = DRAWS as f64 / last_arrival(black_box(&*model)).as_secs_f64();
                assert!((rate / expected - 1.0).abs() < 0.05, "{rate} per second, not {expected}");
            });
        });
    }
    group.finish();
}

/// The sum of [`DRAWS`] times.
fn total(sampler: &Sampler) -> Span {
    let mut stream = stream(Purpose::Execution);
    let mut batch = [Span::ZERO; BATCH];
    let nanos = (0..DRAWS / BATCH).map(|_| {
        sampler.fill(&mut stream, &mut batch);
        batch.iter().map(|span| span.as_nanos()).sum::<u64>()
    });
    Span::from_nanos(nanos.sum())
}

fn distributions(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("distributions");
    group.throughput(Throughput::Elements(DRAWS as u64));
    for (name, text) in DISTRIBUTIONS {
        let sampler = read::<Distribution<Span>>(name, text).sampler();
        let moments = sampler.moments();
        let (expected, cv) = moments.mean.zip(moments.cv()).expect("both moments are finite");
        group.bench_function(*name, |bencher| {
            bencher.iter(|| {
                let mean = total(black_box(&sampler)).as_nanos() as f64 / DRAWS as f64;
                let standard_error = cv / (DRAWS as f64).sqrt();
                assert!((mean / expected - 1.0).abs() < 4.0 * standard_error, "{mean} ns, not {expected}");
            });
        });
    }
    group.finish();
}

criterion_group! { name = generators; config = common::criterion(); targets = arrivals, distributions }
criterion_main!(generators);
