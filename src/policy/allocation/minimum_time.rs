//! The fastest size.

use serde::Deserialize;

use crate::amount::Memory;
use crate::policy::allocation::grid::GRID;
use crate::policy::allocation::{Allocation, Chosen, Grid, Profile};
use crate::policy::entry::{Build, Entry, read};

/// The least mean execution time over the grid; the smallest of equals. O(sizes x draws).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MinimumTime {
    #[serde(default)]
    grid: Grid,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Allocation> = Entry {
    name: "minimum_time",
    summary: "The size at which the mean execution time is least, whatever it costs.",
    reference: "AWS Lambda Power Tuning, strategy \"speed\"",
    parameters: &[GRID],
    example: r#"{ grid = ["128 MiB", "512 MiB", "1024 MiB", "1769 MiB"] }"#,
    build: Build::Function(|parameters| {
        let policy: MinimumTime = read(parameters)?;
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl Allocation for MinimumTime {
    fn grid(&self) -> &[Memory] {
        self.grid.sizes()
    }

    fn choose(&self, profile: &Profile<'_>) -> Chosen {
        profile.fastest().map_or(profile.memory, |trial| trial.memory).into()
    }
}
