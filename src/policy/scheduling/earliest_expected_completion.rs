//! Earliest expected completion time.

use crate::policy::entry::{Build, Entry, read};
use crate::policy::parameters::NoParameters;
use crate::policy::scheduling::ranked::ByRank;
use crate::policy::scheduling::{QueueView, Scheduling, Waiting};
use crate::time::{Span, Time};

/// The catalog's entry. Unlike shortest job first it starves nobody: whoever waits long enough is before every newcomer. O(log n).
pub const ENTRY: Entry<dyn Scheduling> = Entry {
    name: "earliest_expected_completion",
    summary: "Who would have ended first if it had started on arrival: arrival plus mean execution so far (zero before the first end).",
    reference: "EECT of Zuk, Przybylski and Rzadca, \"Call Scheduling to Reduce Response Time of a FaaS System\", CLUSTER 2022; \
                Iluvatar, queue `minheap_ed`",
    parameters: &[],
    example: "{}",
    build: Build::Function(|parameters| {
        read::<NoParameters>(parameters)?;
        Ok(Box::new(|| Box::new(ByRank::new(expected_completion))))
    }),
};

fn expected_completion(waiting: &Waiting, view: &QueueView<'_>) -> Time {
    waiting.arrived + view.history[waiting.function].mean_execution().unwrap_or(Span::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::scheduling::single_server::{job, order};

    #[test]
    fn arrival_and_mean_add_up() {
        // Expected completions: 1 + 9, 2 + 3, 3 + 1, 8 + 3.
        let jobs = [job(0, 0, 9), job(1, 0, 9), job(2, 1, 3), job(3, 2, 1), job(8, 1, 3)];
        assert_eq!(order(&ENTRY, "{}", &jobs, &[9, 3, 1]), [0, 3, 2, 1, 4]);
    }
}
