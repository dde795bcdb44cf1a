//! Workers of one core behind one central queue are M/M/c; a worker of c cores with a queue of limited length is M/M/c/K; with
//! invocations that wait for so long and then leave it is M/M/c+D.

use super::cluster::{Case, EXPONENTIAL, shares, simulate, waits};
use super::erlang::erlang_b;
use crate::claim::{Line, check, claim};

const ERLANG: &str = "Erlang C (Erlang 1917)";
const BARRER: &str = "M/M/c+D (Barrer 1957)";

/// Workers, load, P(wait), mean wait in seconds; seconds that are measured.
const CENTRAL: [(u32, f64, f64, f64, u32); 6] = [
    (1, 0.8, 0.800000, 4.000000, 60_000),
    (2, 1.6, 0.711111, 1.777778, 30_000),
    (4, 3.2, 0.596432, 0.745541, 20_000),
    (10, 8.0, 0.409180, 0.204590, 8_000),
    (50, 45.0, 0.363864, 0.072773, 3_000),
    (100, 90.0, 0.216940, 0.021694, 1_500),
];

fn central((workers, load, delayed, wait, measured): (u32, f64, f64, f64, u32)) -> [Line; 2] {
    let outcome = simulate(&Case {
        workers,
        cores: 1,
        rate: load,
        service: EXPONENTIAL,
        policy: "load_balancing.late_binding = {}",
        cluster: "cores = 'exclusive'",
        seconds: (300, measured),
    });
    let name = |figure| format!("{figure}, central queue of {workers} workers, load {load}");
    [
        claim(name("P(delayed)"), ERLANG, delayed).exactly(&shares(&outcome, |counts| counts.delayed), 0.03),
        claim(name("mean wait in s"), ERLANG, wait).exactly(&waits(&outcome), 0.06),
    ]
}

/// The share of the arrivals that a worker with a bounded queue drops.
fn dropped(cores: u32, load: f64, queue: &str) -> Vec<f64> {
    let cluster = format!("cores = 'exclusive', worker_queue = {{ {queue} }}");
    let (service, policy, seconds) = (EXPONENTIAL, "load_balancing.least_connections = {}", (300, 20_000));
    let outcome = simulate(&Case { workers: 1, cores, rate: load, service, policy, cluster: &cluster, seconds });
    shares(&outcome, |counts| counts.dropped)
}

/// n in the system have the weight a^n / (1 x 2 x ... c x c ...); lost is who finds K.
fn limited_length((cores, room, load): (u32, u32, f64)) -> Line {
    let mut weights = vec![1.0];
    (1..=room).for_each(|n| weights.push(weights[n as usize - 1] * load / f64::from(n.min(cores))));
    let expected = weights[room as usize] / weights.iter().sum::<f64>();
    let what = format!("P(dropped), {cores} cores, worker queue of {}, load {load}", room - cores);
    claim(what, "M/M/c/K (Kleinrock 1975)", expected)
        .exactly(&dropped(cores, load, &format!("length = {}", room - cores)), 0.03)
}

/// The work ahead of an arrival has the density a p(c - 1) exp((a - c) x) up to the patience, and falls as exp(-c x) beyond it, with
/// p(n) the probability of n executions and a free core. Lost is who finds more than the patience.
fn patience((cores, load, patience): (u32, f64, f64)) -> Line {
    let mut weights = vec![1.0];
    (1..cores).for_each(|n| weights.push(weights[n as usize - 1] * load / f64::from(n)));
    let (drift, density) = (load - f64::from(cores), load * weights[cores as usize - 1]);
    let end = density * (drift * patience).exp();
    let lost = end / f64::from(cores);
    let total = weights.iter().sum::<f64>() + (end - density) / drift + lost;
    let what = format!("P(dropped), {cores} cores, patience of {patience} s, load {load}");
    claim(what, BARRER, lost / total).exactly(&dropped(cores, load, &format!("wait = '{patience}s'")), 0.03)
}

pub fn lines() -> Vec<Line> {
    let limited = [(1, 5, 0.8), (10, 20, 9.0), (4, 4, 3.2)].into_iter().map(limited_length);
    let impatient = [(1, 0.8, 2.0), (1, 1.5, 1.0), (10, 12.0, 0.5)].into_iter().map(patience);
    CENTRAL.into_iter().flat_map(central).chain(limited).chain(impatient).collect()
}

#[test]
fn queues_on_workers_are_those_of_theory() {
    check(&lines());
}

#[test]
fn the_formula_gives_the_printed_figures() {
    for (workers, load, delayed, wait, _) in CENTRAL {
        let lost = erlang_b(workers, load);
        let formula = lost / (1.0 - (1.0 - lost) * load / f64::from(workers));
        assert!((formula - delayed).abs() < 1e-6, "{workers} workers");
        assert!((formula / (f64::from(workers) - load) - wait).abs() < 1e-6, "{workers} workers");
    }
}
