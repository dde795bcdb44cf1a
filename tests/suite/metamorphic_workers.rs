//! How the results of workers must change when a scenario does.

use coldcast::experiment::{Outcome, Run};
use coldcast::metrics::{Balance, Summary};

use crate::support::run;

/// Functions of equal memory whose popularity falls; `rates` divides their rates, `unit` multiplies their times.
fn functions(n: u32, unit: u32, execution_ms: u32) -> String {
    let one = |i: u32| {
        let rate = 8.0 / f64::from(i * unit);
        format!(
            "[[function]]\nname = 'f{i}'\nmemory = '1 GiB'\narrivals.hyperexponential = {{ rate = '{rate}/s', cv = 2.0 }}\n\
             execution.gamma = {{ mean = '{}ms', cv = 0.8 }}\n",
            execution_ms * unit
        )
    };
    (1..=n).map(one).collect()
}

fn outcome(duration_s: u32, keys: &str, functions: &str) -> Outcome {
    run(&format!("scenario = {{ duration = '{duration_s}s', replications = 5 }}\n{keys}\n{functions}"))
}

/// With the same figure for both in each replication.
fn pairs<'a>(a: &'a Outcome, b: &'a Outcome) -> impl Iterator<Item = (&'a Summary, &'a Summary)> {
    a.runs.iter().zip(&b.runs).map(|(a, b)| (&a.summary, &b.summary))
}

/// What a smaller memory holds under LRU, a larger one holds too (Mattson et al., "Evaluation techniques for storage hierarchies",
/// IBM Systems Journal 1970), if nothing is busy when memory is needed.
#[test]
fn more_memory_never_means_more_cold_starts_under_lru() {
    let functions = functions(40, 1, 1).replace("gamma = { mean = '1ms', cv = 0.8 }", "constant = '0s'");
    let of = |gib: u32| {
        let keys =
            format!("policy.keep_alive.infinite = {{}}\nplatform.workers = [{{ cores = 1, memory = '{gib} GiB' }}]");
        outcome(2_000, &keys, &functions)
    };
    let results = [1, 2, 4, 8, 16, 32].map(of);
    for two in results.windows(2) {
        for (smaller, larger) in pairs(&two[0], &two[1]) {
            assert!(larger.invocations.cold < smaller.invocations.cold, "{:?}", larger.invocations);
            assert!(larger.instances.mean > smaller.instances.mean);
        }
    }
}

#[test]
fn a_longer_keep_alive_means_fewer_cold_starts_and_more_memory_on_workers() {
    let of = |ttl: &str| {
        let keys = format!(
            "policy.keep_alive.fixed = {{ ttl = '{ttl}' }}\n\
             platform.workers = [{{ count = 10, cores = 4, memory = '100 GiB' }}]"
        );
        outcome(2_000, &keys, &functions(20, 1, 500))
    };
    let results = ["1s", "5s", "20s", "2m", "1h"].map(of);
    for two in results.windows(2) {
        for (shorter, longer) in pairs(&two[0], &two[1]) {
            assert!(longer.invocations.cold < shorter.invocations.cold, "{:?}", longer.invocations);
            assert!(longer.memory_gb_s.idle > shorter.memory_gb_s.idle);
        }
    }
}

/// All times `unit` times as long. Memory is short, cores are busy, queues fill up, workers stop.
fn timed(unit: u32, rules: &str, policy: &str) -> Outcome {
    let t = |seconds: u32| format!("'{}ms'", 1000 * seconds * unit);
    let keys = format!(
        "policy = {{ keep_alive.fixed.ttl = {}, {policy} }}\n\
         platform.workers = [{{ count = 4, cores = 2, memory = '4 GiB' }}]\n\
         platform.cold_start = {{ sandbox.constant = '{}ms', init.exponential.mean = '{}ms' }}\n\
         platform.cluster = {{ {rules}, worker_queue = {{ length = 30, wait = {} }}, worker_creation_rate = '{}/s', \
         outages = {{ mean_time_between = {}, mean_time_to_repair = {} }} }}",
        t(60),
        100 * unit,
        200 * unit,
        t(10),
        8.0 / f64::from(unit),
        t(900),
        t(60)
    );
    outcome(3_000 * unit, &keys, &functions(8, unit, 250))
}

