//! The population against its marginals, by counting.

use std::collections::BTreeMap;

use super::marginals::TRIGGERS;
use super::*;
use crate::id::FunctionId;
use crate::random::{Purpose, Streams};
use crate::time::{Span, Time};
use crate::workload::{FunctionSource, Source, Trigger};

fn population(text: &str) -> Result<Population, String> {
    let line = toml::from_str::<BTreeMap<String, Population>>(&format!("population.{text}"));
    line.map(|mut line| line.remove("population").unwrap()).map_err(|error| error.to_string())
}

fn generate(functions: u32) -> Workload {
    let text = format!(r#"azure2019 = {{ functions = {functions}, total_rate = "100/s" }}"#);
    population(&text).unwrap().generate(&Streams::new(1, 0))
}

/// The share of `hits` within four and a half standard errors of a binomial share.
fn assert_share(what: &str, hits: usize, all: usize, expected: f64) {
    let (found, error) = (hits as f64 / all as f64, (expected * (1.0 - expected) / all as f64).sqrt());
    assert!((found - expected).abs() < 4.5 * error, "{what}: {found} for {expected} +- {error}");
}

#[test]
fn the_marginals_are_the_published_ones() {
    let workload = generate(20_000);
    for share in &TRIGGERS {
        let hits = workload.functions.iter().filter(|function| function.trigger == share.trigger).count();
        assert_share(&format!("{:?}", share.trigger), hits, 20_000, share.functions / 99.9);
    }

    let mut sizes = vec![0; workload.apps.len()];
    workload.functions.iter().for_each(|function| sizes[function.app.index()] += 1);
    let apps_up_to = |size: u32| sizes.iter().filter(|count| **count <= size).count();
    assert_share("apps of one function", apps_up_to(1), sizes.len(), 0.54);
    assert_share("apps up to 10 functions", apps_up_to(10), sizes.len(), 0.95);

    let burr = |x: f64| 1.0 - (1.0 + (x / 107.083f64).powf(11.652)).powf(-0.221);
    for mib in [110, 140, 262, 640] {
        let hits = workload.apps.iter().filter(|app| app.memory <= crate::amount::Memory::from_mib(mib)).count();
        assert_share(&format!("apps up to {mib} MiB"), hits, workload.apps.len(), burr(mib as f64));
    }

    let averages: Vec<_> = workload.loads.iter().map(|load| load.execution.moments().mean.unwrap() / 1e9).collect();
    for (seconds, expected) in [(0.684, 0.5), (1.0, 0.564), (60.0, 0.971), (599.9, 0.998)] {
        let hits = averages.iter().filter(|average| **average <= seconds).count();
        assert_share(&format!("averages up to {seconds} s"), hits, averages.len(), expected);
    }
    assert!(averages.iter().all(|average| *average < 600.1));
    assert!(workload.loads.iter().all(|load| (load.execution.moments().cv().unwrap() - 1.2).abs() < 1e-9));
}

#[test]
fn rates_sum_to_the_total_and_every_trigger_has_its_part() {
    let workload = generate(20_000);
    let rates: Vec<_> = workload.loads.iter().map(|load| load.arrivals.mean_rate().unwrap()).collect();
    let total: f64 = rates.iter().sum();
    assert!((total - 100.0).abs() < 1e-3, "{total}");
    for share in &TRIGGERS {
        let part: Vec<_> =
            (0..rates.len()).filter(|i| workload.functions[*i].trigger == share.trigger).map(|i| rates[i]).collect();
        assert!((part.iter().sum::<f64>() - share.invocations / 1.001).abs() < 1e-3, "{:?}", share.trigger);

        let (mean, count) = (part.iter().map(|rate| rate.ln()).sum::<f64>() / part.len() as f64, part.len() as f64);
        let sd = (part.iter().map(|rate| (rate.ln() - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt();
        assert!((sd - 2.75).abs() < 4.5 * 2.75 / (2.0 * count).sqrt(), "{:?}: {sd}", share.trigger);
    }
}

#[test]
fn the_total_rate_arrives() {
    let workload = generate(200);
    let seconds = 20;
    let counts: Vec<_> = (0..40)
        .map(|replication| {
            let count = |function: FunctionId| {
                let mut source = FunctionSource::new(&workload, function, &Streams::new(1, replication));
                std::iter::from_fn(|| (source.next_at() < Time::ZERO + Span::from_secs(seconds)).then(|| source.take()))
                    .count()
            };
            workload.function_ids().map(count).sum::<usize>() as f64
        })
        .collect();
    let mean = counts.iter().sum::<f64>() / 40.0;
    let variance = counts.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / 39.0;
    // The phases of periodic functions do not change between replications: up to one arrival too many or too few for each.
    let periodic =
        workload.functions.iter().filter(|function| function.trigger == Trigger::Timer).count() as f64 + 0.11 * 200.0;
    let tolerance = 4.5 * (variance / 40.0).sqrt() + periodic.sqrt();
    assert!((mean - 100.0 * seconds as f64).abs() < tolerance, "{mean} +- {tolerance}");
}

#[test]
fn timers_are_periodic_with_different_phases() {
    let workload = generate(2000);
    let timers: Vec<_> =
        workload.function_ids().filter(|id| workload.functions[id.index()].trigger == Trigger::Timer).collect();
    assert!(timers.len() > 200);
    let mut phases = Vec::new();
    for id in timers {
        let model = &workload.loads[id.index()].arrivals;
        let (mut process, mut stream) = (model.open(), Streams::new(1, 0).stream(Purpose::Arrival, id.0));
        let times: Vec<_> = (0..3).map(|_| process.next(&mut stream).unwrap()).collect();
        assert_eq!(times[2] - times[1], times[1] - times[0]);
        phases.push((times[0] - Time::ZERO).as_secs_f64() * model.mean_rate().unwrap());
    }
    let mean = phases.iter().sum::<f64>() / phases.len() as f64;
    assert!((mean - 0.5).abs() < 4.5 / (12.0 * phases.len() as f64).sqrt(), "{mean}");
}

#[test]
fn a_population_depends_on_the_seed_alone_and_grows_at_its_end() {
    let (small, large) = (generate(300), generate(600));
    assert_eq!(small.functions, generate(300).functions);
    assert_eq!(small.functions[..], large.functions[..300]);
    let executions =
        |workload: &Workload| workload.loads[..300].iter().map(|load| load.execution.clone()).collect::<Vec<_>>();
    assert_eq!(executions(&small), executions(&large));
    let other = Population::Azure2019(Azure2019 {
        functions: 300,
        total_rate: "1/s".parse().unwrap(),
        skew: 1.0,
        execution_cv: 0.0,
    });
    assert_ne!(other.generate(&Streams::new(2, 0)).functions, small.functions);
}

#[test]
fn examples_are_read_and_written_and_mistakes_are_named() {
    for example in Population::EXAMPLES {
        let once = population(example).unwrap();
        let written = toml::to_string(&BTreeMap::from([("population", &once)])).unwrap();
        assert_eq!(toml::from_str::<BTreeMap<String, Population>>(&written).unwrap()["population"], once);
    }
    for (text, reason) in [
        (r#"azure2019 = { functions = 0, total_rate = "1/s" }"#, "`functions` is 0"),
        (r#"azure2019 = { functions = 5, total_rate = "0/s" }"#, "`total_rate` is zero"),
        (r#"azure2019 = { functions = 5, total_rate = "1/s", skew = nan }"#, "`skew` is NaN"),
        (r#"azure2019 = { functions = 5, total_rate = "1/s", execution_cv = -1 }"#, "`execution_cv` is -1"),
    ] {
        let error = population(text).unwrap_err();
        assert!(error.contains(reason), "{error}");
    }
}
