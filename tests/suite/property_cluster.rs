//! What holds for every cluster, whatever its workers, troubles and policies are.

use std::fmt;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use coldcast::experiment::{self, Run, RunOptions};
use proptest::prelude::*;
use proptest::sample::select;

use crate::catalog::choices;
use crate::property::{assert_adds_up, figures_of};
use crate::support;

/// All end within two minutes, but for the last two.
const ARRIVALS: [&str; 7] = [
    "spike = { base = \"0/s\", peak = \"8/s\", at = \"0s\", length = \"15s\" }",
    "spike = { base = \"0/s\", peak = \"30/s\", at = \"40s\", length = \"3s\" }",
    "step = { before = \"1/s\", after = \"0/s\", at = \"100s\" }",
    "ramp = { from = \"2/s\", to = \"0/s\", length = \"100s\" }",
    "rates = { step = \"10s\", rates = [\"3/s\", \"0/s\", \"6/s\", \"0/s\", \"0/s\", \"0/s\", \"0/s\", \"2/s\", \"0/s\"] }",
    "closed_loop = { users = 3, think.exponential.mean = \"9s\" }",
    "batches = { rate = \"3/m\", size.constant = 5 }",
];

const EXECUTIONS: [&str; 6] = [
    "constant = \"0s\"",
    "constant = \"500ms\"",
    "uniform = { min = \"0s\", max = \"2s\" }",
    "exponential = { mean = \"300ms\" }",
    "lognormal = { median = \"100ms\", p99 = \"3s\" }",
    "hyperexponential = { mean = \"1s\", cv = 4.0 }",
];

/// Shares, faults and limits of a function.
const SETTINGS: [&str; 12] = [
    "vcpu = 1.5",
    "image = \"100 MiB\"",
    "deadline = \"2s\"",
    "priority = -3",
    "weight = 4.0",
    "error_rate = 0.3",
    "crash_rate = 0.2",
    "timeout = \"700ms\"",
    "concurrency_limit = 1",
    "provisioned = 1",
    "warm_at_start = 2",
    "cold_start.user.constant = \"3s\"",
];

const CLIENTS: [&str; 3] = [
    "client.retries = { attempts = 4, base = \"500ms\" }",
    "client.retries = { attempts = 20, base = \"0s\", jitter = false }",
    "client.asynchronous = { max_age = \"60s\" }",
];

const QUEUES: [&str; 4] = ["{ length = 0 }", "{ length = 3 }", "{ wait = \"2s\" }", "{ length = 5, wait = \"7s\" }"];

const OUTAGES: [&str; 2] = [
    "{ mean_time_between = \"60s\", mean_time_to_repair = \"5s\" }",
    "{ mean_time_between = \"2s\", mean_time_to_repair = \"2s\" }",
];

const LIMITS: [&str; 5] = [
    "limits.function_concurrency = 2",
    "limits.account_concurrency = 4",
    "limits.request_rate = { burst = 5, refill = \"1/s\" }",
    "limits = { function_concurrency = 1, queue = {} }",
    "limits = { function_concurrency = 2, queue = { length = 2, wait = \"3s\" } }",
];

const EXTRAS: [&str; 3] = [
    "overheads.function = { scheduling = { per_load = \"20ms\", fixed = \"5ms\" }, balancing.fixed = \"1s\" }",
    "cpu.quota = { full_vcpu = \"192 MiB\", period = \"20ms\" }",
    "timeout = \"900ms\"",
];

/// A scenario, and what must hold of it.
#[derive(Clone)]
struct Case {
    text: String,
    /// Memory of all workers.
    gib: f64,
    seconds: f64,
    /// Nobody can be open at the end: arrivals end early, and whoever waits can be served.
    settles: bool,
    /// The longest that anybody waits, if queues bound that.
    patience: Option<f64>,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "settles: {}, patience: {:?}\n{}", self.settles, self.patience, self.text)
    }
}

fn maybe(values: &'static [&'static str]) -> impl Strategy<Value = Option<&'static str>> {
    prop::option::weighted(0.3, select(values))
}

fn any_of(kind: &str) -> impl Strategy<Value = String> + use<> {
    select(choices(kind))
}

