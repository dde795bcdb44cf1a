//! Billed time: each invocation is rounded by itself.

use super::replay::{S, replay, same};

const MS: u64 = S / 1_000;

fn billed(linear: &str) -> (f64, f64) {
    let keys = format!(
        "platform.cold_start = {{ sandbox.constant = '5s', init.constant = '250ms' }}\n\
         pricing.linear = {{ per_gb_second = '1 USD', {linear} }}"
    );
    let run = replay(&[(0, 101 * MS, "f"), (10 * S, 101 * MS, "f"), (20 * S, 3 * MS + 1, "f")], &keys);
    (run.functions[0].billed_gb_s, run.summary.cost.unwrap().total)
}

#[test]
fn billed_time_by_hand() {
    for (linear, seconds) in [
        ("init = false", 0.205_000_001),
        // 351 ms, 101 ms and 3.000001 ms in steps of a millisecond: 351, 101 and 4.
        ("init = true, granularity = '1ms'", 0.456),
        // In steps of 100 ms: 400, 200 and 100.
        ("init = true, granularity = '100ms'", 0.7),
        // At least 150 ms each.
        ("granularity = '1ms', minimum = '150ms'", 0.45),
    ] {
        let (time, cost) = billed(linear);
        assert!(same(time, seconds) && same(cost, seconds), "{linear}: {time} GB-s, {cost} USD");
    }
}
