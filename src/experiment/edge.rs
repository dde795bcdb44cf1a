//! What a reader should know of the window's edge.

use crate::experiment::{Experiment, Run};
use crate::workload::Note;

/// An execution that is longer than this share of the window makes figures over time depend on its edges.
const LONG: f64 = 0.1;

/// Invocations that never ended, and executions that are long against the window.
pub(super) fn notes(experiment: &Experiment, runs: &[Run]) -> Vec<Note> {
    let (window, drain) = (experiment.window.length(), experiment.drain);
    let open: u64 = runs.iter().map(|run| run.summary.invocations.open).sum();
    let longest = runs.iter().map(|run| run.summary.latency_ms.execution.max).fold(0.0, f64::max);
    let share = longest / 1e3 / window.as_secs_f64();
    let unended = format!(
        "invocations that had not ended {drain} after the window, and are in no bill (scenario.drain says how long the run goes on)"
    );
    let short = "the longest execution, in percent of the window: how many instances there are depends on what is under way at its \
                 edges; a longer duration makes these figures settle";
    let notes = [(unended, open), (short.to_owned(), if share > LONG { (100.0 * share).ceil() as u64 } else { 0 })];
    notes.into_iter().filter(|(_, count)| *count > 0).map(|(what, count)| Note { what, count }).collect()
}
