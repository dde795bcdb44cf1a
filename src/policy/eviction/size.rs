//! SIZE of the FaasCache study: frequency and size with ageing, without cost.

use crate::policy::entry::{Build, Entry, read};
use crate::policy::eviction::Eviction;
use crate::policy::eviction::priority::{Priority, Rule, size};
use crate::policy::parameters::NoParameters;

/// Priority = clock + uses / size. Not the SIZE of web caches (Williams et al., SIGCOMM 1996), where the largest goes first.
pub const RULE: Rule = Rule { worth: |uses, of| uses / size(of), ages: true, forgets: true, shares: false };

/// The catalog's entry.
pub const ENTRY: Entry<dyn Eviction> = Entry {
    name: "size",
    summary: "The function with the least uses per MiB goes first; what is not used ages (SIZE of the FaasCache study).",
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

    /// 0: 32 MiB, 1: 16 MiB, 2: 8 MiB; capacity 50; cold starts of 0 are dear, which does not count.
    /// 2 needs 6 MiB more: 0 has 1/32, 1 has 1/16: 0 goes, the clock is 1/32. Then 0 needs room for 32: 1 has 1/16 = 2/32 and goes,
    /// 2 has 1/32 + 1/8.
    #[test]
    fn uses_per_size_count_but_not_cost() {
        let functions = [Function::new(32, 90_000), Function::new(16, 10), Function::new(8, 10)];
        let seen = replay(&mut Priority::new(RULE), 50, &functions, &[0, 1, 2, 0]);
        assert_eq!((seen.hits, seen.evicted), (0, vec![0, 1]));
    }
}
