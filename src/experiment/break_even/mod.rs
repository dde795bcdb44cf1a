//! Serverless against servers: what both cost as the load grows, where they cost the same, and which inputs matter most.

mod costs;
mod curve;
mod effects;
mod hypercube;
mod ranges;

pub use costs::Change;
pub use curve::{Crossing, Point, break_even};
pub use effects::Effect;
pub use hypercube::latin_hypercube;
pub use ranges::{Quantiles, RangeEffect, Ranged, Sample};

use serde::Serialize;

/// How serverless compares with servers over a range of loads. Amounts are per month of 730 hours, means over the replications.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BreakEven {
    /// What a server is.
    pub machine: String,
    /// The currency of all amounts.
    pub currency: String,
    /// Number of replications.
    pub replications: usize,
    /// Both at the load that was simulated.
    pub today: Point,
    /// Both over a range of loads, in rising order.
    pub points: Vec<Point>,
    /// Where they cost the same, in rising order of load.
    pub crossings: Vec<Crossing>,
    /// By how much an input is changed in `effects`, as a share.
    pub change: f64,
    /// What a change of each input does to the bills, the largest effect first.
    pub effects: Vec<Effect>,
    /// What the declared ranges of inputs do, if the scenario declares any.
    pub ranges: Option<Ranged>,
}
