//! How a run is watched and ended from outside.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use coldcast::experiment::{self, RunError, RunOptions};

use crate::support;

/// Two days of a thousand invocations per second on workers: minutes, if nobody ends it.
const LONG: &str = r#"
    scenario = { duration = "2d", replications = 4 }
    [[function]]
    name = "busy"
    arrivals.poisson = { rate = "1000/s" }
    execution.exponential = { mean = "50ms" }
"#;

/// It ends because it is told to, not because it is done: fewer invocations have arrived than there are.
#[test]
fn a_run_is_cancelled_by_another_thread() {
    let experiment = support::experiment(LONG);
    let (arrived, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let options = RunOptions::default().threads(2).progress(&arrived).cancel(&stop);
    let outcome = std::thread::scope(|scope| {
        let run = scope.spawn(|| experiment::run(&experiment, &options));
        while arrived.load(Ordering::Relaxed) == 0 {
            std::thread::yield_now();
        }
        stop.store(true, Ordering::Relaxed);
        run.join().unwrap()
    });
    assert!(matches!(outcome, Err(RunError::Cancelled)));
    let all = experiment.expected_invocations().unwrap();
    assert!(arrived.load(Ordering::Relaxed) < all / 2, "{} of {all} had arrived", arrived.load(Ordering::Relaxed));
}

/// Options say how, never what.
#[test]
fn options_change_nothing_of_what_comes_out() {
    let experiment = support::experiment(&LONG.replace("2d", "10s"));
    let (arrived, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let options = RunOptions::default().threads(3).progress(&arrived).cancel(&stop);
    let [plain, watched] = [RunOptions::default(), options].map(|options| {
        let outcome = experiment::run(&experiment, &options).unwrap();
        outcome.runs.into_iter().map(|run| run.summary).collect::<Vec<_>>()
    });
    assert_eq!(plain, watched);
    let all: u64 = plain.iter().map(|summary| summary.invocations.arrived).sum();
    assert!(arrived.load(Ordering::Relaxed) >= all);
}
