//! Another simulator: the example of SimFaaS (Mahmoudi and Khazaei, CLOSER 2021; README of pacslab/simfaas): 0.9 requests per second,
//! warm responses of mean 1.991 s, cold ones of mean 2.244 s, both exponential, 10 min of keep-alive, the newest idle instance first.
//!
//! Here a cold response is a cold start and then an execution like any other. For its sum to be exponential with mean c, where the
//! execution is exponential with mean w < c, the cold start must take no time with probability w / c, else an exponential time of
//! mean c: both sides have the transform 1 / (1 + c s). It is drawn from 20,000 quantiles of that law in a file.

use std::io::Write;

use tempfile::NamedTempFile;

use crate::claim::{Line, check, claim};
use crate::support::{figures, run};

const WARM: f64 = 1.991;
const COLD: f64 = 2.244;
const README: &str = "SimFaaS README, one run of 1e6 s";

fn cold_start_samples() -> NamedTempFile {
    const QUANTILES: u32 = 20_000;
    let mut file = NamedTempFile::new().unwrap();
    for i in 0..QUANTILES {
        // Seconds that are exceeded with a probability of i and a half in 20,000.
        let exceeded = (f64::from(i) + 0.5) / f64::from(QUANTILES);
        let seconds = (-COLD * (exceeded / (1.0 - WARM / COLD)).ln()).max(0.0);
        writeln!(file, "{seconds:.9}s").unwrap();
    }
    file
}

/// The instances that respond, as SimFaaS counts them, include those that start.
pub fn lines() -> Vec<Line> {
    let samples = cold_start_samples();
    let outcome = run(&format!(
        "scenario = {{ duration = '1002000s', warm_up = '2000s', replications = 50 }}\n\
         policy = {{ keep_alive.fixed = {{ ttl = '10m' }}, reuse.newest = {{}} }}\n\
         platform.cold_start.init.samples = {{ file = '{}' }}\n\
         [[function]]\nname = 'f'\narrivals.poisson = {{ rate = '0.9/s' }}\nexecution.exponential = {{ mean = '{WARM}s' }}\n",
        samples.path().display()
    ));
    let figure = |figure: fn(&coldcast::metrics::Summary) -> f64| figures(&outcome, |run| figure(&run.summary));
    let cold = figure(|summary| summary.cold_start_ratio);
    let instances = figure(|summary| summary.instances.mean);
    vec![
        claim("P(cold), SimFaaS example", "1e8 s of an independent simulation", 0.001335).about(&cold, 0.02),
        claim("P(cold), SimFaaS example", README, 1_213.0 / 898_469.0).about(&cold, 0.1),
        claim("mean response of cold requests in s", "SimFaaS README, input", COLD)
            .about(&figures(&outcome, |run| run.response_cold.mean().as_secs_f64()), 0.01),
        claim("mean instances, SimFaaS example", "1e8 s of an independent simulation", 7.696).about(&instances, 0.005),
        claim("mean instances, SimFaaS example", README, 7.6612).about(&instances, 0.01),
        claim("responding instances, SimFaaS example", README, 1.7879)
            .about(&figure(|summary| summary.instances.busy + summary.instances.starting), 0.01),
        claim("idle instances, SimFaaS example", README, 5.8733).about(&figure(|summary| summary.instances.idle), 0.01),
        // Little's law: the mean life is the mean number of instances over the rate at which they start.
        claim("mean life of an instance in s, SimFaaS example", README, 6_335.13)
            .about(&figure(|summary| summary.instances.mean * 1e6 / summary.instances.started as f64), 0.02),
    ]
}

#[test]
fn the_example_of_simfaas_is_reproduced() {
    check(&lines());
}
