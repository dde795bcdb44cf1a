//! A fleet of servers under the load of one replication, as figures.

use serde::Serialize;

use crate::billing::invoice::BookProvenance;
use crate::billing::{Activity, FunctionUsage, Invoice, InvoiceError, services};
use crate::experiment::fleet::{Course, Fleet, Step};
use crate::experiment::summarise::cost;
use crate::metrics::Cost;
use crate::time::Span;

/// At most so many rows over time.
const ROWS: usize = 1_000;

/// What a fleet of servers would have done under the load of one replication.
#[derive(Debug, Clone)]
pub struct Servers {
    /// Its figures.
    pub summary: ServersSummary,
    /// The price books of its bill.
    pub books: Vec<BookProvenance>,
    /// The fleet over time.
    pub rows: Vec<ServersRow>,
    /// What the load and the bill of the functions follow from, so that both can be scaled.
    pub measured: Measured,
}

/// What was measured of a replication, so that it can be billed again under another load.
#[derive(Debug, Clone)]
pub struct Measured {
    /// What the functions used.
    pub functions: Vec<FunctionUsage>,
    /// What the use of services and the load of servers follow from.
    pub activity: Activity,
    /// Mean execution time.
    pub execution: Span,
}

/// The figures of a fleet of servers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ServersSummary {
    /// What a server is.
    pub machine: String,
    /// What its capacity and the load are counted in: vCPUs, or requests in service.
    pub unit: String,
    /// Mean number of servers that are paid for.
    pub mean: f64,
    /// Most servers that are paid for at any time.
    pub peak: u32,
    /// Share of the paid capacity that serves requests, 0 to 1.
    pub utilisation: f64,
    /// Share of the time in which the load is above what the servers that are ready are meant to carry, 0 to 1.
    pub time_above_target: f64,
    /// Share of the time in which the load is above the capacity that is ready, 0 to 1.
    pub time_over_capacity: f64,
    /// Share of the requests that arrive in that time, 0 to 1.
    pub requests_over_capacity: f64,
    /// Length of the steps of time, in seconds.
    pub step_s: f64,
    /// The bill of the window.
    pub cost: Cost,
}

/// The fleet in one interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ServersRow {
    /// When it begins, in seconds of the run.
    pub start_s: f64,
    /// How long it is.
    pub length_s: f64,
    /// Requests per second.
    pub rate: f64,
    /// Requests in service, or busy vCPUs, if there is capacity for all: the largest of any step.
    pub load: f64,
    /// The capacity that is ready, in the same unit: the mean.
    pub capacity: f64,
    /// Servers that are paid for: the mean.
    pub servers: f64,
    /// Seconds in which the load is above the capacity.
    pub over_capacity_s: f64,
}

impl Servers {
    /// The fleet under the measured load, whose window begins at `start_s` seconds of the run.
    pub(super) fn of(fleet: &Fleet, measured: Measured, start_s: f64) -> Result<Self, InvoiceError> {
        let course = fleet.follow(&measured.activity, measured.execution);
        let parts = fleet.parts(&measured.activity, &course)?;
        let invoice = services::join(&parts, 0)?.with_monthly(fleet.other_per_month, measured.activity.window)?;
        let books = BookProvenance::merged(parts.iter().filter_map(|(_, part)| part.book.as_ref()));
        let rows = rows(&course, start_s);
        Ok(Self { summary: summary(fleet, &course, &invoice), books, rows, measured })
    }
}

fn summary(fleet: &Fleet, course: &Course, invoice: &Invoice) -> ServersSummary {
    ServersSummary {
        machine: fleet.machine.clone(),
        unit: if fleet.in_vcpus { "vCPUs" } else { "requests in service" }.into(),
        mean: course.mean(),
        peak: course.steps.iter().map(|step| step.paid).max().unwrap_or(0),
        utilisation: course.utilisation(),
        time_above_target: course.time_above(fleet.scaling.target_utilisation),
        time_over_capacity: course.time_above(1.0),
        requests_over_capacity: course.over_capacity(),
        step_s: course.steps.first().map_or(0.0, |step| step.length.as_secs_f64()),
        cost: cost(invoice),
    }
}

/// The course in at most [`ROWS`] rows.
fn rows(course: &Course, start_s: f64) -> Vec<ServersRow> {
    let mut start_s = start_s;
    let groups = course.steps.chunks(course.steps.len().div_ceil(ROWS).max(1));
    let row = |steps: &[Step]| {
        let length_s: f64 = steps.iter().map(|step| step.length.as_secs_f64()).sum();
        let mean = |figure: fn(&Step) -> f64| {
            steps.iter().map(|step| figure(step) * step.length.as_secs_f64()).sum::<f64>() / length_s
        };
        let over = |step: &&Step| step.load > f64::from(step.ready) * course.capacity;
        let row = ServersRow {
            start_s,
            length_s,
            rate: steps.iter().map(|step| step.requests).sum::<f64>() / length_s,
            load: steps.iter().map(|step| step.load).fold(0.0, f64::max),
            capacity: mean(|step| f64::from(step.ready)) * course.capacity,
            servers: mean(|step| f64::from(step.paid)),
            over_capacity_s: steps.iter().filter(over).map(|step| step.length.as_secs_f64()).sum(),
        };
        start_s += length_s;
        row
    };
    groups.map(row).collect()
}
