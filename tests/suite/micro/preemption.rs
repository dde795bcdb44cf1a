//! Executions that give way to shorter ones, by hand.

use coldcast::metrics::Invocations;

use super::replay::{S, completed, replay, same};

/// One worker with `cores` cores and room for `instances` instances, where the shortest remaining time goes first.
fn worker(cores: u32, instances: u32) -> String {
    format!(
        "policy.load_balancing.least_connections = {{}}\npolicy.scheduling.shortest_remaining = {{}}\n\
         platform.workers = [{{ cores = {cores}, memory = '{instances} GiB' }}]\nplatform.cluster.cores = 'exclusive'\n"
    )
}

#[test]
fn a_short_execution_goes_before_a_long_one() {
    let run = replay(&[(0, 10 * S, "f"), (S, S, "g")], &worker(1, 2));
    assert_eq!(run.summary.invocations, completed(2, 0, 0));
    assert!(same(run.summary.latency_ms.response.mean, (11e3 + 1e3) / 2.0));
}

#[test]
fn nobody_gives_way_to_who_would_find_no_memory() {
    let run = replay(&[(0, 10 * S, "f"), (S, S, "g")], &worker(1, 1));
    assert_eq!(run.summary.invocations, completed(2, 0, 0));
    assert!(same(run.summary.latency_ms.response.mean, (10e3 + 10e3) / 2.0), "{:?}", run.summary.latency_ms.response);
}

#[test]
fn a_time_out_comes_while_an_execution_is_paused() {
    let rows = [(0, 2500 * S / 1000, "f"), (S, 1400 * S / 1000, "g"), (2 * S, 1300 * S / 1000, "h")];
    let run = replay(&rows, &(worker(1, 3) + "defaults.timeout = '3s'"));
    // f runs to 1 s, g to 2.4 s, h to 3.7 s; f is stopped at 3 s.
    assert_eq!(run.summary.invocations, Invocations { arrived: 3, timed_out: 1, ..completed(2, 0, 0) });
    assert!(same(run.summary.instances.busy * 100.0, 3.0 + 1.4 + 1.3), "{}", run.summary.instances.busy);
}

#[test]
fn who_waits_for_a_start_does_not_give_way() {
    // f holds the core while its instance starts for 5 s; g, which is shorter, waits all the same.
    let run = replay(&[(0, 3 * S, "f"), (S, S, "g")], &(worker(1, 2) + "platform.cold_start.init.constant = '5s'"));
    assert_eq!(run.summary.invocations, completed(2, 0, 0));
    // g takes the core at 5 s, when f begins to execute, and starts until 10 s; f goes on at 11 s.
    assert!(same(run.summary.latency_ms.response.max, 14e3), "{:?}", run.summary.latency_ms.response);
}

#[test]
fn who_holds_a_core_has_it_alone_even_in_a_shared_instance() {
    let run = replay(&[(0, 2 * S, "f"), (S, 2 * S, "f")], &(worker(2, 1) + "platform.concurrency = 2"));
    assert_eq!(run.summary.invocations, completed(1, 1, 0));
    assert_eq!(run.summary.latency_ms.execution.max, 2e3);
}
