//! Least attained service, function by function.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::FunctionId;
use crate::policy::entry::{Build, Entry, read};
use crate::policy::parameters::NoParameters;
use crate::policy::scheduling::flows::Flows;
use crate::policy::scheduling::{QueueView, Scheduling, Ticket, Waiting};
use crate::time::Span;

/// The function whose ended executions at this queue took least time together goes first; among equals, and within a function, first
/// come. Service counts when an execution ends, over the whole run. Nobody is preempted. O(log n).
#[derive(Debug, Default)]
pub struct LeastAttainedService {
    flows: Flows,
    attained: BTreeMap<FunctionId, Span>,
    /// Functions of which somebody waits: attained service, order of who waits longest, function.
    order: BTreeSet<(Span, u64, FunctionId)>,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Scheduling> = Entry {
    name: "least_attained_service",
    summary: "The function whose executions took least time so far goes first, whatever its mean.",
    reference: "per function, after Nuyens and Wierman, \"The Foreground-Background Queue: A Survey\", Performance Evaluation 2008; \
                compare \"fair choice\" of Zuk, Przybylski and Rzadca, CLUSTER 2022",
    parameters: &[],
    example: "{}",
    build: Build::Function(|parameters| {
        read::<NoParameters>(parameters)?;
        Ok(Box::new(|| Box::new(LeastAttainedService::default())))
    }),
};

impl LeastAttainedService {
    fn key(&self, function: FunctionId) -> Option<(Span, u64, FunctionId)> {
        let attained = self.attained.get(&function).copied().unwrap_or(Span::ZERO);
        self.flows.head(function).map(|head| (attained, head.order, function))
    }
}

impl Scheduling for LeastAttainedService {
    fn enqueue(&mut self, waiting: Waiting, _: &QueueView<'_>) {
        self.flows.push(&waiting, Span::ZERO);
        self.order.extend(self.key(waiting.function));
    }

    fn next(&mut self, _: &QueueView<'_>) -> Option<Ticket> {
        let (_, _, function) = self.order.first()?;
        self.flows.head(*function).map(|head| head.ticket)
    }

    fn remove(&mut self, ticket: Ticket, _: bool, _: &QueueView<'_>) {
        let Some((function, item)) = self.flows.remove(ticket) else { return };
        let attained = self.attained.get(&function).copied().unwrap_or(Span::ZERO);
        self.order.remove(&(attained, item.order, function));
        self.order.extend(self.key(function));
    }

    fn len(&self) -> usize {
        self.flows.len()
    }

    fn executed(&mut self, function: FunctionId, execution: Span, _: &QueueView<'_>) {
        if let Some(key) = self.key(function) {
            self.order.remove(&key);
        }
        *self.attained.entry(function).or_default() += execution;
        self.order.extend(self.key(function));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::scheduling::single_server::{job, order};

    #[test]
    fn the_function_that_had_least_goes_first() {
        // Function 0 has had 4 s when it ends; function 1 has had 1, 2, 3, 4 s after its executions, and then came later.
        let jobs = [job(0, 0, 4), job(1, 0, 4), job(1, 1, 1), job(1, 1, 1), job(1, 1, 1), job(1, 1, 1), job(1, 1, 1)];
        assert_eq!(order(&ENTRY, "{}", &jobs, &[]), [0, 2, 3, 4, 5, 1, 6]);
    }
}
