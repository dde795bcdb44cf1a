//! What each figure of the summary means, said once. The report and the documentation quote this list.

use serde::Serialize;

/// The meaning of one figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition {
    /// Dotted path in `summary.json`; a final `*` stands for each of [`STATISTICS`], `[]` for each entry of a list.
    pub path: &'static str,
    /// Unit of the figure.
    pub unit: &'static str,
    /// What it says.
    pub meaning: &'static str,
    /// Whether users want less or more of it.
    pub better: Better,
    /// Figures whose sum is what it is taken over, such as the completed invocations of a ratio; empty for a sum or a time average.
    pub over: &'static [&'static str],
}

/// Whether users want less or more of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// Less is better, such as cost.
    Less,
    /// More is better, such as throughput.
    More,
    /// It depends on the question.
    Neither,
}

const fn define(path: &'static str, unit: &'static str, meaning: &'static str) -> Definition {
    Definition { path, unit, meaning, better: Better::Neither, over: &[] }
}

const fn less(path: &'static str, unit: &'static str, meaning: &'static str) -> Definition {
    Definition { better: Better::Less, ..define(path, unit, meaning) }
}

const fn more(path: &'static str, unit: &'static str, meaning: &'static str) -> Definition {
    Definition { better: Better::More, ..define(path, unit, meaning) }
}

impl Definition {
    const fn over(self, over: &'static [&'static str]) -> Self {
        Self { over, ..self }
    }
}

const COMPLETED: &[&str] = &["invocations.completed"];
const COLD: &[&str] = &["invocations.cold"];
const ARRIVED: &[&str] = &["invocations.arrived"];
const STARTED: &[&str] = &["instances.started"];
const MEMORY_TIME: &[&str] = &["memory_gb_s.starting", "memory_gb_s.busy", "memory_gb_s.idle"];

/// Every figure of [`Summary`](crate::metrics::Summary). All are taken over the measured window: from the end of the
/// warm-up to the end of the scenario's duration.
#[rustfmt::skip]
pub const FIGURES: &[Definition] = &[
    define("invocations.arrived", "invocations", "Reached the platform. Equal to completed + throttled + timed out + failed + dropped + unplaceable + open."),
    more("invocations.completed", "invocations", "Executed to the end. Equal to cold + warm + delayed."),
    less("invocations.cold", "invocations", "Completed, after waiting for an instance that was started for them (cold starts)."),
    more("invocations.warm", "invocations", "Completed, on an idle instance or free room in a busy one, without waiting."),
    define("invocations.delayed", "invocations", "Completed, after waiting for an instance that was busy or starting for another invocation (delayed hits)."),
    less("invocations.throttled", "invocations", "Refused at once by a concurrency or rate limit (HTTP 429)."),
    less("invocations.timed_out", "invocations", "Stopped at the time-out of the function."),
    less("invocations.failed", "invocations", "Ended by an error of the function, a crash of the instance, or a stop of the worker, and not tried again with success."),
    less("invocations.dropped", "invocations", "Left a queue that was full, in which they waited too long, or at whose head no instance could be started for them."),
    less("invocations.unplaceable", "invocations", "Refused at once because no worker is large enough for their instance, or the one that the load balancer chose is not."),
    less("invocations.open", "invocations", "Had not ended when the run stopped, `drain` after the window."),
    less("invocations.dead_lettered", "invocations", "Asynchronous invocations that were not completed and went to a dead-letter queue; they are counted under their last trouble, too."),
    less("invocations.retried", "invocations", "How often an invocation was tried again; one that is tried three times counts twice here and once everywhere else."),
    less("latency_ms.response.*", "ms", "Response time: from arrival to completion, of completed invocations.").over(COMPLETED),
    less("latency_ms.queueing.*", "ms", "Waiting for a busy instance, or for one that starts for another invocation, of completed invocations (zero for most).").over(COMPLETED),
    less("latency_ms.cold_start.*", "ms", "Waiting for the instance that was started for the invocation, of cold invocations only.").over(COLD),
    less("latency_ms.execution.*", "ms", "Execution time, of completed invocations.").over(COMPLETED),
    less("stages_ms.scheduling", "ms", "Mean time that the platform took to decide who is next, over the invocations that arrived; part of queueing.").over(ARRIVED),
    less("stages_ms.balancing", "ms", "Mean time that the platform took to decide where an invocation goes, over the invocations that arrived; part of queueing.").over(ARRIVED),
    less("stages_ms.placement", "ms", "Mean time to decide where an instance goes, over the instances started.").over(STARTED),
    less("stages_ms.sandbox", "ms", "Mean time to make the sandbox (container or micro-VM), over the instances started.").over(STARTED),
    less("stages_ms.code", "ms", "Mean time to fetch the code or image, over the instances started.").over(STARTED),
    less("stages_ms.runtime", "ms", "Mean time to start the language runtime, over the instances started.").over(STARTED),
    less("stages_ms.user", "ms", "Mean time of the function's own initialisation, over the instances started.").over(STARTED),
    more("throughput_per_s", "1/s", "Completed invocations divided by the length of the measured window."),
    less("cold_start_ratio", "0 to 1", "Cold divided by completed invocations; zero if none completed.").over(COMPLETED),
    define("balance.workers", "workers", "Workers that were given at least one invocation; zero on a platform without workers."),
    less("balance.peak_to_mean", "ratio", "Invocations given to the busiest worker, divided by the mean over all workers; 1 if all got the same."),
    less("balance.variation", "ratio", "Standard deviation over workers of the invocations given to them, divided by their mean."),
    define("instances.mean", "instances", "Time average of the instances that exist: starting + busy + idle."),
    less("instances.starting", "instances", "Time average of the instances that start."),
    define("instances.busy", "instances", "Time average of the instances that execute at least one invocation."),
    less("instances.idle", "instances", "Time average of the instances that wait for work."),
    define("instances.peak", "instances", "Most instances that exist at any of the timeline's sampling instants."),
    less("instances.started", "instances", "Instances started."),
    less("instances.evicted", "instances", "Instances removed because their memory was needed."),
    define("instances.expired", "instances", "Instances removed because their keep-alive ended."),
    less("memory_gb_s.starting", "GB-s", "Memory of an instance times the time it takes to start, summed; a GB is 1024 MiB."),
    define("memory_gb_s.busy", "GB-s", "Memory of an instance times the time it executes at least one invocation, summed; a GB is 1024 MiB."),
    less("memory_gb_s.idle", "GB-s", "Memory of an instance times the time it is idle (wasted memory time), summed; a GB is 1024 MiB."),
    more("utilisation", "0 to 1", "Busy share of memory x time: busy / (starting + busy + idle).").over(MEMORY_TIME),
    less("cost.total", "currency", "The bill of the measured window: the sum of its lines."),
    less("cost.per_month", "currency", "The bill of a month of 730 hours that is like the measured window."),
    less("cost.per_million_requests", "currency", "The bill of a million invocations like those of the measured window; zero if there were none."),
    define("cost.lines[].quantity", "unit of the line", "How much was used in the measured window, after the rounding of the provider's meter."),
    define("cost.lines[].amount", "currency", "What the line costs."),
    define("cost.lines[].month_quantity", "unit of the line", "How much a month of 730 hours like the measured window uses."),
    define("cost.lines[].month_amount", "currency", "What the line costs in such a month."),
];

