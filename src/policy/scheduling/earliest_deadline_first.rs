//! Earliest deadline first.

use crate::policy::entry::{Build, Entry, read};
use crate::policy::parameters::NoParameters;
use crate::policy::scheduling::ranked::ByRank;
use crate::policy::scheduling::{QueueView, Scheduling, Waiting};
use crate::time::Time;

/// The catalog's entry. Nobody is preempted. O(log n).
pub const ENTRY: Entry<dyn Scheduling> = Entry {
    name: "earliest_deadline_first",
    summary: "The earliest deadline goes first; who has none goes last.",
    reference: "Liu and Layland, \"Scheduling Algorithms for Multiprogramming in a Hard-Real-Time Environment\", JACM 1973",
    parameters: &[],
    example: "{}",
    build: Build::Function(|parameters| {
        read::<NoParameters>(parameters)?;
        Ok(Box::new(|| Box::new(ByRank::new(deadline))))
    }),
};

fn deadline(waiting: &Waiting, _: &QueueView<'_>) -> Time {
    waiting.deadline.unwrap_or(Time::NEVER)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::scheduling::single_server::{Job, job, order};
    use crate::time::Span;

    #[test]
    fn the_earliest_deadline_is_next_and_none_is_last() {
        let due = |at, secs| Job { deadline: Some(Time::ZERO + Span::from_secs(secs)), ..job(at, 0, 5) };
        let jobs = [job(0, 0, 5), job(1, 0, 5), due(2, 30), due(3, 20), due(4, 30)];
        assert_eq!(order(&ENTRY, "{}", &jobs, &[]), [0, 3, 2, 4, 1]);
    }
}
