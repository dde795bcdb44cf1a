//! Confidence intervals hold the truth as often as they say: M/M/1 at a load of one half, over and over.
//!
//! Design: 10 replications of 100 s of warm-up and 2,000 s that are measured, about 1,000 invocations. The queue forgets that it began
//! empty at a rate of (1 - sqrt(load))^2 = 0.086/s (Cohen 1982), so that e^-8.6 of the bias is left. The intervals of different seeds
//! are independent: of 1,000 with a coverage of 95 %, 93 to 97 % hold the truth but for one time in 250.

use coldcast::experiment::study::{Cell, Origin, Record, Study};
use coldcast::experiment::{Comparison, Estimate, Experiment, Outcome, Pairing, Question};
use coldcast::metrics::Figure;

use crate::support::{experiment, figures, outcome};

const EXPERIMENTS: u64 = 1_000;
/// Of these, so many are run with another service time, too: 95 % of them up to 3 standard errors of 1.1 %.
const COMPARED: u64 = 400;

fn queue(service: &str) -> Experiment {
    experiment(&format!(
        "scenario = {{ duration = '2100s', warm_up = '100s', replications = 10 }}\n\
         policy.keep_alive.infinite = {{}}\n\
         platform.limits.queue = {{}}\n\
         [[function]]\nname = 'f'\nconcurrency_limit = 1\narrivals.poisson = {{ rate = '0.5/s' }}\n\
         execution.exponential = {{ mean = '{service}' }}\n"
    ))
}

/// The mean response time in milliseconds, 1 / (mu - lambda).
fn truth(service: f64) -> f64 {
    1e3 / (1.0 / service - 0.5)
}

fn holds(estimate: Estimate, truth: f64) -> bool {
    (estimate.ci_low..=estimate.ci_high).contains(&truth)
}

fn cell(outcome: Outcome) -> Cell {
    let record = |run: coldcast::experiment::Run| Record {
        replication: run.replication,
        summary: run.summary,
        response: Default::default(),
    };
    let records = outcome.runs.into_iter().map(record).collect();
    Cell { name: outcome.name, position: Vec::new(), settings: Vec::new(), records, failure: None }
}

fn study(cells: Vec<Cell>) -> Study {
    let (version, inputs, price_books) = (String::new(), Vec::new(), Vec::new());
    let origin = Origin { version, seed: 0, threads: 1, inputs, price_books, resumed: 0, total_wall_s: 0.0 };
    Study { name: String::new(), axes: Vec::new(), cells, scenario: String::new(), origin }
}

/// The difference of the second queue to the first.
fn difference(study: &Study, pairing: Pairing) -> Estimate {
    let figures = vec![Figure::find("latency_ms.response.mean").unwrap()];
    let comparison = Comparison::of(study, &Question { figures, pairing, ..Question::default() });
    comparison.figures[0].cells[1].difference.as_ref().unwrap().absolute
}

#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    let (mut slow, mut fast) = (queue("1s"), queue("900ms"));
    let [mut plain, mut ratio, mut paired] = [0; 3];
    let mut widths = [0.0; 2];
    for seed in 0..EXPERIMENTS {
        slow.seed = seed;
        let base = outcome(&slow);
        let means = figures(&base, |run| run.summary.latency_ms.response.mean);
        let counts = figures(&base, |run| run.summary.invocations.completed as f64);
        let parts: Vec<(f64, f64)> = means.iter().copied().zip(counts).collect();
        plain += u64::from(holds(Estimate::of(&means), truth(1.0)));
        ratio += u64::from(holds(Estimate::ratio(&parts), truth(1.0)));
        if seed < COMPARED {
            fast.seed = seed;
            let study = study(vec![cell(base), cell(outcome(&fast))]);
            let pair = [Pairing::Paired, Pairing::Independent].map(|pairing| difference(&study, pairing));
            paired += u64::from(holds(pair[0], truth(0.9) - truth(1.0)));
            widths.iter_mut().zip(pair).for_each(|(sum, estimate)| *sum += estimate.half_width());
        }
    }
    let [plain, ratio] = [plain, ratio].map(|count| count as f64 / EXPERIMENTS as f64);
    let paired = paired as f64 / COMPARED as f64;
    println!("coverage: means {plain}, ratios of sums {ratio}, paired differences {paired}; half widths {widths:?}");
    assert!((0.93..=0.97).contains(&plain) && (0.93..=0.97).contains(&ratio), "{plain} {ratio}");
    assert!((0.917..=0.983).contains(&paired), "{paired}");
    assert!(widths[0] < 0.5 * widths[1], "common random numbers halve the interval at least: {widths:?}");
}
