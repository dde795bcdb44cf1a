//! Comparisons by hand, degenerate ones, and their error rates by simulation.

use rand::{RngExt, SeedableRng};
use rand_distr::StandardNormal;
use rand_pcg::Pcg64;
use serde_json::json;

use super::*;
use crate::experiment::study::{Origin, Record};

/// A replication: response p99, cold of completed invocations, monthly cost in a currency.
fn record(replication: u32, p99: f64, (cold, completed): (u64, u64), cost: Option<(f64, &str)>) -> Record {
    let times =
        |p99: f64| json!({"mean": p99, "p50": p99, "p90": p99, "p95": p99, "p99": p99, "p999": p99, "max": p99});
    let cost = cost.map(|(month, currency)| {
        json!({"currency": currency, "total": month, "per_month": month, "per_million_requests": 0.0, "lines": []})
    });
    let summary = json!({
        "invocations": {
            "arrived": completed, "completed": completed, "cold": cold, "warm": completed - cold, "delayed": 0, "throttled": 0,
            "timed_out": 0, "failed": 0, "dropped": 0, "unplaceable": 0, "open": 0, "dead_lettered": 0, "retried": 0
        },
        "latency_ms": {"response": times(p99), "queueing": times(0.0), "cold_start": times(0.0), "execution": times(1.0)},
        "stages_ms": {
            "scheduling": 0.0, "balancing": 0.0, "placement": 0.0, "sandbox": 0.0, "code": 0.0, "runtime": 0.0, "user": 0.0
        },
        "throughput_per_s": 1.0,
        "cold_start_ratio": if completed == 0 { 0.0 } else { cold as f64 / completed as f64 },
        "instances": {
            "mean": 1.0, "starting": 0.0, "busy": 0.5, "idle": 0.5, "peak": 1, "started": 1, "evicted": 0, "expired": 0
        },
        "balance": {"workers": 0, "peak_to_mean": 0.0, "variation": 0.0},
        "memory_gb_s": {"starting": 0.0, "busy": 1.0, "idle": 1.0},
        "utilisation": 0.5,
        "cost": cost
    });
    Record { replication, summary: serde_json::from_value(summary).unwrap(), response: Default::default() }
}

fn cell(name: &str, records: Vec<Record>) -> Cell {
    Cell { name: name.into(), position: Vec::new(), settings: Vec::new(), records, failure: None }
}

fn study(cells: Vec<Cell>) -> Study {
    let origin = Origin {
        version: String::new(),
        seed: 1,
        threads: 1,
        inputs: Vec::new(),
        price_books: Vec::new(),
        resumed: 0,
        total_wall_s: 0.0,
    };
    Study { name: "s".into(), axes: Vec::new(), cells, scenario: String::new(), origin }
}

/// Cells that differ in p99 and cost.
fn latencies(cells: &[&[f64]]) -> Study {
    let records = |p99: &[f64]| (0..).zip(p99).map(|(i, p99)| record(i, *p99, (1, 10), Some((*p99, "USD")))).collect();
    study(cells.iter().enumerate().map(|(i, p99)| cell(&i.to_string(), records(p99))).collect())
}

fn question(path: &str) -> Question {
    Question { figures: vec![Figure::find(path).unwrap()], ..Question::default() }
}

fn one(study: &Study, path: &str) -> Compared {
    Comparison::of(study, &question(path)).figures.remove(0)
}

const P99: &str = "latency_ms.response.p99";

fn close(estimate: Estimate, expected: [f64; 3]) {
    let found = [estimate.mean, estimate.ci_low, estimate.ci_high];
    assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5), "{found:?}, not {expected:?}");
}

