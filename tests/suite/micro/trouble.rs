//! What goes wrong, and what callers do then, by hand.

use coldcast::metrics::Invocations;

use super::replay::{S, completed, replay, same};

#[test]
fn a_refused_call_is_tried_again_and_counts_once() {
    let keys = "platform.limits.function_concurrency = 1\n\
                defaults.client.retries = { attempts = 3, base = '1s', jitter = false }";
    // Refused at 0, at 1 s (back-off 1 s) and served at 3 s (back-off 2 s).
    let run = replay(&[(0, 2 * S, "f"), (0, S, "f")], keys);
    assert_eq!(run.summary.invocations, Invocations { retried: 2, ..completed(1, 1, 0) });
    assert!(same(run.summary.latency_ms.response.max, 4e3), "from the first arrival: {:?}", run.summary.latency_ms);
    let run = replay(&[(0, 5 * S, "f"), (0, S, "f")], keys);
    let lost = Invocations { arrived: 2, throttled: 1, retried: 2, ..completed(1, 0, 0) };
    assert_eq!(run.summary.invocations, Invocations { arrived: 2, ..lost });
}

#[test]
fn an_asynchronous_call_that_fails_waits_a_minute_then_goes_to_the_dead_letters() {
    let keys = "defaults = { error_rate = 1.0, client.asynchronous = { retries = 1 } }";
    let run = replay(&[(0, S, "f")], keys);
    let failed = Invocations { arrived: 1, failed: 1, dead_lettered: 1, retried: 1, ..Invocations::default() };
    assert_eq!(run.summary.invocations, failed);
    assert!(same(run.summary.instances.busy * 100.0, 2.0), "executed twice");
    let thrice = replay(&[(0, S, "f")], "defaults = { error_rate = 1.0, client.asynchronous = {} }");
    assert_eq!(thrice.summary.invocations, Invocations { retried: 2, ..failed }, "the third try is after the window");
}

#[test]
fn failures_are_billed() {
    let keys = "defaults = { error_rate = 1.0, client.retries = { attempts = 4, base = '1s' } }\n\
                pricing.linear = { per_gb_second = '1 USD', per_request = '1 USD' }";
    let run = replay(&[(0, S, "f")], keys);
    assert_eq!((run.summary.invocations.failed, run.summary.invocations.retried), (1, 3));
    assert!(same(run.summary.cost.unwrap().total, 8.0), "four executions of a second and a GB, four requests");
}

#[test]
fn a_crash_takes_the_instance_with_it() {
    let keys = "defaults.crash_rate = 1.0\nplatform.concurrency = 2";
    let run = replay(&[(0, 10 * S, "f"), (0, 20 * S, "f"), (50 * S, S, "f")], keys);
    assert_eq!((run.summary.invocations.failed, run.summary.instances.started), (3, 2));
    assert!(run.summary.instances.busy * 100.0 < 21.0);
}

/// The only worker is away nearly all the time.
#[test]
fn what_runs_on_a_worker_that_stops_fails_and_the_rest_waits_for_its_return() {
    let keys = "policy.load_balancing.least_connections = {}\nplatform.workers = [{ cores = 4, memory = '8 GiB' }]\n\
                platform.cluster.outages = { mean_time_between = '1s', mean_time_to_repair = '1s' }\n";
    let rows: Vec<_> = (0..40).map(|i| (i * S, 20 * S, "f")).collect();
    let run = replay(&rows, keys);
    let Invocations { arrived, failed, completed, open, .. } = run.summary.invocations;
    assert_eq!((arrived, failed + completed + open), (40, 40));
    assert!(failed > 30, "an execution of 20 s survives once in e^20: {failed}");
    let retried =
        replay(&rows, &format!("{keys}defaults.client.retries = {{ attempts = 100, base = '1s', cap = '1s' }}"));
    assert!(retried.summary.invocations.retried > 300, "{:?}", retried.summary.invocations);
    let Invocations { failed, completed, open, .. } = retried.summary.invocations;
    assert_eq!((failed + completed, open), (40, 0), "who tries again has an end, too, be it after the window");
}

