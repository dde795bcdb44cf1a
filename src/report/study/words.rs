//! Differences in words.

use super::measure::shown;
use crate::experiment::{Compared, Comparison, Difference, Estimate, Verdict};

/// What is said of a variant first, if it is compared.
const FIRST: [&str; 4] = ["cost.per_month", "latency_ms.response.p99", "cold_start_ratio", "memory_gb_s.idle"];

/// From here on a difference is said as it is, not as a part of the baseline.
const MANIFOLD: f64 = 10.0;

/// A variant beside the baseline, in words.
pub struct Verdicts {
    /// Number of the cell.
    pub cell: usize,
    /// Such as `cost per month 12 % less [9, 15]; response p99 not distinguishable`.
    pub text: String,
}

/// A sentence for each variant but the baseline, in their order. Variants without any difference are left out.
pub fn verdicts(comparison: &Comparison) -> Vec<Verdicts> {
    let first = |compared: &&Compared| FIRST.contains(&compared.figure.path.as_str());
    let mut figures: Vec<&Compared> = comparison.figures.iter().filter(first).collect();
    if figures.is_empty() {
        figures = comparison.figures.iter().take(FIRST.len()).collect();
    }
    let sentence = |cell: usize| {
        let phrases: Vec<String> = figures.iter().filter_map(|compared| phrase(compared, cell)).collect();
        (!phrases.is_empty()).then(|| Verdicts { cell, text: phrases.join("; ") })
    };
    (0..comparison.cells.len()).filter(|cell| *cell != comparison.baseline).filter_map(sentence).collect()
}

/// A figure of a cell against the baseline; `None` if there is nothing to say.
fn phrase(compared: &Compared, cell: usize) -> Option<String> {
    let contrast = compared.cells.get(cell)?;
    let label = compared.figure.label.as_str();
    match contrast.verdict {
        Verdict::Baseline => None,
        Verdict::NotDistinguishable => Some(format!("{label} not distinguishable")),
        _ => contrast.difference.as_ref().map(|difference| size(compared, difference)),
    }
}

/// How much less or more, with the interval if there is one.
pub fn size(compared: &Compared, difference: &Difference) -> String {
    let label = compared.figure.label.as_str();
    match &difference.relative {
        Some(relative) if relative.mean.abs() < MANIFOLD => {
            let decimals = if relative.mean.abs() < 0.0995 { 1 } else { 0 };
            let number = |share: f64| format!("{:.decimals$}", 100.0 * share);
            sentence(label, relative, number, " %")
        }
        _ => {
            let shown = shown(&compared.unit, difference.absolute.mean);
            sentence(label, &difference.absolute, |figure| shown.value(figure), "")
        }
    }
}

/// `cost per month 12 % less [9, 15]`: the ends of the interval in the direction of the sentence.
fn sentence(label: &str, estimate: &Estimate, number: impl Fn(f64) -> String, unit: &str) -> String {
    let (sign, direction) = match estimate.mean {
        0.0 => return format!("{label} equal"),
        x if x < 0.0 => (-1.0, "less"),
        _ => (1.0, "more"),
    };
    // A negative zero would be written with its sign.
    let end = |figure: f64| number(sign * figure + 0.0);
    let (from, to) = if sign < 0.0 { (estimate.ci_high, estimate.ci_low) } else { (estimate.ci_low, estimate.ci_high) };
    let interval = if to == from { String::new() } else { format!(" [{}, {}]", end(from), end(to)) };
    format!("{label} {}{unit} {direction}{interval}", end(estimate.mean))
}
