//! What holds for every scenario, whatever is in it.

use std::path::Path;

use coldcast::experiment::{self, Outcome, Run, RunOptions};
use coldcast::metrics::{Distribution, Invocations, Summary};
use coldcast::policy::catalog::Catalog;
use coldcast::scenario::Scenario;
use coldcast::workload::trace::Rejects;
use proptest::prelude::*;
use proptest::sample::select;

const ARRIVALS: [&str; 12] = [
    "timer = { period = \"700ms\", jitter = \"200ms\" }",
    "poisson = { rate = \"3/s\" }",
    "gamma = { rate = \"2/s\", cv = 3.0 }",
    "weibull = { rate = \"2/s\", cv = 0.5 }",
    "hyperexponential = { rate = \"4/s\", cv = 4.0 }",
    "mmpp = { states = [{ rate = \"0/s\", sojourn = \"20s\" }, { rate = \"20/s\", sojourn = \"5s\" }] }",
    "diurnal = { rate = \"2/s\", amplitude = 0.9 }",
    "spike = { base = \"0/s\", peak = \"30/s\", at = \"2m\", length = \"20s\" }",
    "pareto_on_off = { rate = \"3/s\", sources = 5, alpha = 1.4, on = \"5s\", off = \"10s\" }",
    "hawkes = { rate = \"2/s\", branching = 0.8, decay = \"2s\" }",
    "batches = { rate = \"6/m\", size.geometric = 10 }",
    "closed_loop = { users = 8, think.exponential.mean = \"3s\" }",
];

const EXECUTIONS: [&str; 8] = [
    "constant = \"1s\"",
    "constant = \"0s\"",
    "uniform = { min = \"0s\", max = \"3s\" }",
    "exponential = { mean = \"800ms\" }",
    "lognormal = { median = \"200ms\", p99 = \"8s\" }",
    "pareto = { minimum = \"50ms\", alpha = 1.1 }",
    "hyperexponential = { mean = \"500ms\", cv = 5.0 }",
    "percentiles = { p0 = \"0s\", p50 = \"100ms\", p100 = \"20s\" }",
];

const COLD_STARTS: [&str; 4] = [
    "",
    "cold_start.runtime = \"java21\"",
    "cold_start.user.constant = \"4s\"",
    "cold_start.init.exponential.mean = \"2s\"",
];

const KEEP_ALIVE: [&str; 5] = [
    "none = {}",
    "fixed = { ttl = \"0s\" }",
    "fixed = { ttl = \"20s\" }",
    "infinite = {}",
    "survival = { curve = \"azure-functions\" }",
];

const REUSE: [&str; 5] = ["most_recently_used", "least_recently_used", "newest", "oldest", "random"];

const LIMITS: [&str; 7] = [
    "",
    "limits.function_concurrency = 3",
    "limits.function_concurrency = 0",
    "limits.scaling_rate = { burst = 2, refill = \"6/m\" }",
    "limits = { function_concurrency = 2, queue = {} }",
    "limits = { function_concurrency = 2, queue = { wait = \"1500ms\" } }",
    "limits = { function_concurrency = 1, queue = { length = 3, wait = \"9s\" } }",
];

const PRICING: [&str; 6] = [
    "",
    "[pricing]\nbook = \"aws-lambda\"\nregion = \"us-east-1\"\nfree_tier = false\n",
    "[pricing]\nlinear = { per_gb_second = \"0.0001 USD\", per_request = \"0.01 USD\" }\n",
    "[pricing]\nbook = \"azure-functions-flex\"\nregion = \"eastus\"\n",
    "[pricing]\nbook = \"gcp-cloud-run\"\nregion = \"us-central1\"\nfree_tier = false\n[defaults]\nvcpu = 1.5\n",
    "[pricing]\nbook = \"azure-functions-premium\"\nregion = \"eastus\"\n[defaults]\nvcpu = 0.5\n",
];

