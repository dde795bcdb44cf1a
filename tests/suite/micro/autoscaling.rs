//! Published vectors of autoscalers, reproduced by arrivals: as many in each second as are to be in flight, of a second each.

use coldcast::experiment::Run;
use coldcast::metrics::TimelineRow;

use super::replay::{Row, S, replay_for};

/// From each second on, so many arrivals per second.
fn arrivals(phases: &[(u64, u64)], end: u64) -> Vec<Row> {
    let until = phases.iter().skip(1).map(|(from, _)| *from).chain([end]);
    let seconds = phases.iter().zip(until).flat_map(|((from, count), until)| (*from..until).map(|at| (at, *count)));
    seconds.flat_map(|(at, count)| (0..count).map(move |_| (at * S, S, "f"))).collect()
}

/// Instances of any phase at the middle of each of these seconds.
fn instances(run: &Run, seconds: &[u64]) -> Vec<f64> {
    let at = |second: &u64| {
        let middle = *second as f64 + 0.5;
        let within = |row: &&TimelineRow| (row.start_s..row.start_s + row.length_s).contains(&middle);
        let row = run.timeline.iter().find(within).unwrap();
        assert!(row.length_s <= 1.0);
        row.starting + row.busy + row.idle
    };
    seconds.iter().map(at).collect()
}

/// At 200 s there are two ready instances, a mean of 100 in flight in the last 60 s, and of 500 in the last 6 s: at 70 for each
/// instance that is 2 and 8, and panic, because 8 / 2 is not below 2. Two seconds before, 352 in 6 s asked for 6.
///
/// New instances take 3 s. From 200 s on a hundred are in flight: panic ends with the first decision that is more than 60 s after
/// 200 s; then at most half of the ready instances go at once.
#[test]
fn knative_panics_and_calms_down() {
    let phases = [(4, 100), (134, 205), (140, 55), (164, 56), (194, 500), (200, 100)];
    let keys = "policy.autoscaling.knative = { target = 100.0 }\nplatform.concurrency = 1000\n\
                platform.cold_start.init.constant = '3s'";
    let run = replay_for(300, &arrivals(&phases, 300), keys);
    assert_eq!(
        instances(&run, &[2, 8, 10, 100, 139, 170, 193, 196, 197]),
        [1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0]
    );
    assert_eq!(instances(&run, &[198, 199, 200, 203, 230, 261]), [6.0, 6.0, 8.0, 8.0, 8.0, 8.0]);
    assert_eq!(instances(&run, &[262, 263, 264, 290]), [4.0, 4.0, 2.0, 2.0]);
    assert_eq!(run.summary.invocations.delayed, 0);
}

/// Four replicas of ten places each and a target of 60 %: 25 in flight are within the tolerance, 36 ask for 6. From 60 s on 12 ask for
/// 2, but the 6 of 60 s count for 300 s.
#[test]
fn replicas_of_pods_follow_their_utilisation() {
    let keys = "policy.autoscaling.horizontal_pod = { target = 0.6, min_replicas = 4, max_replicas = 20 }\n\
                platform.concurrency = 10";
    let run = replay_for(450, &arrivals(&[(0, 25), (30, 36), (60, 12)], 450), keys);
    assert_eq!(
        instances(&run, &[0, 16, 44, 45, 59, 100, 374, 375, 440]),
        [4.0, 4.0, 4.0, 6.0, 6.0, 6.0, 6.0, 4.0, 4.0]
    );
}
