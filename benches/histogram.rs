//! The histogram of times: what it costs to count a time, to add histograms, and to read quantiles.

mod common;

use std::hint::black_box;

use coldcast::metrics::Histogram;
use coldcast::random::{Purpose, Streams};
use coldcast::time::Span;
use coldcast::workload::distribution::Sampler;
use common::CpuTime;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const TIMES: usize = 1 << 20;
const PARTS: usize = 256;
const QUANTILES: [f64; 6] = [0.5, 0.9, 0.95, 0.99, 0.999, 1.0];

/// Log-normal times: mean 200 ms, coefficient of variation 2.
fn times() -> Vec<Span> {
    let mut times = vec![Span::ZERO; TIMES];
    Sampler::lognormal(2e8, 2.0).fill(&mut Streams::new(1, 0).stream(Purpose::Execution, 0), &mut times);
    times
}

fn count(times: &[Span]) -> Histogram {
    let mut histogram = Histogram::default();
    times.iter().for_each(|time| histogram.record(*time));
    histogram
}

/// Count and mean are exact, quantiles within the stated error.
fn check(histogram: &Histogram, sorted: &[Span]) {
    let total: u128 = sorted.iter().map(|time| u128::from(time.as_nanos())).sum();
    assert_eq!(histogram.count(), TIMES as u64);
    assert_eq!(u128::from(histogram.mean().as_nanos()), total / TIMES as u128);
    for (q, found) in QUANTILES.into_iter().zip(histogram.quantiles(QUANTILES)) {
        let exact = sorted[(q * TIMES as f64).ceil() as usize - 1];
        let error = found.as_secs_f64() / exact.as_secs_f64() - 1.0;
        assert!(error.abs() <= 1.0 / 256.0, "quantile {q}: {found:?}, not {exact:?}");
    }
}

fn histogram(criterion: &mut Criterion<CpuTime>) {
    let times = times();
    let mut sorted = times.clone();
    sorted.sort_unstable();
    let whole = count(&times);
    check(&whole, &sorted);

    let mut group = criterion.benchmark_group("histogram");
    group.throughput(Throughput::Elements(TIMES as u64));
    group.bench_function("record", |bencher| {
        bencher.iter(|| assert_eq!(count(black_box(&times)), whole));
    });

    group.finish();

    let mut group = criterion.benchmark_group("histograms");
    let parts: Vec<_> = times.chunks(TIMES / PARTS).map(count).collect();
    group.bench_function(format!("merge {PARTS}"), |bencher| {
        bencher.iter(|| {
            let mut sum = Histogram::default();
            black_box(&parts).iter().for_each(|part| sum.merge(part));
            assert_eq!(sum, whole);
        });
    });
    let expected = whole.quantiles(QUANTILES);
    group.bench_function(format!("read {} quantiles", QUANTILES.len()), |bencher| {
        bencher.iter(|| assert_eq!(black_box(&whole).quantiles(QUANTILES), expected));
    });
    group.finish();
}

criterion_group! { name = metrics; config = common::criterion(); targets = histogram }
criterion_main!(metrics);
