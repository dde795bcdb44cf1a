//! The bound of fair queueing: two functions of which somebody always waits get service in proportion to their weights, up to a constant.

use proptest::prelude::*;

use crate::id::FunctionId;
use crate::policy::scheduling::single_server::{Job, build, job, known, serve};
use crate::policy::scheduling::{Scheduling, deficit_round_robin, mqfq_sticky, start_time_fair};

/// Seconds that an execution of a function takes, its weight, and whether it is warm.
type Flow = (u64, f64, bool);

/// How much the lead of function 0 over function 1, in seconds of service / weight, changes in any interval in which both are
/// backlogged.
fn greatest_change(policy: &mut dyn Scheduling, flows: [Flow; 3]) -> f64 {
    // The third function only disturbs: it is served when the others come, and again now and then.
    let of = |function: usize, at| Job { weight: flows[function].1, ..job(at, function as u32, flows[function].0) };
    let backlog = (0..120).map(|n| of(n % 2, 0));
    let jobs: Vec<Job> = [of(2, 0)].into_iter().chain(backlog).chain((1..20).map(|n| of(2, 7 * n))).collect();
    let warm = |function: FunctionId| flows[function.index()].2;
    let ended = serve(policy, &jobs, &mut known(&flows.map(|flow| flow.0)), &warm);
    assert_eq!(ended.len(), jobs.len(), "everybody is served");
    let (mut left, mut service, mut least, mut most) = ([60u32; 2], [0.0; 2], 0.0f64, 0.0f64);
    for function in ended.iter().map(|(ticket, _)| jobs[*ticket].function.index()).filter(|function| *function < 2) {
        left[function] -= 1;
        service[function] += flows[function].0 as f64 / flows[function].1;
        let lead = service[0] - service[1];
        (least, most) = (least.min(lead), most.max(lead));
        if left[function] == 0 {
            break;
        }
    }
    most - least
}

proptest! {
    /// Over any interval |W_i / w_i - W_j / w_j| is at most L_i / w_i + L_j / w_j (Goyal et al., SIGCOMM 1996, theorem 1). Taking turns
    /// adds a quantum (Shreedhar and Varghese, SIGCOMM 1995). The overrun adds itself twice: a flow may be that much behind when the
    /// interval begins, and ahead when it ends.
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
        let fair = greatest_change(&mut *build(&start_time_fair::ENTRY, "{}"), flows);
        prop_assert!(fair <= bound, "start-time fair queueing: {fair}, bound {bound}");
        let extra_bound = bound + extra as f64;
        let overrun_bound = extra_bound + extra as f64;
        let round_robin = greatest_change(&mut *build(&deficit_round_robin::ENTRY, &format!("{{ quantum = \"{extra}s\" }}")), flows);
        prop_assert!(round_robin <= extra_bound, "deficit round robin: {round_robin}, bound {extra_bound}");
        let sticky = greatest_change(&mut *build(&mqfq_sticky::ENTRY, &format!("{{ overrun = \"{extra}s\" }}")), flows);
        prop_assert!(sticky <= overrun_bound, "MQFQ-Sticky: {sticky}, bound {overrun_bound}");
    }
}

/// The bound says something: first come, first served breaks it.
#[test]
fn first_come_is_not_fair() {
    let flows = [(9, 1.0, false), (1, 1.0, false), (1, 1.0, false)];
    assert!(greatest_change(&mut *build(&super::first_come::ENTRY, "{}"), flows) > 100.0);
}
