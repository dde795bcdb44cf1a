//! Invocations per CPU-second of one core, generation of arrivals included. Each run checks its answer.

mod common;
mod scenario;

use std::hint::black_box;

use coldcast::experiment::{self, Experiment, RunOptions};
use coldcast::metrics::Summary;
use common::CpuTime;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use scenario::experiment;

fn simulate(experiment: &Experiment) -> Summary {
    let outcome =
        experiment::run(experiment, &RunOptions::default().threads(1)).unwrap_or_else(|error| panic!("{error}"));
    outcome.runs[0].summary.clone()
}

/// One function at several concurrencies: 100 arrivals per second, execution times to match.
fn one_function(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("one function");
    group.sample_size(10);
    for concurrency in [0.1, 10.0, 500.0, 20_000.0] {
        let millis = concurrency * 10.0;
        // Long enough that the time in which the first instances start does not matter.
        let secs = 20_000.0 + 20.0 * millis / 1e3;
        let experiment = experiment(&format!(
            "[scenario]\nduration = \"{secs}s\"\nreplications = 1\n[[function]]\nname = \"f\"\n\
             arrivals.poisson = {{ rate = \"100/s\" }}\nexecution.exponential = {{ mean = \"{millis}ms\" }}\n\
             cold_start.init.exponential = {{ mean = \"200ms\" }}\n"
        ));
        group.throughput(Throughput::Elements((secs * 100.0) as u64));
        group.bench_function(format!("concurrency {concurrency}"), |bencher| {
            bencher.iter(|| {
                let summary = simulate(black_box(&experiment));
                // M/G/infinity: mean occupancy is the offered load, less what is missing until the first executions have ended.
                let missing = concurrency * millis / 1e3 / secs;
                let error = (summary.instances.busy + missing) / concurrency - 1.0;
                assert!(error.abs() < 0.02, "{} busy", summary.instances.busy);
            });
        });
    }
    group.finish();
}

/// Ten million invocations of 5,000 functions in the shape of Azure 2019.
fn azure_shape(criterion: &mut Criterion<CpuTime>) {
    let experiment = experiment(
        "[scenario]\nduration = \"2000s\"\nreplications = 1\n\
         [workload]\npopulation.azure2019 = { functions = 5000, total_rate = \"5000/s\" }\n\
         [policy]\nkeep_alive.fixed = { ttl = \"10m\" }\n",
    );
    let mut group = criterion.benchmark_group("azure 2019 shape");
    group.sample_size(10).throughput(Throughput::Elements(10_000_000));
    group.bench_function("5,000 functions, 10 M invocations", |bencher| {
        bencher.iter(|| {
            let summary = simulate(black_box(&experiment));
            let arrived = summary.invocations.arrived as f64;
            assert!((arrived / 1e7 - 1.0).abs() < 0.01, "{arrived} arrived");
            assert!(summary.invocations.cold > 5_000, "every function that is invoked is cold at least once");
        });
    });
    group.finish();
}

/// The Azure shape on workers: ten million invocations, keep-alive renewed, least connections.
fn clusters(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("cluster");
    group.sample_size(10).throughput(Throughput::Elements(10_000_000));
    for (name, workers, rules) in [
        ("100 workers", 100, ""),
        ("1,000 workers", 1_000, ""),
        ("100 workers, shared cores", 100, "cores = \"shared\""),
    ] {
        let experiment = experiment(&format!(
            "[scenario]\nduration = \"2000s\"\nreplications = 1\n\
             [workload]\npopulation.azure2019 = {{ functions = 5000, total_rate = \"5000/s\" }}\n\
             [platform]\nworkers = [{{ count = {workers}, cores = 32, memory = \"256 GiB\" }}]\ncluster = {{ {rules} }}\n\
             [policy]\nkeep_alive.fixed = {{ ttl = \"10m\" }}\nload_balancing.least_connections = {{}}\n"
        ));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let summary = simulate(black_box(&experiment));
                let arrived = summary.invocations.arrived as f64;
                assert!((arrived / 1e7 - 1.0).abs() < 0.01, "{arrived} arrived");
                assert_eq!(summary.balance.workers, workers, "all are used");
                assert!(summary.balance.peak_to_mean < 1.5, "evenly: {:?}", summary.balance);
            });
        });
    }
    group.finish();
}

/// The Azure shape without workers under the hybrid histogram.
fn hybrid_histogram(criterion: &mut Criterion<CpuTime>) {
    let experiment = experiment(
        "[scenario]\nduration = \"2000s\"\nreplications = 1\n\
         [workload]\npopulation.azure2019 = { functions = 5000, total_rate = \"5000/s\" }\n\
         [policy]\nkeep_alive.hybrid_histogram = {}\n",
    );
    let mut group = criterion.benchmark_group("policies");
    group.sample_size(10).throughput(Throughput::Elements(10_000_000));
    group.bench_function("hybrid histogram", |bencher| {
        bencher.iter(|| {
            let arrived = simulate(black_box(&experiment)).invocations.arrived as f64;
            assert!((arrived / 1e7 - 1.0).abs() < 0.01, "{arrived} arrived");
        });
    });
    group.finish();
}

criterion_group! {
    name = engine;
    config = common::criterion();
    targets = one_function, azure_shape, clusters, hybrid_histogram
}
criterion_main!(engine);
