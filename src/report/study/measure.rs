//! The figures by which variants are compared.

use crate::experiment::Estimate;
use crate::experiment::study::{Cell, Study};
use crate::metrics::Summary;
use crate::report::human::{self, Shown};

/// A figure of the summary that tells variants apart; less of it is better.
#[derive(Clone, Copy)]
pub struct Measure {
    /// Short name for files and anchors.
    pub id: &'static str,
    /// What it is.
    pub name: &'static str,
    /// The heading of its column.
    pub heading: &'static str,
    unit: Unit,
    figure: fn(&Summary) -> Option<f64>,
}

#[derive(Clone, Copy, PartialEq)]
enum Unit {
    Money,
    Milliseconds,
    Share,
    GigabyteSeconds,
}

/// The bill of a month like the measured window.
pub const COST: Measure = Measure {
    id: "cost",
    name: "Cost per month",
    heading: "cost/month",
    unit: Unit::Money,
    figure: |s| s.cost.as_ref().map(|cost| cost.per_month),
};

/// 99th percentile of the response time.
pub const P99: Measure = Measure {
    id: "p99",
    name: "Response time, p99",
    heading: "p99",
    unit: Unit::Milliseconds,
    figure: |s| completed(s, s.latency_ms.response.p99),
};

/// Cold starts among completed invocations.
pub const COLD: Measure = Measure {
    id: "cold_starts",
    name: "Cold starts",
    heading: "cold starts",
    unit: Unit::Share,
    figure: |s| completed(s, s.cold_start_ratio),
};

/// Memory x time of idle instances.
pub const IDLE: Measure = Measure {
    id: "idle_memory",
    name: "Idle memory x time",
    heading: "idle memory",
    unit: Unit::GigabyteSeconds,
    figure: |s| Some(s.memory_gb_s.idle),
};

const MEDIAN: Measure = Measure {
    id: "p50",
    name: "Response time, median",
    heading: "median",
    unit: Unit::Milliseconds,
    figure: |s| completed(s, s.latency_ms.response.p50),
};

const LOST: Measure = Measure {
    id: "lost",
    name: "Not completed",
    heading: "not completed",
    unit: Unit::Share,
    figure: |s| {
        let lost = s.invocations.arrived - s.invocations.completed.min(s.invocations.arrived);
        (s.invocations.arrived > 0).then(|| lost as f64 / s.invocations.arrived as f64)
    },
};

/// What is drawn.
pub const DRAWN: [Measure; 4] = [COST, P99, COLD, IDLE];
/// The columns of the table of variants.
pub const COLUMNS: [Measure; 6] = [COST, MEDIAN, P99, COLD, IDLE, LOST];

/// A time is known only if something completed.
fn completed(summary: &Summary, figure: f64) -> Option<f64> {
    (summary.invocations.completed > 0).then_some(figure)
}

/// How a figure is put on an axis.
pub struct Axis {
    /// Figures are divided by this.
    pub divisor: f64,
    /// Unit of the result.
    pub unit: String,
}

impl Measure {
    /// The figure of a cell over its replications; `None` if a replication does not have it, or nothing was run.
    pub fn of(&self, cell: &Cell) -> Option<Estimate> {
        let figures: Option<Vec<f64>> = cell.records.iter().map(|record| (self.figure)(&record.summary)).collect();
        figures.filter(|figures| !figures.is_empty()).map(|figures| Estimate::of(&figures))
    }

    /// How the figure is written.
    pub fn shown(&self, value: f64, study: &Study) -> Shown {
        match self.unit {
            Unit::Money => human::money(value, currency(study)),
            Unit::Milliseconds => human::duration(value),
            Unit::Share => human::percent(value),
            Unit::GigabyteSeconds => human::quantity(value, "GB-s"),
        }
    }

    /// A figure in words, with its interval if there is one.
    pub fn written(&self, estimate: &Estimate, study: &Study) -> String {
        let shown = self.shown(estimate.mean, study);
        format!("{} {}", shown.value(estimate.mean), shown.interval(estimate)).trim_end().to_owned()
    }

    /// How an axis that reaches `most` shows the figure.
    pub fn axis(&self, most: f64, study: &Study) -> Axis {
        let (divisor, unit) = match self.unit {
            Unit::Money => (1.0, currency(study)),
            Unit::Milliseconds => human::time_unit(most),
            Unit::Share => (0.01, "%"),
            Unit::GigabyteSeconds => (1.0, "GB-s"),
        };
        Axis { divisor, unit: unit.trim().into() }
    }
}

/// Currency of the bills.
fn currency(study: &Study) -> &str {
    let records = study.cells.iter().flat_map(|cell| &cell.records);
    records.filter_map(|record| record.summary.cost.as_ref()).map(|cost| cost.currency.as_str()).next().unwrap_or("")
}
