//! Workers: memory, cores, queues, eviction, by hand.

use coldcast::metrics::Invocations;

use super::replay::{Row, S, completed, replay, same};
use crate::support;

/// One worker with `cores` cores and room for `instances` instances, to which a load balancer gives everything.
fn worker(cores: u32, instances: u32, rules: &str) -> String {
    format!(
        "policy.load_balancing.least_connections = {{}}\n\
         platform.workers = [{{ cores = {cores}, memory = '{instances} GiB' }}]\nplatform.cluster = {{ {rules} }}\n"
    )
}

/// The example of the issue: two cold starts; the first two executions share the core and end at 3 s; at 4 s less a nanosecond the
/// instance of `f1` is still warm.
#[test]
fn two_functions_share_a_core() {
    let rows = [(0, S, "f1"), (0, S, "f2"), (4 * S - 1, S, "f1")];
    let keys = worker(1, 2, "cores = 'shared'")
        + "policy.keep_alive.fixed = { ttl = '1s' }\nplatform.cold_start.init.constant = '1s'";
    let run = replay(&rows, &keys);
    assert_eq!(run.summary.invocations, completed(2, 1, 0));
    assert_eq!(run.summary.latency_ms.execution.max, 2e3);
    assert_eq!(run.summary.latency_ms.response.max, 3e3);
    assert!(same(run.summary.instances.busy * 100.0, 5.0), "2 s, 2 s and 1 s");
}

#[test]
fn an_execution_holds_a_core_from_its_assignment_to_its_end() {
    let keys = worker(1, 10, "cores = 'exclusive'") + "platform.cold_start.init.constant = '2s'";
    let run = replay(&[(0, S, "f"), (0, S, "g"), (10 * S, S, "f"), (10 * S, S, "g")], &keys);
    // f starts until 2 s and executes until 3 s; only then does g begin to start.
    assert_eq!(run.summary.invocations, completed(2, 1, 1));
    assert_eq!(run.summary.latency_ms.response.max, 6e3);
    assert!(same(run.summary.latency_ms.queueing.mean, (3e3 + 1e3) / 4.0));
}

/// Who needs less comes while the instance of the other starts, and gets the core when that would begin to execute.
#[test]
fn an_execution_gives_way_but_not_a_start() {
    let keys = worker(1, 10, "cores = 'exclusive'")
        + "policy.scheduling.shortest_remaining = {}\npolicy.keep_alive.none = {}\nplatform.cold_start.init.constant = '1s'";
    let run = replay(&[(0, 5 * S, "g"), (10 * S, 10 * S, "f"), (10 * S + S / 2, S, "f")], &keys);
    assert_eq!(run.summary.invocations, completed(3, 0, 0));
    // g: 6 s. The short f starts at 11 s, executes from 12 s to 13 s; the long one has the next 10 s.
    assert_eq!(run.summary.latency_ms.response.max, 13e3);
    assert!(same(run.summary.latency_ms.response.mean, (6e3 + 2.5e3 + 13e3) / 3.0), "{:?}", run.summary.latency_ms);
}

/// The short one has no memory for its instance before the long one has ended.
#[test]
fn nobody_gives_way_to_one_who_waits_for_memory() {
    let keys = worker(1, 1, "cores = 'exclusive'") + "policy.scheduling.shortest_remaining = {}";
    let run = replay(&[(0, 10 * S, "long"), (S, S, "short")], &keys);
    assert_eq!(run.summary.invocations, completed(2, 0, 0));
    assert_eq!(run.summary.latency_ms.response.mean, 10e3);
}

/// The long one gives way to f at 1 s. At 3 s g is next, but it needs all of the memory: the long one goes on, and g comes last.
#[test]
fn who_gave_way_goes_on_while_the_next_waits_for_memory() {
    let function = |(name, at, seconds, gib): (&str, u32, u32, u32)| {
        format!(
            "[[function]]\nname = '{name}'\nmemory = '{gib} GiB'\nexecution.constant = '{seconds}s'\n\
             arrivals.timer = {{ period = '1h', phase = '{at}s' }}\n"
        )
    };
    let functions = [("long", 0, 10, 1), ("f", 1, 2, 1), ("g", 2, 1, 3)].map(function).concat();
    let keys = worker(1, 3, "cores = 'exclusive'") + "policy.scheduling.shortest_remaining = {}";
    let run = support::run(&format!("scenario = {{ duration = '1h', replications = 1 }}\n{keys}\n{functions}"))
        .runs
        .remove(0);
    let responses: Vec<f64> = run.functions.iter().map(|function| function.response_ms.max).collect();
    assert_eq!(responses, [12e3, 2e3, 11e3]);
}

