//! `summary.json` and `manifest.json`.

use serde::Serialize;
use serde_json::{Value, json};

use crate::experiment::{Outcome, pool};

/// `summary.json`: `{"name": .., "runs": [one summary per replication], "pooled": {..}}`. In the pooled summary each
/// figure is an [`Estimate`](crate::experiment::Estimate). Figures that are not finite are null.
pub fn summary(outcome: &Outcome) -> String {
    let runs: Vec<Value> = outcome.runs.iter().map(|run| value(&run.summary)).collect();
    let pooled = pool(&runs);
    text(&json!({ "name": outcome.name, "runs": runs, "pooled": pooled }))
}

/// `servers.json`: the figures of the servers, one object per replication and pooled, as in `summary.json`.
pub fn servers(outcome: &Outcome) -> String {
    let runs: Vec<Value> =
        outcome.runs.iter().filter_map(|run| run.servers.as_ref()).map(|servers| value(&servers.summary)).collect();
    let pooled = pool(&runs);
    text(&json!({ "name": outcome.name, "runs": runs, "pooled": pooled }))
}

/// `break_even.json`: how serverless compares with servers.
pub fn break_even(outcome: &Outcome) -> String {
    text(&value(&outcome.break_even))
}

/// `manifest.json`: where the result comes from and how long it took.
pub fn manifest(outcome: &Outcome) -> String {
    text(&value(&outcome.manifest))
}

/// A value of our own types, which have string keys only and therefore always become JSON.
pub(crate) fn value(it: &impl Serialize) -> Value {
    serde_json::to_value(it).unwrap_or(Value::Null)
}

pub(super) fn text(value: &Value) -> String {
    format!("{value:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    /// DESIGN.md, section 8.
    const PROMISED: [&str; 34] = [
        "/invocations/arrived",
        "/invocations/completed",
        "/invocations/cold",
        "/invocations/warm",
        "/invocations/delayed",
        "/invocations/throttled",
        "/invocations/timed_out",
        "/invocations/failed",
        "/invocations/dropped",
        "/invocations/open",
        "/latency_ms/response/mean",
        "/latency_ms/response/p50",
        "/latency_ms/response/p90",
        "/latency_ms/response/p95",
        "/latency_ms/response/p99",
        "/latency_ms/response/p999",
        "/latency_ms/response/max",
        "/latency_ms/queueing/mean",
        "/latency_ms/cold_start/mean",
        "/latency_ms/execution/mean",
        "/throughput_per_s",
        "/cold_start_ratio",
        "/instances/mean",
        "/instances/peak",
        "/instances/started",
        "/instances/evicted",
        "/instances/expired",
        "/memory_gb_s/starting",
        "/memory_gb_s/busy",
        "/memory_gb_s/idle",
        "/utilisation",
        "/cost/total",
        "/cost/lines/0/quantity",
        "/cost/lines/0/amount",
    ];

    #[test]
    fn the_summary_holds_every_promised_key_in_runs_and_pooled() {
        let outcome = sample::typical();
        let json: Value = serde_json::from_str(&summary(&outcome)).unwrap();
        assert_eq!(json["name"], "quickstart");
        assert_eq!(json["runs"].as_array().unwrap().len(), 5);
        for pointer in PROMISED {
            assert!(json["runs"][4].pointer(pointer).is_some_and(Value::is_number), "runs{pointer}");
            let pooled = json["pooled"].pointer(pointer).unwrap();
            assert!(["mean", "ci_low", "ci_high"].iter().all(|key| pooled[*key].is_number()), "pooled{pointer}");
            assert_eq!(pooled["n"], 5);
        }
        assert_eq!(json["runs"][0]["cost"]["currency"], "USD");
    }

    #[test]
    fn every_sample_is_valid_json() {
        for outcome in sample::all() {
            for text in [summary(&outcome), manifest(&outcome)] {
                assert!(serde_json::from_str::<Value>(&text).is_ok_and(|value| value.is_object()), "{}", outcome.name);
            }
        }
    }
}
