//! 500 workers of one core behind a load balancer: random, the least loaded of d, idle ones first, the least loaded of all.

use coldcast::experiment::Outcome;

use super::cluster::{Case, EXPONENTIAL, responses, simulate, waits};
use super::erlang::erlang_b;
use crate::claim::{Line, check, claim, within};

const WORKERS: u32 = 500;
const MEAN_FIELD: &str = "mean field of d choices (Mitzenmacher 1996, Vvedenskaya et al. 1996)";

/// Load of each worker; mean response with a random worker, and with the least loaded of two and of three.
const CHOICES: [(f64, [f64; 3]); 3] =
    [(0.5, [2.0, 1.2657, 1.1252]), (0.7, [3.3333, 1.6145, 1.3568]), (0.9, [10.0, 2.6141, 2.0279])];

fn balanced(workers: u32, load: f64, policy: &str, seconds: (u32, u32)) -> Outcome {
    let (rate, policy) = (load * f64::from(workers), format!("load_balancing.{policy}"));
    let (service, policy, cluster) = (EXPONENTIAL, policy.as_str(), "cores = 'exclusive'");
    simulate(&Case { workers, cores: 1, rate, service, policy, cluster, seconds })
}

/// Behind a random balancer each worker is a queue M/M/1 of its own, so 25 do; it forgets its start in some 1 / (1 - sqrt a)^2 s.
fn random((load, [mean, ..]): (f64, [f64; 3])) -> Line {
    let long = (20.0 / (1.0 - load) / (1.0 - load)) as u32;
    let responses = responses(&balanced(25, load, "random = {}", (long, 2 * long)));
    claim(format!("mean response in s, 25 workers, load {load} each, random"), "M/M/1 (Erlang 1909)", mean)
        .exactly(&responses, 0.02)
}

/// The mean field is that of infinitely many workers.
fn choices((load, [_, two, three]): (f64, [f64; 3])) -> [Line; 2] {
    let measured = if load < 0.9 { 80 } else { 160 };
    [(2, two), (3, three)].map(|(d, mean)| {
        let responses = responses(&balanced(WORKERS, load, &format!("power_of_d = {{ d = {d} }}"), (80, measured)));
        claim(format!("mean response in s, 500 workers, load {load} each, d = {d}"), MEAN_FIELD, mean)
            .about(&responses, 0.01)
    })
}

/// With infinitely many workers nobody waits where idle workers, or the least loaded of all, come first.
fn idle_first(policy: &str) -> Line {
    let waits = waits(&balanced(WORKERS, 0.9, policy, (80, 80)));
    let mean = waits.iter().sum::<f64>() / waits.len() as f64;
    let lost = erlang_b(WORKERS, 450.0);
    let central = lost / (1.0 - (1.0 - lost) * 0.9) / 50.0;
    assert!(mean > central, "no balancer is better than one queue for all: {mean} s, {central} s");
    let what = format!("mean wait in s, 500 workers, load 0.9 each, {policy}");
    within(what, "tends to 0 (Lu et al. 2011): a hundredth of that of d = 2", 0.016141, mean)
}

pub fn lines() -> Vec<Line> {
    let idle = ["join_idle_queue = {}", "least_connections = {}"].into_iter().map(idle_first);
    CHOICES.into_iter().map(random).chain(CHOICES.into_iter().flat_map(choices)).chain(idle).collect()
}

#[test]
fn load_balancers_are_those_of_theory() {
    check(&lines());
}

#[test]
fn the_formula_gives_the_printed_figures() {
    for (load, [random, two, three]) in CHOICES {
        let mean = |d: i32| (1..20).map(|i| load.powi((d.pow(i) - d) / (d - 1))).sum::<f64>();
        assert!((1.0 / (1.0 - load) - random).abs() < 1e-4);
        assert!((mean(2) - two).abs() < 1e-4 && (mean(3) - three).abs() < 1e-4, "load {load}");
    }
}
