//! What is written after a run: the result folder, and the parts of it that take time.

mod common;
mod scenario;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;

use coldcast::experiment::{self, Outcome, RunOptions};
use coldcast::report::{self, csv, html, plot};
use common::CpuTime;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn outcome(text: &str) -> Outcome {
    experiment::run(&scenario::experiment(text), &RunOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// Five replications of an hour of 200 functions, with a bill.
fn priced() -> Outcome {
    outcome(
        "[scenario]\nduration = \"1h\"\nreplications = 5\n\
         [workload]\npopulation.azure2019 = { functions = 200, total_rate = \"20/s\" }\n\
         [platform]\npreset = \"aws-lambda\"\n\
         [pricing]\nbook = \"aws-lambda\"\nregion = \"us-east-1\"\n",
    )
}

/// The sizes of all files of a folder, by name.
fn sizes(folder: &Path) -> BTreeMap<String, u64> {
    let mut sizes = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("the entry is read"))
    {
        match entry.metadata().expect("the entry is there") {
            metadata if metadata.is_dir() => sizes.append(&mut self::sizes(&entry.path())),
            metadata => _ = sizes.insert(entry.file_name().to_string_lossy().into_owned(), metadata.len()),
        }
    }
    sizes
}

fn results(criterion: &mut Criterion<CpuTime>) {
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    let (outcome, target) = (priced(), folder.path().join("result"));
    let write = || {
        report::write(black_box(&outcome), &target).unwrap_or_else(|error| panic!("{error}"));
        sizes(&target)
    };
    let expected = write();
    for name in ["summary.json", "functions.csv", "cost.csv", "report.html", "manifest.json"] {
        assert!(expected[name] > 0, "{name} is written");
    }

    let mut group = criterion.benchmark_group("report");
    group.bench_function("result folder, 200 functions, 5 replications", |bencher| {
        bencher.iter(|| assert_eq!(write(), expected));
    });

    let scenes = plot::scenes(&outcome);
    let painted = plot::paint::all(&scenes).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(painted.len(), 4);
    group.bench_function("four plots, SVG and PNG", |bencher| {
        bencher.iter(|| {
            let again = plot::paint::all(&plot::scenes(black_box(&outcome))).unwrap_or_else(|error| panic!("{error}"));
            assert!(again.iter().zip(&painted).all(|(again, plot)| again.svg == plot.svg && again.png == plot.png));
        });
    });

    let page = html::render(&outcome, &painted).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(page.matches("<svg").count(), painted.len());
    group.bench_function("report.html, 200 functions", |bencher| {
        bencher.iter(|| {
            let again = html::render(black_box(&outcome), &painted).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(again, page);
        });
    });
    group.finish();
}

/// A large table: one row for each function.
fn functions(criterion: &mut Criterion<CpuTime>) {
    const FUNCTIONS: u64 = 20_000;
    let outcome = outcome(&format!(
        "[scenario]\nduration = \"10m\"\nreplications = 1\n\
         [workload]\npopulation.azure2019 = {{ functions = {FUNCTIONS}, total_rate = \"1000/s\" }}\n"
    ));
    let mut group = criterion.benchmark_group("tables");
    group.throughput(Throughput::Elements(FUNCTIONS));
    group.bench_function("functions.csv, 20,000 functions", |bencher| {
        bencher.iter(|| {
            let mut table = Vec::new();
            csv::functions(black_box(&outcome), &mut table).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(table.iter().filter(|byte| **byte == b'\n').count() as u64, FUNCTIONS + 1);
        });
    });
    group.finish();
}

criterion_group! { name = reports; config = common::criterion(); targets = results, functions }
criterion_main!(reports);
