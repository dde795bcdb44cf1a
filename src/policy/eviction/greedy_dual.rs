//! Greedy-Dual-Size-Frequency: the keep-alive of FaasCache.

use crate::policy::entry::{Build, Entry, read};
use crate::policy::eviction::Eviction;
use crate::policy::eviction::priority::{Priority, Rule, cost, size};
use crate::policy::parameters::NoParameters;

/// Priority = clock + uses x cost / size: cold start in ms, memory in MiB, uses while an instance of the function is on the worker.
/// The units do not matter: the clock is itself a priority. FaasCache has no time-out: run it with `keep_alive.infinite`.
pub const RULE: Rule = Rule { worth: |uses, of| uses * cost(of) / size(of), ages: true, forgets: true, shares: false };

/// The catalog's entry.
pub const ENTRY: Entry<dyn Eviction> = Entry {
    name: "greedy_dual",
    summary: "The function with the least uses times cold start per MiB goes first; what is not used ages (Greedy-Dual-Size-Frequency).",
    reference: "Fuerst and Sharma, \"FaasCache\", ASPLOS 2021; Cherkasova, HP Labs 1998",
    parameters: &[],
    example: "{}",
    build: Build::Function(|parameters| {
        read::<NoParameters>(parameters)?;
        Ok(Box::new(|| Box::new(Priority::new(RULE))))
    }),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::eviction::lab::{Function, candidate, replay, zipf};
    use crate::policy::eviction::least_recently_used::LeastRecentlyUsed;
    use crate::policy::eviction::{Candidate, Leaves};
    use proptest::prelude::*;

    const A: u32 = 0;
    const B: u32 = 1;
    const C: u32 = 2;

    /// By hand, capacity 100. Worth per use: A 800 / 40 = 20, B 200 / 40 = 5, C 1000 / 50 = 20.
    /// Fourth request (C): A has 40 after two uses, B 5, so B goes and the clock is 5; C gets 25. Fifth (B): C goes, the clock is
    /// 25; B gets 30, then 35. Eighth (C): A has 25 + 60, so B goes.
    #[test]
    fn a_worked_example() {
        let functions = [Function::new(40, 800), Function::new(40, 200), Function::new(50, 1000)];
        let requests = [A, B, A, C, B, A, B, C, A, C];
        let seen = replay(&mut Priority::new(RULE), 100, &functions, &requests);
        assert_eq!((seen.hits, seen.evicted), (5, vec![B, C, B]));
        let lru = replay(&mut LeastRecentlyUsed::default(), 100, &functions, &requests);
        assert_eq!((lru.hits, lru.evicted), (3, vec![B, A, C, A, B]));
    }

    /// Counts of an independent program for this workload.
    #[test]
    fn hits_of_a_reproducible_workload() {
        let (functions, requests) = zipf();
        let counts: Vec<usize> =
            (0..10).map(|unit| requests.iter().filter(|request| **request == unit).count()).collect();
        assert_eq!(counts, [1685, 857, 562, 433, 351, 292, 260, 197, 190, 173]);
        let lru = |mib| replay(&mut LeastRecentlyUsed::default(), mib, &functions, &requests).hits;
        assert_eq!([200, 300, 500, 700].map(lru), [1668, 2335, 3368, 4172]);
        let greedy_dual = |mib| replay(&mut Priority::new(RULE), mib, &functions, &requests).hits;
        assert_eq!([200, 500].map(greedy_dual), [1790, 3717]);
    }

    /// Two instances of A: both have what two uses are worth. When B is used after the first is evicted, the clock counts.
    #[test]
    fn instances_of_a_function_share_its_priority() {
        let mut policy = Priority::new(RULE);
        let two = |slot| Candidate { siblings: 2, ..candidate(A, slot, Function::new(10, 100)) };
        let b = candidate(B, 7, Function::new(10, 150));
        policy.used(&two(0));
        policy.used(&two(1));
        policy.used(&b);
        policy.idle(&two(1));
        policy.idle(&two(0));
        policy.idle(&b);
        // B has 15, both instances of A have 20.
        assert_eq!(policy.victim(), Some(7));
        policy.leaves(&b, Leaves::Evicted);
        // Of A the one that became idle first.
        assert_eq!(policy.victim(), Some(1));
        policy.leaves(&two(1), Leaves::Evicted);
        // The clock is 20 now, and B starts again with one use: 35.
        policy.used(&b);
        policy.idle(&b);
        assert_eq!(policy.victim(), Some(0));
        // A is forgotten with its last instance: its next use counts as the first, 20 + 10.
        let last = candidate(A, 0, Function::new(10, 100));
        policy.leaves(&last, Leaves::Gone);
        policy.used(&last);
        policy.idle(&last);
        assert_eq!(policy.victim(), Some(0));
    }

    proptest! {
        /// The units of cost and size do not matter.
        #[test]
        fn scaling_changes_nothing(worths in prop::collection::vec((1..9u64, 1..9u64), 6), requests in prop::collection::vec(0..6u32, 0..120)) {
            let scaled = |memory, time| -> Vec<_> { worths.iter().map(|(mib, millis)| Function::new(memory * mib, time * millis)).collect() };
            let seen = replay(&mut Priority::new(RULE), 12, &scaled(1, 1), &requests);
            // Powers of two, so that no rounding differs.
            prop_assert_eq!(replay(&mut Priority::new(RULE), 48, &scaled(4, 128), &requests), seen);
        }
    }
}
