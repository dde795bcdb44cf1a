//! The readers of recorded workloads, in megabytes of text per second. The files are written first, and are in the page cache.

mod common;

use std::fmt::Write as _;
use std::fs::File;
use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;

use coldcast::random::{Purpose, Stream, Streams};
use coldcast::time::{Span, Time};
use coldcast::workload::trace::{Azure2019, Rejects, Table};
use coldcast::workload::{Source, Workload};
use common::CpuTime;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use flate2::Compression;
use flate2::write::GzEncoder;

const FUNCTIONS: u64 = 4_000;
const MINUTES: u64 = 1_440;
const ROWS: u64 = 400_000;

/// A file of invocations per minute, most of which are zero as in the trace, and the sum of all counts.
fn minutes(stream: &mut Stream) -> (String, u64) {
    let (mut text, mut total) = (String::from("HashOwner,HashApp,HashFunction,Trigger"), 0);
    (1..=MINUTES).for_each(|minute| _ = write!(text, ",{minute}"));
    for function in 0..FUNCTIONS {
        _ = write!(text, "\n{function:064x},{:064x},{:064x},http", function / 2, function * 3);
        // A few functions make most of the invocations.
        let mean = 0.05 * (2.0 * stream.normal()).exp();
        for _ in 0..MINUTES {
            let count = (mean * stream.exponential()).round() as u64;
            _ = write!(text, ",{count}");
            total += count;
        }
    }
    (text + "\n", total)
}

fn count(workload: &Workload) -> f64 {
    let rate: f64 = workload.loads.iter().filter_map(|load| load.arrivals.mean_rate()).sum();
    rate * workload.length.expect("a trace has a length").as_secs_f64()
}

fn azure2019(criterion: &mut Criterion<CpuTime>, folder: &Path, stream: &mut Stream) {
    let (text, expected) = minutes(stream);
    std::fs::write(folder.join("plain.csv"), &text).expect("the file is written");
    let mut gzip =
        GzEncoder::new(File::create(folder.join("gzip.csv")).expect("the file is made"), Compression::default());
    gzip.write_all(text.as_bytes()).and_then(|()| gzip.try_finish()).expect("the file is written");

    let mut group = criterion.benchmark_group("azure 2019 minutes");
    group.throughput(Throughput::BytesDecimal(text.len() as u64));
    for kind in ["plain", "gzip"] {
        let trace: Azure2019 = toml::from_str(&format!("invocations = '{kind}.csv'")).expect("the trace is right");
        group.bench_function(kind, |bencher| {
            bencher.iter(|| {
                let workload = black_box(&trace).read(folder, &mut Rejects::new(std::io::sink()));
                let workload = workload.unwrap_or_else(|error| panic!("{error}"));
                assert_eq!(workload.functions.len() as u64, FUNCTIONS);
                assert!((count(&workload) / expected as f64 - 1.0).abs() < 1e-9, "{} of {expected}", count(&workload));
            });
        });
    }
    group.finish();
}

/// A table of invocations in order of arrival, and the sum of their execution times.
fn invocations(stream: &mut Stream) -> (String, Span) {
    let (mut text, mut micros, mut total) = (String::from("start,seconds,name\n"), 0, 0);
    for _ in 0..ROWS {
        micros += (stream.exponential() * 1e4) as u64;
        let (millis, function) = ((stream.exponential() * 200.0) as u64, stream.index(200));
        let (start, seconds) = (micros as f64 / 1e6, millis as f64 / 1e3);
        _ = writeln!(text, "{start:.6},{seconds:.3},function-{function}");
        total += millis;
    }
    (text, Span::from_millis(total))
}

fn table(criterion: &mut Criterion<CpuTime>, folder: &Path, stream: &mut Stream) {
    let (text, expected) = invocations(stream);
    std::fs::write(folder.join("table.csv"), &text).expect("the file is written");
    let columns = "columns = { arrival = 'start', duration = 'seconds', function = 'name' }";
    let table: Table = toml::from_str(&format!("path = 'table.csv'\n{columns}")).expect("the table is right");
    let scan = || table.scan(folder, &mut Rejects::new(std::io::sink())).unwrap_or_else(|error| panic!("{error}"));

    let mut group = criterion.benchmark_group("table of invocations");
    group.throughput(Throughput::BytesDecimal(text.len() as u64));
    group.bench_function("scan", |bencher| {
        bencher.iter(|| {
            let (workload, scanned) = scan();
            assert_eq!((workload.functions.len(), scanned.invocations()), (200, ROWS));
        });
    });
    let (_, scanned) = scan();
    group.bench_function("replay", |bencher| {
        bencher.iter(|| {
            let mut source = black_box(&scanned).open().unwrap_or_else(|error| panic!("{error}"));
            let (mut rows, mut total) = (0, 0);
            while source.next_at() < Time::NEVER {
                total += source.take().execution.as_nanos();
                rows += 1;
            }
            assert!(source.failure().is_none());
            assert_eq!((rows, Span::from_nanos(total)), (ROWS, expected));
        });
    });
    group.finish();
}

fn readers(criterion: &mut Criterion<CpuTime>) {
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    let mut stream = Streams::new(1, 0).stream(Purpose::Population, 0);
    azure2019(criterion, folder.path(), &mut stream);
    table(criterion, folder.path(), &mut stream);
}

criterion_group! { name = traces; config = common::criterion(); targets = readers }
criterion_main!(traces);
