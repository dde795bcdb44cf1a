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
