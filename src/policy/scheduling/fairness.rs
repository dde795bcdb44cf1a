//! The bound of fair queueing: two functions of which somebody always waits get service in proportion to their weights, up to a constant.

use proptest::prelude::*;

use crate::id::FunctionId;
use crate::policy::scheduling::single_server::{Job, build, job, known, serve};
use crate::policy::scheduling::{Scheduling, deficit_round_robin, mqfq_sticky, start_time_fair};
use crate::time::Time;

/// Seconds that an execution of a function takes, its weight, and whether it is warm.
type Flow = (u64, f64, bool);

/// Largest and smallest lead of function 0, in seconds of service / weight, while both are backlogged.
fn leads(policy: &mut dyn Scheduling, flows: [Flow; 3]) -> f64 {
    // The third function only disturbs: it comes now and then. The others have 60 executions from the start.
    let of = |function: usize, at| Job { weight: flows[function].1, ..job(at, function as u32, flows[function].0) };
    let backlog = (0..120).map(|n| of(n % 2, 0));
    let jobs: Vec<Job> = backlog.chain((0..20).map(|n| of(2, 7 * n + 1))).collect();
    let warm = |function: FunctionId| flows[function.index()].2;
    let ended = serve(policy, &jobs, &mut known(&flows.map(|flow| flow.0)), &warm);
    assert_eq!(ended.len(), jobs.len(), "everybody is served");
    let (mut left, mut service, mut range) = ([60u32; 2], [0.0; 2], (0.0f64, 0.0f64));
    let backlogged: Vec<&(usize, Time)> = ended.iter().filter(|(ticket, _)| *ticket < 120).collect();
    for (ticket, _) in backlogged {
        let function = ticket % 2;
        left[function] -= 1;
        service[function] += flows[function].0 as f64 / flows[function].1;
        let lead = service[0] - service[1];
        range = (range.0.min(lead), range.1.max(lead));
        if left[function] == 0 {
            break;
        }
    }
    range.1 - range.0
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Over any interval |W_i / w_i - W_j / w_j| is at most L_i / w_i + L_j / w_j (Goyal et al., SIGCOMM 1996, theorem 1), and a quantum
    /// (Shreedhar and Varghese, SIGCOMM 1995) or the overrun (Hedayati et al., ATC 2019) more.
    #[test]
    fn service_is_in_proportion_to_weight(
        times in prop::array::uniform3(1..10u64),
        weights in prop::array::uniform3(1..5u8),
        warm in prop::array::uniform3(any::<bool>()),
        extra in 1..20u64,
    ) {
        let flows = std::array::from_fn(|i| (times[i], f64::from(weights[i]), warm[i]));
        let largest = |flow: &Flow| flow.0 as f64 / flow.1;
        let bound = largest(&flows[0]) + largest(&flows[1]) + 1e-6;
        let fair = leads(&mut *build(&start_time_fair::ENTRY, "{}"), flows);
        prop_assert!(fair <= bound, "start-time fair queueing: {fair}, bound {bound}");
        let extra_bound = bound + extra as f64;
        let round_robin = leads(&mut *build(&deficit_round_robin::ENTRY, &format!("{{ quantum = \"{extra}s\" }}")), flows);
        prop_assert!(round_robin <= extra_bound, "deficit round robin: {round_robin}, bound {extra_bound}");
        let sticky = leads(&mut *build(&mqfq_sticky::ENTRY, &format!("{{ overrun = \"{extra}s\" }}")), flows);
        prop_assert!(sticky <= extra_bound, "MQFQ-Sticky: {sticky}, bound {extra_bound}");
    }
}

/// The bound says something: first come, first served breaks it.
#[test]
fn first_come_is_not_fair() {
    let flows = [(9, 1.0, false), (1, 1.0, false), (1, 1.0, false)];
    assert!(leads(&mut *build(&super::first_come::ENTRY, "{}"), flows) > 100.0);
}