#[test]
fn the_unit_of_time_does_not_matter_on_workers() {
    for (rules, policy) in [
        ("cores = 'exclusive'", "load_balancing.power_of_d = {}"),
        ("cores = 'exclusive'", "load_balancing.least_work_left = {}"),
        (
            "cores = 'exclusive'",
            "load_balancing.join_idle_queue = {}, scheduling.shortest_remaining = { preempt = false }",
        ),
        ("cores = 'shared', init_on_cores = true", "load_balancing.least_connections = {}, eviction.greedy_dual = {}"),
        ("interference = 0.3", "placement.best_fit = {}, eviction.landlord = {}"),
    ] {
        let (short, long) = (timed(1, rules, policy), timed(4, rules, policy));
        for (short, long) in pairs(&short, &long) {
            assert_eq!(short.invocations, long.invocations, "{policy}");
            assert!(short.invocations.dropped + short.invocations.failed > 0 && short.instances.evicted > 0);
            assert_eq!(short.balance, long.balance, "{policy}");
            let times = |summary: &Summary| {
                let latency = &summary.latency_ms;
                [latency.response.mean, latency.response.max, latency.queueing.mean, latency.execution.mean]
            };
            for (short, long) in times(short).into_iter().zip(times(long)) {
                assert!((4.0 * short / long - 1.0).abs() < 1e-6, "{policy}: {short} ms, {long} ms");
            }
        }
    }
}

/// Service times belong to the arrivals: with one more worker behind one queue, each invocation begins no later.
#[test]
fn one_more_worker_never_makes_anybody_wait_longer() {
    let of = |workers: u32| {
        let keys = format!(
            "policy = {{ keep_alive.infinite = {{}}, load_balancing.late_binding = {{}} }}\n\
             platform.workers = [{{ count = {workers}, cores = 1, memory = '100 GiB' }}]\nplatform.cluster.cores = 'exclusive'"
        );
        outcome(2_000, &keys, &functions(3, 1, 500))
    };
    let results = [8, 9, 10, 14, 20].map(of);
    for two in results.windows(2) {
        for (fewer, more) in pairs(&two[0], &two[1]) {
            let (fewer, more) = (&fewer.latency_ms.queueing, &more.latency_ms.queueing);
            assert!(more.mean < fewer.mean && more.max <= fewer.max && more.p99 <= fewer.p99, "{fewer:?}, {more:?}");
        }
    }
}

/// Where instances are shared, it does not matter on which worker they are if there is room for all.
#[test]
fn workers_with_room_for_all_change_nothing() {
    let keys = "policy.keep_alive.fixed = { ttl = '20s' }\nplatform.cold_start.init.exponential.mean = '300ms'\n";
    let without = outcome(2_000, keys, &functions(20, 1, 500));
    let placements = ["first_fit", "best_fit", "worst_fit", "random", "image_locality", "spread"];
    for (placement, cores) in placements.into_iter().zip(["unlimited", "shared"].into_iter().cycle()) {
        let workers = format!(
            "{keys}policy.placement.{placement} = {{}}\nplatform.cluster.cores = '{cores}'\n\
             platform.workers = [{{ count = 10, cores = 50, memory = '100 GiB' }}]"
        );
        let with = outcome(2_000, &workers, &functions(20, 1, 500));
        for (without, with) in pairs(&without, &with) {
            assert_eq!(&Summary { balance: Balance::default(), ..with.clone() }, without, "{placement}, {cores}");
        }
    }
}

/// Functions with timers and constant execution times, in a given order, where memory and cores are short.
fn fleet(order: &[u32], keys: &str) -> Run {
    let function = |number: &u32| {
        // Microseconds: no two functions are invoked at one instant.
        let (period, phase) = (700_001 + 131_071 * number, 17_011 * number);
        format!(
            "[[function]]\nname = 'f{number}'\narrivals.timer = {{ period = '{period}us', phase = '{phase}us' }}\n\
             execution.constant = '{}ms'\nmemory = '{} MiB'\n",
            250 * number + 3,
            128 * number
        )
    };
    let functions: String = order.iter().map(function).collect();
    let keys = format!("{keys}\npolicy.keep_alive.fixed = {{ ttl = '2s' }}\nplatform.cold_start.init.constant = '1s'");
    run(&format!("scenario = {{ duration = '1h', replications = 1 }}\n{keys}\n{functions}")).runs.remove(0)
}

#[test]
fn the_order_of_the_functions_does_not_matter_on_workers() {
    for keys in [
        "platform.workers = [{ count = 2, cores = 2, memory = '2560 MiB' }]\npolicy.placement.first_fit = {}",
        "platform.workers = [{ cores = 6, memory = '4608 MiB' }]\npolicy.load_balancing.round_robin = {}\n\
         platform.cluster.cores = 'shared'",
        "platform.workers = [{ count = 2, cores = 3, memory = '3 GiB' }]\npolicy.load_balancing.late_binding = {}\n\
         platform.cluster.cores = 'exclusive'",
    ] {
        let (one, other) = (fleet(&[1, 2, 3, 4, 5, 6], keys), fleet(&[4, 6, 1, 5, 3, 2], keys));
        assert!(one.summary.instances.evicted > 0, "{keys}: {:?}", one.summary.invocations);
        assert_eq!(one.summary, other.summary, "{keys}");
        assert_eq!(one.timeline, other.timeline, "{keys}");
        for function in &one.functions {
            assert!(other.functions.contains(function), "{keys}: {}", function.function);
        }
    }
}
