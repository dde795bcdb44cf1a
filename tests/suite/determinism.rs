//! The same scenario gives the same bytes: on any number of threads, and from the scenario that a result holds.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::workbench::{Bench, differing, has_its_data, root};

type Files = BTreeMap<PathBuf, Vec<u8>>;

/// Fewer replications than threads, so that shards are shared out, and more, so that replications are.
const THREADS: [&str; 4] = ["1", "2", "3", "7"];

fn assert_same_on_any_number_of_threads(bench: &Bench, scenario: &str, more: &[&str]) -> Files {
    let run = |threads: &str| {
        let out = format!("on-{threads}");
        let arguments = ["run", scenario, "--quiet", "--threads", threads, "--out", &out];
        bench.succeed(&[&arguments, more].concat());
        bench.result(&out)
    };
    let first = run(THREADS[0]);
    for threads in &THREADS[1..] {
        let changed = differing(&first, &run(threads));
        assert!(changed.is_empty(), "{scenario} on {threads} threads: {changed:?}");
    }
    first
}

#[test]
fn gallery_scenarios_do_not_depend_on_threads() {
    for name in ["quickstart", "bursty", "limits", "provisioned", "shared-app", "runtimes"] {
        let path = root().join(format!("scenarios/{name}.toml"));
        assert_same_on_any_number_of_threads(&Bench::new(), path.to_str().unwrap(), &["--replications", "2"]);
    }
}

#[test]
fn a_real_trace_does_not_depend_on_threads() {
    for name in ["azure2019-invitro-500", "aws-lambda-2020/2020-06-06"] {
        let path = root().join(format!("scenarios/{name}.toml"));
        if has_its_data(&path) {
            assert_same_on_any_number_of_threads(&Bench::new(), path.to_str().unwrap(), &["--replications", "1"]);
        }
    }
}

const POPULATION: &str = r#"
[scenario]
duration = "1h"
replications = 2
[workload.population.azure2019]
functions = 200
total_rate = "20/s"
[platform]
preset = "aws-lambda"
"#;

const CLOSED_LOOP: &str = r#"
[scenario]
duration = "30m"
replications = 2
[defaults]
execution.lognormal = { median = "200ms", p99 = "2s" }
cold_start.runtime = "python3.12"
[[function]]
name = "shop"
arrivals.closed_loop = { users = 30, think.exponential.mean = "4s" }
[[function]]
name = "search"
arrivals.closed_loop = { users = 10, think.constant = "1s" }
[platform]
preset = "aws-lambda"
[policy]
reuse.random = {}
"#;

fn total(bench: &Bench, result: &str, figure: &str) -> u64 {
    let summary = bench.json(&format!("{result}/summary.json"));
    summary["runs"].as_array().unwrap().iter().map(|run| run["invocations"][figure].as_u64().unwrap()).sum()
}

#[test]
fn a_population_does_not_depend_on_threads_with_and_without_a_limit_that_binds() {
    let bench = Bench::with(&[("population.toml", POPULATION)]);
    let free = assert_same_on_any_number_of_threads(&bench, "population.toml", &["--set", "output.invocations=true"]);
    assert!(free.contains_key(Path::new("invocations.csv")));
    assert_eq!(total(&bench, "on-1", "throttled"), 0);
    let limit = ["--set", "platform.limits.account_concurrency=20"];
    let limited = assert_same_on_any_number_of_threads(&bench, "population.toml", &limit);
    assert!(total(&bench, "on-1", "throttled") > 0, "the limit binds");
    assert!(!differing(&free, &limited).is_empty());
    bench.succeed(
        &[&["run", "population.toml", "--out", "logged", "--quiet", "--set", "output.invocations=true"], &limit[..]]
            .concat(),
    );
    let rows = bench.columns("logged/invocations.csv", &["replication"]).len() as u64;
    assert_eq!(rows, total(&bench, "logged", "arrived"), "each once");
}

