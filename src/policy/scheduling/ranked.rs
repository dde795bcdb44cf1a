//! Queues in the order of a rank that an invocation gets when it begins to wait.

use std::collections::{BTreeMap, BTreeSet};

use crate::policy::scheduling::{QueueView, Scheduling, Ticket, Waiting};

/// Tickets in the order of their rank, least first; first come among equals. O(log n).
#[derive(Debug)]
pub struct Ranked<R> {
    order: BTreeSet<(R, u64, Ticket)>,
    places: BTreeMap<Ticket, (R, u64)>,
    entered: u64,
}

impl<R> Default for Ranked<R> {
    fn default() -> Self {
        Self { order: BTreeSet::new(), places: BTreeMap::new(), entered: 0 }
    }
}

impl<R: Ord + Copy> Ranked<R> {
    /// A ticket enters; it must not be there.
    pub fn insert(&mut self, rank: R, ticket: Ticket) {
        let place = (rank, self.entered);
        self.entered += 1;
        self.places.insert(ticket, place);
        self.order.insert((place.0, place.1, ticket));
    }

    /// The ticket of least rank.
    pub fn first(&self) -> Option<(R, Ticket)> {
        self.order.first().map(|(rank, _, ticket)| (*rank, *ticket))
    }

    /// A ticket leaves; its rank, if it was there.
    pub fn remove(&mut self, ticket: Ticket) -> Option<R> {
        let (rank, entered) = self.places.remove(&ticket)?;
        self.order.remove(&(rank, entered, ticket));
        Some(rank)
    }

    /// How many tickets there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }
}

/// A policy that is nothing but a rank: what is known when the invocation begins to wait decides. O(log n).
pub struct ByRank<R, F> {
    queue: Ranked<R>,
    rank: F,
}

impl<R, F: Fn(&Waiting, &QueueView<'_>) -> R> ByRank<R, F> {
    /// An empty queue in the order of `rank`, least first.
    pub fn new(rank: F) -> Self {
        Self { queue: Ranked::default(), rank }
    }
}

impl<R: Ord + Copy + Send, F: Fn(&Waiting, &QueueView<'_>) -> R + Send> Scheduling for ByRank<R, F> {
    fn enqueue(&mut self, waiting: Waiting, view: &QueueView<'_>) {
        self.queue.insert((self.rank)(&waiting, view), waiting.ticket);
    }

    fn next(&mut self, _: &QueueView<'_>) -> Option<Ticket> {
        self.queue.first().map(|(_, ticket)| ticket)
    }

    fn remove(&mut self, ticket: Ticket, _: bool, _: &QueueView<'_>) {
        self.queue.remove(ticket);
    }

    fn len(&self) -> usize {
        self.queue.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Against a sorted vector.
        #[test]
        fn the_least_rank_is_first_and_equals_keep_their_order(steps in prop::collection::vec((0..3u8, 0..5u8), 0..100)) {
            let (mut ranked, mut plain) = (Ranked::default(), Vec::<(u8, Ticket)>::new());
            for (ticket, (what, rank)) in (0..).zip(steps) {
                if what > 0 {
                    ranked.insert(rank, ticket);
                    plain.push((rank, ticket));
                } else if !plain.is_empty() {
                    let (rank, ticket) = plain.remove(usize::from(rank) % plain.len());
                    prop_assert_eq!(ranked.remove(ticket), Some(rank));
                }
                plain.sort();
                prop_assert_eq!(ranked.first(), plain.first().copied());
                prop_assert_eq!(ranked.len(), plain.len());
            }
        }
    }
}
