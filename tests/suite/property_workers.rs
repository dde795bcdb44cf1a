//! What holds for every scenario with workers, whatever policy decides what.

use coldcast::policy::catalog::Catalog;
use proptest::prelude::*;
use proptest::sample::select;

use crate::property::{assert_adds_up, function, run};

/// A policy of a kind with the parameters of its example, or none.
fn policy(kind: &'static str) -> impl Strategy<Value = String> {
    let catalog = Catalog::default();
    let kinds = catalog.kinds();
    let entries = &kinds.iter().find(|other| other.name == kind).unwrap().entries;
    let keys: Vec<String> =
        entries.iter().map(|entry| format!("{kind}.{} = {}\n", entry.name(), entry.example())).collect();
    prop_oneof![1 => Just(String::new()), 3 => select(keys)]
}

const WORKERS: [&str; 4] = [
    "workers = [{ cores = 1, memory = \"2 GiB\" }]",
    "workers = [{ count = 3, cores = 2, memory = \"4 GiB\" }]",
    "workers = [{ count = 2, cores = 4, memory = \"3 GiB\", speed = 1.7 }, { cores = 1, memory = \"1 GiB\", overcommit = 1.5 }]",
    "workers = [{ count = 20, cores = 2, memory = \"8 GiB\" }]",
];

const CORES: [&str; 5] = [
    "",
    "cluster.cores = \"exclusive\"",
    "cluster.cores = \"shared\"",
    "cluster.cores = \"shared\"\ncluster.init_on_cores = true",
    "cluster.cores = \"exclusive\"\ncluster.interference = 0.5",
];

const RULES: [&str; 6] = [
    "",
    "cluster.worker_queue = { length = 5, wait = \"8s\" }",
    "cluster.front_queue = { length = 10, wait = \"5s\" }",
    "cluster.report_every = \"3s\"",
    "cluster.worker_creation_rate = \"1/s\"\ncluster.image_cache = \"600 MiB\"",
    "cluster.outages = { mean_time_between = \"100s\", mean_time_to_repair = \"10s\" }",
];

const TROUBLE: [&str; 4] = [
    "",
    "error_rate = 0.1",
    "crash_rate = 0.1\nclient.retries = { base = \"1s\" }",
    "error_rate = 0.05\ncrash_rate = 0.05\ntimeout = \"2s\"\nclient.asynchronous = {}",
];

/// Any scenario of up to four functions on workers, ten minutes long.
fn scenario() -> impl Strategy<Value = String> {
    let functions = prop::collection::vec(function(), 1..5);
    let platform = (select(&WORKERS[..]), select(&CORES[..]), select(&RULES[..]), select(&RULES[..]), 1..3u32);
    let order = (policy("load_balancing"), policy("scheduling"), policy("placement"), policy("eviction"));
    let life = (policy("keep_alive"), policy("reuse"));
    let ahead = prop_oneof![2 => Just(String::new()), 1 => policy("prewarm"), 1 => policy("autoscaling")];
    (functions, platform, order, life, ahead, select(&TROUBLE[..]), any::<u32>()).prop_map(
        |(functions, (workers, cores, rule, other, concurrency), order, life, ahead, trouble, seed)| {
            let functions = functions.iter().enumerate();
            let functions: String =
                functions.map(|(i, function)| format!("[[function]]\nname = \"f{i}\"\n{function}")).collect();
            let (mut balancing, scheduling, placement, eviction) = order;
            if balancing.is_empty() && cores.contains("exclusive") {
                balancing = "load_balancing.least_connections = {}\n".into();
            }
            let (keep_alive, reuse) = life;
            let other = if rule == other { "" } else { other };
            format!(
                "[scenario]\nname = \"any\"\nduration = \"10m\"\nseed = {seed}\nreplications = 1\n{functions}\
                 [defaults]\n{trouble}\n\
                 [platform]\nconcurrency = {concurrency}\n{workers}\n{cores}\n{rule}\n{other}\n\
                 [policy]\n{balancing}{scheduling}{placement}{eviction}{keep_alive}{reuse}{ahead}"
            )
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_run_on_workers_adds_up(text in scenario()) {
        assert_adds_up(&run(&text, &[]), 600.0);
    }
}
