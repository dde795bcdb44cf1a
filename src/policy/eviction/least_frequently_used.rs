//! Least frequently used, as in the textbook.

use serde::Deserialize;

use crate::policy::entry::{Build, Entry, Parameter, read};
use crate::policy::eviction::Eviction;
use crate::policy::eviction::priority::{Priority, Rule};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    #[serde(default)]
    perfect: bool,
}

/// Priority = uses, without clock, cost or size.
pub const fn rule(perfect: bool) -> Rule {
    Rule { worth: |uses, _| uses, ages: false, forgets: !perfect, shares: false }
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Eviction> = Entry {
    name: "least_frequently_used",
    summary: "The function with the fewest uses goes first; nothing ages.",
    reference: "textbook; Breslau et al., \"Web Caching and Zipf-like Distributions\", INFOCOM 1999, for the perfect variant",
    parameters: &[Parameter {
        name: "perfect",
        kind: "true or false",
        default: Some("false"),
        meaning: "whether uses still count when the worker has lost all instances of the function",
    }],
    example: "{ perfect = true }",
    build: Build::Function(|parameters| {
        let Parameters { perfect } = read(parameters)?;
        Ok(Box::new(move || Box::new(Priority::new(rule(perfect)))))
    }),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::eviction::lab::{Function, replay, zipf};

    /// Two fit; function 0 has three uses. 2 evicts 1 and is used twice, 3 evicts it, it evicts 3.
    /// Forgetful: now 2 has one use, so 3 evicts it and is used twice, and 2 evicts 3.
    /// Perfect: now 2 has three uses, as many as 0, which has been idle longer: 3 evicts 0, and 2 is still there.
    #[test]
    fn only_the_perfect_variant_remembers_what_it_evicted() {
        let functions = [Function::new(1, 1); 4];
        let requests = [0, 0, 0, 1, 2, 2, 3, 2, 3, 3, 2];
        let evicted = |perfect| replay(&mut Priority::new(rule(perfect)), 2, &functions, &requests).evicted;
        assert_eq!(evicted(false), [1, 2, 3, 2, 3]);
        assert_eq!(evicted(true), [1, 2, 3, 0]);
    }

    /// Perfect LFU converges to the static optimum: with room for three of ten functions, the two most popular stay for good.
    #[test]
    fn the_perfect_variant_keeps_the_most_popular() {
        let (functions, requests) = zipf();
        let seen = replay(&mut Priority::new(rule(true)), 300, &functions, &requests);
        let popular = requests.iter().filter(|unit| **unit < 2).count();
        assert!(seen.hits > popular && seen.evicted.iter().rev().take(1_000).all(|unit| *unit >= 2), "{}", seen.hits);
    }
}