#[test]
fn a_closed_loop_does_not_depend_on_threads() {
    let bench = Bench::with(&[("closed.toml", CLOSED_LOOP)]);
    assert_same_on_any_number_of_threads(&bench, "closed.toml", &[]);
    assert!(total(&bench, "on-1", "completed") > 1000);
}

/// Instances are billed, of apps and of functions; processor time, too.
const INSTANCES: &str = r#"
[scenario]
duration = "30m"
warm_up = "5m"
replications = 2
[workload.population.azure2019]
functions = 150
total_rate = "20/s"
[defaults]
vcpu = 1.0
io = "20ms"
[platform]
preset = "google-cloud-run"
concurrency = 3
"#;

#[test]
fn a_bill_of_instances_does_not_depend_on_threads() {
    for (scale_by, book, region) in [
        ("app", "gcp-cloud-run", "us-central1"),
        ("function", "gcp-cloud-run-instances", "us-central1"),
        ("function", "vercel-functions", "iad1"),
    ] {
        let pricing = format!("[pricing]\nbook = \"{book}\"\nregion = \"{region}\"\nfree_tier = false\n");
        let bench = Bench::with(&[("instances.toml", &format!("{INSTANCES}{pricing}"))]);
        let scale_by = format!("platform.scale_by='{scale_by}'");
        let apart = assert_same_on_any_number_of_threads(&bench, "instances.toml", &["--set", &scale_by]);
        // A rate that throttles nobody makes all be simulated together.
        let rate = "platform.limits.request_rate={ burst = 1000000, refill = '1000000/s' }";
        let together = ["--set", &scale_by, "--set", rate];
        let together = assert_same_on_any_number_of_threads(&bench, "instances.toml", &together);
        let csv = Path::new("cost.csv");
        assert!(apart.contains_key(csv) && apart[csv] == together[csv], "{book}");
    }
}

/// All that may run together on workers: queues, cores, memory, balancers, outages, retries.
const WORKERS: &str = r#"
[scenario]
duration = "20m"
replications = 2
[workload.population.azure2019]
functions = 60
total_rate = "30/s"
[defaults]
execution.lognormal = { median = "150ms", p99 = "4s" }
cold_start.runtime = "python3.12"
error_rate = 0.02
client.retries = {}
[platform]
workers = [{ count = 5, cores = 4, memory = "4 GiB" }, { count = 2, cores = 8, memory = "6 GiB", speed = 1.5 }]
cluster.worker_queue = { length = 20, wait = "30s" }
cluster.outages = { mean_time_between = "10m", mean_time_to_repair = "1m" }
cluster.worker_creation_rate = "5/s"
"#;

#[test]
fn workers_do_not_depend_on_threads() {
    let mut results = Vec::new();
    for policies in [
        ["policy.load_balancing.random={}", "platform.cluster.cores='shared'", "policy.eviction.greedy_dual={}"],
        ["policy.load_balancing.power_of_d={}", "platform.cluster.cores='shared'", "policy.placement.spread={}"],
        ["policy.load_balancing.late_binding={}", "platform.cluster.cores='exclusive'", "policy.reuse.random={}"],
        [
            "policy.load_balancing.hiku={}",
            "platform.cluster.cores='exclusive'",
            "policy.scheduling.shortest_remaining={}",
        ],
        [
            "policy.placement.random={}",
            "policy.prewarm.floor={ instances = 1 }",
            "policy.keep_alive.hybrid_histogram={}",
        ],
        ["policy.autoscaling.knative={}", "platform.concurrency=10", "policy.placement.best_fit={}"],
    ] {
        let bench = Bench::with(&[("workers.toml", WORKERS)]);
        let sets: Vec<&str> = policies.iter().flat_map(|policy| ["--set", policy]).collect();
        results.push(assert_same_on_any_number_of_threads(&bench, "workers.toml", &sets));
        assert!(total(&bench, "on-1", "completed") > 10_000, "{policies:?}");
    }
    for (i, one) in results.iter().enumerate() {
        assert!(results[..i].iter().all(|other| !differing(one, other).is_empty()), "policies make a difference");
    }
}

