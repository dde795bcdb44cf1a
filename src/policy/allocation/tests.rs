//! Every policy on functions whose best size is known.

use rust_decimal::Decimal;

use super::*;
use crate::amount::Money;
use crate::id::FunctionId;
use crate::platform::cpu::{CpuLaw, Work};
use crate::random::{Purpose, Streams};
use crate::time::Span;
use crate::workload::distribution::Sampler;

fn sizes(mib: &[u64]) -> Vec<Memory> {
    mib.iter().copied().map(Memory::from_mib).collect()
}

/// One dollar for a GiB-nanosecond: memory x time, to the last digit.
fn price(memory: Memory, times: &[Span]) -> Result<Money, ()> {
    let nanos: Decimal = times.iter().map(|time| Decimal::from(time.as_nanos())).sum();
    Ok(Money::from_dollars(nanos * Decimal::from(memory.as_bytes() >> 20) / Decimal::from(1024)))
}

/// `cpu` and `io` in milliseconds; one full vCPU at `full` MiB.
fn profile(full: u64, cpu: f64, io: u64, timeout: Option<Span>, grid: &[Memory]) -> Profile<'static> {
    let measurement = Measurement {
        law: &CpuLaw::Fluid { full_vcpu: Memory::from_mib(full) },
        work: Work { io: Span::from_millis(io), parallel: 0.0 },
        execution: &Sampler::Constant(cpu * 1e6),
        timeout,
        draws: 3,
        streams: Streams::new(1, 0),
        id: FunctionId(0),
    };
    measurement.profile("f", Memory::from_mib(256), grid, price).unwrap()
}

/// What a policy chooses among its own sizes, in MiB.
fn chosen(entry: &Entry<dyn Allocation>, parameters: &str, measure: impl Fn(&[Memory]) -> Profile<'static>) -> Chosen {
    let table: toml::Table = toml::from_str(&format!("p = {parameters}")).unwrap();
    let policy = entry.build(table["p"].as_table().unwrap().clone()).unwrap()();
    policy.choose(&measure(policy.grid()))
}

fn refused(entry: &Entry<dyn Allocation>, parameters: &str) -> String {
    let table: toml::Table = toml::from_str(&format!("p = {parameters}")).unwrap();
    entry.build(table["p"].as_table().unwrap().clone()).err().map(|error| error.to_string()).unwrap_or_default()
}

/// AWS Lambda: CPU in proportion to memory up to one vCPU at 1769 MB. Work that only computes costs the same up to there.
#[test]
fn cost_is_flat_and_time_falls_until_a_full_vcpu() {
    let grid = sizes(&[128, 512, 1024, 1769, 3008, 10_240]);
    let computes = profile(1769, 500.0, 0, None, &grid);
    let cost: Vec<f64> = computes.trials.iter().map(|trial| trial.cost.as_f64()).collect();
    for (index, trial) in computes.trials.iter().enumerate() {
        let memory = trial.memory.as_mib_f64();
        let time = 500.0 * (1769.0 / memory).max(1.0);
        assert!((trial.mean().as_millis_f64() - time).abs() < 1e-3, "{memory} MiB: {}", trial.mean());
        let relative = (memory / 1769.0).max(1.0);
        assert!((cost[index] / cost[0] - relative).abs() < 1e-6, "{memory} MiB: {}", cost[index]);
    }
    let waits = profile(1769, 0.0, 500, None, &grid);
    assert!(waits.trials.windows(2).all(|pair| pair[0].cost < pair[1].cost && pair[0].mean() == pair[1].mean()));
}

#[test]
fn the_scenario_has_the_last_word_without_sizes() {
    assert_eq!(chosen(&fixed::ENTRY, "{}", |grid| profile(1024, 1.0, 0, None, grid)), Memory::from_mib(256).into());
}

