//! AWS Lambda as measured for SimFaaS (Mahmoudi and Khazaei, CLOSER 2021; pacslab/simfaas @35e190d, examples/exp.csv): one function,
//! Poisson arrivals at 20 rates, warm responses of 1.98134 s and cold ones of 2.30374 s on the mean, instances kept for 10 min.

use crate::claim::{Line, check, claim, within};
use crate::support::{figures, run_independently};
use crate::theory::ttl_pool::exact;

const WARM: f64 = 1.98134;
const COLD: f64 = 2.30374;

/// Rate per second; measured P(cold), its standard error, and mean instances.
const MEASURED: [(f64, f64, f64, f64); 20] = [
    (0.0018631, 0.342988, 0.031763, 0.674194),
    (0.0024577, 0.210828, 0.037085, 0.813505),
    (0.0028816, 0.145431, 0.024181, 0.779471),
    (0.0034535, 0.110098, 0.022802, 0.907570),
    (0.0042480, 0.079480, 0.012393, 0.945903),
    (0.0057248, 0.038285, 0.006170, 1.031898),
    (0.0078509, 0.033821, 0.005196, 1.129084),
    (0.0163836, 0.019553, 0.002137, 1.269904),
    (0.0501200, 0.008542, 0.000936, 2.113582),
    (0.0998711, 0.005949, 0.000681, 2.764098),
    (0.1003774, 0.005658, 0.000416, 2.888801),
    (0.1980761, 0.003724, 0.000275, 3.718824),
    (0.3017913, 0.002939, 0.000200, 4.421763),
    (0.3974858, 0.002085, 0.000137, 5.045005),
    (0.4996728, 0.001913, 0.0000975, 5.694202),
    (0.5956058, 0.001756, 0.0000687, 6.419381),
    (0.6972661, 0.001751, 0.000114, 6.927720),
    (0.7979431, 0.001560, 0.0000624, 7.563940),
    (0.9024594, 0.001513, 0.0000664, 7.869841),
    (1.0005332, 0.001307, 0.0000814, 8.397141),
];

/// Execution times: exponential, as SimFaaS assumes, and constant, which the measured ones nearly are.
const EXPONENTIAL: &str = "exponential.mean";
const CONSTANT: &str = "constant";

/// Simulated P(cold) and mean instances at a rate. Long enough for about 5,000 cold starts in all.
fn simulate(rate: f64, execution: &str) -> [Vec<f64>; 2] {
    let seconds = (250.0 / (rate * exact(rate, WARM, 600.0).0)).ceil();
    let outcome = run_independently(&format!(
        "scenario = {{ duration = '{}s', warm_up = '2000s', replications = 20 }}\n\
         policy = {{ keep_alive.fixed = {{ ttl = '10m' }}, reuse.most_recently_used = {{}} }}\n\
         platform.cold_start.init.constant = '{:.5}s'\n\
         [[function]]\nname = 'f'\narrivals.poisson = {{ rate = '{rate}/s' }}\nexecution.{execution} = '{WARM}s'\n",
        seconds + 2_000.0,
        COLD - WARM
    ));
    [figures(&outcome, |run| run.summary.cold_start_ratio), figures(&outcome, |run| run.summary.instances.mean)]
}

fn mean(figures: &[f64]) -> f64 {
    figures.iter().sum::<f64>() / figures.len() as f64
}

/// Simulated P(cold) and mean instances at every rate.
type Simulated = Vec<[Vec<f64>; 2]>;

fn all_rates(execution: &str) -> Simulated {
    MEASURED.iter().map(|row| simulate(row.0, execution)).collect()
}

/// How far P(cold) and the mean instances are off, on the mean over the rates, in per cent of the measured.
fn mean_errors(simulated: &Simulated) -> [f64; 2] {
    let off = |simulated: &[f64], measured: f64| (mean(simulated) / measured - 1.0).abs() * 100.0;
    let rows = || MEASURED.iter().zip(simulated);
    let cold: f64 = rows().map(|(row, [cold, _])| off(cold, row.1)).sum();
    let instances: f64 = rows().map(|(row, [_, instances])| off(instances, row.3)).sum();
    [cold, instances].map(|sum| sum / MEASURED.len() as f64)
}

const SOURCE: &str = "AWS Lambda, 20 rates (SimFaaS, CLOSER 2021)";

fn summed_up(execution: &str, simulated: &Simulated) -> [Line; 3] {
    let [cold_off, instances_off] = mean_errors(simulated);
    let rows = MEASURED.iter().zip(simulated);
    let far = rows.filter(|(row, [cold, _])| (mean(cold) - row.1).abs() > 2.0 * row.2).count() as f64;
    let name = |what| format!("{what}, executions {execution}");
    [
        within(name("P(cold), mean absolute error in % of the measured"), SOURCE, 13.5, cold_off),
        within(name("mean instances, mean absolute error in % of the measured"), SOURCE, 3.5, instances_off),
        within(name("rates at which P(cold) is not within 2 standard errors of the measured"), SOURCE, 6.0, far),
    ]
}

pub fn lines() -> Vec<Line> {
    let (exponential, constant) = (all_rates(EXPONENTIAL), all_rates(CONSTANT));
    let each = MEASURED.iter().zip(&exponential).flat_map(|((rate, cold, _, instances), [as_cold, as_instances])| {
        [
            claim(format!("P(cold) at {rate}/s"), SOURCE, *cold).beside(as_cold),
            claim(format!("mean instances at {rate}/s"), SOURCE, *instances).beside(as_instances),
        ]
    });
    let summed_up = [summed_up("exponential", &exponential), summed_up("constant", &constant)];
    summed_up.into_iter().flatten().chain(each).collect()
}

#[test]
fn cold_starts_and_instances_of_aws_lambda_are_met_on_average() {
    check(&lines());
}
