//! Billed time of 7,557 real invocations on AWS Lambda (CloudWatch exports of 2025, Lin et al., EuroSys 2026): a function of 1,769 MB,
//! replayed from the durations that the log prints.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use tempfile::NamedTempFile;

use crate::claim::{Line, check, within};
use crate::support::{run, shared_data};

const GIB: f64 = 1_769.0 / 1_024.0;

/// What the log says of an invocation: when it was written, and milliseconds.
#[derive(Debug, Clone, Copy)]
struct Report {
    at: u64,
    duration: f64,
    billed: f64,
}

#[derive(serde::Deserialize)]
struct Event {
    timestamp: u64,
    message: String,
}

fn milliseconds(message: &str, field: &str) -> f64 {
    let (_, value) = message.split_once(field).unwrap();
    value.split_once(" ms").unwrap().0.parse().unwrap()
}

fn reports(file: &Path) -> Vec<Report> {
    let events: Vec<Event> = serde_json::from_reader(File::open(file).unwrap()).unwrap();
    let reports = events.iter().filter(|event| event.message.starts_with("REPORT"));
    let mut reports: Vec<_> = reports
        .map(|Event { timestamp, message }| {
            assert!(message.contains("\tMemory Size: 1769 MB\t"));
            let of = |field| milliseconds(message, field);
            Report { at: *timestamp, duration: of("\tDuration: "), billed: of("\tBilled Duration: ") }
        })
        .collect();
    reports.sort_by_key(|report| report.at);
    reports
}

/// GB-seconds on the bill of a replay, with the execution times that `of` says.
fn replayed(reports: &[Report], of: fn(&Report) -> f64) -> f64 {
    let mut file = NamedTempFile::new().unwrap();
    writeln!(file, "at,took,function").unwrap();
    reports.iter().for_each(|report| writeln!(file, "{},{:.2},f", report.at, of(report)).unwrap());
    let outcome = run(&format!(
        "scenario = {{ duration = '10m', replications = 1 }}\n\
         pricing = {{ book = 'aws-lambda', region = 'us-east-1', free_tier = false }}\n\
         [workload.trace.table]\npath = '{}'\ntime_unit = 'ms'\nduration_unit = 'ms'\nmemory = '1769 MiB'\n\
         columns = {{ arrival = 'at', duration = 'took', function = 'function' }}\n",
        file.path().display()
    ));
    let lines = &outcome.runs[0].summary.cost.as_ref().unwrap().lines;
    lines.iter().find(|line| line.name.starts_with("Duration")).unwrap().quantity
}

/// A duration that is printed as a whole number of milliseconds may be a little more or less, and so be billed a millisecond more.
fn lines_of(name: &str, reports: &[Report]) -> [Line; 2] {
    let exported = reports.iter().map(|report| report.billed).sum::<f64>() / 1_000.0 * GIB;
    let unsure = reports.iter().filter(|report| report.duration.fract() == 0.0).count() as f64 / 1_000.0 * GIB;
    let off = |of| (replayed(reports, of) - exported).abs();
    let n = reports.len();
    let source = "CloudWatch export (EuroSys 2026)";
    [
        within(
            format!("GB-s of {n} invocations from their durations ({name}): how far from the {exported:.3} of the log"),
            source,
            unsure + 1e-6,
            off(|report| report.duration),
        ),
        within(format!("the same from their billed durations ({name})"), source, 1e-6, off(|report| report.billed)),
    ]
}

pub fn lines() -> Vec<Line> {
    let Some(folder) = shared_data("aws-cloudwatch-2025") else { return Vec::new() };
    let rates = [1, 2, 5, 10, 15, 30].map(|rate| (rate, reports(&folder.join(format!("aws_{rate}_cloudwatch.json")))));
    assert_eq!(rates.iter().map(|(_, reports)| reports.len()).sum::<usize>(), 7_557);
    rates.iter().flat_map(|(rate, reports)| lines_of(&format!("{rate}/s"), reports)).collect()
}

#[test]
fn billed_time_is_that_of_the_log() {
    if shared_data("aws-cloudwatch-2025").is_some() {
        check(&lines());
    }
}
