//! Belady's MIN: the bound that knows the future.

use std::cmp::Reverse;

use crate::policy::entry::{Build, Entry, read};
use crate::policy::eviction::ranking::IdleByFunction;
use crate::policy::eviction::{Candidate, Eviction, Leaves, Slot};
use crate::policy::parameters::NoParameters;
use crate::time::Time;

/// The instance of the function whose next invocation is farthest away goes first. O(log n).
///
/// Fewest cold starts on one worker if all instances have the same memory and executions take no time. Otherwise it is a yardstick,
/// not a bound: costs and sizes do not count, and on several workers the next invocation may go to another one.
#[derive(Debug, Default)]
pub struct Belady {
    idle: IdleByFunction<Reverse<Time>>,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Eviction> = Entry {
    name: "belady",
    summary: "The function whose next invocation is farthest away goes first: knows the future (Belady's MIN).",
    reference: "Belady, \"A Study of Replacement Algorithms for a Virtual-Storage Computer\", IBM Systems Journal 1966",
    parameters: &[],
    example: "{}",
    build: Build::Function(|parameters| {
        read::<NoParameters>(parameters)?;
        Ok(Box::new(|| Box::new(Belady::default())))
    }),
};

impl Belady {
    fn learn(&mut self, candidate: &Candidate) {
        self.idle.set_rank(candidate.unit, Reverse(candidate.next_arrival.unwrap_or(Time::NEVER)));
    }
}

impl Eviction for Belady {
    fn used(&mut self, candidate: &Candidate) {
        self.learn(candidate);
    }

    fn idle(&mut self, candidate: &Candidate) {
        self.learn(candidate);
        self.idle.insert(candidate.unit, candidate.slot);
    }

    fn leaves(&mut self, candidate: &Candidate, _: Leaves) {
        self.idle.remove(candidate.unit, candidate.slot);
    }

    fn victim(&mut self) -> Option<Slot> {
        self.idle.first()
    }

    fn is_oracle(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::eviction::lab::{Function, replay};
    use proptest::prelude::*;

    /// The most hits of any sequence of evictions, by trying all of them. `warm` has a bit for each function.
    fn most_hits(requests: &[u32], warm: u32, room: u32) -> usize {
        let Some((unit, rest)) = requests.split_first() else { return 0 };
        let here = 1 << unit;
        if warm & here != 0 {
            return 1 + most_hits(rest, warm, room);
        }
        if warm.count_ones() < room {
            return most_hits(rest, warm | here, room);
        }
        let victims = (0..32).filter(|victim| warm & (1 << victim) != 0);
        victims.map(|victim| most_hits(rest, warm & !(1 << victim) | here, room)).max().unwrap_or(0)
    }

    proptest! {
        #[test]
        fn no_sequence_of_evictions_has_more_hits(requests in prop::collection::vec(0..5u32, 0..12), room in 1..4u32) {
            let seen = replay(&mut Belady::default(), u64::from(room), &[Function::new(1, 1); 5], &requests);
            prop_assert_eq!(seen.hits, most_hits(&requests, 0, room));
        }
    }
}
