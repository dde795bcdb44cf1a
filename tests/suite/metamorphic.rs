//! How results must change when a scenario does, whatever they are.

use coldcast::experiment::{Outcome, Run};
use coldcast::metrics::{Invocations, Summary};

use crate::support::run;

fn pool(duration: &str, rate: &str, service: &str, ttl: &str, reuse: &str, init: &str) -> Outcome {
    run(&format!(
        "scenario = {{ duration = '{duration}', replications = 5 }}\n\
         policy = {{ keep_alive.fixed = {{ ttl = '{ttl}' }}, reuse.{reuse} = {{}} }}\n\
         platform.cold_start.init.constant = '{init}'\n\
         [[function]]\nname = 'f'\narrivals.poisson = {{ rate = '{rate}' }}\nexecution.exponential = {{ mean = '{service}' }}\n"
    ))
}

fn cold_and_instances(outcome: &Outcome) -> Vec<(u64, f64)> {
    outcome.runs.iter().map(|run| (run.summary.invocations.cold, run.summary.instances.mean)).collect()
}

/// Arrivals and execution times are the same under every policy. Where cold starts take no time, the invocations in flight are the
/// same too; and where the idle instances are a stack, a longer keep-alive leaves more of it: in each single replication there are no
/// more cold starts and no fewer instances. With cold starts that take time, or in another order of reuse, this holds only on average.
#[test]
fn a_longer_keep_alive_means_fewer_cold_starts_and_more_instances_in_every_replication() {
    let results = ["1s", "10s", "1m", "10m", "2h"]
        .map(|ttl| cold_and_instances(&pool("12h", "0.5/s", "2s", ttl, "most_recently_used", "0s")));
    for (shorter, longer) in results.iter().zip(&results[1..]) {
        for (shorter, longer) in shorter.iter().zip(longer) {
            assert!(longer.0 < shorter.0 && longer.1 > shorter.1, "{shorter:?}, then {longer:?}");
        }
    }
}

#[test]
fn all_idle_orders_start_as_many_when_nothing_expires() {
    let orders = ["most_recently_used", "least_recently_used", "newest", "oldest", "random"];
    let results = orders.map(|order| cold_and_instances(&pool("1h", "5/s", "2s", "2h", order, "0s")));
    results.iter().for_each(|result| assert_eq!(*result, results[0]));
}

/// All times four times as long: the same counts, and latencies four times as long but for the rounding to nanoseconds.
#[test]
fn the_unit_of_time_does_not_matter() {
    for order in ["most_recently_used", "random"] {
        let short = pool("6h", "1/s", "2s", "1m", order, "500ms");
        let long = pool("24h", "0.25/s", "8s", "4m", order, "2s");
        for (short, long) in short.runs.iter().zip(&long.runs) {
            let (short, long) = (&short.summary, &long.summary);
            assert_eq!(short.invocations, long.invocations, "{order}");
            let times = |summary: &Summary| {
                let latency = &summary.latency_ms;
                [latency.response.mean, latency.response.max, latency.cold_start.mean, latency.execution.max]
            };
            for (short, long) in times(short).into_iter().zip(times(long)) {
                assert!((4.0 * short - long).abs() < 1e-5, "{order}: {short} ms, {long} ms");
            }
            assert!((short.instances.mean - long.instances.mean).abs() < 1e-6, "{order}");
        }
    }
}

/// Functions with timers and constant execution times, in a given order.
fn fleet(order: &[u32], limits: &str) -> Run {
    let function = |number: &u32| {
        let (period, phase) = (700 + 131 * number, 17 * number);
        format!(
            "[[function]]\nname = 'f{number}'\narrivals.timer = {{ period = '{period}ms', phase = '{phase}ms' }}\n\
             execution.constant = '{}ms'\nmemory = '{} MiB'\n",
            300 * number,
            128 * number
        )
    };
    let functions: String = order.iter().map(function).collect();
    let scenario = "scenario = { duration = '1h', replications = 1 }\nplatform.cold_start.init.constant = '1s'\n";
    run(&format!("{scenario}{limits}\npolicy.keep_alive.fixed = {{ ttl = '500ms' }}\n{functions}")).runs.remove(0)
}

#[test]
fn the_order_of_the_functions_does_not_matter() {
    let (one, other) = (fleet(&[1, 2, 3, 4, 5, 6], ""), fleet(&[4, 6, 1, 5, 3, 2], ""));
    assert_eq!(one.summary, other.summary);
    assert_eq!(one.timeline, other.timeline);
    for function in &one.functions {
        assert!(other.functions.contains(function), "{}", function.function);
    }
}

/// Functions that share nothing are simulated apart; under a limit of the account that may have been reached, together.
#[test]
fn a_limit_that_throttles_nobody_changes_nothing() {
    let unlimited = fleet(&[1, 2, 3, 4, 5, 6], "");
    let under = |limit| fleet(&[1, 2, 3, 4, 5, 6], &format!("platform.limits.account_concurrency = {limit}"));
    // The limits that throttle nobody begin at the most that are ever in flight: there only the simulation of all together can tell.
    let highest = (1..100).find(|limit| under(*limit).summary.invocations.throttled == 0).unwrap();
    assert!(highest > 2, "the limit below throttles");
    for limit in [highest, highest + 1, 10_000] {
        let limited = under(limit);
        assert_eq!(limited.summary, unlimited.summary, "limit {limit}");
        assert_eq!(limited.functions, unlimited.functions, "limit {limit}");
        assert_eq!(limited.timeline, unlimited.timeline, "limit {limit}");
    }
    let throttled = under(highest - 1).summary.invocations;
    let Invocations { arrived, throttled, .. } = throttled;
    assert!(throttled > 0 && arrived == unlimited.summary.invocations.arrived);
}
