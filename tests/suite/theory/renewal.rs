//! One instance with a fixed keep-alive T and executions that take no time: an arrival is cold if the gap X before it is longer
//! than T, and the instance exists for E[min(X, T)] / E[X] of the time.

use crate::claim::{Line, check, claim};
use crate::support::{figures, run_independently};

/// Mean gap in seconds.
const GAP: f64 = 300.0;

/// Keep-alive in seconds; P(cold) and time share for exponential gaps, and for hyper-exponential ones of CV 3 with balanced means.
const POISSON: [(f64, f64, f64); 4] = [
    (60.0, 0.818731, 0.181269),
    (300.0, 0.367879, 0.632121),
    (600.0, 0.135335, 0.864665),
    (1_200.0, 0.018316, 0.981684),
];
const HYPEREXPONENTIAL: [(f64, f64, f64); 4] = [
    (60.0, 0.700169, 0.168135),
    (300.0, 0.189963, 0.474893),
    (600.0, 0.064166, 0.583861),
    (1_200.0, 0.035088, 0.671973),
];

fn compare(gaps: &str, (ttl, cold, existing): (f64, f64, f64)) -> [Line; 2] {
    let outcome = run_independently(&format!(
        "scenario = {{ duration = '3003600s', warm_up = '3600s', replications = 40 }}\n\
         policy.keep_alive.fixed = {{ ttl = '{ttl}s' }}\n\
         [[function]]\nname = 'f'\narrivals.{gaps}\nexecution.constant = '0s'\n"
    ));
    let name = |figure| format!("{figure}, keep-alive {ttl} s, {gaps}");
    let source = "renewal theory (Cox 1962)";
    [
        claim(name("P(cold)"), source, cold).exactly(&figures(&outcome, |run| run.summary.cold_start_ratio), 0.02),
        claim(name("share of time with an instance"), source, existing)
            .exactly(&figures(&outcome, |run| run.summary.instances.idle), 0.02),
    ]
}

pub fn lines() -> Vec<Line> {
    let poisson = POISSON.into_iter().flat_map(|case| compare("poisson = { rate = '12/h' }", case));
    let hyper = |case| compare("hyperexponential = { rate = '12/h', cv = 3.0 }", case);
    poisson.chain(HYPEREXPONENTIAL.into_iter().flat_map(hyper)).collect()
}

#[test]
fn a_single_instance_is_cold_after_gaps_longer_than_its_keep_alive() {
    check(&lines());
}

#[test]
fn the_formulas_give_the_printed_figures() {
    // Two exponential phases that contribute half of the mean gap each.
    let p = 0.5 * (1.0 + (8.0f64 / 10.0).sqrt());
    let phases = [(p, 2.0 * p / GAP), (1.0 - p, 2.0 * (1.0 - p) / GAP)];
    for (ttl, cold, existing) in HYPEREXPONENTIAL {
        let longer: f64 = phases.iter().map(|(share, rate)| share * (-rate * ttl).exp()).sum();
        let shorter_mean: f64 = phases.iter().map(|(share, rate)| share * (1.0 - (-rate * ttl).exp()) / rate).sum();
        assert!((longer - cold).abs() < 1e-6 && (shorter_mean / GAP - existing).abs() < 1e-6, "{ttl} s");
    }
    for (ttl, cold, existing) in POISSON {
        let longer = (-ttl / GAP).exp();
        assert!((longer - cold).abs() < 1e-6 && (1.0 - longer - existing).abs() < 1e-6, "{ttl} s");
    }
}
