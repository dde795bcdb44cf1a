//! Tables that are right.

use proptest::prelude::*;

use super::*;
use crate::amount::Memory;
use crate::id::FunctionId;
use crate::time::Span;
use crate::workload::Trigger;
use crate::workload::trace::Trace;

fn arrival(millis: u64, function: u32, execution: u64) -> Arrival {
    let at = Time::from_nanos(millis * 1_000_000);
    Arrival { at, function: FunctionId(function), execution: Span::from_millis(execution) }
}

#[test]
fn columns_are_found_by_name_and_functions_by_app() {
    let (_file, table) = table(TABLE.as_bytes(), COLUMNS);
    let (workload, scanned) = scan(&table).unwrap();
    let functions: Vec<_> =
        workload.functions.iter().map(|f| (f.name.as_str(), f.app.0, f.memory.as_mib_f64(), f.trigger)).collect();
    let expected = [("f", 0, 128.0, Trigger::Http), ("g", 0, 256.0, Trigger::Timer), ("f-2", 1, 128.0, Trigger::Http)];
    assert_eq!(functions, expected, "the third has neither memory nor trigger in its row");
    assert_eq!(workload.apps.iter().map(|app| app.memory.as_mib_f64()).collect::<Vec<_>>(), [256.0, 128.0]);
    assert_eq!(workload.length, Some(Span::from_secs(4)), "3 s to the last arrival, 0.25 s of execution");
    assert!(workload.notes.is_empty() && workload.loads.is_empty());
    assert_eq!(scanned.invocations(), 4);
    let expected = [arrival(0, 0, 500), arrival(1_250, 1, 1_500), arrival(1_250, 2, 0), arrival(3_000, 0, 250)];
    assert_eq!(replay(&scanned), (expected.to_vec(), None));
}

#[test]
fn units_origin_and_end_times() {
    let text = "when,took\n1500,2000000\n2000,500000\n";
    let keys = "columns = { arrival = 'when', duration = 'took' }\ntime_unit = 'ms'\nduration_unit = 'us'\norigin = 'zero'\nname = 'f'";
    let (_file, table) = table(text.as_bytes(), keys);
    let (workload, scanned) = scan(&table).unwrap();
    assert_eq!(replay(&scanned).0, [arrival(1_500, 0, 2_000), arrival(2_000, 0, 500)]);
    assert_eq!((workload.functions[0].name.as_str(), workload.functions[0].memory), ("f", Memory::from_mib(128)));
    let ends = Table { arrival_is: super::super::ArrivalIs::End, ..table };
    let error = scan(&ends).unwrap_err().to_string();
    assert!(error.contains(":2: column \"when\" is \"1500\", expected an arrival not before zero"), "{error}");
    let first = Table { origin: super::super::Origin::First, ..ends };
    assert_eq!(replay(&scan(&first).unwrap().1).0, [arrival(0, 0, 2_000), arrival(2_000, 0, 500)]);
}

#[test]
fn gzip_and_plain_are_the_same() {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(TABLE.as_bytes()).unwrap();
    let (_a, plain) = table(TABLE.as_bytes(), COLUMNS);
    let (_b, zipped) = table(&gzip.finish().unwrap(), COLUMNS);
    assert_eq!(replay(&scan(&plain).unwrap().1), replay(&scan(&zipped).unwrap().1));
}

#[test]
fn rows_of_one_function_that_differ_are_counted() {
    let (_file, table) = table(TABLE.replace("13,0.25,128,http", "13,0.25,128,queue").as_bytes(), COLUMNS);
    let (workload, _) = scan(&table).unwrap();
    assert_eq!(workload.notes.iter().map(|note| note.count).collect::<Vec<_>>(), [1]);
    assert_eq!(workload.functions[0].trigger, Trigger::Http);
}

#[test]
fn a_scenario_survives_being_written_and_read() {
    let trace: Trace = toml::from_str(&format!("[table]\npath = 'x'\norigin = 'zero'\n{COLUMNS}")).unwrap();
    assert_eq!(toml::from_str::<Trace>(&toml::to_string(&trace).unwrap()).unwrap(), trace);
}

