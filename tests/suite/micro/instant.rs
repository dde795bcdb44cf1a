//! The order within one instant: ends, instances that become ready, arrivals, expiries, the end of patience.

use coldcast::metrics::Invocations;

use super::replay::{S, completed, replay};

#[test]
fn an_instance_freed_at_an_instant_serves_an_arrival_at_it() {
    let run = replay(&[(0, S, "f"), (S, S, "f")], "");
    assert_eq!(run.summary.invocations, completed(1, 1, 0));
    let run = replay(&[(0, S, "f"), (S - 1, S, "f")], "");
    assert_eq!(run.summary.invocations, completed(2, 0, 0));
}

#[test]
fn a_gap_equal_to_the_keep_alive_is_still_warm() {
    let keys = "policy.keep_alive.fixed = { ttl = '10s' }";
    assert_eq!(replay(&[(0, S, "f"), (11 * S, S, "f")], keys).summary.invocations, completed(1, 1, 0));
    assert_eq!(replay(&[(0, S, "f"), (11 * S + 1, S, "f")], keys).summary.invocations, completed(2, 0, 0));
}

#[test]
fn an_instance_is_ready_before_an_arrival_at_the_same_instant() {
    let keys = "platform.concurrency = 2\nplatform.cold_start.init.constant = '1s'";
    let run = replay(&[(0, 5 * S, "f"), (S, S, "f")], keys);
    assert_eq!(run.summary.invocations, completed(1, 1, 0));
    let run = replay(&[(0, 5 * S, "f"), (S - 1, S, "f")], keys);
    assert_eq!(run.summary.invocations, completed(1, 0, 1));
    assert_eq!(run.summary.latency_ms.queueing.max, 1e-6, "one nanosecond");
}

#[test]
fn patience_that_ends_with_an_execution_was_long_enough() {
    let keys = "platform.limits = { function_concurrency = 1, queue = { wait = '1s' } }";
    assert_eq!(replay(&[(0, S, "f"), (0, S, "f")], keys).summary.invocations, completed(1, 0, 1));
    let dropped = Invocations { arrived: 2, completed: 1, cold: 1, dropped: 1, ..Invocations::default() };
    assert_eq!(replay(&[(0, S + 1, "f"), (0, S, "f")], keys).summary.invocations, dropped);
}

#[test]
fn arrivals_of_one_instant_keep_their_order() {
    let keys = "platform.limits = { function_concurrency = 1, queue = {} }";
    for (first, second, total) in [(1, 5, 7.0), (5, 1, 11.0)] {
        let run = replay(&[(0, first * S, "f"), (0, second * S, "f")], keys);
        assert_eq!(run.summary.invocations, completed(1, 0, 1));
        assert_eq!(run.summary.latency_ms.response.mean, total / 2.0 * 1e3, "{first} s, then {second} s");
    }
}

#[test]
fn at_the_end_of_the_window_executions_go_on_and_arrivals_no_longer_count() {
    let run = replay(&[(98 * S, 2 * S, "f"), (98 * S, 2 * S + 1, "f"), (100 * S, 0, "f")], "");
    assert_eq!(run.summary.invocations, completed(2, 0, 0));
    assert_eq!(run.summary.latency_ms.response.max, 2_000.000001);
}

#[test]
fn what_arrives_in_the_warm_up_is_simulated_but_not_counted() {
    let run = replay(&[(0, S, "f"), (50 * S - 1, S, "f"), (50 * S, S, "f")], "scenario.warm_up = '50s'");
    assert_eq!(run.summary.invocations, completed(1, 0, 0), "the only idle instance was busy");
    // Two instances to the end of the run, but for the nanosecond before the second one is busy: it was so before the window.
    assert_eq!(run.summary.instances.mean, 2.0);
}