fn function() -> impl Strategy<Value = String> {
    let extra = prop_oneof![
        4 => Just(String::new()),
        1 => Just("timeout = \"2s\"".to_owned()),
        1 => (1..4u32).prop_map(|limit| format!("concurrency_limit = {limit}")),
        1 => (1..4u32).prop_map(|count| format!("provisioned = {count}")),
        1 => (1..4u32).prop_map(|count| format!("warm_at_start = {count}")),
    ];
    let parts = (select(&ARRIVALS[..]), select(&EXECUTIONS[..]), select(&COLD_STARTS[..]), extra, 0..3u32, 1..40u64);
    parts.prop_map(|(arrivals, execution, cold_start, extra, app, memory)| {
        let memory = memory * 64;
        format!(
            "app = \"app{app}\"\nmemory = \"{memory} MiB\"\narrivals.{arrivals}\nexecution.{execution}\n{cold_start}\n{extra}\n"
        )
    })
}

/// Any scenario of up to four functions, ten minutes long.
pub fn scenario() -> impl Strategy<Value = String> {
    let functions = prop::collection::vec(function(), 1..5);
    let platform = (select(&["function", "app"][..]), 1..4u32, select(&LIMITS[..]));
    let policy = (select(&KEEP_ALIVE[..]), select(&REUSE[..]));
    let general = (select(&["0s", "90s", "599s"][..]), any::<u32>());
    (functions, platform, policy, select(&PRICING[..]), general).prop_map(|(functions, platform, policy, pricing, general)| {
        let (scale_by, concurrency, limits) = platform;
        let ((keep_alive, reuse), (warm_up, seed)) = (policy, general);
        let functions = functions.iter().enumerate();
        let functions: String = functions.map(|(i, function)| format!("[[function]]\nname = \"f{i}\"\n{function}")).collect();
        format!(
            "[scenario]\nname = \"any\"\nduration = \"10m\"\nwarm_up = \"{warm_up}\"\nseed = {seed}\nreplications = 1\n{functions}\
             [platform]\nscale_by = \"{scale_by}\"\nconcurrency = {concurrency}\n{limits}\n\
             [policy]\nkeep_alive.{keep_alive}\nreuse.{reuse} = {{}}\n{pricing}"
        )
    })
}

fn simulate(text: &str, overrides: &[(&str, &str)]) -> Outcome {
    let overrides: Vec<_> = overrides.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
    let catalog = Catalog::default();
    let scenario = Scenario::from_text(Path::new("any.toml"), text.into(), &overrides, &catalog);
    let scenario = scenario.unwrap_or_else(|error| panic!("{error}\n{text}"));
    let experiment = scenario.resolve(Path::new("."), &catalog, &mut Rejects::new(std::io::sink())).unwrap();
    experiment::run(&experiment, &RunOptions::default().threads(1)).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

pub fn run(text: &str, overrides: &[(&str, &str)]) -> Run {
    simulate(text, overrides).runs.remove(0)
}

fn assert_conserved(invocations: &Invocations) {
    let Invocations { arrived, completed, cold, warm, delayed, throttled, timed_out, failed, dropped, .. } =
        *invocations;
    let Invocations { unplaceable, open, dead_lettered, .. } = *invocations;
    assert_eq!(arrived, completed + throttled + timed_out + failed + dropped + unplaceable + open);
    assert!(dead_lettered <= throttled + timed_out + failed + dropped + unplaceable);
    assert_eq!(completed, cold + warm + delayed);
}

fn assert_ordered(times: &Distribution) {
    let Distribution { mean, p50, p90, p95, p99, p999, max } = *times;
    let quantiles = [0.0, p50, p90, p95, p99, p999, max];
    assert!(quantiles.is_sorted(), "{quantiles:?}");
    assert!((0.0..=max).contains(&mean), "{mean} of at most {max}");
}

/// Equal but for the rounding of sums of floating-point figures.
fn assert_close(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-3), "{a} is not {b}");
}

