//! A figure over several replications: its estimate and confidence interval.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::experiment::sample::Sample;
use crate::metrics::{Figure, Pooling};

/// Confidence of the intervals of a run.
pub const LEVEL: f64 = 0.95;

/// A figure over independent replications.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Mean over the replications, or ratio of their sums.
    pub mean: f64,
    /// Lower end of the 95 % confidence interval; the mean itself if there is one replication.
    pub ci_low: f64,
    /// Upper end of the 95 % confidence interval.
    pub ci_high: f64,
    /// Number of replications that have the figure.
    pub n: usize,
}

impl Estimate {
    /// Of something that no replication has.
    pub const NONE: Self = Self { mean: 0.0, ci_low: 0.0, ci_high: 0.0, n: 0 };

    /// Mean and Student-t interval, mean +- t(0.975, n - 1) s / sqrt(n), of one figure per replication
    /// (Law, "Simulation Modeling and Analysis", section 9.4.1).
    pub fn of(figures: &[f64]) -> Self {
        Sample::mean(figures).map_or(Self::NONE, |sample| sample.spread().interval(LEVEL))
    }

    /// The ratio of sums of which each replication has (ratio, denominator), and its interval by the delta method: with Y the
    /// numerators, X the denominators and R = sum Y / sum X, the variance of R is about s^2(Y - R X) / (n mean(X)^2) (Cochran, "Sampling
    /// Techniques", 1977, chapter 6).
    ///
    /// Replications of different length count by their length, and one in which nothing happened does not count as a zero.
    pub fn ratio(parts: &[(f64, f64)]) -> Self {
        Sample::ratio(parts).map_or(Self::NONE, |sample| sample.spread().interval(LEVEL))
    }

    /// The figure in several summaries, each as JSON; those that do not have it are left out.
    pub fn pooled(figure: &Figure, summaries: &[Value]) -> Self {
        let parts = summaries.iter().filter_map(|summary| figure.read(summary));
        match figure.pooling {
            Pooling::Ratio(_) => Self::ratio(&parts.collect::<Vec<_>>()),
            Pooling::Mean | Pooling::MeanWhere(_) => {
                Self::of(&parts.filter(|(_, over)| *over != 0.0).map(|(value, _)| value).collect::<Vec<_>>())
            }
        }
    }

    /// Half the width of the interval.
    pub fn half_width(&self) -> f64 {
        self.ci_high - self.mean
    }
}

/// Replaces every number of several summaries of the same shape by its [`Estimate`]; texts are kept. What is a ratio, such as the
/// cold-start ratio or a mean response time, becomes a ratio of sums ([`Estimate::ratio`]).
///
/// Items of a list are matched by their `name`: a line that a bill does not have counts as zero.
pub fn pool(summaries: &[Value]) -> Value {
    pool_at("", summaries, summaries)
}

/// Pools the parts at `path` of whole summaries.
fn pool_at(path: &str, parts: &[Value], summaries: &[Value]) -> Value {
    let Some(first) = parts.first() else { return Value::Null };
    match first {
        Value::Number(_) => {
            let estimate = Figure::find(path).map_or_else(
                || Estimate::of(&parts.iter().filter_map(Value::as_f64).collect::<Vec<_>>()),
                |figure| Estimate::pooled(&figure, summaries),
            );
            serde_json::to_value(estimate).unwrap_or(Value::Null)
        }
        Value::Object(fields) => {
            let dot = if path.is_empty() { "" } else { "." };
            let pooled = |key: &String| {
                let parts: Vec<Value> = parts.iter().filter_map(|part| part.get(key).cloned()).collect();
                pool_at(&format!("{path}{dot}{key}"), &parts, summaries)
            };
            fields.keys().map(|key| (key.clone(), pooled(key))).collect()
        }
        Value::Array(_) => {
            let items = || parts.iter().filter_map(Value::as_array).flatten();
            let mut names: Vec<&Value> = Vec::new();
            items().map(|item| &item["name"]).for_each(|name| {
                if !names.contains(&name) {
                    names.push(name)
                }
            });
            names
                .into_iter()
                .filter_map(|name| pool_named(parts, items().find(|item| item["name"] == *name)?))
                .collect()
        }
        other => other.clone(),
    }
}

