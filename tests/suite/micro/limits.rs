//! Concurrency limits, queues, provisioned concurrency and the scaling rate.

use coldcast::metrics::Invocations;

use super::replay::{S, completed, instance_seconds, replay, same};
use crate::support;

/// Some were completed, the others throttled.
fn throttled(throttled: u64, others: Invocations) -> Invocations {
    Invocations { arrived: others.completed + throttled, throttled, ..others }
}

#[test]
fn provisioned_instances_come_first_and_the_rest_spills_over() {
    let keys =
        "defaults.provisioned = 1\nplatform.cold_start.init.constant = '1s'\npolicy.keep_alive.fixed = { ttl = '3s' }";
    let rows = [(0, 5 * S, "f"), (S, 5 * S, "f"), (8 * S, S, "f")];
    let run = replay(&rows, keys);
    assert_eq!(run.summary.invocations, completed(1, 2, 0));
    // The second instance starts at 1 s, executes from 2 s to 7 s, and is not used again.
    assert!(same(instance_seconds(&run), 100.0 + 9.0));
    assert_eq!((run.summary.instances.started, run.summary.instances.expired), (1, 1));
}

#[test]
fn a_function_at_its_limit_is_throttled() {
    let keys = "platform.limits.function_concurrency = 2";
    let rows = [(0, S, "f"), (0, S, "f"), (S - 1, S, "f"), (S, S, "f"), (S, S, "g")];
    assert_eq!(replay(&rows, keys).summary.invocations, throttled(1, completed(3, 1, 0)));
}

#[test]
fn the_queue_is_first_come_first_served() {
    let keys = "platform.limits = { function_concurrency = 1, queue = {} }";
    let run = replay(&[(0, S, "f"), (S / 10, 5 * S, "f"), (S / 5, 2 * S, "f")], keys);
    assert_eq!(run.summary.invocations, completed(1, 0, 2));
    assert!(same(run.summary.latency_ms.response.mean * 3.0, 1_000.0 + 5_900.0 + 7_800.0));
    assert!(same(run.summary.latency_ms.queueing.mean * 3.0, 900.0 + 5_800.0));
}

#[test]
fn an_arrival_does_not_overtake_those_who_wait() {
    let keys = "platform.limits = { function_concurrency = 1, queue = {} }";
    let run = replay(&[(0, S, "f"), (S / 2, S, "f"), (S, S, "f")], keys);
    assert_eq!(run.summary.invocations, completed(1, 0, 2));
    assert_eq!(run.summary.latency_ms.response.mean, 1_500.0);
    assert_eq!(run.summary.latency_ms.response.max, 2_000.0);
}

/// Functions of an app share instances and a queue, but each has its own limit: one that waits does not stop the others.
#[test]
fn functions_of_an_app_wait_for_their_own_limit_only() {
    let keys = "platform.scale_by = 'app'\nplatform.limits = { function_concurrency = 1, queue = {} }";
    let rows = [(0, 9 * S, "a"), (0, S, "b"), (1, S, "a"), (2, S, "b"), (2 * S, S, "b")];
    let run = replay(&rows, keys);
    assert_eq!(run.summary.invocations, completed(2, 1, 2));
    let longest = |function: usize| run.functions[function].response_ms.max;
    assert_eq!((longest(0), longest(1)), (1e4 - 1e-6, 2e3 - 2e-6));
}

#[test]
fn a_queue_has_a_length() {
    let keys = "platform.limits = { function_concurrency = 1, queue = { length = 1 } }";
    let run = replay(&[(0, S, "f"), (1, S, "f"), (2, S, "f"), (S, S, "f"), (S, S, "f")], keys);
    let expected = Invocations { arrived: 5, dropped: 2, ..completed(1, 0, 2) };
    assert_eq!(run.summary.invocations, expected);
}

/// The limit of the function would admit it, but nothing can be started for it: it must not wait for ever.
#[test]
fn who_comes_to_the_head_of_the_queue_in_vain_leaves_it() {
    let keys = "platform.limits = { function_concurrency = 1, queue = {}, scaling_rate = { burst = 1, refill = '0/s' } }\n\
                platform.timeout = '1s'";
    let run = replay(&[(0, 2 * S, "f"), (0, S, "f"), (2 * S, S, "f")], keys);
    let expected = Invocations { arrived: 3, timed_out: 1, dropped: 1, throttled: 1, ..Invocations::default() };
    assert_eq!(run.summary.invocations, expected);
}

