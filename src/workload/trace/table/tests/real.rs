//! Real tables, where they are present.

use std::path::PathBuf;

use super::*;
use crate::time::Span;

/// A folder of the data; `None`, with a line that says so, if it is absent.
fn data(name: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    if !folder.exists() {
        println!("skipped: ../shared/data is absent");
        return None;
    }
    Some(folder)
}

/// Requests of each run, as counted by others, and the nanoseconds by which its rows are out of order of arrival.
const RUNS: [(&str, u64, u64); 6] = [
    ("res-01-2020-04-24_17-53-33.csv", 10_116, 416_635_500),
    ("res-01-2020-05-17_04-13-06.csv", 5_050, 28_516_800),
    ("res-01-2020-05-28_01-57-40.csv", 186, 0),
    ("res-01-2020-06-06_22-39-19.csv", 290, 0),
    ("res-01-2020-06-10_22-20-08.csv", 428, 0),
    ("res-01-2020-06-18_23-36-37.csv", 791, 0),
];

#[test]
fn aws_lambda_2020_is_replayed_in_order_of_arrival() {
    let Some(folder) = data("aws-lambda-2020") else { return };
    for (file, requests, disorder) in RUNS {
        let text =
            format!("path = '{file}'\ncolumns = {{ arrival = 'client_start_time', duration = 'client_elapsed_time' }}");
        let table: Table = toml::from_str(&text).unwrap();
        let (workload, scanned) = table.scan(&folder, &mut Rejects::new(std::io::sink())).unwrap();
        assert_eq!((workload.functions.len(), scanned.invocations()), (1, requests), "{file}");
        assert_eq!(scanned.disorder.as_nanos(), disorder, "{file}");
        let (arrivals, failure) = replay(&scanned);
        assert_eq!((arrivals.len() as u64, arrivals[0].at, failure), (requests, Time::ZERO, None));
        assert!(arrivals.is_sorted_by_key(|arrival| arrival.at));
    }
}

#[test]
fn azure_2021_is_sorted_by_start() {
    let Some(folder) = data("azure2021") else { return };
    let table: Table = toml::from_str(
        "path = 'invitro_Azure2021_200.csv'\narrival_is = 'end'\norigin = 'zero'\nreorder = '0s'\n\
         columns = { arrival = 'end_timestamp', duration = 'duration', app = 'app', function = 'func' }",
    )
    .unwrap();
    let (workload, scanned) = table.scan(&folder, &mut Rejects::new(std::io::sink())).unwrap();
    assert_eq!((workload.apps.len(), workload.functions.len(), scanned.invocations()), (13, 31, 199));
    let (arrivals, failure) = replay(&scanned);
    // 0.07949090003967285 s - 0.078 s
    assert_eq!((arrivals[0].at.as_nanos(), arrivals[0].execution, failure), (1_490_900, Span::from_millis(78), None));
}
