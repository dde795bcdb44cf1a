//! The cheapest size.

use serde::Deserialize;

use crate::amount::Memory;
use crate::policy::allocation::grid::GRID;
use crate::policy::allocation::{Allocation, Chosen, Grid, Profile};
use crate::policy::entry::{Build, Entry, read};

/// C_min = min C_i over the grid; the fastest of equals. O(sizes x draws).
///
/// Where only CPU time counts, the cost is nearly flat up to one full vCPU and the rounding of the meter decides: the choice can be
/// the slowest size for a saving of a per mille. `balanced` and `cost_under_latency` are for that.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MinimumCost {
    #[serde(default)]
    grid: Grid,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Allocation> = Entry {
    name: "minimum_cost",
    summary: "The size at which an invocation costs least, whatever its execution time.",
    reference: "AWS Lambda Power Tuning, strategy \"cost\"; Elgamal et al., \"Costless\", SEC 2018",
    parameters: &[GRID],
    example: r#"{ grid = ["128 MiB", "512 MiB", "1024 MiB", "1769 MiB"] }"#,
    build: Build::Function(|parameters| {
        let policy: MinimumCost = read(parameters)?;
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl Allocation for MinimumCost {
    fn grid(&self) -> &[Memory] {
        self.grid.sizes()
    }

    fn needs_prices(&self) -> bool {
        true
    }

    fn choose(&self, profile: &Profile<'_>) -> Chosen {
        let cheapest = profile.trials.iter().min_by_key(|trial| (trial.cost, trial.mean()));
        cheapest.map_or(profile.memory, |trial| trial.memory).into()
    }
}