#[test]
fn an_account_at_its_limit_throttles_all_its_functions() {
    let rows = [(0, 5 * S, "a"), (0, 5 * S, "b"), (5 * S - 1, S, "a"), (5 * S, S, "c"), (5 * S, S, "a")];
    let run = replay(&rows, "platform.limits.account_concurrency = 2");
    assert_eq!(run.summary.invocations, throttled(1, completed(3, 1, 0)));
    let run = replay(&rows, "platform.limits.account_concurrency = 3");
    assert_eq!(run.summary.invocations, completed(4, 1, 0));
}

#[test]
fn provisioned_instances_count_against_the_account_even_when_idle() {
    let keys = "platform.limits.account_concurrency = 3\ndefaults.provisioned = 1";
    // Functions a and b have one each: a third place is left for both.
    let rows = [(0, S, "a"), (0, S, "a"), (0, S, "a"), (0, S, "b"), (0, S, "b")];
    assert_eq!(replay(&rows, keys).summary.invocations, throttled(2, completed(1, 2, 0)));
}

/// Two functions, each invoked by ten or so bursts of this many: what became of each one's invocations, for a single burst.
fn of_each_burst(size: u64, first: &str, second: &str, keys: &str) -> [(f64, f64); 2] {
    let run = support::run(&format!(
        "scenario = {{ duration = '10h', replications = 1 }}\n{keys}\n\
         [[function]]\nname = 'first'\n{first}\n[[function]]\nname = 'second'\n{second}\n\
         [defaults]\nexecution.constant = '5s'\nmemory = '512 MiB'\n"
    ))
    .runs
    .remove(0);
    [0, 1].map(|function| {
        let of = &run.functions[function].invocations;
        assert!(of.arrived >= 5 * size, "enough bursts: {of:?}");
        let bursts = of.arrived as f64 / size as f64;
        (of.completed as f64 / bursts, of.throttled as f64 / bursts)
    })
}

/// 900 of the 1,000 are reserved by a function that hardly needs them.
#[test]
fn what_a_function_reserves_others_cannot_use() {
    let burst = "arrivals.batches = { rate = '1/h', size.constant = 500 }";
    let lambda = "platform.preset = 'aws-lambda'";
    let reserving = format!("{burst}\nconcurrency_limit = 900");
    assert_eq!(of_each_burst(500, &reserving, burst, lambda), [(500.0, 0.0), (100.0, 400.0)]);
    assert_eq!(of_each_burst(500, burst, burst, lambda), [(500.0, 0.0), (500.0, 0.0)]);
    let stopped = format!("{burst}\nconcurrency_limit = 0");
    assert_eq!(of_each_burst(500, &stopped, burst, lambda), [(0.0, 500.0), (500.0, 0.0)]);
    // Elsewhere the limit of a function is a cap only.
    let cap = "platform.limits.account_concurrency = 1000";
    assert_eq!(of_each_burst(500, &reserving, burst, cap), [(500.0, 0.0), (500.0, 0.0)]);
}

/// Of ten: two are provisioned within the three that the first function reserves, so that seven are left to the second.
#[test]
fn provisioned_instances_count_within_what_their_function_reserves() {
    let burst = "arrivals.batches = { rate = '1/h', size.constant = 20 }";
    let first = format!("{burst}\nprovisioned = 2\nconcurrency_limit = 3");
    let keys = "platform.limits = { account_concurrency = 10, least_unreserved = 7 }";
    assert_eq!(of_each_burst(20, &first, burst, keys), [(3.0, 17.0), (7.0, 13.0)]);
    // The second provisions what it does from those seven.
    let second = format!("{burst}\nprovisioned = 4");
    let keys = "platform.limits = { account_concurrency = 10, least_unreserved = 3 }";
    assert_eq!(of_each_burst(20, &first, &second, keys), [(3.0, 17.0), (7.0, 13.0)]);
}

#[test]
fn new_instances_need_a_token_and_warm_starts_none() {
    let keys = "platform.limits.scaling_rate = { burst = 2, refill = '1/s' }";
    let burst = [(0, 9 * S, "f"), (0, S / 2, "f"), (0, S, "f"), (0, S, "f")];
    let later = [(S / 2, S, "f"), (S, 9 * S, "f"), (S, S, "f"), (2 * S - 1, S, "f"), (2 * S - 1, S, "f")];
    // At 0 s two start; the one freed at 0.5 s is used again; the token of 1 s starts a third; at 2 s - 1 ns the second is idle, and
    // no token has come back.
    let run = replay(&[&burst[..], &later[..]].concat(), keys);
    assert_eq!(run.summary.invocations, throttled(4, completed(3, 2, 0)));
    // Tokens are not saved up beyond the burst.
    let rows = [(90 * S, 9 * S, "f"), (90 * S, 9 * S, "f"), (90 * S, 9 * S, "f")];
    assert_eq!(replay(&rows, keys).summary.invocations, throttled(1, completed(2, 0, 0)));
}
