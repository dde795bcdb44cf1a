//! Workers, their troubles and their policies that are wrong.

use super::scenario::assert_each_is_refused;
use crate::workbench::Bench;

/// A right scenario, of which each case replaces a part.
const RIGHT: &str = r#"[scenario]
duration = "1h"
replications = 1
[[function]]
name = "f"
memory = "512 MiB"
arrivals.poisson = { rate = "1/s" }
execution.constant = "100ms"
vcpu = 1.0
image = "100 MiB"
deadline = "1s"
priority = 0
weight = 1.0
error_rate = 0.1
crash_rate = 0.1
client.retries = { attempts = 3, base = "1s", cap = "9s", jitter = true }
provisioned = 0
warm_at_start = 0
[platform]
concurrency = 1
[[platform.workers]]
count = 2
cores = 4
memory = "4 GiB"
speed = 1.0
overcommit = 1.0
[platform.cluster]
cores = "exclusive"
init_on_cores = false
interference = 0.0
worker_queue = { length = 5, wait = "5s" }
front_queue = { length = 6, wait = "6s" }
report_every = "2s"
creation_rate = "7/s"
worker_creation_rate = "3/s"
image_cache = "3 GiB"
outages = { mean_time_between = "30d", mean_time_to_repair = "10m" }
[platform.overheads]
function = { scheduling = { per_load = "1ms", fixed = "2ms" }, balancing.fixed = "3ms" }
[platform.limits]
request_rate = { burst = 10, refill = "8/s" }
[policy]
load_balancing.least_connections = {}
scheduling.first_come = {}
placement.worst_fit = {}
eviction.least_recently_used = {}
prewarm.floor = { instances = 1 }
"#;

/// What is replaced, by what, where the message points, and what it says.
const WRONG: &[(&str, &str, &str, &str)] = &[
    // [[function]]
    ("vcpu = 1.0", "vcpu = 0.0", "s.toml:9:8", "expected 0.001 to 1000"),
    ("vcpu = 1.0", "vcpu = nan", "s.toml:9:8", "expected 0.001 to 1000"),
    ("vcpu = 1.0", "vcpu = \"1\"", "s.toml:9:8", "found string \"1\", expected a number"),
    ("100 MiB", "100", "s.toml:10:9", "has no unit"),
    ("deadline = \"1s\"", "deadline = \"-1s\"", "s.toml:11:12", "\"-1s\" is negative"),
    ("priority = 0", "priority = 0.5", "s.toml:12:12", "expected a whole number"),
    ("weight = 1.0", "weight = 0", "s.toml:13:10", "expected more than zero"),
    ("weight = 1.0", "weight = inf", "s.toml:13:10", "expected more than zero"),
    ("error_rate = 0.1", "error_rate = 1.5", "s.toml:14:14", "expected a number from 0 to 1"),
    ("error_rate = 0.1", "error_rate = nan", "s.toml:14:14", "expected a number from 0 to 1"),
    ("crash_rate = 0.1", "crash_rate = -0.1", "s.toml:15:14", "expected a number from 0 to 1"),
    ("attempts = 3", "attempts = 0", "s.toml:16:", "expected 1 to 255"),
    ("attempts = 3", "attempts = 300", "s.toml:16:", "expected a whole number from 0 to 255"),
    ("client.retries", "client.retrys", "s.toml:16:8", "did you mean `retries`?"),
    ("jitter = true", "jiter = true", "s.toml:16:", "did you mean `jitter`?"),
    (
        "client.retries = { attempts = 3, base = \"1s\", cap = \"9s\", jitter = true }",
        "client.asynchronous.retries = 3",
        "s.toml:16:",
        "expected 0 to 2",
    ),
    (
        "client.retries = { attempts = 3, base = \"1s\", cap = \"9s\", jitter = true }",
        "client.asynchronous.max_age = \"7h\"",
        "s.toml:16:",
        "expected \"60s\" to \"6h\"",
    ),
    ("provisioned = 0", "provisioned = -1", "s.toml:17:15", "expected a whole number from 0"),
    ("warm_at_start = 0", "warm_at_start = \"0\"", "s.toml:18:17", "expected a whole number"),
    // [[platform.workers]]
    ("count = 2", "count = 0", "s.toml:22:9", "expected a whole number from 1"),
    ("count = 2", "count = 4000000000", "s.toml:21:", "expected 1 to 1000000"),
    ("cores = 4", "cores = 0", "s.toml:23:9", "expected a whole number from 1"),
    ("cores = 4\n", "", "s.toml:21:", "the key `cores` is missing"),
    ("4 GiB", "0 B", "s.toml:24:10", "expected more than zero"),
    ("4 GiB", "4", "s.toml:24:10", "has no unit"),
    ("speed = 1.0", "speed = 0.0", "s.toml:25:9", "expected more than zero"),
    ("speed = 1.0", "speed = nan", "s.toml:25:9", "expected more than zero"),
    ("overcommit = 1.0", "overcommit = -1.0", "s.toml:26:14", "expected more than zero"),
    ("overcommit = 1.0", "overcomit = 1.0", "s.toml:26:1", "did you mean `overcommit`?"),
    // [platform.cluster]
    ("\"exclusive\"", "\"exlusive\"", "s.toml:28:9", "did you mean `exclusive`?"),
    ("init_on_cores = false", "init_on_cores = true", "s.toml:29:17", "set `cores = \"shared\"`"),
    ("init_on_cores = false", "init_on_cores = 1", "s.toml:29:17", "expected `true` or `false`"),
    ("interference = 0.0", "interference = -0.1", "s.toml:30:16", "a number from 0 up"),
    ("interference = 0.0", "interference = inf", "s.toml:30:16", "a number from 0 up"),
    ("length = 5", "length = -5", "s.toml:31:", "expected a whole number from 0"),
    ("wait = \"5s\"", "wait = 5", "s.toml:31:", "expected a duration"),
    ("length = 6", "lenght = 6", "s.toml:32:", "did you mean `length`?"),
    ("report_every = \"2s\"", "report_every = \"0s\"", "s.toml:33:16", "leave it out"),
    ("\"7/s\"", "\"0/s\"", "s.toml:34:17", "expected more than zero"),
    ("\"3/s\"", "\"3\"", "s.toml:35:24", "a rate"),
    ("3 GiB", "3 s", "s.toml:36:15", "unknown unit \"s\""),
    ("mean_time_between = \"30d\"", "mean_time_between = \"0s\"", "s.toml:37:", "expected more than zero"),
    (
        "mean_time_to_repair = \"10m\"",
        "mean_time_to_repare = \"10m\"",
        "s.toml:37:",
        "did you mean `mean_time_to_repair`?",
    ),
    (", mean_time_to_repair = \"10m\"", "", "s.toml:37:", "the key `mean_time_to_repair` is missing"),
    // [platform.overheads] and [platform.limits]
    ("\"1ms\"", "\"-1ms\"", "s.toml:39:", "\"-1ms\" is negative"),
    ("per_load", "per_lode", "s.toml:39:", "did you mean `per_load`?"),
    ("function = {", "functions = {", "s.toml:39:", "did you mean `function`?"),
    ("burst = 10", "burst = 0.5", "s.toml:41:", "expected a whole number"),
    ("8/s", "8/fortnight", "s.toml:41:", "unknown unit"),
    // [policy]
    ("least_connections", "least_conections", "s.toml:43:", "did you mean `least_connections`?"),
    ("first_come", "first_com", "s.toml:44:", "did you mean `first_come`?"),
    ("worst_fit", "worstfit", "s.toml:45:", "did you mean `worst_fit`?"),
    ("least_recently_used", "lru", "s.toml:46:", "unknown eviction policy `lru`"),
    ("prewarm.floor", "prewarm.flor", "s.toml:47:", "did you mean `floor`?"),
    ("prewarm.floor", "autoscaling.flor", "s.toml:47:", "unknown autoscaling policy `flor`"),
    ("prewarm.floor", "allocation.flor", "s.toml:47:", "unknown allocation policy `flor`"),
    ("prewarm.floor", "reuse.flor", "s.toml:47:", "unknown reuse policy `flor`"),
    ("instances = 1", "instances = -1", "s.toml:47:", "for example `prewarm.floor = "),
    ("instances = 1", "instanses = 1", "s.toml:47:", "did you mean `instances`?"),
    ("first_come = {}", "first_come = { quantum = \"1s\" }", "s.toml:44:", "unknown key `quantum`"),
    // What does not fit together.
    ("load_balancing.least_connections = {}\n", "", "s.toml:28:9", "exclusive cores need a load balancer"),
    (
        "prewarm.floor = { instances = 1 }",
        "autoscaling.fixed_replicas = { replicas = 1 }",
        "s.toml:43:",
        "remove this or `autoscaling`",
    ),
];

