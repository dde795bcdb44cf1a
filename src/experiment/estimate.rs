//! A figure over several replications: its mean and confidence interval.

use serde::Serialize;
use serde_json::Value;
use statrs::distribution::{ContinuousCDF, StudentsT};

/// A figure over independent replications.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// Mean over the replications.
    pub mean: f64,
    /// Lower end of the 95 % confidence interval; the mean itself if there is one replication.
    pub ci_low: f64,
    /// Upper end of the 95 % confidence interval.
    pub ci_high: f64,
    /// Number of replications.
    pub n: usize,
}

impl Estimate {
    /// Mean and Student-t interval, mean +- t(0.975, n - 1) s / sqrt(n), of one figure per replication
    /// (Law, "Simulation Modeling and Analysis", section 9.4.1).
    pub fn of(figures: &[f64]) -> Self {
        let n = figures.len();
        let mean = figures.iter().sum::<f64>() / n as f64;
        let half = if n < 2 { 0.0 } else { half_width(figures, mean) };
        Self { mean, ci_low: mean - half, ci_high: mean + half, n }
    }

    /// Half the width of the interval.
    pub fn half_width(&self) -> f64 {
        self.ci_high - self.mean
    }
}

fn half_width(figures: &[f64], mean: f64) -> f64 {
    let n = figures.len() as f64;
    let variance = figures.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0);
    StudentsT::new(0.0, 1.0, n - 1.0).map_or(f64::NAN, |t| t.inverse_cdf(0.975)) * (variance / n).sqrt()
}

/// Replaces every number of several summaries of the same shape by its [`Estimate`]; texts are kept.
///
/// Items of a list are matched by their `name`: a line that a bill does not have counts as zero.
pub fn pool(summaries: &[Value]) -> Value {
    let Some(first) = summaries.first() else { return Value::Null };
    match first {
        Value::Number(_) => {
            let figures: Vec<f64> = summaries.iter().filter_map(Value::as_f64).collect();
            serde_json::to_value(Estimate::of(&figures)).unwrap_or(Value::Null)
        }
        Value::Object(fields) => {
            let pooled = |key: &String| pool(&summaries.iter().filter_map(|s| s.get(key).cloned()).collect::<Vec<_>>());
            fields.keys().map(|key| (key.clone(), pooled(key))).collect()
        }
        Value::Array(_) => {
            let items = || summaries.iter().filter_map(Value::as_array).flatten();
            let mut names: Vec<&Value> = Vec::new();
            items().map(|item| &item["name"]).for_each(|name| {
                if !names.contains(&name) {
                    names.push(name)
                }
            });
            names
                .into_iter()
                .filter_map(|name| pool_named(summaries, items().find(|item| item["name"] == *name)?))
                .collect()
        }
        other => other.clone(),
    }
}

/// Pools the items that have the name of `template`, one per summary.
fn pool_named(summaries: &[Value], template: &Value) -> Option<Value> {
    let absent = || -> Value {
        let zero =
            |(key, value): (&String, &Value)| (key.clone(), if value.is_number() { 0.into() } else { value.clone() });
        template.as_object().into_iter().flatten().map(zero).collect()
    };
    let of = |summary: &Value| summary.as_array()?.iter().find(|item| item["name"] == template["name"]).cloned();
    let items: Vec<Value> = summaries.iter().map(|summary| of(summary).unwrap_or_else(absent)).collect();
    Some(pool(&items))
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
}
