//! Every policy of the catalog runs with its example, on a cluster that is too small for its bursts.

use std::collections::BTreeSet;

use coldcast::experiment::{self, RunOptions};
use coldcast::policy::catalog::Catalog;

use crate::property::{assert_adds_up, figures_of};
use crate::support;

/// The policies of a kind as a scenario writes them: `scheduling.first_come = {}`.
pub fn choices(kind: &str) -> Vec<String> {
    let catalog = Catalog::default();
    let kinds = catalog.kinds();
    let entries = kinds.iter().filter(|known| known.name == kind).flat_map(|kind| &kind.entries);
    entries.map(|entry| format!("{kind}.{} = {}", entry.name(), entry.example())).collect()
}

/// Three functions whose bursts want more memory and more cores than there are, for five minutes; then an hour in which all that
/// waits can be served.
const BURSTS: &str = r#"
[scenario]
name = "catalog"
duration = "65m"
replications = 2
[[function]]
name = "large"
app = "one"
memory = "384 MiB"
arrivals.rates = { step = "20s", rates = ["0/s", "6/s", "0/s", "0/s", "4/s", "0/s", "0/s", "5/s", "0/s"] }
execution.exponential.mean = "700ms"
cold_start.init.constant = "900ms"
weight = 2.0
deadline = "3s"
[[function]]
name = "small"
app = "one"
memory = "128 MiB"
arrivals.rates = { step = "30s", rates = ["5/s", "1/s", "0/s", "9/s", "0/s", "2/s", "0/s"] }
execution.lognormal = { median = "100ms", p99 = "2s" }
cold_start.init.constant = "300ms"
priority = 3
[[function]]
name = "rare"
app = "two"
memory = "256 MiB"
arrivals.rates = { step = "100s", rates = ["5/m", "12/m", "3/m", "0/m"] }
execution.uniform = { min = "10ms", max = "1s" }
cold_start.init.constant = "2s"
[platform]
concurrency = 2
workers = [{ count = 2, cores = 2, memory = "768 MiB" }, { cores = 1, memory = "640 MiB", speed = 0.5 }]
cpu.fluid.full_vcpu = "256 MiB"
"#;

/// What allocation compares.
const PRICES: &str = "pricing.linear = { per_gb_second = '0.00001 USD', per_request = '0.0000002 USD' }\n";

/// Where instances are shared and placed, and where a load balancer and queues at the workers decide.
fn scenarios(kind: &str, choice: &str) -> Vec<String> {
    let shared = format!("{BURSTS}cluster.image_cache = \"600 MiB\"\n[policy]\n{choice}\n");
    let balancer = if kind == "load_balancing" { "" } else { "load_balancing.least_connections = {}\n" };
    let balanced = format!("{BURSTS}cluster.cores = \"exclusive\"\n[policy]\n{balancer}{choice}\n");
    match kind {
        // What is chosen has to fit, and what is provisioned must leave room.
        "allocation" | "prewarm" => {
            [shared, balanced].map(|text| format!("{PRICES}{}", text.replace("68 MiB", "68 GiB"))).to_vec()
        }
        // An autoscaler says where instances are, so that no load balancer can.
        "autoscaling" => vec![shared],
        "load_balancing" => vec![balanced],
        _ => vec![shared, balanced],
    }
}

/// The figures of a scenario, which do not depend on threads; all invocations are accounted for, and none waits at the end.
fn figures(text: &str) -> Vec<String> {
    let experiment = support::experiment(text);
    let [one, two] = [1, 2].map(|threads| {
        let outcome = experiment::run(&experiment, &RunOptions::default().threads(threads));
        outcome.unwrap_or_else(|error| panic!("{error}\n{text}")).runs
    });
    for run in &one {
        assert_adds_up(run, 65.0 * 60.0);
        assert_eq!(run.summary.invocations.open, 0, "all can be served: {:?}\n{text}", run.summary.invocations);
        assert!(run.summary.invocations.completed > 500, "{:?}\n{text}", run.summary.invocations);
    }
    let [one, two] = [one, two].map(|runs| runs.iter().flat_map(figures_of).collect::<Vec<_>>());
    assert_eq!(one, two, "on two threads\n{text}");
    one
}

#[test]
fn every_policy_runs_and_the_policies_of_a_kind_differ() {
    for kind in Catalog::default().kinds() {
        let mut seen = BTreeSet::new();
        for choice in choices(kind.name) {
            println!("{choice}");
            seen.insert(scenarios(kind.name, &choice).iter().map(|text| figures(text)).collect::<Vec<_>>());
        }
        assert!(seen.len() > 1, "{}: it makes no difference which is chosen", kind.name);
    }
}