#[test]
fn each_mistake_about_workers_is_shown_at_its_place() {
    assert_each_is_refused(RIGHT, WRONG);
}

#[test]
fn the_cluster_that_is_changed_is_right() {
    Bench::with(&[("s.toml", RIGHT)]).succeed(&["run", "s.toml", "--quiet", "--out", "r"]);
}

#[test]
fn what_needs_workers_is_refused_without_them() {
    let function = "[scenario]\nduration = \"1h\"\n[[function]]\nname = \"f\"\narrivals.poisson.rate = \"1/s\"\nexecution.constant = \"1s\"\n";
    for (keys, place) in [
        ("[platform.cluster]\ncores = \"shared\"", "s.toml:7:"),
        ("[policy]\nload_balancing.random = {}", "s.toml:8:"),
        ("[policy]\nscheduling.first_come = {}", "s.toml:8:"),
        ("[policy]\nplacement.first_fit = {}", "s.toml:8:"),
        ("[policy]\neviction.least_recently_used = {}", "s.toml:8:"),
    ] {
        let bench = Bench::with(&[("s.toml", &format!("{function}{keys}\n"))]);
        bench.run(&["run", "s.toml"]).assert_refused(&[
            &format!("--> {place}"),
            "this only makes sense on a platform with workers",
            "add `workers = ",
        ]);
        assert_eq!(bench.names(), ["s.toml"]);
    }
    let bench = Bench::with(&[("s.toml", &format!("{function}[platform]\nworkers = []\n"))]);
    bench.run(&["run", "s.toml"]).assert_refused(&[
        "--> s.toml:8:11",
        "the platform has 0 workers",
        "expected 1 to 1000000",
    ]);
}
