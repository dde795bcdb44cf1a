//! FREQ of the FaasCache study: frequency and cost with ageing, without size.

use crate::policy::entry::{Build, Entry, read};
use crate::policy::eviction::Eviction;
use crate::policy::eviction::priority::{Priority, Rule, cost};
use crate::policy::parameters::NoParameters;

/// Priority = clock + uses x cost. Not the textbook's LFU, which knows neither clock nor cost.
pub const RULE: Rule = Rule { worth: |uses, of| uses * cost(of), ages: true, forgets: true, shares: false };

/// The catalog's entry.
pub const ENTRY: Entry<dyn Eviction> = Entry {
    name: "frequency",
    summary: "The function with the least uses times cold start goes first; what is not used ages (FREQ of the FaasCache study).",
    reference: "Fuerst and Sharma, \"FaasCache\", ASPLOS 2021, and its simulator",
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
    use crate::policy::eviction::lab::{Function, replay};

    /// 0: 30 MiB, 100 ms; 1: 10 MiB, 150 ms; 2: 30 MiB, 60 ms; 3: 5 MiB, 10 ms. Capacity 70.
    /// Function 3 needs 5 MiB: 0 has 200, 1 has 150, 2 has 60: 2 goes, the clock is 60. Back, 2 has 60 + 60 and 3 has 70: 3 goes.
    #[test]
    fn cost_and_uses_count_but_not_size() {
        let functions = [Function::new(30, 100), Function::new(10, 150), Function::new(30, 60), Function::new(5, 10)];
        let seen = replay(&mut Priority::new(RULE), 70, &functions, &[0, 0, 1, 2, 3, 2]);
        assert_eq!((seen.hits, seen.evicted), (1, vec![2, 3]));
    }
}