/// What is reported of each distribution. Percentiles come from a histogram whose relative error is at most 0.4 %.
pub const STATISTICS: &[Definition] = &[
    define("mean", "ms", "Arithmetic mean, exact; zero if there were none."),
    define("p50", "ms", "Median: half were not longer."),
    define("p90", "ms", "90th percentile."),
    define("p95", "ms", "95th percentile."),
    define("p99", "ms", "99th percentile: one in a hundred was longer."),
    define("p999", "ms", "99.9th percentile: one in a thousand was longer."),
    define("max", "ms", "The longest, exact."),
];

/// The path of every single figure, with `*` written out.
pub fn paths() -> Vec<String> {
    let expand = |figure: &Definition| match figure.path.strip_suffix('*') {
        Some(stem) => STATISTICS.iter().map(|statistic| format!("{stem}{}", statistic.path)).collect(),
        None => vec![figure.path.to_owned()],
    };
    FIGURES.iter().flat_map(expand).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::metrics::{Cost, CostLine, Summary};

    fn summary() -> Summary {
        let line = CostLine {
            name: "Requests".into(),
            unit: "requests".into(),
            quantity: 1.0,
            amount: 2.0,
            month_quantity: 3.0,
            month_amount: 4.0,
        };
        let distribution = crate::metrics::Distribution::default();
        Summary {
            invocations: Default::default(),
            latency_ms: crate::metrics::Latencies {
                response: distribution,
                queueing: distribution,
                cold_start: distribution,
                execution: distribution,
            },
            stages_ms: Default::default(),
            throughput_per_s: 0.0,
            cold_start_ratio: 0.0,
            balance: Default::default(),
            instances: Default::default(),
            memory_gb_s: Default::default(),
            utilisation: 0.0,
            cost: Some(Cost {
                currency: "USD".into(),
                total: 2.0,
                per_month: 2.0,
                per_million_requests: 2.0,
                lines: vec![line],
            }),
        }
    }

    fn numbers(path: &str, value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Number(_) => found.push(path.trim_start_matches('.').to_owned()),
            Value::Object(fields) => {
                fields.iter().for_each(|(key, value)| numbers(&format!("{path}.{key}"), value, found))
            }
            Value::Array(items) => items.iter().for_each(|item| numbers(&format!("{path}[]"), item, found)),
            _ => {}
        }
    }

    #[test]
    fn every_figure_of_a_summary_has_exactly_one_definition() {
        let mut found = Vec::new();
        numbers("", &serde_json::to_value(summary()).unwrap(), &mut found);
        let mut defined = paths();
        found.sort();
        defined.sort();
        assert_eq!(found, defined);
    }

    #[test]
    fn every_definition_is_a_sentence_with_a_unit() {
        for Definition { path, unit, meaning, .. } in FIGURES.iter().chain(STATISTICS) {
            assert!(!unit.is_empty() && meaning.ends_with('.') && !meaning.contains("  "), "{path}");
        }
    }
}