#[test]
fn dates_are_times() {
    let text = "at,took\n2025-05-12T21:56:18.5Z,0.1\n2025-05-12 23:56:19+02:00,0.2\n12/May/2025:21:56:21 +0000,0.3\n";
    let (_file, table) = table(text.as_bytes(), "columns = { arrival = 'at', duration = 'took' }");
    let expected = [arrival(0, 0, 100), arrival(500, 0, 200), arrival(2_500, 0, 300)];
    assert_eq!(replay(&scan(&table).unwrap().1), (expected.to_vec(), None));
}

/// CloudWatch Logs Insights writes messages with their line breaks.
#[test]
fn messages_with_line_breaks_are_one_field() {
    let text = "when;message;took\n1;\"REPORT a; b\n\";5\n\n2;\"REPORT \"\"c\"\"\r\nd\n\";7\n";
    let keys = "separator = ';'\nduration_unit = 'ms'\ncolumns = { arrival = 'when', duration = 'took' }";
    let (_file, table) = table(text.as_bytes(), keys);
    assert_eq!(replay(&scan(&table).unwrap().1), (vec![arrival(0, 0, 5), arrival(1_000, 0, 7)], None));
}

const LONG: &str = "\
metric_name,timestamp,metric_value,name,status
vus,99,1,,
http_reqs,100,1,home,200
http_req_duration,100,1530.111,home,200
http_req_duration,102,530.5,shop,404
http_req_blocked,102,12,shop,404
";

#[test]
fn rows_are_taken_by_the_values_of_columns() {
    let columns =
        "duration_unit = 'ms'\ncolumns = { arrival = 'timestamp', duration = 'metric_value', function = 'name' }\n";
    for (keys, invocations) in [
        ("", 2),
        ("where = { metric_name = 'http_req_duration' }", 2),
        ("where = { metric_name = ['http_req_duration', 'http_req_blocked'], status = '404' }", 2),
        ("where = { metric_name = 'http_req_duration', status = '200' }", 1),
    ] {
        let (_file, table) = table(LONG.as_bytes(), &format!("{columns}{keys}"));
        let (workload, scanned) = scan(&table).unwrap();
        assert_eq!(scanned.invocations(), invocations, "{keys}");
        let note = workload.notes.iter().find(|note| note.what.starts_with("rows left out")).unwrap();
        assert_eq!(note.count, 5 - invocations, "{keys}");
        let (arrivals, failure) = replay(&scanned);
        assert_eq!((arrivals.len() as u64, failure), (invocations, None));
        assert_eq!(toml::from_str::<Table>(&toml::to_string(&table).unwrap()).unwrap(), table);
    }
    let (_file, table) = table(LONG.as_bytes(), &format!("{columns}where = {{ metric = 'x' }}"));
    assert!(scan(&table).unwrap_err().to_string().contains("there is no column \"metric\""));
}

#[test]
fn a_file_of_another_kind_is_named() {
    let log = "2020-06-21T09:22:07.677000 START RequestId: r1 Version: $LATEST\n";
    for (text, what) in
        [(log, "the file is a log of AWS Lambda"), ("{\"type\":\"Metric\",\"metric\":\"vus\"}\n", "k6's JSON output")]
    {
        let (_file, table) = table(text.as_bytes(), COLUMNS);
        let error = scan(&table).unwrap_err().to_string();
        assert!(error.contains(what) && error.contains(":1: there is no column \"when\""), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The replay is the file in order of arrival, rows of one instant in the order of the file.
    #[test]
    fn the_replay_is_the_file_sorted(rows in prop::collection::vec((0..50u64, 0..30u64, 0..4u32), 1..40)) {
        let mut text = "when,took,who\n".to_owned();
        let mut expected = Vec::new();
        for (i, &(jitter, took, who)) in rows.iter().enumerate() {
            let when = 10 * i as u64 + jitter;
            text += &format!("{when},{took},{who}\n");
            expected.push((when, who.to_string(), took));
        }
        expected.sort_by_key(|row| row.0);
        let keys = "columns = { arrival = 'when', duration = 'took', function = 'who' }\ntime_unit = 'ns'\nduration_unit = 'ns'\norigin = 'zero'";
        let (_file, table) = table(text.as_bytes(), keys);
        let (workload, scanned) = scan(&table).unwrap();
        let (arrivals, failure) = replay(&scanned);
        let name = |arrival: &Arrival| workload.functions[arrival.function.index()].name.clone();
        let seen: Vec<_> = arrivals.iter().map(|a| (a.at.as_nanos(), name(a), a.execution.as_nanos())).collect();
        prop_assert_eq!((seen, failure), (expected, None));
    }
}
