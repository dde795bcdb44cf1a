//! A cache comparison that can be reproduced anywhere: ten functions in a fixed order on one worker.

use std::io::Write;

use coldcast::experiment::Run;
use coldcast::workload::distribution::Sampler;
use tempfile::NamedTempFile;

use crate::support::{experiment, outcome};

const ARRIVALS: usize = 5_000;
/// Cold start of each function in milliseconds.
const COLD_MS: [f64; 10] = [211.0, 1609.0, 1013.0, 419.0, 1801.0, 1213.0, 607.0, 2003.0, 1409.0, 809.0];

/// Function i with weight 1 / (i + 1), by the linear congruential generator of C's `rand`.
fn order() -> Vec<usize> {
    let weights: Vec<f64> = (1..=10).map(|rank| 1.0 / f64::from(rank)).collect();
    let all: f64 = weights.iter().sum();
    let mut x: u64 = 1;
    let draw = |_| {
        x = (1_103_515_245 * x + 12_345) % (1 << 31);
        let mut left = x as f64 / f64::from(1u32 << 31) * all;
        let passed = |weight: &f64| {
            left -= weight;
            left < 0.0
        };
        weights.iter().position(passed).unwrap()
    };
    (0..ARRIVALS).map(draw).collect()
}

/// An arrival every 20 s of 100 ms, each function 100 MiB, on a worker with so many MiB.
fn run(mib: u32, policy: &str) -> Run {
    let mut file = NamedTempFile::new().unwrap();
    writeln!(file, "at,took,function").unwrap();
    for (i, function) in order().into_iter().enumerate() {
        writeln!(file, "{},0.1,f{function}", 20 * i).unwrap();
    }
    let mut experiment = experiment(&format!(
        "scenario = {{ name = 'cache', duration = '100020s', replications = 1 }}\npolicy = {{ {policy} }}\n\
         platform.workers = [{{ cores = 1, memory = '{mib} MiB' }}]\n\
         [workload.trace.table]\npath = '{}'\norigin = 'zero'\nmemory = '100 MiB'\n\
         columns = {{ arrival = 'at', duration = 'took', function = 'function' }}\n",
        file.path().display()
    ));
    for (function, deployment) in experiment.workload.functions.iter().zip(&mut experiment.platform.deployments) {
        let number: usize = function.name[1..].parse().unwrap();
        let [.., user] = &mut deployment.cold_start.0;
        *user = Sampler::Constant(COLD_MS[number] * 1e6);
    }
    outcome(&experiment).runs.remove(0)
}

/// Warm invocations; nobody waits, nobody is refused.
fn hits(mib: u32, policy: &str) -> u64 {
    let counts = run(mib, policy).summary.invocations;
    assert_eq!((counts.completed, counts.warm + counts.cold), (ARRIVALS as u64, ARRIVALS as u64), "{policy}");
    counts.warm
}

const SIZES: [u32; 4] = [200, 300, 500, 700];

#[test]
fn the_functions_are_those_of_the_comparison() {
    let order = order();
    let counts: [usize; 10] = std::array::from_fn(|function| order.iter().filter(|other| **other == function).count());
    assert_eq!(counts, [1685, 857, 562, 433, 351, 292, 260, 197, 190, 173]);
}

#[test]
fn hits_of_least_recently_used() {
    let policy = "keep_alive.infinite = {}, eviction.least_recently_used = {}";
    assert_eq!(SIZES.map(|mib| hits(mib, policy)), [1668, 2335, 3368, 4172]);
}

#[test]
fn hits_of_greedy_dual() {
    let policy = "keep_alive.infinite = {}, eviction.greedy_dual = {}";
    assert_eq!([200, 500].map(|mib| hits(mib, policy)), [1790, 3717]);
}

#[test]
fn hits_of_ten_minutes_of_keep_alive() {
    let policy = "keep_alive.fixed = { ttl = '600s' }, eviction.least_recently_used = {}";
    assert_eq!(SIZES.map(|mib| hits(mib, policy)), [1668, 2335, 3368, 4167]);
    assert_eq!(run(1_000, policy).summary.invocations.cold, 368, "memory for all");
}

/// Belady's rule, by looking ahead in the order itself.
fn most_hits(order: &[usize], places: usize) -> u64 {
    let mut held: Vec<usize> = Vec::new();
    let mut hits = 0;
    for (i, function) in order.iter().enumerate() {
        if held.contains(function) {
            hits += 1;
            continue;
        }
        if held.len() == places {
            let next = |held: &usize| order[i..].iter().position(|other| other == held).unwrap_or(usize::MAX);
            let farthest = (0..places).max_by_key(|place| next(&held[*place])).unwrap();
            held.swap_remove(farthest);
        }
        held.push(*function);
    }
    hits
}

#[test]
fn nobody_has_more_hits_than_who_knows_the_future() {
    let order = order();
    for mib in SIZES {
        let most = most_hits(&order, mib as usize / 100);
        for other in
            ["least_recently_used", "least_frequently_used", "greedy_dual", "frequency", "size", "landlord", "cidre"]
        {
            let fewer = hits(mib, &format!("keep_alive.infinite = {{}}, eviction.{other} = {{}}"));
            assert!(fewer < most, "{mib} MiB, {other}: {fewer} of {most}");
        }
    }
}

/// Timers whose arrivals the test can work out; executions that take no time.
#[test]
fn who_knows_the_future_has_all_the_hits_there_can_be() {
    const PERIODS_MS: [u64; 8] = [701, 907, 1103, 1301, 1511, 1709, 1907, 2111];
    let function = |(i, period): (usize, u64)| {
        format!(
            "[[function]]\nname = 'f{i}'\nmemory = '1 GiB'\nexecution.constant = '0s'\n\
             arrivals.timer = {{ period = '{period}ms', phase = '{i}ms' }}\n"
        )
    };
    let functions: String = PERIODS_MS.into_iter().enumerate().map(function).collect();
    let arrivals =
        |(i, period): (usize, u64)| (0..).map(move |n| (i as u64 + n * period, i)).take_while(|(at, _)| *at < 600_000);
    let mut arrivals: Vec<(u64, usize)> = PERIODS_MS.into_iter().enumerate().flat_map(arrivals).collect();
    arrivals.sort_unstable();
    let order: Vec<usize> = arrivals.into_iter().map(|(_, function)| function).collect();
    for places in [2, 3, 5] {
        let run = crate::support::run(&format!(
            "scenario = {{ duration = '600s', replications = 1 }}\n\
             policy = {{ keep_alive.infinite = {{}}, eviction.belady = {{}} }}\n\
             platform.workers = [{{ cores = 1, memory = '{places} GiB' }}]\n{functions}"
        ));
        let counts = run.runs[0].summary.invocations;
        assert_eq!((counts.arrived, counts.warm), (order.len() as u64, most_hits(&order, places)), "{places} places");
    }
}