fn function() -> impl Strategy<Value = String> {
    let settings = prop::sample::subsequence(&SETTINGS[..], 0..4);
    let parts = (select(&ARRIVALS[..]), select(&EXECUTIONS[..]), settings, maybe(&CLIENTS), 0..2u32, 1..4u32);
    parts.prop_map(|(arrivals, execution, settings, client, app, memory)| {
        let memory = memory * 64;
        format!(
            "app = \"app{app}\"\nmemory = \"{memory} MiB\"\narrivals.{arrivals}\nexecution.{execution}\n{}\n{}\n",
            settings.join("\n"),
            client.unwrap_or_default()
        )
    })
}

/// A group of workers as a scenario writes it, and the memory of the group in MiB.
fn group() -> impl Strategy<Value = (String, u64)> {
    let parts = (1..3u64, 1..4u32, select(&[128u64, 256, 384, 1024][..]), select(&["0.5", "1.0", "3.0"][..]));
    parts.prop_map(|(count, cores, memory, speed)| {
        let text = format!("{{ count = {count}, cores = {cores}, memory = \"{memory} MiB\", speed = {speed} }}");
        (text, count * memory)
    })
}

#[derive(Debug, Clone)]
struct Rules {
    cores: &'static str,
    worker_queue: Option<&'static str>,
    front_queue: Option<&'static str>,
    outages: Option<&'static str>,
    others: Vec<&'static str>,
}

fn rules() -> impl Strategy<Value = Rules> {
    let others = [
        "report_every = \"5s\"",
        "creation_rate = \"2/s\"",
        "worker_creation_rate = \"1/s\"",
        "image_cache = \"150 MiB\"",
    ];
    let others = prop::sample::subsequence(others.to_vec(), 0..3);
    let cores = select(
        &[
            "\"unlimited\"",
            "\"unlimited\", interference = 0.5",
            "\"exclusive\"",
            "\"shared\"",
            "\"shared\", init_on_cores = true",
        ][..],
    );
    let parts = (cores, maybe(&QUEUES), maybe(&QUEUES), maybe(&OUTAGES), others);
    parts.prop_map(|(cores, worker_queue, front_queue, outages, others)| Rules {
        cores,
        worker_queue,
        front_queue,
        outages,
        others,
    })
}

impl Rules {
    fn text(&self) -> String {
        let named = [("worker_queue", self.worker_queue), ("front_queue", self.front_queue), ("outages", self.outages)];
        let named = named.iter().filter_map(|(name, value)| value.map(|value| format!("{name} = {value}")));
        let all: Vec<String> = named.chain(self.others.iter().map(|other| (*other).to_owned())).collect();
        format!("cluster = {{ {} }}\n", [vec![format!("cores = {}", self.cores)], all].concat().join(", "))
    }
}

/// A load balancer or an autoscaler, or neither; and the rest.
fn policy(exclusive: bool) -> impl Strategy<Value = String> {
    let free = prop_oneof![1 => Just(String::new()), 2 => any_of("autoscaling"), 4 => any_of("load_balancing")];
    let choice = if exclusive { any_of("load_balancing").boxed() } else { free.boxed() };
    let usual = ["reuse", "scheduling", "placement", "eviction"];
    let usual = usual.map(|kind| prop::option::weighted(0.6, any_of(kind)).boxed());
    let keep_alive = prop_oneof![any_of("keep_alive"), Just("keep_alive.fixed = { ttl = \"1s\" }".to_owned())];
    let usual = [usual.to_vec(), vec![prop::option::weighted(0.8, keep_alive).boxed()]].concat();
    let prewarm = prop::option::weighted(0.2, any_of("prewarm"));
    (choice, usual, prewarm).prop_map(|(choice, usual, prewarm)| {
        // An autoscaler and a prewarming policy may undo each other's work.
        let all: Vec<String> = usual.into_iter().chain([prewarm]).flatten().chain([choice]).collect();
        format!("[policy]\n{}\n", all.join("\n"))
    })
}

