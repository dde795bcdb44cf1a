//! A single figure of the summary, named by its dotted path.

use serde::Serialize;
use serde_json::Value;

use crate::metrics::definitions::{Better, Definition, FIGURES, STATISTICS};

/// A figure such as `latency_ms.response.p99`, with what its definition says of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// Dotted path in a summary.
    pub path: String,
    /// The same in words, such as `response p99`.
    pub label: String,
    /// Its unit, as its definition says it; `currency` stands for that of the bill.
    pub unit: &'static str,
    /// Whether less or more of it is better.
    pub better: Better,
    /// How replications are put together.
    #[serde(skip)]
    pub pooling: Pooling,
}

/// How the figures of several replications become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pooling {
    /// Their mean: sums and time averages, which every replication has.
    Mean,
    /// A ratio of sums over all replications, of which the sum of these figures is the denominator: means per invocation, shares.
    Ratio(&'static [&'static str]),
    /// The mean over the replications in which the sum of these figures is not zero: percentiles of what may not have occurred.
    MeanWhere(&'static [&'static str]),
}

impl Figure {
    /// The figure at a path; `None` if there is none. Lines of the bill are lists, not single figures.
    pub fn find(path: &str) -> Option<Self> {
        FIGURES.iter().find_map(|definition| Self::in_definition(definition, path))
    }

    /// The paths of all single figures.
    pub fn paths() -> Vec<String> {
        super::definitions::paths().into_iter().filter(|path| !path.contains("[]")).collect()
    }

    fn in_definition(definition: &Definition, path: &str) -> Option<Self> {
        let Definition { unit, better, over, .. } = *definition;
        let statistic = match definition.path.strip_suffix('*') {
            Some(stem) => Some(STATISTICS.iter().find(|known| path.strip_prefix(stem) == Some(known.path))?),
            None if definition.path == path && !path.contains("[]") => None,
            None => return None,
        };
        let pooling = match statistic {
            _ if over.is_empty() => Pooling::Mean,
            Some(statistic) if statistic.path != "mean" => Pooling::MeanWhere(over),
            _ => Pooling::Ratio(over),
        };
        Some(Self { path: path.to_owned(), label: label(path), unit, better, pooling })
    }

    /// What a summary, as JSON, says: the figure, and the sum of what it is taken over (one if it is taken over nothing).
    /// `None` if it has no such figure: the bill of a scenario without prices.
    pub fn read(&self, summary: &Value) -> Option<(f64, f64)> {
        let value = at(summary, &self.path)?;
        match self.pooling {
            Pooling::Mean => Some((value, 1.0)),
            Pooling::Ratio(over) | Pooling::MeanWhere(over) => {
                Some((value, over.iter().filter_map(|path| at(summary, path)).sum()))
            }
        }
    }
}

fn at(summary: &Value, path: &str) -> Option<f64> {
    path.split('.').try_fold(summary, |value, key| value.get(key))?.as_f64()
}

/// `latency_ms.response.p99` is `response p99`, `memory_gb_s.idle` is `memory idle`.
fn label(path: &str) -> String {
    let words = path.strip_prefix("latency_ms.").unwrap_or(path);
    let words = ["_gb_s", "_per_s", "_ms"].iter().fold(words.to_owned(), |words, unit| words.replace(unit, ""));
    words.replace(['.', '_'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_single_figure_is_found_and_has_a_name_of_its_own() {
        let paths = Figure::paths();
        let mut labels: Vec<String> = paths.iter().map(|path| Figure::find(path).unwrap().label).collect();
        labels.sort();
        labels.dedup();
        assert_eq!(labels.len(), paths.len());
        for absent in
            ["latency_ms.response", "latency_ms.response.p98", "cost.lines[].amount", "latency_ms.response.*", ""]
        {
            assert_eq!(Figure::find(absent), None, "{absent}");
        }
    }

    #[test]
    fn what_a_figure_is_taken_over_is_a_figure_too() {
        for figure in Figure::paths().iter().filter_map(|path| Figure::find(path)) {
            let (Pooling::Ratio(over) | Pooling::MeanWhere(over)) = figure.pooling else { continue };
            assert!(over.iter().all(|path| Figure::find(path).is_some()), "{figure:?}");
        }
    }

    #[test]
    fn a_ratio_is_read_with_its_denominator() {
        let summary = json!({"cold_start_ratio": 0.25, "invocations": {"completed": 8}, "cost": null});
        let read = |path| Figure::find(path).unwrap().read(&summary);
        assert_eq!(read("cold_start_ratio"), Some((0.25, 8.0)));
        assert_eq!(read("invocations.completed"), Some((8.0, 1.0)));
        assert_eq!(read("cost.per_month"), None);
        assert_eq!(Figure::find("memory_gb_s.idle").unwrap().label, "memory idle");
        assert_eq!(
            Figure::find("latency_ms.response.p99").unwrap().pooling,
            Pooling::MeanWhere(&["invocations.completed"])
        );
    }
}
