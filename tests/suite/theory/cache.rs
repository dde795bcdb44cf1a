//! A worker whose memory holds so many instances is a cache: Poisson arrivals with the rates of Zipf's law, executions and cold
//! starts that take no time, instances that stay until memory is needed. Warm is a hit.
//!
//! Least recently used: an invocation is warm if fewer functions than fit were invoked since the last one of its own, which is
//! computed exactly; Che's approximation is shown beside it. Perfect least frequently used: the most popular but one stay for good,
//! and the last place holds the last of all others.

use crate::claim::{Line, check, claim};
use crate::support::{figures, run_independently};

const FUNCTIONS: usize = 100;
const LEAST_RECENT: &str = "LRU under Poisson arrivals, exact (King 1971)";
const CHE: &str = "Che et al. 2002, an approximation";
const LEAST_FREQUENT: &str = "perfect LFU under Poisson arrivals, exact";

/// Instances that fit; P(warm) by Che's approximation, and as simulated by others with an error of some 0.0005.
const CAPACITIES: [(usize, f64, f64); 4] =
    [(5, 0.24555, 0.2482), (10, 0.39763, 0.3978), (20, 0.56794, 0.5678), (50, 0.81009, 0.8101)];

/// The rates of Zipf's law, one per second together.
fn rates() -> [f64; FUNCTIONS] {
    let all: f64 = (1..=FUNCTIONS).map(|rank| 1.0 / rank as f64).sum();
    std::array::from_fn(|i| 1.0 / (i + 1) as f64 / all)
}

/// Shares of warm invocations in 20 replications.
fn warm(capacity: usize, eviction: &str) -> Vec<f64> {
    let function = |(i, rate): (usize, f64)| {
        format!(
            "[[function]]\nname = 'f{i}'\nmemory = '1 GiB'\narrivals.poisson = {{ rate = '{rate}/s' }}\nexecution.constant = '0s'\n"
        )
    };
    let functions: String = rates().into_iter().enumerate().map(function).collect();
    let outcome = run_independently(&format!(
        "scenario = {{ duration = '24h', warm_up = '12h', replications = 20 }}\n\
         policy = {{ keep_alive.infinite = {{}}, eviction.{eviction} }}\n\
         platform.workers = [{{ cores = 1, memory = '{capacity} GiB' }}]\n{functions}"
    ));
    figures(&outcome, |run| 1.0 - run.summary.cold_start_ratio)
}

/// P(fewer than `capacity` of the functions but `own` are invoked within t), each with the probability `invoked`.
fn fewer_than(capacity: usize, invoked: &[f64], own: usize) -> f64 {
    let mut counts = vec![0.0; capacity];
    counts[0] = 1.0;
    for (_, p) in invoked.iter().enumerate().filter(|(function, _)| *function != own) {
        (1..capacity).rev().for_each(|n| counts[n] += p * (counts[n - 1] - counts[n]));
        counts[0] *= 1.0 - p;
    }
    counts.iter().sum()
}

/// The mean of that probability over exponential gaps t, by the trapezoid rule in the logarithm of t.
fn least_recently_used(capacity: usize) -> f64 {
    const STEP: f64 = 0.06;
    let rates = rates();
    let at = |gap: f64| {
        let invoked = rates.map(|rate| 1.0 - (-rate * gap).exp());
        let of = |(i, rate): (usize, &f64)| rate * rate * (-rate * gap).exp() * fewer_than(capacity, &invoked, i);
        rates.iter().enumerate().map(of).sum::<f64>() * gap
    };
    (-200..=180).map(|i| at((f64::from(i) * STEP).exp()) * STEP).sum()
}

/// The sum over functions of rate x P(gap below T), with T such that the capacity is used on average.
fn che(capacity: usize) -> f64 {
    let rates = rates();
    let held = |time: f64| rates.iter().map(|rate| 1.0 - (-rate * time).exp()).sum::<f64>();
    let (mut low, mut high) = (0.0, 1e6);
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        if held(middle) < capacity as f64 { low = middle } else { high = middle }
    }
    rates.iter().map(|rate| rate * (1.0 - (-rate * low).exp())).sum()
}

fn perfect_least_frequently_used(capacity: usize) -> f64 {
    let rates = rates();
    let (stay, change) = rates.split_at(capacity - 1);
    stay.iter().sum::<f64>() + change.iter().map(|rate| rate * rate).sum::<f64>() / change.iter().sum::<f64>()
}

pub fn lines() -> Vec<Line> {
    let name = |capacity, policy| format!("P(warm), room for {capacity} of 100 functions, {policy}");
    let recent = CAPACITIES.into_iter().flat_map(|(capacity, che, _)| {
        let shares = warm(capacity, "least_recently_used = {}");
        [
            claim(name(capacity, "least recently used"), LEAST_RECENT, least_recently_used(capacity))
                .exactly(&shares, 0.005),
            claim(name(capacity, "least recently used"), CHE, che).beside(&shares),
        ]
    });
    let frequent = [10, 20].into_iter().map(|capacity| {
        let shares = warm(capacity, "least_frequently_used = { perfect = true }");
        claim(name(capacity, "least frequently used"), LEAST_FREQUENT, perfect_least_frequently_used(capacity))
            .exactly(&shares, 0.005)
    });
    recent.chain(frequent).collect()
}

#[test]
fn a_worker_is_a_cache_of_instances() {
    check(&lines());
}

#[test]
fn the_formulas_give_the_printed_figures() {
    for (capacity, approximation, simulated) in CAPACITIES {
        assert!((che(capacity) - approximation).abs() < 1e-5, "room for {capacity}");
        let exact = least_recently_used(capacity);
        assert!((exact - simulated).abs() < 5e-4, "room for {capacity}: {exact}");
    }
}
