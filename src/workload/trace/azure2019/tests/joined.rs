//! A small trace, worked by hand.

use super::*;
use crate::amount::Memory;
use crate::id::FunctionId;
use crate::random::Streams;
use crate::time::{Span, Time};
use crate::workload::trace::Trace;
use crate::workload::{FunctionSource, Source, Trigger};

fn arrivals(workload: &Workload, function: u32) -> Vec<u64> {
    let mut source = FunctionSource::new(workload, FunctionId(function), &Streams::new(1, 0));
    let next = |source: &mut FunctionSource<'_>| (source.next_at() < Time::NEVER).then(|| source.take().at.as_nanos());
    std::iter::from_fn(|| next(&mut source)).collect()
}

#[test]
fn three_files_are_joined_by_owner_app_and_function() {
    let workload = Files::day(INVOCATIONS, DURATIONS, MEMORY).read("expand = 'equidistant'").unwrap();
    let names: Vec<_> = workload.functions.iter().map(|function| function.name.as_str()).collect();
    assert_eq!(names, ["f1", "f2", "f1-2"], "f1 of the other owner is another function");
    let apps: Vec<_> = workload.functions.iter().map(|function| function.app.0).collect();
    assert_eq!(apps, [0, 0, 1]);
    assert_eq!(workload.functions[2].trigger, Trigger::Queue);
    assert_eq!(workload.apps[0].memory, "200.5 MiB".parse().unwrap());
    assert_eq!(workload.functions[1].memory, workload.apps[0].memory);
    assert_eq!(workload.length, Some(Span::from_secs(180)));
    assert_eq!(arrivals(&workload, 0), [60_000_000_000, 90_000_000_000, 120_000_000_000]);
    assert_eq!(arrivals(&workload, 1), [0]);
    assert_eq!(totals(&workload), [3, 1, 7]);
    assert_eq!(count(&workload, "functions with recorded execution times below 1ms"), 1);
    assert_eq!(count(&workload, "functions that execute for more than a minute"), 1);
    assert_eq!(workload.notes.len(), 2, "{:?}", workload.notes);
}

#[test]
fn what_has_no_row_takes_the_fallback_and_is_counted() {
    let durations = DURATIONS.replace("f2,o1,a1", "f2,o1,a2");
    let memory = MEMORY.replace("o2,a1", "o2,a2");
    let files = Files::day(INVOCATIONS, &durations, &memory);
    let workload = files.read("").unwrap();
    assert_eq!(workload.apps[1].memory, Memory::from_mib(140));
    assert_eq!(count(&workload, "functions without a row of durations: execute for 684ms"), 1);
    assert_eq!(count(&workload, "invocations of functions without a row of durations"), 1);
    assert_eq!(count(&workload, "apps or functions without a row of memory: given 140 MiB"), 1);
    let workload = files.read("without_durations = 'drop'\nwithout_memory = '1 GiB'").unwrap();
    assert_eq!(totals(&workload), [3, 7]);
    assert_eq!(workload.functions[1].memory, Memory::from_mib(1024));
    assert_eq!(count(&workload, "functions without a row of durations: dropped"), 1);
}

#[test]
fn files_without_rows_are_counted_as_days() {
    let header = |text: &str| text.lines().next().unwrap().to_owned();
    let workload = Files::day(INVOCATIONS, &header(DURATIONS), &header(MEMORY)).read("").unwrap();
    assert_eq!(count(&workload, "days without rows of durations"), 1);
    assert_eq!(count(&workload, "days without rows of memory"), 1);
    assert_eq!(count(&workload, "functions without a row of durations"), 3);
    assert_eq!(count(&workload, "apps or functions without a row of memory"), 2);
    let dropped = Files::day(INVOCATIONS, &header(DURATIONS), MEMORY).read("without_durations = 'drop'").unwrap_err();
    assert!(matches!(dropped, TraceError::Empty { .. }), "{dropped}");
}

#[test]
fn memory_by_function_adds_up_to_the_app_and_by_app_can_be_split() {
    let files = Files::day(INVOCATIONS, DURATIONS, MEMORY);
    let split = files.read("function_memory = 'split'\nmemory_statistic = 'max'").unwrap();
    assert_eq!(split.functions.iter().map(|f| f.memory.as_mib_f64()).collect::<Vec<_>>(), [150.0, 150.0, 64.0]);
    let by_function =
        "HashFunction,HashOwner,HashApp,SampleCount,AverageAllocatedMb\nf1,o1,a1,1,1.5\nf2,o1,a1,1,2.5\nf1,o2,a1,1,0\n";
    let workload = Files::day(INVOCATIONS, DURATIONS, by_function).read("").unwrap();
    assert_eq!(workload.functions.iter().map(|f| f.memory.as_mib_f64()).collect::<Vec<_>>(), [1.5, 2.5, 140.0]);
    assert_eq!(workload.apps.iter().map(|app| app.memory.as_mib_f64()).collect::<Vec<_>>(), [4.0, 140.0]);
    assert_eq!(count(&workload, "apps or functions without a row of memory"), 1, "zero is no memory");
}

#[test]
fn days_follow_each_other_and_join_by_function() {
    let second = "HashOwner,HashApp,HashFunction,Trigger,1,2\no1,a1,f2,timer,0,3\no3,a3,f3,event,1,1\n";
    let files = Files::new(&[
        ("d1", INVOCATIONS.as_bytes()),
        ("d2", second.as_bytes()),
        ("d", DURATIONS.as_bytes()),
        ("m", MEMORY.as_bytes()),
    ]);
    let config: Azure2019 =
        toml::from_str("invocations = ['d1', 'd2']\ndurations = ['d']\nmemory = 'm'\nexpand = 'equidistant'").unwrap();
    let workload = config.read(files.folder.path(), &mut Rejects::new(std::io::sink())).unwrap();
    assert_eq!(totals(&workload), [3, 4, 7, 2]);
    let day = 86_400_000_000_000;
    assert_eq!(arrivals(&workload, 1), [0, day + 60_000_000_000, day + 80_000_000_000, day + 100_000_000_000]);
    assert_eq!(workload.length, Some(Span::from_secs(86_400 + 120)));
    assert_eq!(count(&workload, "days without rows of durations"), 1);
}

#[test]
fn a_scenario_survives_being_written_and_read() {
    let text = "azure2019 = { invocations = ['a', 'b'], memory = 'm', without_durations = { execution = '2s' }, expand = 'poisson' }";
    let trace: Trace = toml::from_str(text).unwrap();
    assert_eq!(toml::from_str::<Trace>(&toml::to_string(&trace).unwrap()).unwrap(), trace);
    let error = toml::from_str::<Trace>("azure2019 = { invocations = 'a', expnd = 'poisson' }").unwrap_err();
    assert!(error.to_string().contains("expand"), "{error}");
}
