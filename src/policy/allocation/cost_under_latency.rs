//! The cheapest size that is fast enough.

use serde::Deserialize;

use crate::amount::Memory;
use crate::policy::allocation::grid::GRID;
use crate::policy::allocation::{Allocation, Chosen, Grid, Profile};
use crate::policy::entry::{Build, Entry, Parameter, ParameterError, read};
use crate::time::Span;

/// The least cost over the sizes of which a quantile of the execution time meets an objective; the fastest size if none does. Queueing
/// and cold starts are not part of it. O(sizes x draws).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostUnderLatency {
    #[serde(default)]
    grid: Grid,
    objective: Span,
    #[serde(default = "most")]
    quantile: f64,
}

const fn most() -> f64 {
    0.95
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Allocation> = Entry {
    name: "cost_under_latency",
    summary: "The cheapest size at which a quantile of the execution time meets an objective; the fastest if none does.",
    reference: "Akhtar et al., \"COSE\", INFOCOM 2020, and Mahgoub et al., \"ORION\", OSDI 2022 (95th percentile), by trying every size",
    parameters: &[
        Parameter { name: "objective", kind: "duration", default: None, meaning: "how long an execution may take" },
        Parameter {
            name: "quantile",
            kind: "number from 0 to 1",
            default: Some("0.95"),
            meaning: "share of the executions that must not take longer",
        },
        GRID,
    ],
    example: r#"{ objective = "300ms", quantile = 0.95 }"#,
    build: Build::Function(|parameters| {
        let policy: CostUnderLatency = read(parameters)?;
        if !(0.0..=1.0).contains(&policy.quantile) {
            return Err(ParameterError("`quantile` is a share; expected a number from 0 to 1, such as 0.95".into()));
        }
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl Allocation for CostUnderLatency {
    fn grid(&self) -> &[Memory] {
        self.grid.sizes()
    }

    fn needs_prices(&self) -> bool {
        true
    }

    fn choose(&self, profile: &Profile<'_>) -> Chosen {
        let fast_enough = profile.trials.iter().filter(|trial| trial.quantile(self.quantile) <= self.objective);
        if let Some(trial) = fast_enough.min_by_key(|trial| (trial.cost, trial.mean())) {
            return trial.memory.into();
        }
        let memory = profile.fastest().map_or(profile.memory, |trial| trial.memory);
        Chosen { memory, remark: Some("no size meets the objective, so the fastest") }
    }
}
