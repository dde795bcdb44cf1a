//! Landlord: instances pay rent for their memory, and who cannot pay goes.

use crate::policy::entry::{Build, Entry, read};
use crate::policy::eviction::priority::{cost, size};
use crate::policy::eviction::ranking::{Ranking, Worth};
use crate::policy::eviction::{Candidate, Eviction, Leaves, Slot};
use crate::policy::parameters::NoParameters;

/// Each use gives an instance a credit of its cold start. When memory is needed, all idle instances pay the same rent per MiB, as
/// much as the poorest can pay; that one goes. O(log n): rent is summed in one number, to which new credits are added.
///
/// Young's algorithm lets a hit raise the credit to anything up to the cost; here it is the cost, as in FaasCache's simulator.
#[derive(Debug, Default)]
pub struct Landlord {
    rent: f64,
    turn: u64,
    ranking: Ranking<(Worth, u64)>,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Eviction> = Entry {
    name: "landlord",
    summary: "Each use gives an instance a credit of its cold start; idle instances pay rent by memory, and who is out of credit goes.",
    reference: "Young, \"On-Line File Caching\", Algorithmica 2002; baseline of Fuerst and Sharma, \"FaasCache\", ASPLOS 2021",
    parameters: &[],
    example: "{}",
    build: Build::Function(|parameters| {
        read::<NoParameters>(parameters)?;
        Ok(Box::new(|| Box::new(Landlord::default())))
    }),
};

impl Eviction for Landlord {
    fn idle(&mut self, candidate: &Candidate) {
        // An instance pays no rent while it executes, so the credit that its use gave is still whole.
        self.turn += 1;
        self.ranking.set(candidate.slot, (Worth(self.rent + cost(candidate) / size(candidate)), self.turn));
    }

    fn leaves(&mut self, candidate: &Candidate, why: Leaves) {
        let place = self.ranking.remove(candidate.slot);
        if let (Leaves::Evicted, Some((Worth(credit), _))) = (why, place) {
            self.rent = self.rent.max(credit);
        }
    }

    fn victim(&mut self) -> Option<Slot> {
        self.ranking.first()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::eviction::lab::{Function, replay};
    use crate::policy::eviction::least_recently_used::LeastRecentlyUsed;
    use proptest::prelude::*;

    /// Credits per MiB: 0 has 10, 1 has 6, 2 has 20; two of three fit. 2 evicts 1 (rent 6, left: 0 has 4). 1 evicts 0 (rent 4, left:
    /// 2 has 16; 1 has 6). 0 evicts 1 (rent 6, 2 has 10 left, 0 has 10). 1 evicts 2, which has been idle longer than 0.
    #[test]
    fn a_worked_example() {
        let functions = [Function::new(10, 100), Function::new(10, 60), Function::new(10, 200)];
        let seen = replay(&mut Landlord::default(), 20, &functions, &[0, 1, 2, 1, 0, 1]);
        assert_eq!((seen.hits, seen.evicted), (0, vec![1, 0, 1, 2]));
    }

    /// The same with the rent taken from every credit, as the algorithm is written.
    #[derive(Default)]
    struct Literal(Vec<(Slot, f64, f64)>);

    impl Eviction for Literal {
        fn idle(&mut self, candidate: &Candidate) {
            self.0.push((candidate.slot, cost(candidate), size(candidate)));
        }

        fn leaves(&mut self, candidate: &Candidate, why: Leaves) {
            let place = self.0.iter().position(|(slot, ..)| *slot == candidate.slot).unwrap();
            let (_, credit, size) = self.0.remove(place);
            if why == Leaves::Evicted {
                self.0.iter_mut().for_each(|(_, other, memory)| *other -= credit / size * *memory);
            }
        }

        fn victim(&mut self) -> Option<Slot> {
            let least = self
                .0
                .iter()
                .min_by(|(_, credit, size), (_, other, memory)| (credit / size).total_cmp(&(other / memory)));
            least.map(|(slot, ..)| *slot)
        }
    }

    proptest! {
        #[test]
        fn the_sum_of_rents_is_as_good_as_paying_them(worths in prop::collection::vec((0..4u32, 1..9u64), 6), requests in prop::collection::vec(0..6u32, 0..120)) {
            // Sizes are powers of two, so that no rounding differs.
            let functions: Vec<_> = worths.iter().map(|(power, millis)| Function::new(1 << power, *millis)).collect();
            let seen = replay(&mut Landlord::default(), 12, &functions, &requests);
            prop_assert_eq!(replay(&mut Literal::default(), 12, &functions, &requests), seen);
        }

        #[test]
        fn with_equal_costs_and_sizes_it_is_least_recently_used(requests in prop::collection::vec(0..6u32, 0..120)) {
            let functions = [Function::new(1, 100); 6];
            let seen = replay(&mut LeastRecentlyUsed::default(), 3, &functions, &requests);
            prop_assert_eq!(replay(&mut Landlord::default(), 3, &functions, &requests), seen);
        }
    }
}
