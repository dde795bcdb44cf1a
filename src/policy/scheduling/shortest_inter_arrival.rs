//! The most frequent function first.

use crate::policy::entry::{Build, Entry, read};
use crate::policy::parameters::NoParameters;
use crate::policy::scheduling::ranked::ByRank;
use crate::policy::scheduling::{QueueView, Scheduling, Waiting};
use crate::time::Span;

/// The catalog's entry. Frequent functions are likely to find a warm instance; rare ones can starve. O(log n).
pub const ENTRY: Entry<dyn Scheduling> = Entry {
    name: "shortest_inter_arrival",
    summary: "The function with the shortest mean gap between arrivals goes first; one without a gap yet goes last.",
    reference: "Iluvatar (Fuerst, Rehman and Sharma, HPDC 2023), queue `minheap_iat`",
    parameters: &[],
    example: "{}",
    build: Build::Function(|parameters| {
        read::<NoParameters>(parameters)?;
        Ok(Box::new(|| Box::new(ByRank::new(mean_gap))))
    }),
};

fn mean_gap(waiting: &Waiting, view: &QueueView<'_>) -> Span {
    view.history[waiting.function].mean_gap().unwrap_or(Span::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::scheduling::single_server::{job, order};

    #[test]
    fn the_shortest_mean_gap_is_next() {
        // When it begins to wait: job 1 has no gap yet, job 2 a mean gap of 3 s, job 4 one of 2 s.
        let jobs = [job(0, 0, 50), job(1, 1, 1), job(3, 0, 1), job(4, 2, 1), job(6, 2, 1)];
        assert_eq!(order(&ENTRY, "{}", &jobs, &[]), [0, 4, 2, 1, 3]);
    }
}
