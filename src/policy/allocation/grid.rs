//! The sizes that a policy tries.

use serde::Deserialize;

use crate::amount::Memory;
use crate::policy::entry::Parameter;

/// Sizes in rising order, none twice; at least one, all larger than zero.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<Memory>")]
pub struct Grid(Vec<Memory>);

/// The parameter `grid` of the policies that try a few sizes.
pub const GRID: Parameter = Parameter {
    name: "grid",
    kind: "list of memory sizes",
    default: Some(
        r#"["128 MiB", "256 MiB", "512 MiB", "1024 MiB", "1536 MiB", "3008 MiB"], those of AWS Lambda Power Tuning"#,
    ),
    meaning: "the sizes to choose from",
};

impl Grid {
    /// From the least to the largest size in equal steps, which must not be zero.
    pub fn steps(least: u64, largest: u64, step: usize) -> Self {
        Self((least..=largest).step_by(step).map(Memory::from_mib).collect())
    }

    /// The sizes.
    pub fn sizes(&self) -> &[Memory] {
        &self.0
    }
}

impl Default for Grid {
    /// `powerValues` of AWS Lambda Power Tuning (README-INPUT-OUTPUT.md).
    fn default() -> Self {
        Self([128, 256, 512, 1024, 1536, 3008].map(Memory::from_mib).into())
    }
}

impl TryFrom<Vec<Memory>> for Grid {
    type Error = &'static str;

    fn try_from(mut sizes: Vec<Memory>) -> Result<Self, Self::Error> {
        sizes.sort_unstable();
        sizes.dedup();
        match sizes.first() {
            None => Err("`grid` is empty; expected sizes such as [\"128 MiB\", \"1024 MiB\"]"),
            Some(least) if least.as_bytes() == 0 => Err("`grid` has a size of zero; expected at least \"1 MiB\""),
            Some(_) => Ok(Self(sizes)),
        }
    }
}