#[test]
fn who_has_been_idle_longest_goes_when_memory_is_needed() {
    let rows = [(0, S, "f"), (2 * S, S, "g"), (4 * S, S, "h"), (6 * S, S, "g"), (8 * S, S, "f")];
    let run = replay(&rows, &(worker(4, 2, "") + "policy.keep_alive.infinite = {}"));
    assert_eq!(run.summary.invocations, completed(4, 1, 0));
    assert_eq!(run.summary.instances.evicted, 2, "f for h, then h for f");
}

#[test]
fn nobody_goes_for_an_instance_that_would_not_fit_all_the_same() {
    // f is busy when g comes: evicting nobody helps, g waits for f's memory.
    let run = replay(&[(0, 5 * S, "f"), (S, S, "g")], &worker(4, 1, ""));
    assert_eq!(run.summary.invocations, completed(2, 0, 0));
    assert_eq!(run.summary.latency_ms.queueing.max, 4e3);
    assert_eq!(run.summary.instances.evicted, 1);
}

#[test]
fn what_can_never_fit_is_refused_at_once() {
    let keys = "policy.load_balancing.least_connections = {}\nplatform.workers = [{ cores = 1, memory = '512 MiB' }]\n";
    let run = replay(&[(0, S, "f")], keys);
    assert_eq!(run.summary.invocations, Invocations { arrived: 1, unplaceable: 1, ..Invocations::default() });
}

#[test]
fn queues_are_bounded_in_length_and_in_time() {
    let rows = [(0, 3 * S, "f"), (0, S, "f"), (0, S, "f"), (0, S, "f")];
    let run = replay(&rows, &worker(1, 1, "cores = 'exclusive', worker_queue = { length = 2 }"));
    assert_eq!(run.summary.invocations, Invocations { arrived: 4, dropped: 1, ..completed(1, 0, 2) });
    let run = replay(&rows, &worker(1, 1, "cores = 'exclusive', worker_queue = { wait = '3s' }"));
    assert_eq!(run.summary.invocations, Invocations { arrived: 4, dropped: 2, ..completed(1, 0, 1) });
}

#[test]
fn without_a_load_balancer_any_instance_serves_and_placement_finds_room() {
    let keys = "platform.workers = [{ count = 2, cores = 1, memory = '2 GiB' }]\npolicy.placement.worst_fit = {}\n";
    let rows: Vec<Row> = [0, 0, 0, 0, 0].map(|at| (at, S, "f")).to_vec();
    // Four fit, the fifth waits for one of them.
    let run = replay(&rows, keys);
    assert_eq!(run.summary.invocations, completed(4, 0, 1));
    assert_eq!(run.summary.balance.workers, 2);
    assert!(same(run.summary.balance.peak_to_mean, 1.2), "3 and 2: {:?}", run.summary.balance);
}

#[test]
fn a_fast_worker_is_fast_and_neighbours_slow_one_another() {
    let fast = "platform.workers = [{ cores = 2, memory = '8 GiB', speed = 2.0 }]\n";
    assert_eq!(replay(&[(0, S, "f")], fast).summary.latency_ms.execution.max, 500.0);
    let neighbours = worker(2, 8, "interference = 0.5");
    let run = replay(&[(0, S, "f"), (0, S, "g")], &neighbours);
    assert_eq!(run.summary.latency_ms.execution.max, 1250.0, "one other on two cores: a quarter slower");
    assert!(same(run.summary.latency_ms.execution.mean, 1125.0), "the first began alone");
}

#[test]
fn initialisation_can_share_the_cores() {
    let start = "platform.cold_start = { sandbox.constant = '1s', init.constant = '1s' }\n";
    let rows = [(0, S, "f"), (0, S, "g")];
    let run = replay(&rows, &(worker(1, 2, "cores = 'shared', init_on_cores = true") + start));
    // 1 s of sandbox, 2 s for two initialisations, 2 s for two executions.
    assert!(same(run.summary.latency_ms.response.max, 5e3), "{:?}", run.summary.latency_ms.response);
    assert!(same(run.summary.latency_ms.cold_start.max, 3e3));
}

#[test]
fn images_are_fetched_once_and_starts_take_turns() {
    let start = "platform.cold_start.code.constant = '4s'\npolicy.keep_alive.none = {}\n";
    let rows = [(0, S, "f"), (10 * S, S, "f")];
    let run = replay(&rows, &(worker(1, 1, "image_cache = '10 GiB'") + start));
    assert_eq!((run.summary.latency_ms.cold_start.max, run.summary.stages_ms.code), (4e3, 2e3));
    let run = replay(&[(0, S, "f"), (0, S, "g"), (0, S, "h")], &worker(4, 8, "creation_rate = '2/s'"));
    assert_eq!(run.summary.latency_ms.cold_start.max, 1e3, "the third waits for two turns of half a second");
}