fn case() -> impl Strategy<Value = Case> {
    let functions = prop::collection::vec(function(), 1..4);
    let groups = prop::collection::vec(group(), 1..4);
    let platform = (select(&["function", "app"][..]), 1..4u32, maybe(&LIMITS), maybe(&EXTRAS));
    let length = prop::bool::weighted(0.8).prop_map(|long| if long { 65 * 60 } else { 45 });
    let rules = rules().prop_flat_map(|rules| {
        let exclusive = rules.cores == "\"exclusive\"";
        (Just(rules), policy(exclusive))
    });
    let parts = (functions, groups, platform, rules, (any::<u32>(), length));
    parts.prop_map(|(functions, groups, platform, (rules, policy), (seed, seconds))| {
        let (scale_by, concurrency, limits, extra) = platform;
        let functions = functions.iter().enumerate();
        let functions: String = functions.map(|(i, function)| format!("[[function]]\nname = \"f{i}\"\n{function}")).collect();
        let workers: Vec<&str> = groups.iter().map(|(text, _)| text.as_str()).collect();
        let text = format!(
            "[scenario]\nname = \"any\"\nduration = \"{seconds}s\"\nseed = {seed}\nreplications = 2\n{functions}[platform]\n\
             scale_by = \"{scale_by}\"\nconcurrency = {concurrency}\ncold_start.init.constant = \"1s\"\nworkers = [{}]\n{}{}\n{}\n{policy}",
            workers.join(", "), rules.text(), limits.unwrap_or_default(), extra.unwrap_or_default(),
        );
        let gib = groups.iter().map(|(_, mib)| *mib).sum::<u64>() as f64 / 1024.0;
        Case { gib, seconds: f64::from(seconds), settles: settles(&text), patience: patience(&text, &rules), text }
    })
}

/// Not if users come back for ever, or if what is provisioned, or the replicas of one function, may take all the memory.
fn settles(text: &str) -> bool {
    let hogs = ["45s", "closed_loop", "batches", "provisioned = ", "prewarm.scheduled", "prewarm.target_tracking"];
    let rivals = text.contains("autoscaling") && text.matches("[[function]]").count() > 1;
    !rivals && !hogs.iter().any(|hog| text.contains(hog))
}

/// Both waits, and a cold start, in milliseconds: where nothing else makes anybody wait.
fn patience(text: &str, rules: &Rules) -> Option<f64> {
    let others =
        ["client.", "overheads", "shortest_remaining", "queue = {", "creation_rate", "init_on_cores", "autoscaling"];
    if others.iter().any(|other| text.replace("_queue = {", "").contains(other)) {
        return None;
    }
    let wait = |queue: Option<&str>| {
        let wait = queue?.split("wait = \"").nth(1).and_then(|wait| wait.chars().next()?.to_digit(10));
        // Nobody waits in a queue without places.
        wait.or(queue?.contains("length = 0").then_some(0)).map(|seconds| f64::from(seconds) * 1e3)
    };
    let cold_start = if text.contains("user.constant") { 4e3 } else { 1e3 };
    Some(wait(rules.front_queue)? + wait(rules.worker_queue)? + cold_start)
}

/// Runs a scenario on some threads; one that does not come to its end is shown.
fn run(text: &str, threads: usize) -> Vec<Run> {
    let (sender, receiver) = mpsc::channel();
    let owned = text.to_owned();
    let thread = thread::spawn(move || {
        let outcome = experiment::run(&support::experiment(&owned), &RunOptions::default().threads(threads));
        sender.send(()).unwrap_or_default();
        outcome.unwrap_or_else(|error| panic!("{error}\n{owned}")).runs
    });
    let waited = receiver.recv_timeout(Duration::from_secs(120));
    assert_ne!(waited, Err(mpsc::RecvTimeoutError::Timeout), "the run does not end:\n{text}");
    thread.join().unwrap_or_else(|_| panic!("the run panics:\n{text}"))
}

fn check(case: &Case, run: &Run) {
    let summary = &run.summary;
    assert_adds_up(run, case.seconds);
    let used = summary.memory_gb_s.starting + summary.memory_gb_s.busy + summary.memory_gb_s.idle;
    assert!(used <= case.gib * case.seconds * (1.0 + 1e-9), "{used} GiB-s of {} GiB", case.gib);
    assert!(!case.settles || summary.invocations.open == 0, "somebody waits for ever: {:?}", summary.invocations);
    if let Some(patience) = case.patience {
        assert!(summary.latency_ms.queueing.max <= patience, "{} ms: {:?}", patience, summary.latency_ms.queueing);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_cluster_adds_up(case in case()) {
        let runs = run(&case.text, 1);
        runs.iter().for_each(|run| check(&case, run));
        let again = run(&case.text, 2);
        let figures = |runs: &[Run]| runs.iter().map(figures_of).collect::<Vec<_>>();
        prop_assert_eq!(figures(&runs), figures(&again), "the same on two threads");
    }
}