/// Pools the items that have the name of `template`, one per list.
fn pool_named(lists: &[Value], template: &Value) -> Option<Value> {
    let absent = || -> Value {
        let zero =
            |(key, value): (&String, &Value)| (key.clone(), if value.is_number() { 0.into() } else { value.clone() });
        template.as_object().into_iter().flatten().map(zero).collect()
    };
    let of = |list: &Value| list.as_array()?.iter().find(|item| item["name"] == template["name"]).cloned();
    let items: Vec<Value> = lists.iter().map(|list| of(list).unwrap_or_else(absent)).collect();
    Some(pool_at("[]", &items, &[]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn student_t_interval_of_ten_figures() {
        // t(0.975, 9) = 2.262157; mean 5.5, s = 3.02765.
        let figures: Vec<f64> = (1..=10).map(f64::from).collect();
        let estimate = Estimate::of(&figures);
        assert_eq!(estimate.mean, 5.5);
        assert!((estimate.half_width() - 2.262_157 * 3.027_650_354 / 10f64.sqrt()).abs() < 1e-5, "{estimate:?}");
    }

    #[test]
    fn one_replication_has_no_interval() {
        assert_eq!(Estimate::of(&[3.0]), Estimate { mean: 3.0, ci_low: 3.0, ci_high: 3.0, n: 1 });
        assert_eq!(Estimate::of(&[]), Estimate::NONE);
    }

    #[test]
    fn pooling_keeps_the_shape() {
        let runs = [
            json!({"a": {"b": 1}, "name": "x", "lines": [{"name": "l", "q": 2.0}]}),
            json!({"a": {"b": 3}, "name": "x", "lines": [{"name": "k", "q": 1.0}, {"name": "l", "q": 4.0}]}),
        ];
        let pooled = pool(&runs);
        assert_eq!(pooled["a"]["b"]["mean"], 2.0);
        assert_eq!(pooled["lines"][0]["q"]["mean"], 3.0);
        assert_eq!(pooled["lines"][0]["q"]["n"], 2);
        assert_eq!((&pooled["lines"][1]["name"], &pooled["lines"][1]["q"]["mean"]), (&json!("k"), &json!(0.5)));
        assert_eq!(pooled["name"], "x");
    }

    /// Two cold of four, none of none, three of twelve: 5 / 16. Worked by hand: X = 4, 0, 12 with mean 16 / 3, d = Y - R X = 0.75, 0,
    /// -0.75, s^2 = 0.5625, so the half width is t(0.975, 2) sqrt(0.5625 / 3) / (16 / 3), with t = 4.302653.
    #[test]
    fn a_ratio_is_one_of_sums_and_its_interval_that_of_the_delta_method() {
        let estimate = Estimate::ratio(&[(0.5, 4.0), (0.0, 0.0), (0.25, 12.0)]);
        assert_eq!((estimate.mean, estimate.n), (5.0 / 16.0, 3));
        let half = 4.302_653 * (0.5625f64 / 3.0).sqrt() / (16.0 / 3.0);
        assert!((estimate.half_width() - half).abs() < 1e-6, "{estimate:?}");
        assert_eq!(Estimate::ratio(&[(0.0, 0.0), (0.0, 0.0)]), Estimate::NONE);
        let [equal, plain] = [Estimate::ratio(&[(1.0, 7.0), (3.0, 7.0)]), Estimate::of(&[1.0, 3.0])];
        assert!(
            (equal.ci_low - plain.ci_low).abs() < 1e-12 && equal.mean == plain.mean,
            "equal denominators: a plain mean"
        );
    }

    #[test]
    fn a_time_that_did_not_occur_is_not_a_zero() {
        let run = |cold: u64, ms: f64| {
            json!({"invocations": {"completed": 10, "cold": cold}, "cold_start_ratio": cold as f64 / 10.0,
                "latency_ms": {"cold_start": {"mean": ms, "p99": ms}}})
        };
        let pooled = pool(&[run(3, 200.0), run(0, 0.0), run(1, 400.0)]);
        assert_eq!(pooled["latency_ms"]["cold_start"]["mean"]["mean"], 250.0);
        assert_eq!(pooled["latency_ms"]["cold_start"]["p99"]["mean"], 300.0);
        assert_eq!(pooled["latency_ms"]["cold_start"]["p99"]["n"], 2);
        assert_eq!(pooled["invocations"]["cold"]["mean"], 4.0 / 3.0);
    }
}
