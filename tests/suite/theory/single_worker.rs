//! One worker with one core, whose queue is in the order of arrival or of execution times: M/M/1 and M/G/1.

use super::cluster::{Case, EXPONENTIAL, responses, simulate, waits};
use crate::claim::{Line, check, claim};

const SCHRAGE: &str = "M/M/1: Schrage and Miller 1966, Phipps 1956";
const POLLACZEK: &str = "Pollaczek-Khinchine (1930)";

/// Load; mean response in the order of arrival, with the shortest job first, and with the shortest remaining time first.
const ORDERS: [(f64, [f64; 3]); 2] = [(0.5, [2.0, 1.7127, 1.4254]), (0.8, [5.0, 2.8822, 2.3528])];

const SCHEDULING: [&str; 3] =
    ["first_come = {}", "shortest_remaining = { preempt = false }", "shortest_remaining = { preempt = true }"];

fn worker<'a>(load: f64, service: &'a str, policy: &'a str, measured: u32) -> Case<'a> {
    let cluster = "cores = 'exclusive'";
    Case { workers: 1, cores: 1, rate: load, service, policy, cluster, seconds: (1_000, measured) }
}

fn orders((load, means): (f64, [f64; 3])) -> [Line; 3] {
    std::array::from_fn(|i| {
        let policy = format!("load_balancing.round_robin = {{}}, scheduling.{}", SCHEDULING[i]);
        let outcome = simulate(&worker(load, EXPONENTIAL, &policy, 40_000));
        claim(format!("mean response in s, load {load}, {}", SCHEDULING[i]), SCHRAGE, means[i])
            .exactly(&responses(&outcome), 0.02)
    })
}

/// A mean wait of a / (1 - a) x (1 + CV^2) / 2 seconds at the load a = 0.8.
fn pollaczek((service, cv): (&str, f64)) -> Line {
    let outcome = simulate(&worker(0.8, service, "load_balancing.round_robin = {}", 60_000));
    claim(format!("mean wait in s, load 0.8, {service}"), POLLACZEK, 4.0 * (1.0 + cv * cv) / 2.0)
        .exactly(&waits(&outcome), 0.04)
}

pub fn lines() -> Vec<Line> {
    let services =
        [("constant = '1s'", 0.0), (EXPONENTIAL, 1.0), ("hyperexponential = { mean = '1s', cv = 2.0 }", 2.0)];
    ORDERS.into_iter().flat_map(orders).chain(services.into_iter().map(pollaczek)).collect()
}

#[test]
fn response_times_of_one_core_are_those_of_theory() {
    check(&lines());
}

/// The integral of f over (0, 40) by the midpoint rule.
fn integral(f: impl Fn(f64) -> f64) -> f64 {
    const STEP: f64 = 1e-3;
    (0..40_000).map(|i| f((f64::from(i) + 0.5) * STEP) * STEP).sum()
}

/// With the load a(x) of executions up to x: the shortest job waits a E[S^2] / 2 / (1 - a(x))^2; with preemption it waits
/// (E[S^2; S < x] + x^2 P(S > x)) a / 2 / (1 - a(x))^2, and executes for the integral of 1 / (1 - a(t)) up to x.
#[test]
fn the_formulas_give_the_printed_figures() {
    for (load, [first_come, shortest, remaining]) in ORDERS {
        let below = |x: f64| load * (1.0 - (1.0 + x) * (-x).exp());
        let left = |x: f64| (1.0 - below(x)) * (1.0 - below(x));
        let non_preemptive = 1.0 + integral(|x| (-x).exp() * load / left(x));
        let waits = integral(|x| {
            let square = 2.0 - (2.0 + 2.0 * x + x * x) * (-x).exp();
            (-x).exp() * load / 2.0 * (square + x * x * (-x).exp()) / left(x)
        });
        // The mean of an integral up to S is the integral of what is longer.
        let executes = integral(|t| (-t).exp() / (1.0 - below(t)));
        for (formula, printed) in
            [(1.0 / (1.0 - load), first_come), (non_preemptive, shortest), (waits + executes, remaining)]
        {
            assert!((formula - printed).abs() < 1e-4, "load {load}: {formula}, {printed}");
        }
    }
}