/// Differences -12, -8, -10: mean -10, s = 2, t(0.975, 2) = 4.302653, so -10 +- 4.968. Relative: 90 / 100 - 1, deviations
/// (a - 0.9 b) / 100 of a = -2, 2, 0 and b = 0, 0, 0.
#[test]
fn a_paired_difference_by_hand() {
    let compared = one(&latencies(&[&[100.0, 100.0, 100.0], &[88.0, 92.0, 90.0]]), P99);
    let contrast = &compared.cells[1];
    let difference = contrast.difference.as_ref().unwrap();
    close(difference.absolute, [-10.0, -14.968_275, -5.031_725]);
    close(difference.relative.unwrap(), [-0.1, -0.149_683, -0.050_317]);
    assert!((difference.p.unwrap() - 0.013_072).abs() < 1e-5, "{difference:?}");
    assert_eq!((contrast.verdict, contrast.standing, compared.best), (Verdict::Better, Standing::Best, Some(1)));
    assert_eq!((compared.cells[0].verdict, compared.cells[0].standing), (Verdict::Baseline, Standing::NotBest));
    assert_eq!(compared.cells[0].difference, None);
}

/// What both cells share cancels out: without pairs the same figures tell nothing.
#[test]
fn common_random_numbers_sharpen_and_welch_does_not_use_them() {
    let study = latencies(&[&[100.0, 200.0, 300.0, 400.0], &[101.0, 202.1, 300.9, 402.0]]);
    assert_eq!(one(&study, P99).cells[1].verdict, Verdict::Worse);
    let question = Question { pairing: Pairing::Independent, ..question(P99) };
    let contrast = &Comparison::of(&study, &question).figures[0].cells[1];
    assert_eq!((contrast.verdict, contrast.difference.as_ref().unwrap().absolute.n), (Verdict::NotDistinguishable, 4));
    // Equal variances of 16681 or so and n = 4: freedom near 6, error sqrt(2 x 16681 / 4).
    let half = contrast.difference.as_ref().unwrap().absolute.half_width();
    assert!((half - 2.446_9 * 91.7).abs() < 3.0, "{half}");
}

#[test]
fn ratios_are_compared_as_ratios_of_sums() {
    let records = |counts: [(u64, u64); 3]| (0..).zip(counts).map(|(i, count)| record(i, 1.0, count, None)).collect();
    let study =
        study(vec![cell("a", records([(2, 4), (0, 0), (3, 12)])), cell("b", records([(1, 4), (0, 0), (1, 12)]))]);
    let compared = one(&study, "cold_start_ratio");
    assert_eq!(compared.cells[0].estimate.unwrap().mean, 5.0 / 16.0);
    close(
        Estimate { ci_low: 0.0, ci_high: 0.0, ..compared.cells[1].difference.as_ref().unwrap().absolute },
        [-0.1875, 0.0, 0.0],
    );
}

#[test]
fn verdicts_follow_the_direction_of_the_figure() {
    let spread = |mean: f64, p: f64| Difference {
        absolute: Estimate { mean, ci_low: mean, ci_high: mean, n: 3 },
        relative: None,
        p: Some(p),
        p_adjusted: Some(p),
    };
    for (better, mean, expected) in [
        (Better::Less, -1.0, Verdict::Better),
        (Better::Less, 1.0, Verdict::Worse),
        (Better::More, 1.0, Verdict::Better),
        (Better::More, -1.0, Verdict::Worse),
        (Better::Neither, -1.0, Verdict::Less),
        (Better::Neither, 1.0, Verdict::More),
    ] {
        assert_eq!(verdict(better, Some(&spread(mean, 0.01)), 0.95), expected);
        assert_eq!(verdict(better, Some(&spread(mean, 0.2)), 0.95), Verdict::NotDistinguishable);
    }
}