#[test]
fn a_balancer_may_know_loads_of_yesterday() {
    let keys = "policy.load_balancing.least_connections = {}\n\
                platform.workers = [{ count = 2, cores = 9, memory = '9 GiB' }]\n";
    let rows: Vec<Row> = (0..4).map(|at| (at * S, 50 * S, "f")).collect();
    assert!(same(replay(&rows, keys).summary.balance.peak_to_mean, 1.0));
    let old = replay(&rows, &format!("{keys}platform.cluster.report_every = '1h'"));
    assert!(old.summary.balance.peak_to_mean >= 1.0, "only chance balances: {:?}", old.summary.balance);
}

#[test]
fn provisioned_instances_serve_those_who_wait() {
    let keys = "platform.workers = [{ cores = 4, memory = '1 GiB' }]\ndefaults.provisioned = 1\n";
    assert_eq!(replay(&[(0, S, "f"), (0, S, "f")], keys).summary.invocations, completed(0, 1, 1));
}

#[test]
fn who_waits_for_a_worker_counts_against_the_limit_of_the_function() {
    let rows = [(0, S, "f"), (0, S, "f"), (0, S, "f"), (0, S, "f")];
    let run = replay(&rows, &(worker(1, 8, "cores = 'exclusive'") + "platform.limits.function_concurrency = 2"));
    assert_eq!(run.summary.invocations, Invocations { arrived: 4, throttled: 2, ..completed(1, 0, 1) });
}

#[test]
fn who_gives_up_at_a_worker_makes_room_under_the_limit() {
    let rules = "cores = 'exclusive', worker_queue = { wait = '1s' }";
    let keys = worker(1, 8, rules) + "platform.limits = { function_concurrency = 1, queue = {} }";
    // One f waits at the worker from 0 to 1 s, the other from 1 s to 2 s.
    let run = replay(&[(0, 5 * S, "g"), (0, S, "f"), (0, S, "f")], &keys);
    assert_eq!(run.summary.invocations, Invocations { arrived: 3, dropped: 2, ..completed(1, 0, 0) });
}

#[test]
fn a_stay_in_one_queue_does_not_end_with_the_patience_of_another() {
    let keys = "policy.load_balancing.late_binding = {}\nplatform.workers = [{ cores = 2, memory = '1 GiB' }]\n\
                platform.cluster = { front_queue = { wait = '2s' }, worker_queue = { wait = '9s' } }";
    // h waits at the front door from 1 s to 2 s and for memory until 6 s.
    let run = replay(&[(0, 2 * S, "f"), (0, 4 * S, "g"), (S, S, "h")], keys);
    assert_eq!(run.summary.invocations, completed(3, 0, 0));
}

#[test]
fn balancers_hear_of_those_who_give_up() {
    let keys = "policy.load_balancing.late_binding = {}\nplatform.workers = [{ cores = 2, memory = '1 GiB' }]\n\
                platform.cluster.worker_queue.wait = '1s'";
    // Twice a g takes the second core and finds no memory; h needs a core later.
    let run = replay(&[(0, 5 * S, "f"), (0, S, "g"), (2 * S, S, "g"), (10 * S, S, "h")], keys);
    assert_eq!(run.summary.invocations, Invocations { arrived: 4, dropped: 2, ..completed(2, 0, 0) });
}

#[test]
fn a_balancer_that_chooses_a_worker_that_is_too_small_loses_the_invocation() {
    let keys = "policy.load_balancing.round_robin = {}\n\
                platform.workers = [{ cores = 1, memory = '512 MiB' }, { cores = 1, memory = '4 GiB' }]";
    let rows: Vec<Row> = (0..4).map(|at| (10 * at * S, S, "f")).collect();
    let run = replay(&rows, keys);
    assert_eq!(run.summary.invocations, Invocations { arrived: 4, unplaceable: 2, ..completed(1, 1, 0) });
}

#[test]
fn an_instance_that_goes_at_once_serves_those_who_wait_at_its_worker_first() {
    let run =
        replay(&[(0, S, "f"), (0, S, "f")], &(worker(1, 1, "cores = 'exclusive'") + "policy.keep_alive.none = {}"));
    assert_eq!(run.summary.invocations, completed(1, 0, 1));
}
