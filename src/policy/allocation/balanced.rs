//! A compromise between cost and time.

use serde::Deserialize;

use crate::amount::Memory;
use crate::policy::allocation::grid::GRID;
use crate::policy::allocation::{Allocation, Chosen, Grid, Profile, Trial};
use crate::policy::entry::{Build, Entry, Parameter, ParameterError, read};

/// The least w cost / largest cost + (1 - w) time / largest time over the grid; the smallest of equals. O(sizes x draws).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Balanced {
    #[serde(default)]
    grid: Grid,
    #[serde(default = "half")]
    weight: f64,
}

const fn half() -> f64 {
    0.5
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Allocation> = Entry {
    name: "balanced",
    summary: "The size with the least weighted sum of cost and mean execution time, each relative to the largest.",
    reference: "AWS Lambda Power Tuning, strategy \"balanced\"",
    parameters: &[
        GRID,
        Parameter {
            name: "weight",
            kind: "number from 0 to 1",
            default: Some("0.5"),
            meaning: "how much the cost counts; 1 is the cheapest size, 0 the fastest",
        },
    ],
    example: "{ weight = 0.5 }",
    build: Build::Function(|parameters| {
        let policy: Balanced = read(parameters)?;
        if !(0.0..=1.0).contains(&policy.weight) {
            return Err(ParameterError("`weight` is a share; expected a number from 0 to 1".into()));
        }
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl Allocation for Balanced {
    fn grid(&self) -> &[Memory] {
        self.grid.sizes()
    }

    fn needs_prices(&self) -> bool {
        true
    }

    fn choose(&self, profile: &Profile<'_>) -> Chosen {
        let cost = |trial: &Trial| trial.cost.as_f64();
        let time = |trial: &Trial| trial.mean().as_secs_f64();
        let largest = |of: &dyn Fn(&Trial) -> f64| profile.trials.iter().map(of).fold(f64::MIN_POSITIVE, f64::max);
        let (largest_cost, largest_time) = (largest(&cost), largest(&time));
        let score =
            |trial: &Trial| self.weight * cost(trial) / largest_cost + (1.0 - self.weight) * time(trial) / largest_time;
        let best = profile.trials.iter().min_by(|a, b| score(a).total_cmp(&score(b)));
        best.map_or(profile.memory, |trial| trial.memory).into()
    }
}
