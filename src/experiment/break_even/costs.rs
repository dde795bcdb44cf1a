//! Both bills under a changed input. Usage is scaled, nothing is simulated again.

use rust_decimal::Decimal;

use crate::amount::Memory;
use crate::billing::services::{self, BillPart};
use crate::billing::{FunctionUsage, InvoiceError, Usage};
use crate::experiment::fleet::{Course, Fleet};
use crate::experiment::{Experiment, Measured};
use crate::time::Span;

/// An exact positive factor, in thousand-millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Factor(u64);

const ONE: u64 = 1_000_000_000;

impl Factor {
    fn new(factor: f64) -> Self {
        Self((factor * ONE as f64).round() as u64)
    }

    fn decimal(self) -> Decimal {
        Decimal::from(self.0) / Decimal::from(ONE)
    }

    fn of(self, count: u128) -> u128 {
        let (whole, rest) = (count / u128::from(ONE), count % u128::from(ONE));
        let factor = u128::from(self.0);
        whole.saturating_mul(factor).saturating_add(rest * factor / u128::from(ONE))
    }

    fn of_count(self, count: u64) -> u64 {
        u64::try_from(self.of(count.into())).unwrap_or(u64::MAX)
    }
}

/// Inputs as multiples of what was simulated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Invocations.
    pub load: f64,
    /// Execution time, and the work of a request on a server.
    pub time: f64,
    /// Memory of the functions, with the same execution time.
    pub memory: f64,
    /// Whether the account has the free units that the scenario gives it.
    pub free_units: bool,
}

impl Default for Change {
    fn default() -> Self {
        Self { load: 1.0, time: 1.0, memory: 1.0, free_units: true }
    }
}

/// The functions of one replication and the services beside them: the functions first, under an empty name.
pub(super) fn serverless(
    experiment: &Experiment,
    measured: &Measured,
    change: Change,
) -> Result<Vec<BillPart>, InvoiceError> {
    let functions = measured.functions.iter().map(|usage| changed(usage, change)).collect();
    let mut activity = measured.activity.clone();
    activity.scale = Factor::new(change.load).decimal();
    // More load keeps more instances busy.
    activity.instance_time = Factor::new(change.load * change.time).of(activity.instance_time);
    let usage = Usage { window: activity.window, functions };
    services::bill(&experiment.tariff, &experiment.services, &usage, &activity, change.free_units)
}

/// The servers of one replication.
pub(super) fn servers(
    fleet: &Fleet,
    measured: &Measured,
    change: Change,
) -> Result<(Vec<BillPart>, Course), InvoiceError> {
    let mut activity = measured.activity.clone();
    activity.scale = Factor::new(change.load).decimal();
    let fleet = Fleet { work: fleet.work.map(|work| longer(work, change)), ..fleet.clone() };
    let course = fleet.follow(&activity, longer(measured.execution, change));
    Ok((fleet.parts(&activity, &course)?, course))
}

fn longer(time: Span, change: Change) -> Span {
    Span::from_nanos(Factor::new(change.time).of_count(time.as_nanos()))
}

/// What a function would use. What is provisioned and what is cached does not follow the load.
fn changed(usage: &FunctionUsage, change: Change) -> FunctionUsage {
    let (load, time) = (Factor::new(change.load), Factor::new(change.load * change.time));
    let provisioned_active = usage.provisioned_active.map(|active| time.of(active));
    let provisioned_billed = time.of(usage.provisioned_billed);
    let busy = provisioned_active.unwrap_or(provisioned_billed);
    // What is no longer busy is idle.
    let idle = |idle: u128| idle.saturating_add(usage.provisioned_active_time()).saturating_sub(busy);
    FunctionUsage {
        memory: Memory::from_bytes(Factor::new(change.memory).of_count(usage.memory.as_bytes())),
        requests: load.of_count(usage.requests),
        billed: time.of(usage.billed),
        provisioned_requests: load.of_count(usage.provisioned_requests),
        provisioned_billed,
        active: usage.active.map(|active| time.of(active)),
        provisioned_active,
        idle: usage.idle.map(idle),
        lifetime: usage.lifetime.map(|lifetime| time.of(lifetime)),
        cpu_time: usage.cpu_time.map(|cpu_time| time.of(cpu_time)),
        restores: load.of_count(usage.restores),
        isolated_environments: load.of_count(usage.isolated_environments),
        ..*usage
    }
}