#[test]
fn the_resolved_scenario_gives_the_same_bytes_again() {
    for name in ["quickstart", "keep-alive", "memory-and-cpu", "shared-app", "azure2019-invitro-500"] {
        let path = root().join(format!("scenarios/{name}.toml"));
        if !has_its_data(&path) {
            continue;
        }
        let bench = Bench::new();
        let path = path.to_str().unwrap();
        bench.succeed(&["run", path, "--quiet", "--seed", "11", "--replications", "1", "--out", "results/first"]);
        bench.succeed(&["run", "results/first/scenario.toml", "--quiet", "--out", "results/again"]);
        let changed = differing(&bench.result("results/first"), &bench.result("results/again"));
        assert!(changed.is_empty(), "{name}: {changed:?}");
    }
}

#[test]
fn the_same_seed_repeats_and_another_one_does_not() {
    let bench = Bench::with(&[("population.toml", POPULATION)]);
    let run = |seed: &str, out: &str| {
        bench.succeed(&["run", "population.toml", "--quiet", "--seed", seed, "--out", out]);
        let mut files = bench.result(out);
        files.remove(&PathBuf::from("scenario.toml"));
        files
    };
    let first = run("1", "a");
    assert!(differing(&first, &run("1", "b")).is_empty());
    let other = differing(&first, &run("2", "c"));
    for file in ["summary.json", "functions.csv", "timeline.csv", "report.html"] {
        assert!(other.contains(&PathBuf::from(file)), "{file} depends on the seed");
    }
}

/// Arrivals end an hour before the run does, so that all executions end, whatever the cold starts.
const COMMON: &str = r#"
[scenario]
duration = "2h"
replications = 3
[defaults]
execution.lognormal = { median = "200ms", p99 = "3s" }
cold_start.runtime = "java21"
[[function]]
name = "steady"
arrivals.rates = { step = "1h", rates = ["2/s", "0/s"] }
[[function]]
name = "seldom"
arrivals.rates = { step = "1h", rates = ["1/m", "0/s"] }
[platform]
preset = "aws-lambda"
"#;

#[test]
fn every_policy_sees_the_same_arrivals_and_execution_times() {
    let bench = Bench::with(&[("common.toml", COMMON)]);
    let run = |sets: &[&str]| {
        let sets = sets.iter().flat_map(|set| ["--set", set]);
        bench.succeed(&["run", "common.toml", "--quiet", "--out", "r"].into_iter().chain(sets).collect::<Vec<_>>());
        let columns = ["replication", "function", "invocations.arrived", "invocations.completed", "execution_mean_ms"];
        let arrivals = bench.columns("r/timeline.csv", &["replication", "start_s", "arrivals"]);
        (bench.columns("r/functions.csv", &columns), arrivals, total(&bench, "r", "cold"))
    };
    let (functions, arrivals, cold) = run(&[]);
    assert_eq!(functions.len(), 6);
    let mut counts = vec![cold];
    for policy in [
        "policy.keep_alive.none={}",
        "policy.keep_alive.infinite={}",
        "policy.keep_alive.fixed.ttl=30s",
        "policy.keep_alive.survival.curve=google-cloud-functions",
        "policy.reuse.random={}",
        "policy.reuse.least_recently_used={}",
        "platform.preset=azure-functions",
        "function.steady.cold_start.runtime=rust",
    ] {
        let (other, also, cold) = run(&[policy]);
        assert_eq!((&other, &also), (&functions, &arrivals), "{policy}");
        counts.push(cold);
    }
    counts.sort_unstable();
    counts.dedup();
    assert!(counts.len() >= 4, "the policies differ in cold starts: {counts:?}");
}
