//! Compares the cells of a study with a baseline, and with the best.

use serde_json::Value;

use crate::experiment::sample::Sample;
use crate::experiment::student::{Spread, holm, quantile};
use crate::experiment::study::{Cell, Study};
use crate::experiment::{Compared, Comparison, Contrast, Difference, Estimate, LEVEL, Pairing, Standing, Verdict};
use crate::metrics::definitions::Better;
use crate::metrics::{Figure, Pooling};

/// The figures that are compared if none are named.
pub const DEFAULT_FIGURES: [&str; 9] = [
    "cost.per_month",
    "cold_start_ratio",
    "latency_ms.response.mean",
    "latency_ms.response.p50",
    "latency_ms.response.p95",
    "latency_ms.response.p99",
    "memory_gb_s.idle",
    "utilisation",
    "throughput_per_s",
];

/// Differences below this part of the figures are rounding, not differences.
const ROUNDING: f64 = 1e-12;

/// What is asked of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Number of the cell with which the others are compared, from 0. Default: the first.
    pub baseline: usize,
    /// What is compared. Default: cost, cold starts, response times, idle memory, utilisation, throughput.
    pub figures: Vec<Figure>,
    /// Confidence, above 0 and below 1. Default: 0.95.
    pub level: f64,
    /// How replications are compared. Default: paired.
    pub pairing: Pairing,
}

impl Default for Question {
    fn default() -> Self {
        let figures = DEFAULT_FIGURES.iter().filter_map(|path| Figure::find(path)).collect();
        Self { baseline: 0, figures, level: LEVEL, pairing: Pairing::Paired }
    }
}

/// A figure of a replication: its number, the figure, what it is taken over.
type Part = (u32, f64, f64);

impl Comparison {
    /// Compares every cell of a study with the baseline.
    ///
    /// Pairing is right for all cells of one seed, also where their workloads differ: replications of the same number then share random
    /// numbers or nothing, and those of different numbers nothing.
    pub fn of(study: &Study, question: &Question) -> Self {
        let summaries: Vec<Vec<(u32, Value)>> = study.cells.iter().map(summaries).collect();
        let currency = currency(study, question.baseline);
        let figures = question.figures.iter().map(|figure| {
            let parts: Vec<Vec<Part>> = summaries.iter().map(|cell| parts(figure, cell, currency)).collect();
            compare(figure, currency, &parts, question)
        });
        Self {
            name: study.name.clone(),
            cells: study.cells.iter().map(|cell| cell.name.clone()).collect(),
            baseline: question.baseline,
            level: question.level,
            pairing: question.pairing,
            figures: figures.filter(|figure| figure.cells.iter().any(|cell| cell.estimate.is_some())).collect(),
        }
    }
}

fn summaries(cell: &Cell) -> Vec<(u32, Value)> {
    let records = cell.records.iter().filter(|_| cell.failure.is_none());
    records.map(|record| (record.replication, serde_json::to_value(&record.summary).unwrap_or_default())).collect()
}

/// The currency of the baseline's bill, or of the first that there is.
fn currency(study: &Study, baseline: usize) -> Option<&str> {
    let mut cells = study.cells.get(baseline).into_iter().chain(&study.cells);
    let bill = cells.find_map(|cell| cell.records.iter().find_map(|record| record.summary.cost.as_ref()));
    bill.map(|cost| cost.currency.as_str())
}

/// A figure of the replications that have it. Money of another currency is not comparable.
fn parts(figure: &Figure, summaries: &[(u32, Value)], currency: Option<&str>) -> Vec<Part> {
    let money = figure.unit == "currency";
    let comparable = |summary: &Value| !money || summary["cost"]["currency"].as_str() == currency;
    let read = |(number, summary): &(u32, Value)| {
        let (value, over) = figure.read(summary).filter(|_| comparable(summary))?;
        let occurs = over != 0.0 || matches!(figure.pooling, Pooling::Ratio(_));
        occurs.then_some((*number, value, over))
    };
    summaries.iter().filter_map(read).collect()
}

fn sample(figure: &Figure, parts: &[Part]) -> Option<Sample> {
    match figure.pooling {
        Pooling::Ratio(_) => Sample::ratio(&parts.iter().map(|(_, value, over)| (*value, *over)).collect::<Vec<_>>()),
        Pooling::Mean | Pooling::MeanWhere(_) => {
            Sample::mean(&parts.iter().map(|(_, value, _)| *value).collect::<Vec<_>>())
        }
    }
}

