//! CIDRE's eviction: functions with many instances lose some first.

use crate::policy::entry::{Build, Entry, read};
use crate::policy::eviction::Eviction;
use crate::policy::eviction::priority::{Priority, Rule, cost, size};
use crate::policy::parameters::NoParameters;

/// Priority = clock + uses x cost / (size x instances of the function on the worker), found anew when one of them comes or goes.
/// The clock is that of the last use. CIDRE's other half, speculative scaling, belongs to scheduling.
pub const RULE: Rule = Rule { worth: |uses, of| uses * cost(of) / size(of), ages: true, forgets: true, shares: true };

/// The catalog's entry.
pub const ENTRY: Entry<dyn Eviction> = Entry {
    name: "cidre",
    summary: "Greedy-dual, with the worth of a function divided by its instances on the worker, so that bursts leave few behind.",
    reference: "Liu et al., \"Concurrency-Informed Orchestration for Serverless Functions\", ASPLOS 2025",
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
    use crate::policy::eviction::lab::{Function, candidate, replay};
    use crate::policy::eviction::{Candidate, Leaves, greedy_dual};
    use proptest::prelude::*;

    /// Three uses of function 0 are worth 30 and one of function 1 is worth 20. With three instances function 0 has 10: one goes;
    /// with two it has 15: another goes; the last one has 30, and function 1 goes.
    #[test]
    fn a_burst_loses_all_but_one() {
        let mut policy = Priority::new(RULE);
        let burst = |slot, siblings| Candidate { siblings, ..candidate(0, slot, Function::new(10, 100)) };
        let other = candidate(1, 9, Function::new(10, 200));
        for slot in 0..3 {
            policy.used(&burst(slot, slot + 1));
        }
        policy.used(&other);
        for slot in 0..3 {
            policy.idle(&burst(slot, 3));
        }
        policy.idle(&other);
        let mut evicted = Vec::new();
        for siblings in [3, 2] {
            let slot = policy.victim().unwrap();
            policy.leaves(&burst(slot, siblings), Leaves::Evicted);
            evicted.push(slot);
        }
        evicted.extend(policy.victim());
        assert_eq!(evicted, [0, 1, 9]);
    }

    proptest! {
        /// With one instance of each function it is greedy-dual.
        #[test]
        fn without_concurrency_it_is_greedy_dual(worths in prop::collection::vec((1..9u64, 1..9u64), 6), requests in prop::collection::vec(0..6u32, 0..120)) {
            let functions: Vec<_> = worths.iter().map(|(mib, millis)| Function::new(*mib, *millis)).collect();
            let seen = |rule| replay(&mut Priority::new(rule), 12, &functions, &requests);
            prop_assert_eq!(seen(RULE), seen(greedy_dual::RULE));
        }
    }
}