/// One second of CPU time, a full vCPU at 1024 MiB: times 2, 1, 1 s, costs 1, 1, 2.
#[test]
fn cost_and_time_are_weighed() {
    const GRID: &str = r#"grid = ["512 MiB", "2048 MiB", "1024 MiB"]"#;
    let choose = |entry, more: &str| {
        let chosen = chosen(entry, &format!("{{ {GRID}{more} }}"), |grid| profile(1024, 1000.0, 0, None, grid));
        (chosen.memory.as_bytes() >> 20, chosen.remark.is_some())
    };
    assert_eq!(choose(&minimum_cost::ENTRY, ""), (1024, false), "the fastest of equals");
    assert_eq!(choose(&minimum_time::ENTRY, ""), (1024, false), "the smallest of equals");
    for (weight, size) in [("0.0", 1024), ("0.5", 1024), ("1.0", 512)] {
        assert_eq!(choose(&balanced::ENTRY, &format!(", weight = {weight}")), (size, false), "weight {weight}");
    }
    assert_eq!(choose(&cost_under_latency::ENTRY, r#", objective = "1s""#), (1024, false));
    assert_eq!(choose(&cost_under_latency::ENTRY, r#", objective = "999ms""#), (1024, true), "none is fast enough");
}

/// 300 ms of input and output and 100 ms of CPU time: cheapest at 512 MiB, fast enough only at 1024 MiB.
#[test]
fn an_objective_costs() {
    let choose = |objective: &str| {
        let parameters = format!(r#"{{ grid = ["512 MiB", "1024 MiB"], objective = "{objective}" }}"#);
        chosen(&cost_under_latency::ENTRY, &parameters, |grid| profile(1024, 100.0, 300, None, grid)).memory
    };
    assert_eq!((choose("500ms"), choose("499ms")), (Memory::from_mib(512), Memory::from_mib(1024)));
}

/// A size at which executions are stopped would be cheap: 1.5 s at 512 MiB, where 2 s are needed.
#[test]
fn a_size_that_times_out_is_no_choice() {
    let grid = r#"{ grid = ["512 MiB", "1024 MiB"] }"#;
    let timeout = Some(Span::from_millis(1500));
    let choice = chosen(&minimum_cost::ENTRY, grid, |grid| profile(1024, 1000.0, 0, timeout, grid));
    assert_eq!(choice.memory, Memory::from_mib(1024));
    let never = profile(1024, 9000.0, 0, timeout, &sizes(&[512, 1024]));
    assert_eq!(never.trials.len(), 2, "if all sizes time out, all are left");
}

/// 100 ms of CPU time and 900 ms of waiting; times 1.7, 1.3, 1.1 and 1 s.
#[test]
fn throughput_is_bound_by_memory_or_by_cores() {
    let choose = |memory: &str, cores: u32| {
        let grid = r#"["128 MiB", "256 MiB", "512 MiB", "1024 MiB"]"#;
        let parameters = format!(r#"{{ memory = "{memory}", cores = {cores}, grid = {grid} }}"#);
        chosen(&maximum_throughput::ENTRY, &parameters, |grid| profile(1024, 100.0, 900, None, grid)).memory
    };
    assert_eq!(choose("1024 MiB", 8), Memory::from_mib(128), "8 instances end 8 / 1.7 per second");
    assert_eq!(choose("64 GiB", 1), Memory::from_mib(1024), "every size ends 10 per second, this one the soonest");
    assert_eq!(choose("4 GiB", 1), Memory::from_mib(256), "16 instances end 12 per second, 8 of 512 MiB only 7");
}

#[test]
fn a_quantile_is_the_nearest_rank() {
    let times = (1..=100).rev().map(Span::from_millis).collect();
    let trial = Trial { memory: Memory::from_mib(128), times, cost: Money::ZERO };
    for (p, millis) in [(0.0, 1), (0.5, 50), (0.95, 95), (0.951, 96), (1.0, 100)] {
        assert_eq!(trial.quantile(p), Span::from_millis(millis), "{p}");
    }
}

/// d(m) = 0.2 + 30 exp(-m / 300) s with 5 % noise: m d(m) is least near 2050 MiB, 5 times less than at 128 MiB.
#[test]
fn parrotfish_finds_the_cheapest_size_from_a_few_executions() {
    let exact = |memory: Memory| 0.2 + 30.0 * libm::exp(-memory.as_mib_f64() / 300.0);
    let cost = |memory: Memory| memory.as_mib_f64() * exact(memory);
    for seed in 0..20 {
        let choice = chosen(&parrotfish::ENTRY, "{}", |grid| {
            let trial = |(index, memory): (u32, &Memory)| {
                let mut noise = Streams::new(seed, 0).stream(Purpose::Allocation, index);
                let times = (0..40).map(|_| Span::from_nanos_f64(exact(*memory) * (1.0 + 0.05 * noise.normal()) * 1e9));
                Trial { memory: *memory, times: times.collect(), cost: Money::ZERO }
            };
            let trials = (0..).zip(grid).map(trial).collect();
            Profile { function: "f", memory: Memory::from_mib(128), cpu_time: Span::ZERO, trials }
        });
        let least = Grid::steps(128, 3008, 10).sizes().iter().copied().map(cost).fold(f64::MAX, f64::min);
        assert!(
            cost(choice.memory) < 1.1 * least,
            "seed {seed}: {} costs {}",
            choice.memory,
            cost(choice.memory) / least
        );
    }
}

#[test]
fn wrong_parameters_are_refused_by_name() {
    for (entry, parameters, told) in [
        (&minimum_cost::ENTRY, "{ grid = [] }", "`grid` is empty"),
        (&minimum_time::ENTRY, r#"{ grid = ["0 B", "1 MiB"] }"#, "`grid` has a size of zero"),
        (&balanced::ENTRY, "{ weight = nan }", "`weight` is a share"),
        (&cost_under_latency::ENTRY, r#"{ objective = "1s", quantile = 95 }"#, "`quantile` is a share"),
        (&maximum_throughput::ENTRY, r#"{ memory = "1 GiB", cores = 0 }"#, "`cores` is zero"),
        (&maximum_throughput::ENTRY, r#"{ memory = "1 MiB", cores = 1 }"#, "`memory` of the worker"),
        (&parrotfish::ENTRY, "{ samples = 0 }", "`samples` is out of range"),
        (&parrotfish::ENTRY, "{ threshold = inf }", "`threshold` is not a number"),
    ] {
        assert!(refused(entry, parameters).contains(told), "{parameters}: {}", refused(entry, parameters));
    }
}
