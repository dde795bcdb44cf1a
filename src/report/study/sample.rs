//! Made-up studies for the tests of what is written from them.

use super::measure::{View, estimates};
use crate::experiment::study::{Axis, Cell, Origin, Record, Study};
use crate::experiment::{Comparison, InputFile, Question};
use crate::metrics::{Histogram, Summary};
use crate::report::plot::{self, Scene};
use crate::report::sample;
use crate::time::Span;

/// What a study is made of.
struct Recipe {
    name: &'static str,
    /// Name and values of each axis; without any, the cells are `names`.
    axes: &'static [(&'static str, &'static [&'static str])],
    names: &'static [&'static str],
    replications: u32,
}

const TTLS: &[&str] = &["1m", "2m", "5m", "10m", "30m", "1h"];
const MEMORY: &[&str] = &["256 MiB", "512 MiB", "1 GiB"];
const FEW: &[&str] = &["1m", "5m", "10m", "30m"];
const POLICIES: &[&str] = &["fixed", "hybrid_histogram", "spes", "hawkes", "none"];
const LINE: Recipe = Recipe { name: "keep-alive", axes: &[("ttl", TTLS)], names: &[], replications: 5 };

/// All samples, each with what is special about it in its name.
pub fn all() -> Vec<Study> {
    vec![
        two(),
        line(),
        grid(),
        many(),
        long_names(),
        one_replication(),
        a_failed_cell(),
        all_equal(),
        all_zero(),
        nothing_ran(),
        no_prices(),
        study(&Recipe { name: "a-single-cell", names: &["only one"], axes: &[], ..LINE }),
        study(&Recipe { name: "wide-grid", axes: &[("memory", MEMORY), ("ttl", WIDE)], ..LINE }),
        study(&Recipe { name: "policies", axes: &[("keep_alive", &["fixed", "none", "hybrid_histogram"])], ..LINE }),
    ]
}

const WIDE: &[&str] = &[
    "1s", "2s", "5s", "10s", "20s", "30s", "45s", "1m", "90s", "2m", "3m", "4m", "5m", "7m", "10m", "15m", "20m",
    "25m", "30m", "45m", "1h",
];

/// Two scenarios side by side.
pub fn two() -> Study {
    study(&Recipe { name: "two", names: &["fixed 10m", "hybrid histogram"], axes: &[], ..LINE })
}

/// One axis of quantities.
pub fn line() -> Study {
    study(&LINE)
}

/// Two axes.
pub fn grid() -> Study {
    study(&Recipe { name: "grid", axes: &[("memory", MEMORY), ("ttl", FEW)], ..LINE })
}

/// Three axes, sixty cells.
pub fn many() -> Study {
    study(&Recipe { name: "many", axes: &[("memory", MEMORY), ("keep_alive", POLICIES), ("ttl", FEW)], ..LINE })
}

/// Names that are long, and need to be escaped.
pub fn long_names() -> Study {
    let names: &[&str] = &[
        "the platform as it is today with a keep-alive of ten minutes, and nothing else changed at all",
        "the platform as it is today with a keep-alive of one hour, and nothing else changed at all",
        "<script>alert(\"x\")</script> & more",
        "provisioned concurrency of 20 in the morning and of 5 in the evening, by target tracking",
    ];
    study(&Recipe { name: "long-names <b>", names, axes: &[], ..LINE })
}

/// No intervals.
pub fn one_replication() -> Study {
    study(&Recipe { name: "one-replication", replications: 1, ..LINE })
}

/// A cell without a result.
pub fn a_failed_cell() -> Study {
    let mut study = study(&Recipe { name: "a-failed-cell", axes: &[("memory", MEMORY), ("ttl", TTLS)], ..LINE });
    study.cells[4].records.clear();
    study.cells[4].failure = Some("function \"f\": 256 MiB is less than <what> it needs".into());
    study
}

/// Cells that do not differ.
pub fn all_equal() -> Study {
    let mut study = study(&Recipe { name: "all-equal", ..LINE });
    let first = study.cells[0].records.clone();
    study.cells.iter_mut().for_each(|cell| cell.records.clone_from(&first));
    study
}

/// No cold start, no idle memory, free of charge.
pub fn all_zero() -> Study {
    let mut study = study(&Recipe { name: "all-zero", axes: &[("memory", MEMORY), ("ttl", TTLS)], ..LINE });
    for summary in summaries(&mut study) {
        (summary.cold_start_ratio, summary.memory_gb_s.idle, summary.latency_ms.response) = Default::default();
        summary.cost.iter_mut().for_each(|cost| (cost.total, cost.per_month) = (0.0, 0.0));
    }
    study
}