fn compare(figure: &Figure, currency: Option<&str>, parts: &[Vec<Part>], question: &Question) -> Compared {
    let against = |other: usize, cell: usize| Spreads::of(figure, &parts[cell], parts.get(other)?, question.pairing);
    let spreads: Vec<Option<Spreads>> =
        (0..parts.len()).map(|cell| against(question.baseline, cell).filter(|_| cell != question.baseline)).collect();
    let p: Vec<Option<f64>> = spreads.iter().map(|spreads| spreads.as_ref()?.absolute.p()).collect();
    let estimates: Vec<Option<Estimate>> =
        parts.iter().map(|parts| Some(sample(figure, parts)?.spread().interval(question.level))).collect();
    let best = best(figure.better, &estimates);
    let cells =
        spreads.iter().zip(holm(&p)).zip(estimates).enumerate().map(|(cell, ((spreads, adjusted), estimate))| {
            let difference = spreads.as_ref().map(|spreads| spreads.difference(question.level, adjusted));
            let to_best = best.filter(|best| *best != cell).and_then(|best| against(best, cell));
            Contrast {
                estimate,
                verdict: match cell == question.baseline {
                    true => Verdict::Baseline,
                    false => verdict(figure.better, difference.as_ref(), question.level),
                },
                difference,
                standing: match best {
                    Some(best) if best == cell => Standing::Best,
                    _ => standing(figure.better, to_best, parts.len(), question.level),
                },
            }
        });
    let unit = if figure.unit == "currency" { currency.unwrap_or("") } else { figure.unit };
    Compared { figure: figure.clone(), unit: unit.to_owned(), cells: cells.collect(), best }
}

/// The first of the cells with the best estimate.
fn best(better: Better, estimates: &[Option<Estimate>]) -> Option<usize> {
    let sign = match better {
        Better::Less => 1.0,
        Better::More => -1.0,
        Better::Neither => return None,
    };
    let known =
        estimates.iter().enumerate().filter_map(|(cell, estimate)| Some((cell, sign * estimate.as_ref()?.mean)));
    known.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(cell, _)| cell)
}

/// How far a cell is from another.
struct Spreads {
    absolute: Spread,
    relative: Option<Spread>,
}

impl Spreads {
    /// `None` if one of them does not have the figure, or they have no replication in common.
    fn of(figure: &Figure, cell: &[Part], other: &[Part], pairing: Pairing) -> Option<Self> {
        let spreads = match pairing {
            Pairing::Paired => {
                let [cell, other] = [common(cell, other), common(other, cell)];
                let (cell, other) = (sample(figure, &cell)?, sample(figure, &other)?);
                let relative = cell.relative_to(&other).map(|sample| sample.spread());
                (cell.minus(&other).spread(), relative, cell.estimate.abs().max(other.estimate.abs()))
            }
            Pairing::Independent => {
                let (cell, other) = (sample(figure, cell)?.spread(), sample(figure, other)?.spread());
                let ratio = cell.center / other.center;
                let relative = || Spread { center: ratio - 1.0, ..cell.less(&other, ratio).divided(other.center) };
                let relative = (other.center != 0.0).then(relative);
                (cell.less(&other, 1.0), relative, cell.center.abs().max(other.center.abs()))
            }
        };
        let (absolute, relative, size) = spreads;
        let is_rounding = absolute.center.abs().max(absolute.error) <= ROUNDING * size;
        let zero = |spread: Spread| if is_rounding { Spread { center: 0.0, error: 0.0, ..spread } } else { spread };
        Some(Self { absolute: zero(absolute), relative: relative.map(zero) })
    }

    fn difference(&self, level: f64, p_adjusted: Option<f64>) -> Difference {
        Difference {
            absolute: self.absolute.interval(level),
            relative: self.relative.map(|relative| relative.interval(level)),
            p: self.absolute.p(),
            p_adjusted,
        }
    }
}

/// The parts whose replication the other has, too. Replications come in their order.
fn common(parts: &[Part], other: &[Part]) -> Vec<Part> {
    let shared = |part: &&Part| other.binary_search_by_key(&part.0, |other| other.0).is_ok();
    parts.iter().filter(shared).copied().collect()
}

fn verdict(better: Better, difference: Option<&Difference>, level: f64) -> Verdict {
    let Some((difference, p)) = difference.and_then(|difference| Some((difference, difference.p_adjusted?))) else {
        return Verdict::Unknown;
    };
    let less = difference.absolute.mean < 0.0;
    match better {
        _ if p > 1.0 - level => Verdict::NotDistinguishable,
        Better::Less if less => Verdict::Better,
        Better::More if !less => Verdict::Better,
        Better::Neither if less => Verdict::Less,
        Better::Neither => Verdict::More,
        Better::Less | Better::More => Verdict::Worse,
    }
}

/// Whether a cell may be the best, given how far it is from the one with the best estimate: one-sided t at alpha / (cells - 1). The truly
/// best cell is left out with a probability of at most alpha, because each of the others can look better than it by so much with one of
/// at most alpha / (cells - 1), whichever of them has the best estimate (Bonferroni).
fn standing(better: Better, to_best: Option<Spreads>, cells: usize, level: f64) -> Standing {
    let Some(absolute) = to_best.map(|spreads| spreads.absolute).filter(Spread::is_known) else {
        return Standing::Unknown;
    };
    let behind = if better == Better::More { -absolute.center } else { absolute.center };
    let each = (1.0 - level) / (cells - 1) as f64;
    match behind > quantile(1.0 - each, absolute.freedom) * absolute.error {
        true => Standing::NotBest,
        false => Standing::MayBeBest,
    }
}

#[cfg(test)]
mod tests;
