//! How long idle instances stay.

use coldcast::metrics::Invocations;

use super::replay::{S, completed, instance_seconds, replay, same};

#[test]
fn a_fixed_keep_alive_is_renewed_on_each_use() {
    let rows = [0, 8, 16, 24].map(|at| (at * S, 0, "f"));
    let run = replay(&rows, "policy.keep_alive.fixed = { ttl = '10s' }");
    assert_eq!(run.summary.invocations, completed(1, 3, 0));
    assert!(same(instance_seconds(&run), 34.0), "from 0 s to 24 s + 10 s");
    assert_eq!(run.summary.instances.expired, 1);
}

#[test]
fn without_keep_alive_every_invocation_is_cold_and_nothing_is_idle() {
    let run = replay(&[(0, S, "f"), (S, S, "f"), (3 * S, S, "f")], "policy.keep_alive.none = {}");
    assert_eq!(run.summary.invocations, completed(3, 0, 0));
    assert_eq!((run.summary.instances.idle, run.summary.instances.started), (0.0, 3));
    assert!(same(instance_seconds(&run), 3.0));
}

#[test]
fn an_infinite_keep_alive_is_cold_once_per_level_of_concurrency() {
    let rows = [(0, S, "f"), (30 * S, S, "f"), (60 * S, S, "f"), (60 * S, S, "f"), (90 * S, S, "f"), (90 * S, S, "f")];
    let run = replay(&rows, "policy.keep_alive.infinite = {}");
    assert_eq!(run.summary.invocations, completed(2, 4, 0));
    assert_eq!(run.summary.instances.expired, 0);
    assert!(same(instance_seconds(&run), 140.0), "from 0 s and from 60 s to the end");
}

#[test]
fn the_keep_alive_of_initial_instances_begins_at_the_start() {
    let keys = "defaults.warm_at_start = 2\npolicy.keep_alive.fixed = { ttl = '10s' }";
    let rows = [(5 * S, S, "f"), (5 * S, S, "f"), (5 * S, S, "f")];
    assert_eq!(replay(&rows, keys).summary.invocations, completed(1, 2, 0));
    assert_eq!(replay(&[(10 * S, S, "f")], keys).summary.invocations, completed(0, 1, 0));
    let run = replay(&[(10 * S + 1, S, "f")], keys);
    assert_eq!(run.summary.invocations, completed(1, 0, 0));
    assert!(same(instance_seconds(&run), 10.0 + 10.0 + 11.0));
}

#[test]
fn a_time_out_stops_the_execution_and_removes_the_instance() {
    let run = replay(&[(0, S + 1, "f"), (3 * S, S, "f"), (5 * S, S, "f")], "platform.timeout = '1s'");
    let expected = Invocations { arrived: 3, completed: 2, cold: 1, warm: 1, timed_out: 1, ..Invocations::default() };
    assert_eq!(run.summary.invocations, expected, "an execution as long as the time-out is completed");
    assert_eq!(run.summary.instances.started, 2);
    assert!(same(instance_seconds(&run), 1.0 + 97.0), "from 0 s to 1 s, and from 3 s on");
}
