//! The exact pool of a platform that scales per request: Poisson arrivals, exponential execution times, a fixed keep-alive that is
//! renewed on use, reuse of the most recently used instance, and cold starts that take no time.
//!
//! The number N of invocations in flight is that of M/M/infinity, whatever the keep-alive. The idle instances are a stack, so an
//! arrival needs a new one if and only if it lifts N above every level of the last T. M/M/infinity is reversible: looking back
//! over T is like looking ahead. With v(n, i) the probability that N, starting from i, does not pass from n to n + 1 within T:
//!
//!     P(cold) = sum over n of pi(n) v(n, n),    E[instances] = sum over n of (1 - sum over i <= n of pi(i) v(n, i)).

use crate::claim::{Line, check, claim};
use crate::support::{figures, run_independently};

/// Rate per second, mean execution time and keep-alive in seconds; P(cold) and mean instances as computed independently with matrix
/// exponentials and confirmed by simulations of 1e8 s; simulated seconds per replication.
pub const POOLS: [(f64, f64, f64, f64, f64, u64); 9] = [
    (0.9, 1.991, 600.0, 0.001329, 7.6919, 500_000),
    (0.9, 1.991, 60.0, 0.016327, 5.8642, 100_000),
    (0.1, 1.0, 600.0, 0.004010, 2.2297, 1_000_000),
    (0.01, 1.0, 600.0, 0.011748, 1.0550, 5_000_000),
    (1.0, 2.0, 10.0, 0.099700, 4.5312, 50_000),
    (0.001, 1.0, 600.0, 0.549261, 0.4523, 5_000_000),
    (10.0, 1.0, 600.0, 0.000207, 23.4644, 100_000),
    (0.005, 30.0, 300.0, 0.298343, 0.9934, 5_000_000),
    (0.05, 10.0, 600.0, 0.018827, 3.1583, 1_000_000),
];

/// P(cold) and mean instances of the pool with `rate` per second, execution times of mean `service` seconds and keep-alive `ttl`
/// seconds.
pub fn exact(rate: f64, service: f64, ttl: f64) -> (f64, f64) {
    let load = rate * service;
    let highest = (load + 12.0 * load.sqrt() + 12.0) as usize;
    let mut occupancy = vec![(-load).exp()];
    (1..=highest).for_each(|n| occupancy.push(occupancy[n - 1] * load / n as f64));
    let (mut cold, mut instances) = (0.0, 0.0);
    for n in 0..=highest {
        let stays = stays_below(n, rate, 1.0 / service, ttl);
        cold += occupancy[n] * stays[n];
        instances += 1.0 - stays.iter().zip(&occupancy).map(|(stays, share)| stays * share).sum::<f64>();
    }
    (cold, instances)
}

/// For each start 0..=n, the probability that the birth-death process does not pass from n to n + 1 within `time`, by
/// uniformisation.
fn stays_below(n: usize, birth: f64, death: f64, time: f64) -> Vec<f64> {
    let pace = birth + n as f64 * death;
    let steps = pace * time;
    let mut stays = vec![1.0; n + 1];
    let mut sum = vec![0.0; n + 1];
    // The logarithm of the Poisson probability of k steps.
    let mut log_weight = -steps;
    for k in 0..(steps + 10.0 * steps.sqrt() + 40.0) as usize {
        let weight = log_weight.exp();
        sum.iter_mut().zip(&stays).for_each(|(sum, stays)| *sum += weight * stays);
        let at = |i: usize| {
            let down = if i > 0 { i as f64 * death * stays[i - 1] } else { 0.0 };
            let up = if i < n { birth * stays[i + 1] } else { 0.0 };
            (down + up + (pace - birth - i as f64 * death) * stays[i]) / pace
        };
        stays = (0..=n).map(at).collect();
        log_weight += (steps / (k + 1) as f64).ln();
    }
    sum
}

fn scenario((rate, service, ttl, .., seconds): (f64, f64, f64, f64, f64, u64)) -> String {
    // The past of length T that decides must be stationary, hence twice T and many execution times.
    let warm_up = 2.0 * ttl + 20.0 * service;
    format!(
        "[scenario]\nduration = '{}s'\nwarm_up = '{warm_up}s'\nreplications = 20\n\
         [[function]]\nname = 'f'\narrivals.poisson = {{ rate = '{rate}/s' }}\nexecution.exponential = {{ mean = '{service}s' }}\n\
         [policy]\nkeep_alive.fixed = {{ ttl = '{ttl}s' }}\nreuse.most_recently_used = {{}}\n",
        seconds as f64 + warm_up
    )
}

pub fn lines() -> Vec<Line> {
    let pool = |row| {
        let (rate, service, ttl, cold, instances, _) = row;
        let outcome = run_independently(&scenario(row));
        let name = |figure| format!("{figure}, {rate}/s, {service} s, keep-alive {ttl} s");
        let source = "formula in tests/suite/theory/ttl_pool.rs";
        [
            claim(name("P(cold)"), source, cold).exactly(&figures(&outcome, |run| run.summary.cold_start_ratio), 0.03),
            claim(name("mean instances"), source, instances)
                .exactly(&figures(&outcome, |run| run.summary.instances.mean), 0.005),
        ]
    };
    POOLS.into_iter().flat_map(pool).collect()
}

#[test]
fn simulated_pools_are_those_of_the_formula() {
    check(&lines());
}

#[test]
fn the_formula_gives_the_printed_figures() {
    for (rate, service, ttl, cold, instances, _) in POOLS {
        let (exact_cold, exact_instances) = exact(rate, service, ttl);
        assert!(
            (exact_cold - cold).abs() < 1e-6 && (exact_instances - instances).abs() < 1e-4,
            "{rate} {service} {ttl}: {exact_cold} {exact_instances}"
        );
    }
}
