//! Start-time fair queueing.

use std::collections::BTreeMap;

use crate::id::FunctionId;
use crate::policy::entry::{Build, Entry, read};
use crate::policy::parameters::NoParameters;
use crate::policy::scheduling::flows::Expected;
use crate::policy::scheduling::ranked::Ranked;
use crate::policy::scheduling::{QueueView, Scheduling, Ticket, Waiting};
use crate::time::{Span, Time};

/// Each invocation has tags in virtual time: start S = max(V, F of the one before of its function), finish F = S + expected execution /
/// weight. The least S goes first; V is the S of who went last. Who gives up keeps its tags, so that its function has lost a share.
/// O(log n).
#[derive(Debug, Default)]
pub struct StartTimeFair {
    queue: Ranked<Time>,
    expected: Expected,
    finish: BTreeMap<FunctionId, Time>,
    virtual_time: Time,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Scheduling> = Entry {
    name: "start_time_fair",
    summary: "Fair shares of expected execution time, in proportion to the weights: the least virtual start goes first.",
    reference: "Goyal, Vin and Cheng, \"Start-time Fair Queueing\", SIGCOMM 1996; with several servers SFQ(D): Jin et al., SIGMETRICS 2004",
    parameters: &[],
    example: "{}",
    build: Build::Function(|parameters| {
        read::<NoParameters>(parameters)?;
        Ok(Box::new(|| Box::new(StartTimeFair::default())))
    }),
};

impl Scheduling for StartTimeFair {
    fn enqueue(&mut self, waiting: Waiting, view: &QueueView<'_>) {
        let finish = self.finish.entry(waiting.function).or_default();
        let start = self.virtual_time.max(*finish);
        *finish = start + self.expected.share(&waiting, view);
        self.queue.insert(start, waiting.ticket);
    }

    fn next(&mut self, _: &QueueView<'_>) -> Option<Ticket> {
        self.queue.first().map(|(_, ticket)| ticket)
    }

    fn remove(&mut self, ticket: Ticket, served: bool, _: &QueueView<'_>) {
        let start = self.queue.remove(ticket).filter(|_| served);
        self.virtual_time = self.virtual_time.max(start.unwrap_or_default());
    }

    fn len(&self) -> usize {
        self.queue.len()
    }

    fn executed(&mut self, _: FunctionId, execution: Span, _: &QueueView<'_>) {
        self.expected.executed(execution);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::scheduling::single_server::{Job, job, order};

    #[test]
    fn a_function_with_twice_the_weight_gets_twice_as_much() {
        // Start tags: function 0 has 0, 2, 4, 6; function 1 has 0, 1, 2, 3. Equal tags: first come.
        let heavy = Job { weight: 2.0, ..job(0, 1, 2) };
        let jobs = [job(0, 0, 2), job(0, 0, 2), job(0, 0, 2), job(0, 0, 2), heavy, heavy, heavy, heavy];
        assert_eq!(order(&ENTRY, "{}", &jobs, &[2, 2]), [0, 4, 5, 1, 6, 7, 2, 3]);
    }

    #[test]
    fn a_function_that_was_away_has_saved_nothing() {
        // Function 1 comes at 21 s, when function 0 is at virtual time 20: they alternate from there.
        let jobs: Vec<Job> = (0..5).map(|_| job(0, 0, 10)).chain((0..3).map(|_| job(21, 1, 10))).collect();
        assert_eq!(order(&ENTRY, "{}", &jobs, &[10, 10]), [0, 1, 2, 5, 3, 6, 4, 7]);
    }
}
