//! Which idle instance is reused.
//!
//! Instances A, B, C, D start at 0, 1, 2, 3 s and become idle at 12, 10, 13, 11 s. One invocation at 15 s reuses one of them for a
//! second. With a keep-alive of 10 s that one goes at 26 s, the others at 22, 20, 23, 21 s: the instance seconds tell which it was.

use coldcast::experiment::Run;

use super::replay::{Row, S, completed, instance_seconds, outcome, replay, same};

const ROWS: [Row; 5] = [(0, 12 * S, "f"), (S, 9 * S, "f"), (2 * S, 11 * S, "f"), (3 * S, 8 * S, "f"), (15 * S, S, "f")];

/// Instance seconds if nothing came at 15 s: 22 + 20 + 23 + 21 less the starts.
const UNTOUCHED: f64 = 80.0;

fn keys(order: &str) -> String {
    format!("policy.reuse.{order} = {{}}\npolicy.keep_alive.fixed = {{ ttl = '10s' }}")
}

/// Which instance was reused, by the second at which it would have gone.
fn reused(run: &Run) -> f64 {
    assert_eq!(run.summary.invocations, completed(4, 1, 0));
    UNTOUCHED + 26.0 - instance_seconds(run)
}

#[test]
fn each_order_reuses_the_instance_that_it_names() {
    let (a, b, c, d) = (22.0, 20.0, 23.0, 21.0);
    for (order, expected) in [("most_recently_used", c), ("least_recently_used", b), ("newest", d), ("oldest", a)] {
        let found = reused(&replay(&ROWS, &keys(order)));
        assert!(same(found, expected), "{order} reused the one that goes at {found} s");
    }
}

#[test]
fn random_reuses_all_equally_often() {
    let n = 800;
    let outcome = outcome(&ROWS, &format!("scenario.replications = {n}\n{}", keys("random")));
    // Binomial with probability 1/4.
    let error = (f64::from(n) * 0.25 * 0.75).sqrt();
    for instance in [20.0, 21.0, 22.0, 23.0] {
        let count = outcome.runs.iter().filter(|run| same(reused(run), instance)).count() as f64;
        assert!((count - f64::from(n) / 4.0).abs() < 4.0 * error, "{instance}: {count} of {n}");
    }
}
