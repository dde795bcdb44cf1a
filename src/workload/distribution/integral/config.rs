//! The integral as scenario files write it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::super::{Distribution, Quantity, Sampler};
use super::{IntegralSampler, antiderivative::Antiderivative};
use crate::workload::data::DataError;
use crate::workload::validate::{Invalid, finite, non_negative, number, positive};

/// Execution time that depends on an input: the integral from `from` to `to` of the work rate f(x) dx, such as the size of
/// a file that is processed. Both bounds are drawn anew for each invocation. Where the result would be negative (`to` is
/// drawn below `from`, or the rate is negative) it is zero.
///
/// `integral = { unit = "1ms", work.polynomial = [2.0, 0.1], from.constant = 0, to.exponential = { mean = 50 } }`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(bound = "Q: Quantity", deny_unknown_fields)]
pub struct Integral<Q: Quantity> {
    /// What a work rate of 1 costs per unit of x, such as "1ms".
    pub unit: Q,
    /// The work rate f over the input x, in multiples of `unit`.
    pub work: Work,
    /// Distribution of the lower bound: plain numbers, such as `from.constant = 0`.
    pub from: Box<Distribution<f64>>,
    /// Distribution of the upper bound: plain numbers.
    pub to: Box<Distribution<f64>>,
}

/// A work rate over an input x.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Work {
    /// Coefficients c0, c1, c2, ... of f(x) = c0 + c1 x + c2 x^2 + ...; 1 to 16 of them.
    Polynomial(Vec<f64>),
    /// Points [x, f] in rising order of x, joined by straight lines; outside them f stays what it is at the nearest point.
    Table(Vec<(f64, f64)>),
}

impl Work {
    fn validate(&self) -> Result<(), Invalid> {
        match self {
            Self::Polynomial(coefficients) => {
                number("number of coefficients in work.polynomial", coefficients.len() as f64, 1.0..=16.0)?;
                coefficients.iter().try_for_each(|c| finite("work.polynomial", *c))
            }
            Self::Table(points) => {
                positive("number of points in work.table", points.len() as f64)?;
                for (x, rate) in points {
                    finite("x in work.table", *x)?;
                    non_negative("f in work.table", *rate)?;
                }
                match points.windows(2).find(|pair| pair[0].0 >= pair[1].0) {
                    Some(pair) => Err(Invalid::new(format!(
                        "`work.table` has x = {} after {}; expected rising x",
                        pair[1].0, pair[0].0
                    ))),
                    None => Ok(()),
                }
            }
        }
    }

    fn antiderivative(&self) -> Antiderivative {
        match self {
            Self::Polynomial(coefficients) => Antiderivative::of_polynomial(coefficients),
            Self::Table(points) => Antiderivative::of_table(points),
        }
    }
}

impl<Q: Quantity> Integral<Q> {
    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        non_negative("unit", self.unit.to_f64())?;
        self.work.validate()
    }

    pub(crate) fn files(&mut self) -> Vec<&mut PathBuf> {
        let mut files = self.from.files();
        files.append(&mut self.to.files());
        files
    }

    pub(crate) fn resolve(&mut self, base: &Path) -> Result<(), DataError> {
        self.from.resolve(base)?;
        self.to.resolve(base)
    }

    pub(crate) fn sampler(&self) -> Sampler {
        Sampler::Integral(Box::new(IntegralSampler {
            unit: self.unit.to_f64(),
            antiderivative: self.work.antiderivative(),
            from: self.from.sampler(),
            to: self.to.sampler(),
        }))
    }
}
