//! Queues at a concurrency limit: Erlang C (M/M/c), Pollaczek-Khinchine (M/G/1), and a queue of limited length (M/M/c/K).

use coldcast::experiment::Outcome;

use super::erlang::erlang_b;
use crate::claim::{Line, check, claim};
use crate::support::{figures, run_independently};

const ERLANG: &str = "Erlang C (Erlang 1917)";
const POLLACZEK: &str = "Pollaczek-Khinchine (1930)";

/// `load` arrivals per second of 1 s each, on `places` instances that stay.
fn simulate(places: u32, load: f64, service: &str, queue: &str, seconds: u32) -> Outcome {
    run_independently(&format!(
        "scenario = {{ duration = '{}s', warm_up = '1000s', replications = 20 }}\n\
         policy.keep_alive.infinite = {{}}\n\
         platform.limits.queue = {{ {queue} }}\n\
         [[function]]\nname = 'f'\nconcurrency_limit = {places}\narrivals.poisson = {{ rate = '{load}/s' }}\nexecution.{service}\n",
        seconds + 1_000
    ))
}

fn waits(outcome: &Outcome) -> Vec<f64> {
    figures(outcome, |run| run.summary.latency_ms.queueing.mean / 1e3)
}

/// P(wait) = B / (1 - (1 - B) a / c), and a mean wait of P(wait) / (c - a) seconds.
fn erlang_c((places, load, seconds): (u32, f64, u32)) -> [Line; 2] {
    let lost = erlang_b(places, load);
    let wait = lost / (1.0 - (1.0 - lost) * load / f64::from(places));
    let outcome = simulate(places, load, "exponential = { mean = '1s' }", "", seconds);
    let delayed =
        figures(&outcome, |run| run.summary.invocations.delayed as f64 / run.summary.invocations.completed as f64);
    let name = |figure| format!("{figure}, function limit {places} with a queue, load {load}");
    [
        claim(name("P(delayed)"), ERLANG, wait).exactly(&delayed, 0.02),
        claim(name("mean wait in s"), ERLANG, wait / (f64::from(places) - load)).exactly(&waits(&outcome), 0.03),
    ]
}

/// One place at a load of 0.8: a mean wait of 0.8 / 0.2 x (1 + CV^2) / 2 seconds.
fn pollaczek((service, cv): (&str, f64)) -> Line {
    let waits = waits(&simulate(1, 0.8, service, "", 200_000));
    claim(
        format!("mean wait in s, one place with a queue, load 0.8, {service}"),
        POLLACZEK,
        4.0 * (1.0 + cv * cv) / 2.0,
    )
    .exactly(&waits, 0.03)
}

/// M/M/c/K: n in the system have the weight a^n / (1 x 2 x ... c x c ...); lost is who finds K.
fn limited_length((places, room, load): (u32, u32, f64)) -> Line {
    let mut weights = vec![1.0];
    (1..=room).for_each(|n| weights.push(weights[n as usize - 1] * load / f64::from(n.min(places))));
    let expected = weights[room as usize] / weights.iter().sum::<f64>();
    let queue = format!("length = {}", room - places);
    let outcome = simulate(places, load, "exponential = { mean = '1s' }", &queue, 50_000);
    let dropped =
        figures(&outcome, |run| run.summary.invocations.dropped as f64 / run.summary.invocations.arrived as f64);
    let what = format!("P(dropped), function limit {places}, queue of {}, load {load}", room - places);
    claim(what, "M/M/c/K (Kleinrock 1975)", expected).exactly(&dropped, 0.02)
}

pub fn lines() -> Vec<Line> {
    let constant = ("constant = '1s'", 0.0);
    let services =
        [constant, ("gamma = { mean = '1s', cv = 0.5 }", 0.5), ("hyperexponential = { mean = '1s', cv = 2.0 }", 2.0)];
    let waiting = [(1, 0.8, 200_000), (4, 3.2, 100_000), (10, 8.0, 50_000), (100, 90.0, 5_000)];
    let waiting = waiting.into_iter().flat_map(erlang_c);
    let limited = [(1, 5, 0.8), (10, 20, 9.0)].into_iter().map(limited_length);
    waiting.chain(services.into_iter().map(pollaczek)).chain(limited).collect()
}

#[test]
fn waits_and_losses_of_queues_are_those_of_theory() {
    check(&lines());
}