#[test]
fn degenerate_cells_have_no_figures_that_are_not_numbers() {
    let mut study = latencies(&[&[0.0, 0.0], &[0.0, 0.0], &[3.0, 3.0], &[1.0], &[]]);
    study.cells.push(Cell { failure: Some("no price".into()), ..study.cells[2].clone() });
    let compared = one(&study, P99);
    let [_, same, constant, single, none, failed] = &compared.cells[..] else { panic!("six cells") };
    let difference = |contrast: &Contrast| contrast.difference.clone().unwrap();
    assert_eq!((difference(same).p, same.verdict), (Some(1.0), Verdict::NotDistinguishable));
    // All replications differ by the same: nothing is left to chance. The baseline is zero, so there is no relative difference.
    assert_eq!(
        (difference(constant).p, constant.verdict, difference(constant).relative),
        (Some(0.0), Verdict::Worse, None)
    );
    // One replication in common.
    assert_eq!((difference(single).absolute.n, difference(single).p, single.verdict), (1, None, Verdict::Unknown));
    for missing in [none, failed] {
        assert_eq!((missing.estimate, &missing.difference, missing.verdict), (None, &None, Verdict::Unknown));
        assert_eq!(missing.standing, Standing::Unknown);
    }
    let whole =
        serde_json::to_string(&Comparison::of(&study, &Question { baseline: 9, ..Question::default() })).unwrap();
    assert!(
        !whole.contains("NaN")
            && Comparison::of(&super::tests::study(Vec::new()), &Question::default()).figures.is_empty()
    );
}

#[test]
fn rounding_is_no_difference() {
    let compared = one(&latencies(&[&[0.3, 0.3, 0.3], &[0.1 + 0.2, 0.1 + 0.2, 0.1 + 0.2]]), P99);
    assert_eq!(compared.cells[1].verdict, Verdict::NotDistinguishable);
    assert_eq!(compared.cells[1].difference.as_ref().unwrap().absolute.mean, 0.0);
}

#[test]
fn money_of_another_currency_is_not_compared() {
    let priced = |currency| (0..3).map(|i| record(i, 1.0, (1, 10), Some((f64::from(i), currency)))).collect();
    let study = study(vec![cell("a", priced("EUR")), cell("b", priced("USD"))]);
    let compared = one(&study, "cost.per_month");
    assert_eq!((compared.unit.as_str(), compared.cells[1].estimate), ("EUR", None));
    let unpriced = (0..3).map(|i| record(i, 1.0, (1, 10), None)).collect();
    let study = super::tests::study(vec![cell("a", unpriced)]);
    assert!(Comparison::of(&study, &question("cost.per_month")).figures.is_empty(), "nobody has a bill");
}

/// Replications of `cells` variants that are all the same in truth, with a common part, as common random numbers give.
fn null_study(rng: &mut Pcg64, cells: usize, replications: usize) -> Study {
    let common: Vec<f64> = (0..replications).map(|_| rng.sample(StandardNormal)).collect();
    let noisy = |rng: &mut Pcg64| common.iter().map(|x| 100.0 + x + rng.sample::<f64, _>(StandardNormal)).collect();
    let figures: Vec<Vec<f64>> = (0..cells).map(|_| noisy(rng)).collect();
    latencies(&figures.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// Under the null no more than one study in twenty may call any cell different, and no more than one in twenty may say of the first
/// cell, which is as good as the best, that it is not the best. Both corrections are conservative; 0.05 + 3 standard errors of 1,000
/// studies is 0.0707. That they are not far too strict shows in the lower bound.
#[test]
fn the_error_rate_of_a_whole_comparison_is_at_most_one_in_twenty() {
    let mut rng = Pcg64::seed_from_u64(3);
    let (mut wrong, mut left_out) = (0, 0);
    const STUDIES: usize = 1_000;
    for _ in 0..STUDIES {
        let compared = one(&null_study(&mut rng, 5, 6), P99);
        let different = |contrast: &Contrast| matches!(contrast.verdict, Verdict::Better | Verdict::Worse);
        wrong += usize::from(compared.cells.iter().any(different));
        left_out += usize::from(compared.cells[0].standing == Standing::NotBest);
    }
    let [wrong, left_out] = [wrong, left_out].map(|count| count as f64 / STUDIES as f64);
    assert!((0.01..0.0707).contains(&wrong) && left_out < 0.0707, "{wrong} {left_out}");
}
