//! Shortest job first, by what is expected from history.

use crate::policy::entry::{Build, Entry, read};
use crate::policy::parameters::NoParameters;
use crate::policy::scheduling::ranked::ByRank;
use crate::policy::scheduling::{QueueView, Scheduling, Waiting};
use crate::time::Span;

/// The catalog's entry.
///
/// The mean is the one known when the invocation begins to wait. It is a mean of executions that have ended, so that short ones are
/// over-represented at the start. Long functions can starve. O(log n).
pub const ENTRY: Entry<dyn Scheduling> = Entry {
    name: "shortest_job_first",
    summary: "The function with the shortest mean execution so far goes first, functions that never ended before all others.",
    reference: "SEPT of Zuk, Przybylski and Rzadca, \"Call Scheduling to Reduce Response Time of a FaaS System\", CLUSTER 2022; \
                Iluvatar, queue `minheap`",
    parameters: &[],
    example: "{}",
    build: Build::Function(|parameters| {
        read::<NoParameters>(parameters)?;
        Ok(Box::new(|| Box::new(ByRank::new(mean_execution))))
    }),
};

/// `None`, which is less than any time, for a function of which no execution has ended.
fn mean_execution(waiting: &Waiting, view: &QueueView<'_>) -> Option<Span> {
    view.history[waiting.function].mean_execution()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::scheduling::single_server::{job, order};

    #[test]
    fn the_shortest_mean_is_next_and_the_unknown_before_it() {
        // Function 0 takes 3 s, function 1 takes 1 s; function 2 is new. All wait behind the first execution.
        let jobs = [job(0, 0, 3), job(1, 0, 3), job(1, 1, 1), job(2, 2, 9)];
        assert_eq!(order(&ENTRY, "{}", &jobs, &[3, 1]), [0, 3, 2, 1]);
    }
}
