//! Erlang's loss formula: the share of Poisson arrivals that find all N places taken is B(N, a), where a is the load, whatever the
//! distribution of execution times.
//!
//! The places are those of a function (reserved concurrency), of an account, or its provisioned instances: what spills over from
//! those never comes back to them.

use crate::claim::{Line, check, claim};
use crate::support::{figures, run_independently};

const SOURCE: &str = "Erlang 1917; insensitivity: Sevastyanov 1957";

/// Execution times of mean 1 s.
const SERVICES: [&str; 6] = [
    "constant = '1s'",
    "exponential = { mean = '1s' }",
    "gamma = { mean = '1s', cv = 0.5 }",
    "lognormal = { mean = '1s', sd = '2s' }",
    "hyperexponential = { mean = '1s', cv = 3.0 }",
    "uniform = { min = '0s', max = '2s' }",
];

/// The share of arrivals that find `places` taken at a load of `load`: B(0) = 1, B(k) = a B(k - 1) / (k + a B(k - 1)).
pub fn erlang_b(places: u32, load: f64) -> f64 {
    (1..=places).fold(1.0, |lost, k| load * lost / (f64::from(k) + load * lost))
}

/// 20 replications of functions (each: rate per second, execution time, other keys) that are measured for `seconds`.
fn scenario(seconds: u32, functions: &[(f64, &str, &str)], keys: &str) -> String {
    let function = |(index, (rate, service, keys)): (usize, &(f64, &str, &str))| {
        format!(
            "[[function]]\nname = 'f{index}'\narrivals.poisson = {{ rate = '{rate}/s' }}\nexecution.{service}\n{keys}\n"
        )
    };
    let functions: String = functions.iter().enumerate().map(function).collect();
    format!("scenario = {{ duration = '{}s', warm_up = '50s', replications = 20 }}\n{keys}\n{functions}", seconds + 50)
}

fn throttled(text: &str) -> Vec<f64> {
    let share = |counts: coldcast::metrics::Invocations| counts.throttled as f64 / counts.arrived as f64;
    figures(&run_independently(text), |run| share(run.summary.invocations))
}

/// A function with a concurrency limit: places, load, measured seconds, and how many of the distributions, from the first on.
fn function_limit() -> impl Iterator<Item = Line> {
    let cases = [
        (1, 1.7919, 10_000, 1),
        (2, 1.7919, 10_000, 1),
        (3, 1.7919, 20_000, 1),
        (5, 1.7919, 50_000, 1),
        (10, 8.0, 20_000, SERVICES.len()),
        (100, 90.0, 5_000, 2),
        (1_000, 950.0, 1_000, 2),
        (1_000, 1_000.0, 200, 1),
        (3_000, 2_900.0, 500, 1),
    ];
    let services = |(places, load, seconds, n): (u32, f64, u32, usize)| {
        SERVICES.iter().take(n).map(move |service| (places, load, seconds, *service))
    };
    cases.into_iter().flat_map(services).map(|(places, load, seconds, service)| {
        let limit = format!("concurrency_limit = {places}");
        let shares = throttled(&scenario(seconds, &[(load, service, &limit)], "policy.keep_alive.infinite = {}"));
        claim(format!("P(throttled), function limit {places}, load {load}, {service}"), SOURCE, erlang_b(places, load))
            .exactly(&shares, 0.05)
    })
}

/// Two functions with different execution times, 8 Erlang together, in an account with 10 places.
fn account_limit() -> Line {
    let functions = [(2.0, "lognormal = { mean = '3s', sd = '3s' }", ""), (20.0, "constant = '100ms'", "")];
    let shares = throttled(&scenario(20_000, &functions, "platform.limits.account_concurrency = 10"));
    claim("P(throttled), account limit 10, two functions of load 6 and 2", SOURCE, erlang_b(10, 8.0))
        .exactly(&shares, 0.02)
}

/// Without keep-alive, what spills over from the provisioned instances is cold.
fn spill_over() -> impl Iterator<Item = Line> {
    [(3, 1.7919, 20_000), (10, 8.0, 20_000), (100, 90.0, 5_000)].into_iter().map(|(places, load, seconds)| {
        let provisioned = format!("provisioned = {places}");
        let function = (load, "lognormal = { mean = '1s', sd = '2s' }", provisioned.as_str());
        let outcome = run_independently(&scenario(seconds, &[function], "policy.keep_alive.none = {}"));
        let shares = figures(&outcome, |run| run.summary.cold_start_ratio);
        claim(format!("P(spill-over), {places} provisioned, load {load}"), SOURCE, erlang_b(places, load))
            .exactly(&shares, 0.05)
    })
}

pub fn lines() -> Vec<Line> {
    function_limit().chain([account_limit()]).chain(spill_over()).collect()
}

#[test]
fn losses_are_those_of_erlang_b() {
    check(&lines());
}

/// Published tables of B.
#[test]
fn the_formula_gives_the_printed_figures() {
    for (places, load, lost) in [
        (1, 1.7919, 0.641821),
        (5, 1.7919, 0.025919),
        (10, 8.0, 0.121661),
        (100, 90.0, 0.026957),
        (1_000, 950.0, 0.003649),
        (1_000, 1_000.0, 0.024812),
        (3_000, 2_900.0, 0.001368),
    ] {
        assert!((erlang_b(places, load) - lost).abs() < 1e-6, "B({places}, {load})");
    }
}
