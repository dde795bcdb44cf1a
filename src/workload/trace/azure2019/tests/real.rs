//! Samples of the real trace, where they are present.

use std::path::PathBuf;

use super::*;
use crate::workload::Trigger;
use crate::workload::trace::azure2019::durations;
use crate::workload::trace::azure2019::invocations::Invocations;

/// The folder of a sample; `None`, with a line that says so, if it is absent.
fn sample(name: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/azure2019").join(name);
    if !folder.exists() {
        println!("skipped: ../shared/data is absent");
        return None;
    }
    Some(folder)
}

fn read(folder: PathBuf, config: &str) -> Workload {
    toml::from_str::<Azure2019>(config).unwrap().read(&folder, &mut Rejects::new(std::io::sink())).unwrap()
}

const INVITRO: &str = "invocations = 'invocations.csv'\ndurations = 'durations.csv'\nmemory = 'memory.csv'";

#[test]
fn invitro_500_is_read_as_counted_by_others() {
    let Some(folder) = sample("invitro-500") else { return };
    let workload = read(folder, INVITRO);
    assert_eq!(workload.functions.len(), 500);
    assert_eq!(workload.apps.len(), 476);
    assert_eq!(totals(&workload).iter().sum::<u64>(), 3_037_902);
    assert_eq!(workload.length.unwrap().as_secs_f64(), 480.0 * 60.0);
    let triggers = [
        (Trigger::Timer, 247),
        (Trigger::Http, 139),
        (Trigger::Queue, 69),
        (Trigger::Orchestration, 25),
        (Trigger::Event, 14),
        (Trigger::Storage, 5),
        (Trigger::Others, 1),
    ];
    for (trigger, expected) in triggers {
        assert_eq!(
            workload.functions.iter().filter(|function| function.trigger == trigger).count(),
            expected,
            "{trigger:?}"
        );
    }
    assert_eq!(count(&workload, "functions with recorded execution times below 1ms"), 81, "percentile 0 is 0 ms");
    assert_eq!(count(&workload, "functions without a row"), 0);
    assert_eq!(count(&workload, "apps or functions without a row of memory"), 0);
}

#[test]
fn invitro_500_has_medians_of_zero() {
    let Some(folder) = sample("invitro-500") else { return };
    let config: Azure2019 = toml::from_str(INVITRO).unwrap();
    let mut rejects = Rejects::new(std::io::sink());
    let invocations = Invocations::read(&config, &folder, &mut rejects).unwrap();
    let durations = durations::read(&config, &folder, &invocations, &mut rejects).unwrap();
    let zeros = |column: usize| durations.of.iter().flatten().filter(|row| row.means[column] == 0.0).count();
    assert_eq!((zeros(3), zeros(7)), (41, 13), "medians and averages of 0 ms");
}

#[test]
fn invitro_100_is_read_as_counted_by_others() {
    let Some(folder) = sample("invitro-100") else { return };
    let workload = read(folder, INVITRO);
    assert_eq!((workload.functions.len(), totals(&workload).iter().sum::<u64>()), (100, 339_657));
}

#[test]
fn freyr_1000_has_functions_without_owner_and_app() {
    let Some(folder) = sample("freyr-1000") else { return };
    let config = "invocations = 'exp_sim_invocation_traces_0.csv'\ndurations = 'exp_sim_duration_traces_0.csv'\n\
        memory = 'exp_sim_memory_traces_0.csv'";
    let workload = read(folder, config);
    assert_eq!((workload.functions.len(), workload.apps.len()), (1_000, 1_000));
    assert_eq!(totals(&workload).iter().sum::<u64>(), 85_470);
    assert_eq!(workload.functions[0].memory, "189 MiB".parse().unwrap());
}
