//! What is billed of random times: executions rounded each by itself, and instances while they have something to do.

use coldcast::billing::{Book, FunctionUsage, Selection, Tariff, Usage};
use coldcast::experiment::{Outcome, Run};
use coldcast::time::Span;

use crate::claim::{Line, check, claim};
use crate::support::{figures, run, run_independently};

fn quantity(run: &Run, line: &str) -> f64 {
    let lines = &run.summary.cost.as_ref().unwrap().lines;
    lines.iter().filter(|found| found.name == line).map(|found| found.quantity).sum()
}

/// An exponential time of mean m in steps of g is a geometric number of steps: g / (1 - exp(-g / m)).
fn rounding(mean: f64) -> Line {
    let text = format!(
        "scenario = {{ duration = '1000s', replications = 20 }}\n\
         pricing.linear = {{ per_second = '1 USD', granularity = '100ms' }}\n\
         [[function]]\nname = 'f'\narrivals.poisson = {{ rate = '20/s' }}\nexecution.exponential = {{ mean = '{mean}ms' }}\n"
    );
    let billed = figures(&run_independently(&text), |run| {
        quantity(run, "Billed time") * 1000.0 / run.summary.invocations.completed as f64
    });
    let expected = 100.0 / (1.0 - (-100.0 / mean).exp());
    claim(
        format!("billed ms of executions of mean {mean} ms in steps of 100 ms"),
        "geometric number of steps",
        expected,
    )
    .exactly(&billed, 0.005)
}

/// One instance that runs everything is an M/G/infinity queue: it has something to do for the share 1 - exp(-load) of the time.
fn active(service: &str) -> Line {
    let text = format!(
        "scenario = {{ duration = '2000s', warm_up = '200s', replications = 20 }}\n\
         platform.concurrency = 1000\ndefaults.vcpu = 1.0\npolicy.keep_alive.infinite = {{}}\n\
         pricing = {{ book = 'azure-container-apps', region = 'uksouth', free_tier = false }}\n\
         [[function]]\nname = 'f'\narrivals.poisson = {{ rate = '2/s' }}\nexecution.{service}\n"
    );
    let active = figures(&run_independently(&text), |run| quantity(run, "vCPU") / 1_800.0);
    let expected = 1.0 - (-1.0f64).exp();
    claim(format!("active share of an instance for all, load 1, {service}"), "M/G/infinity: P(N > 0)", expected)
        .exactly(&active, 0.01)
}

/// cloud.google.com/run/pricing, example 1: 10 million requests of 400 ms in a month, 20 at once in an instance of 1 vCPU and 512 MiB.
/// The page gives no curve; a bell with a standard deviation of 90 minutes comes out where the page does.
const DAYS: f64 = 30.4;
const EXECUTION: f64 = 0.4;

/// The rates of a day in steps of 10 minutes, per second.
fn bell() -> Vec<f64> {
    let sigma = 5_400.0;
    let density = |t: f64| (-(t * t) / (2.0 * sigma * sigma)).exp() / (sigma * std::f64::consts::TAU.sqrt());
    (0..144).map(|step| 10e6 / DAYS * density(600.0 * (f64::from(step) + 0.5) - 43_200.0)).collect()
}

fn google_example() -> Outcome {
    let rates: Vec<String> = bell().iter().map(|rate| format!("'{rate:.9}/s'")).collect();
    run(&format!(
        "scenario = {{ duration = '1d', replications = 3 }}\n\
         platform = {{ preset = 'google-cloud-run', concurrency = 20 }}\n\
         pricing = {{ book = 'gcp-cloud-run', region = 'us-central1', free_tier = false }}\n\
         [[function]]\nname = 'f'\nmemory = '512 MiB'\nexecution.constant = '400ms'\n\
         arrivals.rates = {{ step = '10m', rates = [{}] }}\n",
        rates.join(", ")
    ))
}

/// What the page prints, which are prices with a commitment.
fn committed(active_of_a_day: f64) -> f64 {
    let selection = Selection { purchase_option: Some("cud".into()), free_tier: false, ..Selection::default() };
    let tariff = Tariff::of(&Book::embedded("gcp-cloud-run").unwrap(), &selection).unwrap();
    let usage = FunctionUsage {
        memory: "512 MiB".parse().unwrap(),
        cpu: 1_000,
        requests: 10_000_000,
        active: Some(u128::from(Span::from_nanos_f64(active_of_a_day * DAYS * 1e9).as_nanos())),
        ..FunctionUsage::default()
    };
    tariff.invoice(&Usage::month(vec![usage])).unwrap().total.to_string().split(' ').next().unwrap().parse().unwrap()
}

fn google() -> [Line; 2] {
    let outcome = google_example();
    let day = figures(&outcome, |run| quantity(run, "vCPU"));
    let bills: Vec<f64> = day.iter().map(|seconds| committed(*seconds)).collect();
    let closed: f64 = bell().iter().map(|rate| 600.0 * (1.0 - (-rate * EXECUTION).exp())).sum();
    [
        claim(
            "vCPU-seconds of a bell-shaped day, 20 at once, Cloud Run",
            "M/G/infinity, and starts and rounding",
            closed,
        )
        .about(&day, 0.02),
        claim("Cloud Run, example 1 of the price page, USD", "cloud.google.com/run/pricing, the curve assumed", 18.91)
            .about(&bills, 0.05),
    ]
}

pub fn lines() -> Vec<Line> {
    let services =
        ["constant = '500ms'", "exponential = { mean = '500ms' }", "lognormal = { mean = '500ms', sd = '1s' }"];
    let rounded = [50.0, 100.0, 240.0].map(rounding).into_iter();
    rounded.chain(services.into_iter().map(active)).chain(google()).collect()
}

#[test]
fn billed_time_is_what_theory_says() {
    check(&lines());
}
