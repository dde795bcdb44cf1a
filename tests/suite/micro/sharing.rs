//! Several invocations or functions in one instance.

use super::replay::{S, completed, instance_seconds, replay, same};

#[test]
fn an_instance_that_starts_takes_as_many_as_it_can_execute() {
    let keys = "platform.concurrency = 2\nplatform.cold_start.sandbox.constant = '1s'\npolicy.keep_alive.none = {}";
    let run = replay(&[(0, 2 * S, "f"), (S / 2, 2 * S, "f"), (S / 2, S, "f")], keys);
    assert_eq!(run.summary.invocations, completed(2, 0, 1));
    let latency = run.summary.latency_ms;
    assert_eq!((latency.queueing.max, latency.cold_start.mean), (500.0, 1_000.0));
    assert_eq!(latency.response.mean, (3_000.0 + 2_500.0 + 2_000.0) / 3.0);
    assert_eq!((latency.execution.max, run.response_warm.max().as_millis_f64()), (2_000.0, 2_500.0));
    assert!(same(run.summary.instances.starting * 100.0, 2.0));
    assert!(same(run.summary.instances.busy * 100.0, 2.0 + 1.0), "two at once are busy once");
}

#[test]
fn room_in_a_busy_instance_is_used_before_a_new_one_is_started() {
    let keys = "platform.concurrency = 2";
    let run = replay(&[(0, 10 * S, "f"), (S, S, "f"), (3 * S, S, "f"), (3 * S, S, "f")], keys);
    assert_eq!(run.summary.invocations, completed(2, 2, 0));
}

#[test]
fn functions_of_an_app_share_instances_where_the_platform_scales_by_app() {
    let rows = [(0, S, "a"), (2 * S, S, "b"), (4 * S, S, "a")];
    assert_eq!(replay(&rows, "platform.scale_by = 'app'").summary.invocations, completed(1, 2, 0));
    let run = replay(&rows, "platform.scale_by = 'function'");
    assert_eq!(run.summary.invocations, completed(2, 1, 0));
    assert_eq!(run.functions.iter().map(|f| f.invocations.cold).collect::<Vec<_>>(), [1, 1]);
}

/// The place of an instance that is gone is used again: by now it may hold an instance of another function.
#[test]
fn an_invocation_never_waits_for_an_instance_of_another_function() {
    let keys = "platform.concurrency = 2\nplatform.cold_start.init.constant = '1s'\npolicy.keep_alive.none = {}";
    let run = replay(&[(0, S, "a"), (10 * S, S, "b"), (10 * S + 1, S, "a")], keys);
    assert_eq!(run.summary.invocations, completed(3, 0, 0));
    assert!(same(instance_seconds(&run), 6.0));
}
