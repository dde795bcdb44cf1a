//! The bound of a scheduler that knows when each function is invoked next.

use serde::Deserialize;

use crate::policy::entry::{Build, Entry, Parameter, read};
use crate::policy::parameters::positive;
use crate::policy::{IdleView, KeepAlive, Lease};
use crate::time::Span;

/// An idle instance is kept exactly until the next arrival if that costs no more than a cold start, else it goes at once. O(1).
///
/// The least cost of all keep-alives for functions that execute one invocation at a time, with unlimited memory. With several instances
/// it is a yardstick: the next arrival may take another one.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clairvoyant {
    /// The idle time that costs as much as a cold start.
    pub break_even: Span,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn KeepAlive> = Entry {
    name: "clairvoyant",
    summary: "An idle instance is kept for the next arrival if that costs no more than a cold start: knows the future.",
    reference: "bound; offline optimum of ski rental (Karlin et al., Algorithmica 1994)",
    parameters: &[Parameter {
        name: "break_even",
        kind: "duration",
        default: None,
        meaning: "idle time that costs as much as a cold start",
    }],
    example: r#"{ break_even = "80s" }"#,
    build: Build::Function(|parameters| {
        let policy: Clairvoyant = read(parameters)?;
        positive("break_even", policy.break_even)?;
        Ok(Box::new(move || Box::new(policy)))
    }),
};

impl KeepAlive for Clairvoyant {
    fn lease(&mut self, idle: &IdleView<'_>) -> Lease {
        let gap = idle.next_arrival.map(|next| next.since(idle.now));
        gap.filter(|gap| *gap <= self.break_even).map_or(Lease::Drop, Lease::For)
    }

    fn is_oracle(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::keep_alive::fixed::Fixed;
    use crate::policy::keep_alive::lab::{after_gaps, serve};
    use proptest::prelude::*;

    const BREAK_EVEN: Span = Span::from_secs(80);

    #[test]
    fn a_gap_as_long_as_the_break_even_is_kept() {
        let seen = serve(&mut Clairvoyant { break_even: BREAK_EVEN }, &after_gaps([10.0, 80.0, 80.000_000_001]));
        assert_eq!((seen.cold, seen.idle), (2, Span::from_secs(90)));
    }

    proptest! {
        #[test]
        fn no_fixed_keep_alive_costs_less(gaps in prop::collection::vec(0.0..300.0, 1..30), ttl in 0..400u64) {
            let arrivals = after_gaps(gaps);
            let cost = serve(&mut Clairvoyant { break_even: BREAK_EVEN }, &arrivals).cost(BREAK_EVEN);
            let fixed = serve(&mut Fixed { ttl: Span::from_secs(ttl) }, &arrivals).cost(BREAK_EVEN);
            prop_assert!(cost <= fixed + 1e-6);
        }
    }
}
