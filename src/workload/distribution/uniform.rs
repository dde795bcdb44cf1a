//! The uniform distribution.

use serde::{Deserialize, Serialize};

use super::{Quantity, Sampler};
use crate::workload::validate::{Invalid, non_negative, ordered};

/// Every value of a range is equally likely.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(bound = "Q: Quantity", deny_unknown_fields)]
pub struct Uniform<Q: Quantity> {
    /// The smallest value.
    pub min: Q,
    /// The largest value.
    pub max: Q,
}

impl<Q: Quantity> Uniform<Q> {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        non_negative("min", self.min.to_f64())?;
        non_negative("max", self.max.to_f64())?;
        ordered("min", &self.min, "max", &self.max)
    }

    pub(super) fn sampler(&self) -> Sampler {
        Sampler::Uniform { min: self.min.to_f64(), width: self.max.to_f64() - self.min.to_f64() }
    }
}
