//! First come, first served.

use std::collections::VecDeque;

use crate::policy::entry::{Build, Entry, read};
use crate::policy::scheduling::{QueueView, Scheduling, Ticket, Waiting};

/// The order in which invocations began to wait. O(1); O(waiting) for those who give up.
#[derive(Debug, Default)]
pub struct FirstCome(VecDeque<Ticket>);

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Scheduling> = Entry {
    name: "first_come",
    summary: "First come, first served.",
    reference: "the default nearly everywhere",
    parameters: &[],
    example: "{}",
    build: Build::Function(|parameters| {
        read::<Parameters>(parameters)?;
        Ok(Box::new(|| Box::new(FirstCome::default())))
    }),
};

impl Scheduling for FirstCome {
    fn enqueue(&mut self, waiting: Waiting, _: &QueueView<'_>) {
        self.0.push_back(waiting.ticket);
    }

    fn next(&mut self, _: &QueueView<'_>) -> Option<Ticket> {
        self.0.front().copied()
    }

    fn remove(&mut self, ticket: Ticket, _: bool, _: &QueueView<'_>) {
        // Nearly always the first.
        if let Some(position) = self.0.iter().position(|waiting| *waiting == ticket) {
            self.0.remove(position);
        }
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}
