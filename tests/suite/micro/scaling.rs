//! Instances that nobody has asked for yet, by hand.

use super::replay::{S, completed, instance_seconds, replay, same};

#[test]
fn replicas_serve_one_after_the_other() {
    let keys = "policy.autoscaling.fixed_replicas = { replicas = 2 }\nplatform.cold_start.init.constant = '1s'";
    let run = replay(&[(10 * S, 4 * S, "f"), (10 * S, 4 * S, "f"), (10 * S, 4 * S, "f")], keys);
    assert_eq!(run.summary.invocations, completed(0, 2, 1));
    assert_eq!(run.summary.latency_ms.queueing.max, 4e3);
    assert!(same(instance_seconds(&run), 200.0), "two from the start to the end");
}

#[test]
fn who_comes_before_the_replicas_are_ready_waits_for_them() {
    let keys = "policy.autoscaling.fixed_replicas = { replicas = 1 }\nplatform.cold_start.init.constant = '5s'";
    let run = replay(&[(S, S, "f"), (2 * S, S, "f")], keys);
    assert_eq!(run.summary.invocations, completed(0, 0, 2));
    assert_eq!(run.summary.latency_ms.response.max, 5e3, "both at 5 s and 6 s: 5 s after 1 s, and 7 s less 2 s");
}

#[test]
fn a_floor_starts_instances_ahead_and_again() {
    let keys = "policy.prewarm.floor = { instances = 1 }\npolicy.keep_alive.fixed = { ttl = '10s' }\n\
                platform.cold_start.init.constant = '1s'";
    let run = replay(&[(5 * S, S, "f"), (50 * S, S, "f")], keys);
    assert_eq!(run.summary.invocations, completed(0, 2, 0));
    assert!(instance_seconds(&run) > 99.0, "there is always one: {}", instance_seconds(&run));
}

#[test]
fn replicas_find_room_on_workers() {
    let keys = "policy.autoscaling.fixed_replicas = { replicas = 3 }\n\
                platform.workers = [{ count = 2, cores = 1, memory = '1 GiB' }]";
    let run = replay(&[(S, S, "f"), (S, S, "f"), (S, S, "f")], keys);
    assert_eq!(run.summary.invocations, completed(0, 2, 1));
    assert!(same(instance_seconds(&run), 200.0), "the third has no room");
}

#[test]
fn an_instance_of_an_app_serves_whichever_of_its_functions_waits() {
    let keys = "policy.autoscaling.fixed_replicas = { replicas = 1 }\nplatform.scale_by = 'app'";
    let run = replay(&[(10 * S, S, "f"), (10 * S, S, "g")], keys);
    assert_eq!(run.summary.invocations, completed(0, 1, 1));
}

#[test]
fn provisioned_instances_that_crash_are_replaced() {
    let run = replay(&[(0, S, "f"), (10 * S, S, "f")], "defaults = { provisioned = 1, crash_rate = 1.0 }");
    assert_eq!(run.summary.invocations.failed, 2);
    assert!(instance_seconds(&run) > 99.0, "there is always one: {}", instance_seconds(&run));
}

#[test]
fn replicas_that_find_no_room_do_not_evict_one_another() {
    let keys = "policy.autoscaling.fixed_replicas = { replicas = 2 }\n\
                platform.workers = [{ cores = 4, memory = '3 GiB' }]";
    let run = replay(&[(10 * S, S, "f"), (20 * S, S, "g")], keys);
    assert_eq!(run.summary.invocations, completed(0, 2, 0));
    assert_eq!((run.summary.instances.started, run.summary.instances.evicted), (3, 0), "two and one");
}
