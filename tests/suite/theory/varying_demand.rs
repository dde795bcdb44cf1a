//! Demand that varies: with Poisson arrivals of rate r(t) from time 0 on, and execution times that are longer than u with probability
//! G(u), the number of invocations in flight at t is Poisson with mean m(t) = integral of r(t - u) G(u) du over u from 0 to t.

use std::f64::consts::PI;

use coldcast::metrics::TimelineRow;

use crate::claim::{Line, check, claim_rows};
use crate::support::run_independently;

const SOURCE: &str = "Eick, Massey and Whitt, \"The physics of the M_t/G/infinity queue\", Oper. Res. 1993";

/// The integral by the midpoint rule.
fn demand(t: f64, rate: &dyn Fn(f64) -> f64, longer: &dyn Fn(f64) -> f64) -> f64 {
    const POINTS: u32 = 2_000;
    let step = t / f64::from(POINTS);
    (0..POINTS).map(|i| (f64::from(i) + 0.5) * step).map(|u| rate(t - u) * longer(u) * step).sum()
}

/// Busy instances of every row of the timeline against the integral, averaged over the row by Simpson's rule.
fn compare(what: &str, text: &str, rate: &dyn Fn(f64) -> f64, longer: &dyn Fn(f64) -> f64) -> Line {
    let outcome = run_independently(text);
    let expected = |row: &TimelineRow| {
        let at = |share: f64| demand(row.start_s + share * row.length_s, rate, longer);
        (at(0.0) + 4.0 * at(0.5) + at(1.0)) / 6.0
    };
    let expected: Vec<f64> = outcome.runs[0].timeline.iter().map(expected).collect();
    let busy = |row: usize| outcome.runs.iter().map(|run| run.timeline[row].busy).collect();
    let simulated: Vec<Vec<f64>> = (0..expected.len()).map(busy).collect();
    claim_rows(what, SOURCE, &expected, &simulated)
}

/// A daily wave, from midnight for two days, and execution times from 1 to 3 hours: demand follows the rate with a lag.
fn wave() -> Line {
    let text = "scenario = { duration = '2d', replications = 100 }\n\
                [[function]]\nname = 'f'\narrivals.diurnal = { rate = '100/h', amplitude = 0.8, peak = '14h' }\n\
                execution.uniform = { min = '1h', max = '3h' }\n";
    let rate = |t: f64| 100.0 / 3_600.0 * (1.0 + 0.8 * (2.0 * PI * (t / 3_600.0 - 14.0) / 24.0).cos());
    let longer = |u: f64| ((3.0 - u / 3_600.0) / 2.0).clamp(0.0, 1.0);
    compare("busy instances, daily wave, executions of 1 h to 3 h", text, &rate, &longer)
}

/// A rate that jumps at 30 min from 0.2 to 1 per second, and exponential execution times.
fn step() -> Line {
    let text = "scenario = { duration = '2h', replications = 100 }\n\
                [[function]]\nname = 'f'\narrivals.step = { before = '0.2/s', after = '1/s', at = '30m' }\n\
                execution.exponential = { mean = '10m' }\n";
    let rate = |t: f64| if t < 1_800.0 { 0.2 } else { 1.0 };
    compare("busy instances, step from 0.2/s to 1/s, exponential executions of 10 min", text, &rate, &|u| {
        (-u / 600.0).exp()
    })
}

pub fn lines() -> Vec<Line> {
    vec![wave(), step()]
}

#[test]
fn busy_instances_follow_the_rate_row_by_row() {
    check(&lines());
}
