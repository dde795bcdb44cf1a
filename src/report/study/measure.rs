//! The figures by which variants are compared in tables and plots.

use crate::experiment::study::Study;
use crate::experiment::{Comparison, Estimate, Question};
use crate::metrics::Figure;
use crate::report::human::{self, Shown};

/// A figure of the summary that tells variants apart.
#[derive(Clone, Copy)]
pub struct Measure {
    /// Its dotted path in a summary.
    pub path: &'static str,
    /// Short name for files.
    pub id: &'static str,
    /// What it is.
    pub name: &'static str,
    /// The heading of its column.
    pub heading: &'static str,
}

const fn measure(path: &'static str, id: &'static str, name: &'static str, heading: &'static str) -> Measure {
    Measure { path, id, name, heading }
}

/// The bill of a month like the measured window.
pub const COST: Measure = measure("cost.per_month", "cost", "Cost per month", "cost/month");
/// 99th percentile of the response time.
pub const P99: Measure = measure("latency_ms.response.p99", "p99", "Response time, p99", "p99");
/// Cold starts among completed invocations.
pub const COLD: Measure = measure("cold_start_ratio", "cold_starts", "Cold starts", "cold starts");
/// Memory x time of idle instances.
pub const IDLE: Measure = measure("memory_gb_s.idle", "idle_memory", "Idle memory x time", "idle memory");
const MEDIAN: Measure = measure("latency_ms.response.p50", "p50", "Response time, median", "median");
const P95: Measure = measure("latency_ms.response.p95", "p95", "Response time, p95", "p95");
const PER_MILLION: Measure =
    measure("cost.per_million_requests", "per_million", "Cost per million invocations", "cost/million");
const COMPLETED: Measure = measure("invocations.completed", "completed", "Completed invocations", "completed");

/// Between the parts of a label.
const SEPARATOR: &str = " · ";

/// What is drawn; of each, less is better.
pub const DRAWN: [Measure; 4] = [COST, P99, COLD, IDLE];
/// The columns of the table of variants; a terminal shows as many of them as it has room for.
pub const COLUMNS: [Measure; 8] = [COST, P99, COLD, IDLE, MEDIAN, COMPLETED, P95, PER_MILLION];

/// The estimates of all measures, under the same conditions as a comparison, which may be of other figures.
pub fn estimates(study: &Study, comparison: &Comparison) -> Comparison {
    let figures = COLUMNS.iter().filter_map(|measure| Figure::find(measure.path)).collect();
    let Comparison { baseline, level, pairing, .. } = *comparison;
    Comparison::of(study, &Question { baseline, figures, level, pairing })
}

/// A study with what its comparison says of it.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The variants.
    pub study: &'a Study,
    /// Their differences.
    pub comparison: &'a Comparison,
    /// The [`estimates`] of what is drawn.
    pub estimates: &'a Comparison,
}

impl<'a> View<'a> {
    /// The figure of a cell over its replications; `None` if it has none.
    pub fn estimate(&self, measure: &Measure, cell: usize) -> Option<Estimate> {
        let compared = self.estimates.figures.iter().find(|compared| compared.figure.path == measure.path);
        compared?.cells.get(cell)?.estimate
    }

    /// The estimates of all cells that have one, with the numbers of the cells.
    pub fn estimates(&self, measure: &Measure) -> Vec<(usize, Estimate)> {
        let cells = 0..self.study.cells.len();
        cells.filter_map(|cell| self.estimate(measure, cell).map(|estimate| (cell, estimate))).collect()
    }

    /// The cell with which the others are compared.
    pub fn baseline(&self) -> usize {
        self.comparison.baseline
    }

    /// The name of a cell.
    pub fn name(&self, cell: usize) -> &'a str {
        &self.study.cells[cell].name
    }

    /// A short name for plots: the values on the axes that vary, else the name.
    pub fn label(&self, cell: usize) -> String {
        let varied = self.study.axes.iter().zip(&self.study.cells[cell].position);
        let values = varied.filter(|(axis, _)| axis.values.len() > 1).map(|(axis, at)| axis.values[*at].as_str());
        let label = values.collect::<Vec<_>>().join(SEPARATOR);
        if label.is_empty() { self.name(cell).to_owned() } else { label }
    }

    /// What the parts of [`View::label`] are; empty if it is the name.
    pub fn label_is(&self) -> String {
        let varied = self.study.axes.iter().filter(|axis| axis.values.len() > 1);
        varied.map(|axis| axis.name.as_str()).collect::<Vec<_>>().join(SEPARATOR)
    }

    /// A figure in words, with its interval if there is one.
    pub fn written(&self, measure: &Measure, estimate: &Estimate) -> String {
        let shown = self.shown(measure, estimate.mean);
        format!("{} {}", shown.value(estimate.mean), shown.interval(estimate)).trim_end().to_owned()
    }

    /// How a figure is written.
    pub fn shown(&self, measure: &Measure, value: f64) -> Shown {
        shown(self.raw_unit(measure), value)
    }

    /// How an axis that reaches `most` shows the figure: what figures are divided by, and the unit of the result.
    pub fn unit(&self, measure: &Measure, most: f64) -> (f64, &'a str) {
        match self.raw_unit(measure) {
            "ms" => (human::time_unit(most).0, human::time_unit(most).1.trim()),
            "0 to 1" => (0.01, "%"),
            unit => (1.0, unit),
        }
    }

    fn raw_unit(&self, measure: &Measure) -> &'a str {
        let compared = self.estimates.figures.iter().find(|compared| compared.figure.path == measure.path);
        compared.map_or("", |compared| compared.unit.as_str())
    }
}

/// How a figure of a unit is written, such as the definitions of figures have them; ISO codes of currencies stand for themselves.
pub fn shown(unit: &str, value: f64) -> Shown {
    match unit {
        "ms" => human::duration(value),
        "0 to 1" => human::percent(value),
        "1/s" => human::quantity(value, "/s"),
        "invocations" | "instances" | "workers" => human::count(value),
        "ratio" | "" => human::average(value),
        code if code.len() == 3 && code.chars().all(|letter| letter.is_ascii_uppercase()) => human::money(value, code),
        unit => human::quantity(value, unit),
    }
}
