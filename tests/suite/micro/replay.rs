//! A table of a few invocations, replayed.

use std::io::Write;

use coldcast::experiment::{Outcome, Run};
use coldcast::metrics::Invocations;
use tempfile::NamedTempFile;

use crate::support;

/// A second in nanoseconds.
pub const S: u64 = 1_000_000_000;

/// Arrival and execution time in nanoseconds, and the function.
pub type Row = (u64, u64, &'static str);

/// Replays invocations for 100 s. `keys` are the tables of the scenario from `[scenario]` on, without the workload.
pub fn outcome(rows: &[Row], keys: &str) -> Outcome {
    outcome_of(100, rows, keys)
}

fn outcome_of(seconds: u64, rows: &[Row], keys: &str) -> Outcome {
    let mut file = NamedTempFile::new().unwrap();
    writeln!(file, "at,took,function,app").unwrap();
    for (at, took, function) in rows {
        writeln!(file, "{at},{took},{function},app").unwrap();
    }
    let table = format!(
        "[workload.trace.table]\npath = '{}'\norigin = 'zero'\ntime_unit = 'ns'\nduration_unit = 'ns'\nmemory = '1 GiB'\n\
         columns = {{ arrival = 'at', duration = 'took', function = 'function', app = 'app' }}\n",
        file.path().display()
    );
    let scenario = format!("scenario.name = 'replay'\nscenario.duration = '{seconds}s'\n{keys}\n{table}");
    support::run(&scenario)
}

/// The only replication of a replay in which nothing is random.
pub fn replay(rows: &[Row], keys: &str) -> Run {
    replay_for(100, rows, keys)
}

/// As [`replay`], for so many seconds.
pub fn replay_for(seconds: u64, rows: &[Row], keys: &str) -> Run {
    outcome_of(seconds, rows, &format!("scenario.replications = 1\n{keys}")).runs.remove(0)
}

/// All were completed: so many cold, warm and delayed.
pub fn completed(cold: u64, warm: u64, delayed: u64) -> Invocations {
    let completed = cold + warm + delayed;
    Invocations { arrived: completed, completed, cold, warm, delayed, ..Invocations::default() }
}

/// Seconds that instances existed, in the 100 s of a replay.
pub fn instance_seconds(run: &Run) -> f64 {
    run.summary.instances.mean * 100.0
}

/// Whether two figures are the same but for the rounding of floating-point numbers.
pub fn same(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9 * a.abs().max(1.0)
}
