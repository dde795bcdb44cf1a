//! The figures of all replications together.

use std::collections::BTreeMap;

use crate::experiment::{Estimate, Outcome, Run};
use crate::metrics::{Cost, FunctionSummary, Histogram, Summary};

/// Reads the figures of an outcome as estimates over its replications.
#[derive(Clone, Copy)]
pub struct Figures<'a> {
    runs: &'a [Run],
}

/// A line of the bill over the replications.
pub struct BillLine<'a> {
    /// What is billed.
    pub name: &'a str,
    /// Unit of the quantity.
    pub unit: &'a str,
    /// How much was used in the measured window.
    pub quantity: Estimate,
    /// What it costs.
    pub amount: Estimate,
    /// What a month of 730 hours like the window costs.
    pub month_amount: Estimate,
}

impl<'a> Figures<'a> {
    /// The figures of `outcome`.
    pub fn new(outcome: &'a Outcome) -> Self {
        Self { runs: &outcome.runs }
    }

    /// Whether there is more than one replication, so that intervals say something.
    pub fn replicated(&self) -> bool {
        self.runs.len() > 1
    }

    /// The estimate of one figure of the summary.
    pub fn of(&self, figure: impl Fn(&Summary) -> f64) -> Estimate {
        Estimate::of(&self.runs.iter().map(|run| figure(&run.summary)).collect::<Vec<_>>())
    }

    /// The estimate of a mean or share per something that is counted: a ratio of sums, as in `summary.json`.
    pub fn ratio(&self, figure: impl Fn(&Summary) -> f64, over: impl Fn(&Summary) -> u64) -> Estimate {
        let part = |run: &Run| (figure(&run.summary), over(&run.summary) as f64);
        Estimate::ratio(&self.runs.iter().map(part).collect::<Vec<_>>())
    }

    /// The estimate of a percentile of something that is counted, over the replications in which it occurs.
    pub fn percentile(&self, figure: impl Fn(&Summary) -> f64, of: impl Fn(&Summary) -> u64) -> Estimate {
        let occurs = self.runs.iter().filter(|run| of(&run.summary) > 0);
        Estimate::of(&occurs.map(|run| figure(&run.summary)).collect::<Vec<_>>())
    }

    /// The estimate of one count of the summary.
    pub fn count(&self, figure: impl Fn(&Summary) -> u64) -> Estimate {
        self.of(|summary| figure(summary) as f64)
    }

    /// Currency of the bill; `None` if the scenario has no prices.
    pub fn currency(&self) -> Option<&'a str> {
        self.runs.iter().find_map(|run| run.summary.cost.as_ref()).map(|cost| cost.currency.as_str())
    }

    /// The estimate of one figure of the bill; a replication without a bill counts as zero.
    pub fn cost(&self, figure: impl Fn(&Cost) -> f64) -> Estimate {
        self.of(|summary| summary.cost.as_ref().map_or(0.0, &figure))
    }

    /// The lines of the bill in the order of the first bill; a line that a replication lacks counts as zero there.
    pub fn bill(&self) -> Vec<BillLine<'a>> {
        let lines = || self.runs.iter().filter_map(|run| run.summary.cost.as_ref()).flat_map(|cost| &cost.lines);
        let mut seen: Vec<(&str, &str)> = Vec::new();
        for line in lines() {
            if !seen.contains(&(line.name.as_str(), line.unit.as_str())) {
                seen.push((&line.name, &line.unit));
            }
        }
        let sum = |cost: &Cost, name: &str, unit: &str, figure: fn(&crate::metrics::CostLine) -> f64| {
            cost.lines.iter().filter(|line| line.name == name && line.unit == unit).map(figure).sum()
        };
        let bill_line = |(name, unit)| BillLine {
            name,
            unit,
            quantity: self.cost(|cost| sum(cost, name, unit, |line| line.quantity)),
            amount: self.cost(|cost| sum(cost, name, unit, |line| line.amount)),
            month_amount: self.cost(|cost| sum(cost, name, unit, |line| line.month_amount)),
        };
        seen.into_iter().map(bill_line).collect()
    }

    /// Response times of all replications: (cold, warm and delayed).
    pub fn responses(&self) -> (Histogram, Histogram) {
        let mut merged = (Histogram::default(), Histogram::default());
        for run in self.runs {
            merged.0.merge(&run.response_cold);
            merged.1.merge(&run.response_warm);
        }
        merged
    }

    /// Mean wait of the cold invocations of all replications before an instance was started for them, in milliseconds.
    pub fn cold_queueing_ms(&self) -> f64 {
        let cold = |run: &Run| run.response_cold.count() as f64;
        let waited: f64 = self.runs.iter().map(|run| run.cold_queueing_ms * cold(run)).sum();
        waited / self.runs.iter().map(cold).sum::<f64>().max(1.0)
    }

    /// The functions with the rows of their replications, most invoked first, then by name.
    pub fn functions(&self) -> Vec<Vec<&'a FunctionSummary>> {
        let mut rows: BTreeMap<&str, Vec<&FunctionSummary>> = BTreeMap::new();
        for row in self.runs.iter().flat_map(|run| &run.functions) {
            rows.entry(&row.function).or_default().push(row);
        }
        let mut functions: Vec<_> = rows.into_values().collect();
        functions.sort_by_key(|rows| std::cmp::Reverse(rows.iter().map(|row| row.invocations.arrived).sum::<u64>()));
        functions
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_bill_sums_to_its_total() {
        let outcome = sample::typical();
        let figures = Figures::new(&outcome);
        let lines: f64 = figures.bill().iter().map(|line| line.amount.mean).sum();
        assert!((lines - figures.cost(|cost| cost.total).mean).abs() < 1e-9);
        assert!(Figures::new(&sample::no_cost()).bill().is_empty());
    }

    #[test]
    fn functions_come_most_invoked_first_with_a_row_per_replication() {
        let outcome = sample::typical();
        let functions = Figures::new(&outcome).functions();
        let arrived = |rows: &Vec<&FunctionSummary>| rows.iter().map(|row| row.invocations.arrived).sum::<u64>();
        assert!(functions.iter().map(arrived).is_sorted_by(|a, b| a >= b));
        assert!(functions.iter().all(|rows| rows.len() == outcome.runs.len()));
    }

    #[test]
    fn responses_of_all_replications_are_counted_together() {
        let outcome = sample::typical();
        let (cold, warm) = Figures::new(&outcome).responses();
        let completed: u64 = outcome.runs.iter().map(|run| run.summary.invocations.completed).sum();
        assert_eq!(cold.count() + warm.count(), completed);
    }
}
