//! M/G/infinity: the number of invocations in flight is Poisson with mean a, the load, whatever the distribution of execution times.

use crate::claim::{Line, check, claim};
use crate::support::{figures, run_independently};

const SOURCE: &str = "M/G/infinity (Takács 1962)";

/// Load of all cases: 5 arrivals per second of 10 s each.
const LOAD: f64 = 50.0;

/// The window has 1,000 rows of a second.
fn scenario(service: &str) -> String {
    format!(
        "scenario = {{ duration = '2000s', warm_up = '1000s', replications = 100 }}\n\
         [[function]]\nname = 'f'\narrivals.poisson = {{ rate = '5/s' }}\nexecution.{service}\n"
    )
}

fn mean(service: &str) -> Line {
    let busy = figures(&run_independently(&scenario(service)), |run| run.summary.instances.busy);
    claim(format!("mean busy instances, load 50, {service}"), SOURCE, LOAD).exactly(&busy, 0.01)
}

/// Variance of the busy instances averaged over a row, around the known mean. Their covariance at a distance t is a exp(-t / s) for
/// exponential times of mean s; averaging over r = row / s leaves 2 a (r - 1 + exp(-r)) / r^2.
fn variance() -> Line {
    let r = 0.1f64;
    let expected = 2.0 * LOAD * (r - 1.0 + (-r).exp()) / (r * r);
    let variance = figures(&run_independently(&scenario("exponential = { mean = '10s' }")), |run| {
        assert_eq!((run.timeline.len(), run.timeline[0].length_s), (1_000, 1.0));
        run.timeline.iter().map(|row| (row.busy - LOAD) * (row.busy - LOAD)).sum::<f64>() / 1_000.0
    });
    claim("variance of busy instances over rows of 1 s, load 50, exponential", SOURCE, expected)
        .exactly(&variance, 0.05)
}

pub fn lines() -> Vec<Line> {
    let services = [
        "constant = '10s'",
        "exponential = { mean = '10s' }",
        "lognormal = { mean = '10s', sd = '20s' }",
        "hyperexponential = { mean = '10s', cv = 3.0 }",
        "weibull = { mean = '10s', cv = 2.0 }",
    ];
    services.into_iter().map(mean).chain([variance()]).collect()
}

#[test]
fn busy_instances_are_poisson_whatever_the_execution_times() {
    check(&lines());
}
