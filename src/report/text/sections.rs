//! The sections of the table.

use super::layout::Page;
use crate::experiment::Outcome;
use crate::report::break_even::{self, Moved};
use crate::report::figures::Figures;
use crate::report::human;
use crate::report::rows::STATISTICS;
use crate::report::tables::{self, Cell};

/// Every section in order.
pub const ALL: &[fn(&Outcome, &mut Page)] =
    &[headline, invocations, latency, instances, bill, servers, comparison, remarks, notes];

fn headline(outcome: &Outcome, page: &mut Page) {
    let replications = match outcome.runs.len() {
        1 => "1 replication".to_owned(),
        n => format!("{n} replications, 95 % confidence"),
    };
    page.title(&outcome.name, &format!("{replications}, seed {}", outcome.manifest.seed));
    tables::headline(&Figures::new(outcome)).iter().for_each(|line| page.line(line));
}

fn invocations(outcome: &Outcome, page: &mut Page) {
    page.heading("Invocations");
    let (lines, none) = tables::invocations(&Figures::new(outcome));
    lines.iter().for_each(|line| page.line(line));
    if !none.is_empty() {
        page.words("", &format!("none: {}", none.join(", ")));
    }
}

fn latency(outcome: &Outcome, page: &mut Page) {
    let figures = Figures::new(outcome);
    page.heading("Latency");
    let rows = tables::latencies(&figures);
    if rows.is_empty() {
        return page.words("", "no invocation completed");
    }
    page.columns("", STATISTICS.map(|(name, _)| name), true);
    for row in &rows {
        let Ok(cells) = <&[Cell; STATISTICS.len()]>::try_from(row.cells.as_slice()) else {
            page.columns(row.label, ["none", "", "", "", "", "", ""], true);
            continue;
        };
        page.columns(row.label, cells.each_ref().map(|cell| cell.value.as_str()), false);
        if figures.replicated() {
            let intervals = cells.each_ref().map(|cell| cell.interval.replace("± ", "±"));
            page.columns("", intervals.each_ref().map(String::as_str), true);
        }
    }
    let decisions = tables::decisions(&figures);
    if !decisions.is_empty() {
        page.words("", &format!("of the queueing, decisions take: {}", decisions.join(", ")));
    }
    let stages = tables::stages(&figures);
    if !stages.is_empty() {
        page.words("", &format!("an instance starts in: {}", stages.join(", ")));
    }
}

fn instances(outcome: &Outcome, page: &mut Page) {
    page.heading("Instances");
    tables::instances(&Figures::new(outcome)).iter().for_each(|line| page.line(line));
}

fn bill(outcome: &Outcome, page: &mut Page) {
    let lines = tables::bill(&Figures::new(outcome));
    if !lines.is_empty() {
        page.heading("Cost of the measured window");
        lines.iter().for_each(|line| page.line(line));
        outcome.manifest.price_books.iter().for_each(|book| page.words("", book));
    }
}

fn remarks(outcome: &Outcome, page: &mut Page) {
    let remarks = tables::remarks(outcome);
    if !remarks.is_empty() {
        page.heading("Notes on the statistics");
        remarks.iter().for_each(|remark| page.words("-", remark));
    }
}

fn servers(outcome: &Outcome, page: &mut Page) {
    let lines = break_even::servers(outcome);
    if !lines.is_empty() {
        page.heading("Servers instead");
        lines.iter().for_each(|line| page.line(line));
    }
}

fn comparison(outcome: &Outcome, page: &mut Page) {
    let Some(found) = &outcome.break_even else { return };
    page.heading("Functions or servers, per month");
    break_even::comparison(found).iter().for_each(|line| page.line(line));
    page.words("", &break_even::verdict(found));
    page.words("", &break_even::method(found));
    let change = human::percent(found.change).value(found.change);
    page.heading(&format!("What moves the bills most (each input ± {change})"));
    inputs(&break_even::effects(found), page);
    if let Some(sampled) = break_even::sampled(found) {
        page.heading("Declared ranges, simulated again");
        inputs(&break_even::ranges(found), page);
        page.words("", &sampled);
    }
}

fn inputs(rows: &[Moved], page: &mut Page) {
    page.wide("", ["less", "more", "swing"]);
    for Moved { input, bill, ends: [low, high], swing } in rows {
        page.wide(&format!("{bill}: {input}"), [low, high, swing]);
    }
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
