//! Both bills over a range of loads, and where they cross.

use rayon::prelude::*;
use serde::Serialize;

use super::costs::{Change, serverless, servers};
use super::effects::effects;
use super::{BreakEven, Ranged};
use crate::amount::Money;
use crate::billing::InvoiceError;
use crate::billing::services::BillPart;
use crate::experiment::fleet::Fleet;
use crate::experiment::{Estimate, Experiment, Measured, Outcome};

/// Loads to a power of ten of the range.
const PER_DECADE: f64 = 15.0;
/// How closely a crossing is found: a tenth of a percent.
const PRECISION: f64 = 1.001;

/// Both at one load.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Point {
    /// The load as a multiple of the one that was simulated.
    pub load: f64,
    /// Mean number of requests per second.
    pub rate: f64,
    /// What the functions and the services beside them cost in a month.
    pub serverless: Estimate,
    /// What the servers and what they need cost in a month.
    pub servers: Estimate,
    /// Share of the servers' capacity that is used, 0 to 1.
    pub utilisation: f64,
    /// Mean number of servers.
    pub mean_servers: f64,
    /// Share of the requests that arrive while the load is above the capacity of the servers, 0 to 1.
    pub over_capacity: f64,
}

/// A load at which both cost the same.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Crossing {
    /// Both there.
    pub at: Point,
    /// Whether the servers are the cheaper ones above it.
    pub servers_above: bool,
}

/// Compares both over loads from `from` to `to` times the one that was simulated; `change` is by how much inputs are changed to
/// see what they do. `None` if the scenario has no servers.
///
/// # Errors
/// If the usage at some load is too large to be billed.
pub fn break_even(
    experiment: &Experiment,
    outcome: &Outcome,
    (from, to): (f64, f64),
    change: f64,
    ranges: Option<Ranged>,
) -> Result<Option<BreakEven>, InvoiceError> {
    let Some(fleet) = &experiment.fleet else { return Ok(None) };
    let measured: Vec<&Measured> =
        outcome.runs.iter().filter_map(|run| Some(&run.servers.as_ref()?.measured)).collect();
    let case = Case { experiment, fleet, measured };
    let points = loads(from, to).into_par_iter().map(|load| case.point(load)).collect::<Result<Vec<_>, _>>()?;
    let crossings = points.windows(2).filter(|pair| is_cheaper(&pair[0]) != is_cheaper(&pair[1]));
    Ok(Some(BreakEven {
        machine: fleet.machine.clone(),
        currency: crate::billing::book::Currency::Usd.to_string(),
        replications: case.measured.len(),
        today: case.point(1.0)?,
        crossings: crossings.map(|pair| case.crossing(pair[0], pair[1])).collect::<Result<_, _>>()?,
        points,
        change,
        effects: effects(&case, change)?,
        ranges,
    }))
}

/// What is compared.
pub(super) struct Case<'a> {
    pub experiment: &'a Experiment,
    pub fleet: &'a Fleet,
    /// One per replication.
    pub measured: Vec<&'a Measured>,
}

impl Case<'_> {
    fn point(&self, load: f64) -> Result<Point, InvoiceError> {
        let change = Change { load, ..Change::default() };
        let mut figures = Vec::with_capacity(self.measured.len());
        for measured in &self.measured {
            let (parts, course) = servers(self.fleet, measured, change)?;
            let arrived: u64 = measured.activity.invocations.values().sum();
            figures.push([
                per_month(&serverless(self.experiment, measured, change)?)?,
                per_month(&parts)? + self.fleet.other_per_month.as_f64(),
                arrived as f64 * load / measured.activity.window.as_secs_f64(),
                course.utilisation(),
                course.mean(),
                course.over_capacity(),
            ]);
        }
        let estimate = |column: usize| Estimate::of(&figures.iter().map(|row| row[column]).collect::<Vec<_>>());
        let [serverless, servers] = [estimate(0), estimate(1)];
        let [rate, utilisation, mean_servers, over_capacity] = [2, 3, 4, 5].map(|column| estimate(column).mean);
        Ok(Point { load, rate, serverless, servers, utilisation, mean_servers, over_capacity })
    }

    /// Halves the range between two loads until it is narrow.
    fn crossing(&self, mut low: Point, mut high: Point) -> Result<Crossing, InvoiceError> {
        let servers_above = is_cheaper(&low);
        while high.load / low.load > PRECISION {
            let middle = self.point((low.load * high.load).sqrt())?;
            if is_cheaper(&middle) == servers_above { low = middle } else { high = middle }
        }
        Ok(Crossing { at: high, servers_above })
    }
}

/// Whether serverless is cheaper.
fn is_cheaper(point: &Point) -> bool {
    point.serverless.mean < point.servers.mean
}

/// What a month costs, all parts together.
pub(super) fn per_month(parts: &[BillPart]) -> Result<f64, InvoiceError> {
    let sum: Money = parts.iter().map(|(_, invoice)| invoice.per_month).sum();
    Ok(sum.as_f64())
}

/// A geometric row of loads, with both ends.
fn loads(from: f64, to: f64) -> Vec<f64> {
    let count = (libm::log10(to / from) * PER_DECADE).ceil().max(1.0);
    let load = |i: u32| from * libm::pow(to / from, f64::from(i) / count);
    (0..=count as u32).map(load).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loads_are_a_geometric_row_with_both_ends() {
        let loads = loads(0.01, 100.0);
        assert_eq!(loads.len(), 61);
        assert!((loads[0] - 0.01).abs() < 1e-12 && (loads[60] - 100.0).abs() < 1e-9 && (loads[30] - 1.0).abs() < 1e-9);
        assert!(loads.windows(2).all(|pair| (pair[1] / pair[0] - libm::pow(10.0, 1.0 / 15.0)).abs() < 1e-9));
    }
}
