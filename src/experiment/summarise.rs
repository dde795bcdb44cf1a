//! From exact counts to the figures of a run.

use rust_decimal::{Decimal, prelude::ToPrimitive};

use crate::billing::invoice::BookProvenance;
use crate::billing::{Activity, Invoice, Usage, services, shares};
use crate::experiment::units::Units;
use crate::experiment::usage::usage;
use crate::experiment::{Counted, Experiment, Measured, Run, RunError, Servers};
use crate::metrics::{
    Cost, CostLine, Distribution, FunctionSummary, FunctionTotal, Instances, Latencies, MemoryTime, Stages, Summary,
    Totals, WorkerSummary,
};
use crate::platform::instance::Phase;
use crate::platform::worker::Worker;
use crate::workload::Workload;

/// The figures of one replication.
pub(super) fn summarise(experiment: &Experiment, replication: u32, counted: Counted) -> Result<Run, RunError> {
    let totals = counted.totals;
    let usage = usage(experiment, &totals);
    let activity = activity(experiment, &totals);
    let parts = services::bill(&experiment.tariff, &experiment.services, &usage, &activity, true)?;
    let servers = servers(experiment, &totals, &usage, &activity)?;
    let invoice = services::join(&parts, usage.requests())?;
    let priced = experiment.tariff.has_prices() || parts.len() > 1;
    let books = parts.iter().filter_map(|(_, part)| part.book.as_ref());
    let books = BookProvenance::merged(books.chain(servers.iter().flat_map(|servers| &servers.books)));
    let costs = experiment.tariff.has_prices().then(|| costs(experiment, &totals, &usage, &parts)).transpose()?;
    let of_function = |(place, total): (usize, &FunctionTotal)| {
        let cost = costs.as_ref().map(|costs| costs[place]);
        function_summary(total, totals.invocations.arrived, &experiment.workload, cost)
    };
    let functions = totals.functions.iter().enumerate().map(of_function).collect();
    let (response_cold, response_warm) = totals.responses();
    Ok(Run {
        replication,
        summary: summary(experiment, &totals, priced.then(|| cost(&invoice))),
        functions,
        workers: workers(experiment, &totals),
        timeline: totals.timeline.rows(),
        books,
        servers,
        cold_queueing_ms: totals.latency.cold_queueing_ms(),
        response_cold,
        response_warm,
    })
}

/// What servers would have done.
fn servers(
    experiment: &Experiment,
    totals: &Totals,
    usage: &Usage,
    activity: &Activity,
) -> Result<Option<Servers>, RunError> {
    let Some(fleet) = &experiment.fleet else { return Ok(None) };
    let execution = totals.latency.execution().mean();
    let measured = Measured { functions: usage.functions.clone(), activity: activity.clone(), execution };
    Ok(Some(Servers::of(fleet, measured, totals.window.start.as_secs_f64())?))
}

/// What the use of services follows from.
fn activity(experiment: &Experiment, totals: &Totals) -> Activity {
    let name = |total: &FunctionTotal| experiment.workload.functions[total.function.index()].name.clone();
    Activity {
        window: totals.window.length(),
        invocations: totals.functions.iter().map(|total| (name(total), total.invocations.arrived)).collect(),
        instance_time: totals.phases.iter().sum(),
        intervals: totals.timeline.arrivals(),
        scale: Decimal::ONE,
    }
}

fn summary(experiment: &Experiment, totals: &Totals, cost: Option<Cost>) -> Summary {
    let invocations = totals.invocations;
    let seconds = totals.window.length().as_secs_f64();
    let [starting, busy, idle] = totals.phases.map(|nanos| nanos as f64 / 1e9 / seconds);
    let memory = totals.memory.map(|byte_nanos| byte_nanos as f64 / f64::from(1 << 30) / 1e9);
    Summary {
        invocations,
        latency_ms: latencies(totals),
        stages_ms: stages(totals),
        throughput_per_s: invocations.completed as f64 / seconds,
        cold_start_ratio: invocations.cold_start_ratio(),
        instances: Instances {
            mean: starting + busy + idle,
            starting,
            busy,
            idle,
            peak: totals.timeline.peak(),
            started: totals.started,
            evicted: totals.evicted,
            expired: totals.expired,
        },
        balance: totals
            .workers
            .balance(experiment.platform.cluster.as_ref().map_or(0, |cluster| cluster.workers.len())),
        memory_gb_s: MemoryTime { starting: memory[0], busy: memory[1], idle: memory[2] },
        utilisation: share(totals.memory[Phase::Busy as usize], totals.memory.iter().sum()),
        cost,
    }
}

fn latencies(totals: &Totals) -> Latencies {
    Latencies {
        response: Distribution::from(&totals.latency.response()),
        queueing: Distribution::from(&totals.latency.queueing()),
        cold_start: Distribution::from(totals.latency.cold_start()),
        execution: Distribution::from(&totals.latency.execution()),
    }
}

