//! Ski rental: keep-alive without any knowledge of the arrivals.

use serde::Deserialize;

use crate::policy::entry::{Build, Entry, Parameter, read};
use crate::policy::parameters::positive;
use crate::policy::{IdleView, KeepAlive, Lease};
use crate::time::Span;

/// An idle instance is kept until its idle time has cost as much as a cold start: never more than twice the cost of the best plan that
/// knows the future. Randomised, with density proportional to exp(t / break-even) up to the break-even: on average never more than
/// e / (e - 1) = 1.58 times that. O(1).
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkiRental {
    /// The idle time that costs as much as a cold start.
    pub break_even: Span,
    /// Whether the time is drawn.
    #[serde(default)]
    pub randomised: bool,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn KeepAlive> = Entry {
    name: "ski_rental",
    summary: "An idle instance goes when its idle time has cost as much as a cold start: within a fixed factor of the best plan, whatever comes.",
    reference: "Karlin, Manasse, McGeoch and Owicki, \"Competitive Randomized Algorithms for Nonuniform Problems\", Algorithmica 1994",
    parameters: &[
        Parameter {
            name: "break_even",
            kind: "duration",
            default: None,
            meaning: "idle time that costs as much as a cold start",
        },
        Parameter {
            name: "randomised",
            kind: "true or false",
            default: Some("false"),
            meaning: "whether the time is drawn anew each time, for a factor of 1.58 instead of 2",
        },
    ],
    example: r#"{ break_even = "80s", randomised = true }"#,
    build: Build::Function(|parameters| {
        let policy: SkiRental = read(parameters)?;
        positive("break_even", policy.break_even)?;
        Ok(Box::new(move || Box::new(policy)))
    }),
};

impl SkiRental {
    /// The time before which a share of the drawn instances goes.
    fn quantile(&self, share: f64) -> Span {
        let part = libm::log(1.0 + share * (std::f64::consts::E - 1.0));
        Span::from_nanos_f64(part * self.break_even.as_nanos() as f64)
    }
}

impl KeepAlive for SkiRental {
    fn lease(&mut self, idle: &IdleView<'_>) -> Lease {
        Lease::For(if self.randomised { self.quantile(idle.random().uniform()) } else { self.break_even })
    }

    fn always(&self) -> Option<Lease> {
        (!self.randomised).then_some(Lease::For(self.break_even))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::keep_alive::lab::{after_gaps, serve};
    use proptest::prelude::*;

    const BREAK_EVEN: Span = Span::from_secs(80);

    fn best(gap: f64) -> f64 {
        gap.min(BREAK_EVEN.as_secs_f64())
    }

    proptest! {
        #[test]
        fn never_twice_as_dear_as_knowing_the_future(gaps in prop::collection::vec(0.0..300.0, 1..30)) {
            let mut policy = SkiRental { break_even: BREAK_EVEN, randomised: false };
            let seen = serve(&mut policy, &after_gaps(gaps.iter().copied()));
            // The first invocation is cold for all.
            let known = 80.0 + gaps.iter().copied().map(best).sum::<f64>();
            prop_assert!(seen.cost(BREAK_EVEN) <= 2.0 * known + 1e-6);
        }
    }

    /// Whatever the gap, up to the break-even, a drawn time costs e / (e - 1) times the best: 20,000 equal gaps, within four standard
    /// errors (a cost is between 0 and twice the break-even, so its standard deviation is below the break-even).
    #[test]
    fn on_average_a_drawn_time_costs_the_known_factor() {
        let mut policy = SkiRental { break_even: BREAK_EVEN, randomised: true };
        let factor = std::f64::consts::E / (std::f64::consts::E - 1.0);
        for gap in [8.0, 40.0, 79.0, 200.0] {
            let seen = serve(&mut policy, &after_gaps(std::iter::repeat_n(gap, 20_000)));
            let mean = (seen.cost(BREAK_EVEN) - 80.0) / 20_000.0;
            assert!((mean - factor * best(gap)).abs() < 4.0 * 80.0 / 20_000f64.sqrt(), "{gap}: {mean}");
        }
    }

    /// Half of the drawn instances are gone after ln(1 + (e - 1) / 2) = 0.620 of the break-even.
    #[test]
    fn the_quantiles_are_those_of_the_density() {
        let policy = SkiRental { break_even: BREAK_EVEN, randomised: true };
        for (share, secs) in [(0.0, 0.0), (0.5, 49.609), (1.0, 80.0)] {
            assert!((policy.quantile(share).as_secs_f64() - secs).abs() < 1e-3, "{share}");
        }
    }
}
