//! The sections of the table.

use super::layout::Page;
use crate::experiment::{Estimate, Manifest, Outcome};
use crate::report::figures::Figures;
use crate::report::human::{self, Shown};
use crate::report::rows::{LATENCIES, LOST, SERVED, STAGES, STATES, STATISTICS};

/// Every section in order.
pub const ALL: &[fn(&Outcome, &mut Page)] = &[headline, invocations, latency, instances, cost, notes];

fn headline(outcome: &Outcome, page: &mut Page) {
    let figures = Figures::new(outcome);
    let replications = match outcome.runs.len() {
        1 => "1 replication".to_owned(),
        n => format!("{n} replications, 95 % confidence"),
    };
    page.title(&outcome.name, &format!("{replications}, seed {}", outcome.manifest.seed));
    let [cold, completed] = [figures.count(|s| s.invocations.cold), figures.count(|s| s.invocations.completed)];
    let of = format!(
        "{} of {}",
        human::count(cold.mean).value(cold.mean),
        human::count(completed.mean).value(completed.mean)
    );
    show(page, "Cold starts", figures.of(|s| s.cold_start_ratio), human::percent, &of);
    show(page, "Response, median", figures.of(|s| s.latency_ms.response.p50), human::duration, "");
    show(page, "Response, p99", figures.of(|s| s.latency_ms.response.p99), human::duration, "");
    if let Some(currency) = figures.currency() {
        let money = |amount| human::money(amount, currency);
        show(page, "Cost per month", figures.cost(|cost| cost.per_month), money, "of 730 hours");
        show(page, "Cost per million", figures.cost(|cost| cost.per_million_requests), money, "invocations");
    }
}

fn invocations(outcome: &Outcome, page: &mut Page) {
    let figures = Figures::new(outcome);
    page.heading("Invocations");
    let arrived = figures.count(|s| s.invocations.arrived).mean;
    let share = |estimate: &Estimate| human::percent_of(estimate.mean, arrived);
    for (i, (name, figure)) in SERVED.into_iter().enumerate() {
        let estimate = figures.count(figure);
        let remark = if i == 0 { String::new() } else { share(&estimate) };
        let indent = if i < 2 { "" } else { "  " };
        show(page, &format!("{indent}{name}"), estimate, human::count, &remark);
    }
    let (lost, none): (Vec<_>, Vec<_>) = LOST
        .into_iter()
        .map(|(name, figure)| (name, figures.count(figure)))
        .partition(|(_, estimate)| estimate.mean > 0.0);
    for (name, estimate) in lost {
        show(page, name, estimate, human::count, &share(&estimate));
    }
    let none: Vec<&str> = none.into_iter().map(|(name, _)| name).collect();
    if !none.is_empty() {
        page.words("", &format!("none: {}", none.join(", ")));
    }
}

fn latency(outcome: &Outcome, page: &mut Page) {
    let figures = Figures::new(outcome);
    page.heading("Latency");
    if figures.count(|s| s.invocations.completed).mean == 0.0 {
        return page.words("", "no invocation completed");
    }
    page.columns("", &STATISTICS.map(|(name, _)| name.to_owned()), true);
    for (name, row) in LATENCIES {
        let cells = STATISTICS.map(|(_, column)| figures.of(|s| column(&row(s))));
        if cells[6].mean == 0.0 {
            page.columns(name, &STATISTICS.map(|(column, _)| if column == "mean" { "none" } else { "" }.into()), true);
            continue;
        }
        page.columns(name, &cells.map(|cell| human::duration(cell.mean).value(cell.mean)), false);
        if figures.replicated() {
            page.columns("", &cells.map(|cell| human::duration(cell.mean).interval(&cell).replace("± ", "±")), true);
        }
    }
    stages(&figures, page);
}

/// What starting an instance consists of.
fn stages(figures: &Figures, page: &mut Page) {
    let means =
        STAGES.map(|(name, figure)| (name, figures.weighted(|s| figure(&s.stages_ms), |s| s.instances.started)));
    let parts: Vec<String> = means
        .iter()
        .filter(|(_, mean)| *mean > 0.0)
        .map(|(name, mean)| format!("{name} {}", human::duration(*mean).value(*mean)))
        .collect();
    if !parts.is_empty() {
        page.words("", &format!("an instance starts in: {}", parts.join(", ")));
    }
}

fn instances(outcome: &Outcome, page: &mut Page) {
    let figures = Figures::new(outcome);
    page.heading("Instances");
    let memory = |unit| move |value| human::quantity(value, unit);
    let total = figures.of(|s| s.memory_gb_s.starting + s.memory_gb_s.busy + s.memory_gb_s.idle).mean;
    show(page, "on average", figures.of(|s| s.instances.mean), human::average, "");
    for (name, number, memory) in STATES {
        let share = format!("{} of the GB-s", human::percent_of(figures.of(memory).mean, total));
        show(page, &format!("  {name}"), figures.of(number), human::average, &share);
    }
    show(page, "at the peak", figures.count(|s| s.instances.peak), human::count, "");
    show(page, "started", figures.count(|s| s.instances.started), human::count, "");
    show(page, "expired", figures.count(|s| s.instances.expired), human::count, "keep-alive ended");
    show(page, "evicted", figures.count(|s| s.instances.evicted), human::count, "memory was needed");
    show(page, "memory x time, idle", figures.of(|s| s.memory_gb_s.idle), memory("GB-s"), "wasted");
    show(page, "throughput", figures.of(|s| s.throughput_per_s), memory("/s"), "completed");
}

fn cost(outcome: &Outcome, page: &mut Page) {
    let figures = Figures::new(outcome);
    let Some(currency) = figures.currency() else { return };
    page.heading("Cost of the measured window");
    let money = |amount| human::money(amount, currency);
    for line in figures.bill() {
        let used = human::quantity(line.quantity.mean, line.unit).value(line.quantity.mean);
        show(page, line.name, line.amount, money, &used);
    }
    show(page, "total", figures.cost(|cost| cost.total), money, "");
}

fn notes(outcome: &Outcome, page: &mut Page) {
    if outcome.manifest.notes.is_empty() {
        return;
    }
    page.heading("Notes on the input");
    for note in &outcome.manifest.notes {
        page.words("-", &format!("{}: {}", note.what, human::count(note.count as f64).value(note.count as f64)));
    }
}

fn show(page: &mut Page, label: &str, estimate: Estimate, shown: impl Fn(f64) -> Shown, remark: &str) {
    page.figure(label, &estimate, &shown(estimate.mean), remark);
}

pub fn speed(manifest: &Manifest) -> String {
    let wall = manifest.total_wall_s * 1e3;
    let rate = human::quantity(manifest.invocations_per_s.round(), "invocations per second");
    format!("Simulated in {}: {}.", human::duration(wall).value(wall), rate.value(manifest.invocations_per_s.round()))
}