/// Everything that must add up in the figures of one run of so many seconds.
pub fn assert_adds_up(run: &Run, seconds: f64) {
    let Summary { invocations, latency_ms, instances, memory_gb_s, cost, .. } = &run.summary;
    assert_conserved(invocations);
    for times in [latency_ms.response, latency_ms.queueing, latency_ms.cold_start, latency_ms.execution] {
        assert_ordered(&times);
    }
    assert_close(instances.mean, instances.starting + instances.busy + instances.idle);
    assert!([instances.starting, instances.busy, instances.idle].iter().all(|mean| *mean >= 0.0));
    assert!([memory_gb_s.starting, memory_gb_s.busy, memory_gb_s.idle].iter().all(|sum| *sum >= 0.0));
    assert_close(run.summary.throughput_per_s * seconds, invocations.completed as f64);
    assert!((0.0..=1.0).contains(&run.summary.cold_start_ratio) && (0.0..=1.0).contains(&run.summary.utilisation));

    let mut sum = Invocations::default();
    for function in &run.functions {
        assert_conserved(&function.invocations);
        assert_ordered(&function.response_ms);
        sum.add(&function.invocations);
    }
    assert_eq!(sum, *invocations, "functions.csv adds up to the summary");

    let rows = &run.timeline;
    assert_eq!(rows.iter().map(|row| row.arrivals).sum::<u64>(), invocations.arrived);
    assert_eq!(rows.iter().map(|row| row.cold).sum::<u64>(), invocations.cold);
    assert_eq!(rows.iter().map(|row| row.throttled).sum::<u64>(), invocations.throttled);
    assert_close(rows.iter().map(|row| row.length_s).sum(), seconds);
    let mean = |phase: fn(&coldcast::metrics::TimelineRow) -> f64| {
        rows.iter().map(|row| phase(row) * row.length_s).sum::<f64>() / seconds
    };
    assert_close(mean(|row| row.starting), instances.starting);
    assert_close(mean(|row| row.busy), instances.busy);
    assert_close(mean(|row| row.idle), instances.idle);

    if let Some(cost) = cost {
        assert!(cost.lines.iter().all(|line| line.quantity >= 0.0 && line.amount >= 0.0), "{:?}", cost.lines);
        assert_close(cost.lines.iter().map(|line| line.amount).sum(), cost.total);
    }
}

/// Everything but the resolved scenario, which names the override.
pub fn figures_of(run: &Run) -> [String; 3] {
    let value = |it: serde_json::Result<String>| it.unwrap();
    [
        value(serde_json::to_string(&run.summary)),
        value(serde_json::to_string(&run.functions)),
        value(serde_json::to_string(&run.timeline)),
    ]
}

fn assert_same(a: &Run, b: &Run) {
    assert_eq!(figures_of(a), figures_of(b));
}

const TEN_MINUTES: &str = "[scenario]\nname = \"any\"\nduration = \"10m\"\nreplications = 1\n";

/// Functions without one of their keys.
fn without(key: &str, functions: &[String]) -> String {
    let one = |(i, function): (usize, &String)| {
        let lines: Vec<&str> = function.lines().filter(|line| !line.starts_with(&format!("{key} = "))).collect();
        format!("[[function]]\nname = \"f{i}\"\n{}\n", lines.join("\n"))
    };
    functions.iter().enumerate().map(one).collect()
}