/// A long execution gives way to short ones again and again, and the worker stops meanwhile.
#[test]
fn what_was_preempted_on_a_worker_that_stops_holds_no_core() {
    let keys = "policy = { load_balancing.least_connections = {}, scheduling.shortest_remaining = {} }\n\
                platform.workers = [{ cores = 1, memory = '80 GiB' }]\n\
                platform.cluster = { cores = 'exclusive', outages = { mean_time_between = '5s', mean_time_to_repair = '1s' } }\n";
    let mut rows: Vec<_> = (0..40).map(|i| (2 * i * S + 1, S, "short")).collect();
    rows.insert(0, (0, 60 * S, "long"));
    let run = replay(&rows, keys);
    let Invocations { failed, completed, .. } = run.summary.invocations;
    assert_eq!(failed + completed, 41);
    assert!(failed > 5 && completed > 20, "one core serves one at a time: {:?}", run.summary.invocations);
    assert!(run.summary.instances.busy * 100.0 < 100.0);
}

/// Both fail at once and try again 0.1 s later. The second waits from 0 to 1.2 s, then from 2.5 s to 3.6 s: never 3 s at a time.
#[test]
fn patience_begins_anew_with_each_try() {
    let keys = "policy.load_balancing.least_connections = {}\nplatform.workers = [{ cores = 1, memory = '2 GiB' }]\n\
                platform.cluster = { cores = 'exclusive', worker_queue = { wait = '3s' } }\n\
                defaults = { error_rate = 1.0, client.retries = { attempts = 2, base = '100ms', jitter = false } }";
    let run = replay(&[(0, 12 * S / 10, "f"), (0, 12 * S / 10, "f")], keys);
    assert_eq!(run.summary.invocations, Invocations { arrived: 2, failed: 2, retried: 2, ..Invocations::default() });
}

#[test]
fn a_rate_limit_at_the_front_door() {
    let keys = "platform.limits.request_rate = { burst = 2, refill = '1/s' }";
    let rows = [(0, S, "f"), (0, S, "f"), (0, S, "f"), (S, S, "f")];
    let run = replay(&rows, keys);
    assert_eq!(run.summary.invocations, Invocations { arrived: 4, throttled: 1, ..completed(2, 1, 0) });
}

#[test]
fn decisions_take_time_that_grows_with_the_load() {
    let keys = "platform.overheads.function = { scheduling = { per_load = '1s', fixed = '500ms' } }\n\
                platform.overheads.container.balancing.fixed = '250ms'";
    let run = replay(&[(0, 10 * S, "f"), (0, 10 * S, "f")], keys);
    // The first finds no other, the second one: 0.75 s and 1.75 s.
    assert!(same(run.summary.latency_ms.response.max, 11.75e3), "{:?}", run.summary.latency_ms.response);
    assert_eq!((run.summary.stages_ms.scheduling, run.summary.stages_ms.balancing), (1e3, 250.0));
    assert_eq!(run.summary.invocations, completed(2, 0, 0));
}

#[test]
fn who_tries_again_knocks_at_the_same_door() {
    let keys = "platform.limits.request_rate = { burst = 1, refill = '1/m' }\n\
                defaults.client.retries = { attempts = 3, base = '1s', jitter = false }";
    let run = replay(&[(0, S, "f"), (0, S, "f")], keys);
    assert_eq!(run.summary.invocations, Invocations { arrived: 2, throttled: 1, retried: 2, ..completed(1, 0, 0) });
}

#[test]
fn who_waits_for_a_decision_is_not_delayed_by_an_instance() {
    let keys = "platform.overheads.function.scheduling.fixed = '1s'";
    assert_eq!(replay(&[(0, S, "f"), (10 * S, S, "f")], keys).summary.invocations, completed(1, 1, 0));
}

/// Starting, executing and paused invocations.
#[test]
fn a_worker_that_stops_takes_all_with_it_whatever_its_cores_do() {
    let outages = "outages = { mean_time_between = '9s', mean_time_to_repair = '1s' }";
    let start = "platform.cold_start.init.constant = '1s'\npolicy.load_balancing.least_connections = {}\n\
                 platform.workers = [{ cores = 1, memory = '4 GiB' }]\n";
    let rows: Vec<_> = (0..80).map(|i| (i * S, (1 + i % 3) * S / 4, ["f", "g", "h"][i as usize % 3])).collect();
    for rules in [
        format!("platform.cluster = {{ cores = 'shared', init_on_cores = true, {outages} }}"),
        format!("platform.cluster = {{ cores = 'exclusive', {outages} }}\npolicy.scheduling.shortest_remaining = {{}}"),
    ] {
        let run = replay(&rows, &format!("{start}{rules}"));
        let Invocations { arrived, failed, completed, open, .. } = run.summary.invocations;
        assert_eq!((arrived, failed + completed + open), (80, 80));
        assert!(failed > 5 && completed > 5, "{rules}: {failed} failed, {completed} completed");
    }
}