/// Every cell failed.
pub fn nothing_ran() -> Study {
    let mut study = study(&Recipe { name: "nothing-ran", ..LINE });
    for cell in &mut study.cells {
        cell.records.clear();
        cell.failure = Some("the trace ended early".into());
    }
    study
}

/// Scenarios without prices.
pub fn no_prices() -> Study {
    let mut study = study(&Recipe { name: "no-prices", ..LINE });
    summaries(&mut study).for_each(|summary| summary.cost = None);
    study
}

fn summaries(study: &mut Study) -> impl Iterator<Item = &mut Summary> {
    study.cells.iter_mut().flat_map(|cell| &mut cell.records).map(|record| &mut record.summary)
}

/// What a study's cells come to against the first of them.
pub fn comparison(study: &Study) -> Comparison {
    Comparison::of(study, &Question::default())
}

/// The plots of a study.
pub fn scenes(study: &Study) -> Vec<Scene> {
    let comparison = comparison(study);
    plot::study::scenes(View { study, comparison: &comparison, estimates: &estimates(study, &comparison) })
}

fn study(recipe: &Recipe) -> Study {
    let axes: Vec<Axis> = recipe.axes.iter().map(|(name, values)| axis(name, values)).collect();
    let sizes: Vec<usize> = axes.iter().map(|axis| axis.values.len()).collect();
    let count = if axes.is_empty() { recipe.names.len() } else { sizes.iter().product() };
    let base = sample::one_replication().runs.remove(0);
    let cell = |number: usize| {
        let position = position(number, &sizes);
        let values = axes.iter().zip(&position).map(|(axis, at)| format!("{} {}", axis.name, axis.values[*at]));
        let name =
            recipe.names.get(number).map_or_else(|| values.collect::<Vec<_>>().join(", "), |name| (*name).into());
        let setting = |(axis, at): (&Axis, &usize)| (axis.keys[0].clone(), format!("\"{}\"", axis.values[*at]));
        let settings = axes.iter().zip(&position).map(setting).collect();
        let share = number as f64 / count.max(2) as f64;
        let records = (0..recipe.replications)
            .map(|replication| record(&base.summary, &base.response_warm, replication, share))
            .collect();
        Cell { name, position, settings, records, failure: None }
    };
    let cells = (0..count).map(cell).collect();
    let sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into();
    Study {
        name: recipe.name.into(),
        axes,
        cells,
        scenario: "[scenario]\nname = \"x\"\n\n[sweep]\n\"policy.keep_alive.fixed.ttl\" = [\"1m\", \"<5m>\"]\n".into(),
        origin: Origin {
            version: "0.1.0".into(),
            seed: 42,
            threads: 2,
            inputs: vec![InputFile { path: "data/invocations <day 1>.csv".into(), bytes: 3_037_902, sha256 }],
            price_books: vec!["aws-lambda 2025-06-01".into()],
            resumed: 0,
            total_wall_s: 1.5,
        },
    }
}

fn axis(name: &str, values: &[&str]) -> Axis {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    Axis { keys: vec![format!("policy.{name}")], name: name.into(), values }
}

/// The place of a cell, the last axis fastest.
fn position(number: usize, sizes: &[usize]) -> Vec<usize> {
    let after = |axis: usize| sizes[axis + 1..].iter().product::<usize>();
    (0..sizes.len()).map(|axis| number / after(axis) % sizes[axis]).collect()
}

/// Fewer cold starts and a lower p99, but more idle memory and cost, as `share` grows; and some noise.
fn record(base: &Summary, times: &Histogram, replication: u32, share: f64) -> Record {
    let noise = |wave: f64| 1.0 + 0.04 * libm::sin(f64::from(replication) * 2.4 + wave + 20.0 * share);
    let mut summary = base.clone();
    summary.cold_start_ratio *= noise(0.0) * libm::exp(-2.5 * share);
    summary.memory_gb_s.idle *= noise(1.0) * (0.3 + 4.0 * share);
    summary.latency_ms.response.p99 *= noise(2.0) * (1.5 - share + 0.2 * libm::sin(40.0 * share));
    if let Some(cost) = &mut summary.cost {
        let factor = noise(3.0) * (1.0 + share + 0.3 * libm::sin(31.0 * share));
        (cost.total, cost.per_month) = (cost.total * factor, cost.per_month * factor);
        cost.lines.iter_mut().for_each(|line| line.amount *= factor);
    }
    let mut response = Histogram::default();
    let mut before = 0;
    for (time, below) in times.cumulative() {
        response.record_many(Span::from_nanos_f64(time.as_nanos() as f64 * noise(4.0) * (1.5 - share)), below - before);
        before = below;
    }
    Record { replication, summary, response }
}