fn stages(totals: &Totals) -> Stages {
    let [scheduling, balancing] = totals.decisions.means_ms();
    let [placement, sandbox, code, runtime, user] =
        totals.stages.map(|nanos| if totals.started == 0 { 0.0 } else { nanos as f64 / 1e6 / totals.started as f64 });
    Stages { scheduling, balancing, placement, sandbox, code, runtime, user }
}

/// How the load balancer has shared out the invocations.
fn workers(experiment: &Experiment, totals: &Totals) -> Vec<WorkerSummary> {
    let workers = experiment.platform.cluster.as_ref().map_or(&[][..], |cluster| &cluster.workers);
    let counts = totals.workers.counts(workers.len());
    let all: u64 = counts.iter().sum();
    let row = |(worker, (host, given)): (u32, (&Worker, u64))| WorkerSummary {
        worker,
        cores: host.cores,
        memory_mib: host.memory.as_mib_f64(),
        speed: host.speed,
        invocations: given,
        share: ratio(given, all).unwrap_or(0.0),
        load_ratio: ratio(all, given),
    };
    (0..).zip(workers.iter().zip(counts)).map(row).collect()
}

fn ratio(a: u64, b: u64) -> Option<f64> {
    (b > 0).then(|| a as f64 / b as f64)
}

fn share(part: u128, whole: u128) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The bill as figures.
pub(super) fn cost(invoice: &Invoice) -> Cost {
    let line = |line: &crate::billing::Line| CostLine {
        name: line.name.clone(),
        unit: line.unit.to_string(),
        quantity: line.quantity.to_f64().unwrap_or(f64::NAN),
        amount: line.amount.as_f64(),
        month_quantity: line.month_quantity.to_f64().unwrap_or(f64::NAN),
        month_amount: line.month_amount.as_f64(),
    };
    Cost {
        currency: invoice.currency.to_string(),
        total: invoice.total.as_f64(),
        per_month: invoice.per_month.as_f64(),
        per_million_requests: invoice.per_million_requests.map_or(0.0, |money| money.as_f64()),
        lines: invoice.lines.iter().map(line).collect(),
    }
}

/// What each function has of the bill of the window, and of a month. Instances of a function are its own; those of an app are shared
/// by billed time, or evenly where nothing is billed by it.
fn costs(
    experiment: &Experiment,
    totals: &Totals,
    usage: &Usage,
    parts: &[services::BillPart],
) -> Result<Vec<[f64; 2]>, RunError> {
    let Some((_, invoice)) = parts.first() else { return Ok(vec![[0.0; 2]; totals.functions.len()]) };
    let shares = shares::by_function(&experiment.tariff, &usage.functions, invoice)?;
    let (own, instances) = shares.split_at(totals.functions.len());
    let units = Units::new(&experiment.workload, experiment.platform.scale_by);
    let mut costs = own.to_vec();
    let mut place = vec![usize::MAX; experiment.workload.functions.len()];
    totals.functions.iter().enumerate().for_each(|(row, total)| place[total.function.index()] = row);
    for (unit, share) in totals.units.iter().zip(instances) {
        let members = &units.members[unit.unit as usize];
        let rows =
            || members.iter().filter_map(|function| Some(place[function.index()]).filter(|row| *row < costs.len()));
        let billed =
            |row: usize| (totals.functions[row].usage.billed + totals.functions[row].usage.provisioned_billed) as f64;
        let rows: Vec<(usize, f64)> = rows().map(|row| (row, billed(row))).collect();
        let all: f64 = rows.iter().map(|(_, billed)| billed).sum();
        for (row, billed) in &rows {
            let part = if all > 0.0 { billed / all } else { 1.0 / rows.len() as f64 };
            costs[*row].iter_mut().zip(share).for_each(|(cost, share)| *cost += share * part);
        }
    }
    Ok(costs)
}

fn function_summary(
    total: &FunctionTotal,
    arrived: u64,
    workload: &Workload,
    cost: Option<[f64; 2]>,
) -> FunctionSummary {
    let function = &workload.functions[total.function.index()];
    let billed = total.usage.billed + total.usage.provisioned_billed;
    FunctionSummary {
        function: function.name.clone(),
        app: workload.apps[function.app.index()].name.clone(),
        trigger: function.trigger.to_string(),
        memory_mib: function.memory.as_mib_f64(),
        share: ratio(total.invocations.arrived, arrived).unwrap_or(0.0),
        load_ratio: ratio(arrived, total.invocations.arrived),
        invocations: total.invocations,
        cold_start_ratio: total.invocations.cold_start_ratio(),
        response_ms: total.response_ms,
        execution_mean_ms: total.execution_mean_ms,
        billed_gb_s: billed as f64 / 1e9 * function.memory.as_mib_f64() / 1024.0,
        cost: cost.map(|[window, _]| window),
        cost_per_month: cost.map(|[_, month]| month),
    }
}