/// A limit of the account at which nobody is throttled, though somebody is at the next lower one.
fn least_limit_that_does_not_bind(text: &str) -> u32 {
    let binds = |limit: &u32| {
        let limit = limit.to_string();
        run(text, &[("platform.limits.account_concurrency", &limit)]).summary.invocations.throttled > 0
    };
    let (mut low, mut high) = (0, 1);
    while binds(&high) {
        (low, high) = (high, high * 2);
    }
    while low + 1 < high {
        let middle = low.midpoint(high);
        if binds(&middle) { low = middle } else { high = middle }
    }
    high
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_run_adds_up(text in scenario()) {
        let warm_up = if text.contains("\"90s\"") { 90.0 } else if text.contains("\"599s\"") { 599.0 } else { 0.0 };
        assert_adds_up(&run(&text, &[]), 600.0 - warm_up);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Functions without a common limit are simulated apart. A limit that nobody reaches, but that might have been reached, makes
    /// them be simulated together: nothing may change.
    #[test]
    fn together_and_apart_give_the_same(functions in prop::collection::vec(function(), 3..5), concurrency in 1..3u32) {
        let functions = without("concurrency_limit", &functions);
        let text = format!("{TEN_MINUTES}{functions}[platform]\nconcurrency = {concurrency}\n");
        let apart = run(&text, &[]);
        let limit = least_limit_that_does_not_bind(&text);
        for limit in [limit, limit + 1, u32::MAX] {
            assert_same(&apart, &run(&text, &[("platform.limits.account_concurrency", &limit.to_string())]));
        }
    }

    /// A function with reserved concurrency does not feel what the others do, whether they reach the account's limit or not.
    #[test]
    fn others_do_not_change_a_function_with_reserved_concurrency(
        reserving in function(), others in prop::collection::vec(function(), 1..4), concurrency in 1..3u32, reserved in 1..9u32
    ) {
        let others = without("concurrency_limit", &others).replace("name = \"f", "name = \"other");
        let reserving = without("concurrency_limit", &[reserving]) + &format!("concurrency_limit = {reserved}\n");
        // Apps would share instances, and provisioned instances count against the account.
        let [reserving, others] = [reserving, others].map(|functions| {
            functions.lines().filter(|line| !line.starts_with("provisioned = ")).map(|line| format!("{line}\n")).collect::<String>()
        });
        let account = reserved + 2;
        let platform = format!(
            "[platform]\nconcurrency = {concurrency}\nlimits = {{ account_concurrency = {account}, least_unreserved = 2 }}\n"
        );
        let of_first = |functions: &str| {
            let run = run(&format!("{TEN_MINUTES}{functions}{platform}"), &[]);
            let first = &run.functions[0];
            serde_json::to_string(&(&first.invocations, &first.response_ms)).unwrap()
        };
        prop_assert_eq!(of_first(&reserving), of_first(&format!("{reserving}{others}")));
    }

    /// A platform that scales by app gives functions in apps of their own what one that scales by function gives them.
    #[test]
    fn an_app_of_one_function_is_a_function(functions in prop::collection::vec(function(), 1..4)) {
        let text = format!("{TEN_MINUTES}{}", without("app", &functions));
        let by_app = run(&text, &[("platform.scale_by", "app")]);
        assert_same(&run(&text, &[("platform.scale_by", "function")]), &by_app);
    }

    /// Bytes that have nothing to do with a scenario.
    #[test]
    fn bytes_are_read_as_a_scenario_or_refused(bytes: Vec<u8>) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let read = Scenario::from_text(Path::new("any.toml"), text, &[], &Catalog::default());
        if let Err(error) = read {
            prop_assert!(error.to_string().starts_with("error: "));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// A part of one scenario in the place of a part of another: mostly TOML, seldom right, never a panic.
    #[test]
    fn spliced_scenarios_are_read_or_refused_in_words(a in scenario(), b in scenario(), cut in any::<[prop::sample::Index; 3]>()) {
        let (a, b): (Vec<&str>, Vec<&str>) = (a.split_inclusive(' ').collect(), b.split_inclusive(' ').collect());
        let [keep, from, length] = cut;
        let (keep, from) = (keep.index(a.len()), from.index(b.len()));
        let to = from + length.index(b.len() - from);
        let text = [&a[..keep], &b[from..to], &a[keep..]].concat().concat();
        let read = Scenario::from_text(Path::new("any.toml"), text, &[], &Catalog::default());
        if let Err(error) = read {
            prop_assert!(error.to_string().starts_with("error: "));
        }
    }
}
