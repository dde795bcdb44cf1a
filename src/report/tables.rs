//! The tables of the result in words, the same for the terminal and for HTML.

use crate::experiment::{BatchMeans, Estimate, HalfWidth, Manifest, Outcome, Reached, SingleRun, Transient};
use crate::metrics::{Stages, Summary};
use crate::report::figures::{BillLine, Figures};
use crate::report::human::{self, Shown};
use crate::report::rows::{COMPLETED, LATENCIES, LOST, SERVED, STAGES, STATES, STATISTICS, State, Time};

/// A figure in words.
pub struct Cell {
    /// The figure with its unit.
    pub value: String,
    /// `± 3.1`, half the width of its 95 % confidence interval; empty if there is one replication.
    pub interval: String,
}

/// A figure with its name.
pub struct Line {
    /// What it is.
    pub label: String,
    /// A part of the figure above.
    pub part: bool,
    /// The figure.
    pub cell: Cell,
    /// What helps to read it; may be empty.
    pub remark: String,
}

/// A row of the table of latencies.
pub struct Latency {
    /// What the time is.
    pub label: &'static str,
    /// One cell for each of [`STATISTICS`]; empty if there was no such time.
    pub cells: Vec<Cell>,
}

impl Cell {
    fn new(estimate: Estimate, shown: impl Fn(f64) -> Shown) -> Self {
        let shown = shown(estimate.mean);
        Self { value: shown.value(estimate.mean), interval: shown.interval(&estimate) }
    }
}

pub(super) fn line(label: &str, estimate: Estimate, shown: impl Fn(f64) -> Shown, remark: &str) -> Line {
    Line { label: label.into(), part: false, cell: Cell::new(estimate, shown), remark: remark.into() }
}

pub(super) fn part(label: &str, estimate: Estimate, shown: impl Fn(f64) -> Shown, remark: &str) -> Line {
    Line { part: true, ..line(label, estimate, shown, remark) }
}

/// The most interesting figures.
pub fn headline(figures: &Figures) -> Vec<Line> {
    let written = |mean: f64| human::count(mean).value(mean);
    let [cold, completed] = [figures.count(|s| s.invocations.cold), figures.count(|s| s.invocations.completed)];
    let of = format!("{} of {}", written(cold.mean), written(completed.mean));
    let mut lines = vec![line("Cold starts", figures.ratio(|s| s.cold_start_ratio, COMPLETED), human::percent, &of)];
    if completed.mean > 0.0 {
        let percentile = |figure: fn(&Summary) -> f64| figures.percentile(figure, COMPLETED);
        let [p50, p99] = [percentile(|s| s.latency_ms.response.p50), percentile(|s| s.latency_ms.response.p99)];
        lines.push(line("Response, median", p50, human::duration, ""));
        lines.push(line("Response, p99", p99, human::duration, ""));
    }
    if let Some(currency) = figures.currency() {
        let money = |amount| human::money(amount, currency);
        lines.push(line("Cost per month", figures.cost(|cost| cost.per_month), money, "of 730 hours"));
        lines.push(line("Cost per million", figures.cost(|cost| cost.per_million_requests), money, "invocations"));
    }
    lines
}

/// What became of the invocations, and what happened to none of them.
pub fn invocations(figures: &Figures) -> (Vec<Line>, Vec<&'static str>) {
    let arrived = figures.count(|s| s.invocations.arrived).mean;
    let share = |estimate: &Estimate| human::percent_of(estimate.mean, arrived);
    let mut lines = Vec::new();
    for (i, (name, figure)) in SERVED.into_iter().enumerate() {
        let estimate = figures.count(figure);
        let remark = if i == 0 { String::new() } else { share(&estimate) };
        lines.push(Line { part: i > 1, ..line(name, estimate, human::count, &remark) });
    }
    let mut none = Vec::new();
    for (name, estimate) in LOST.map(|(name, figure)| (name, figures.count(figure))) {
        match estimate.mean > 0.0 {
            true => lines.push(line(name, estimate, human::count, &share(&estimate))),
            false => none.push(name),
        }
    }
    let notes = [
        ("tried again", figures.count(|s| s.invocations.retried), "times"),
        ("dead letters", figures.count(|s| s.invocations.dead_lettered), "of those lost"),
    ];
    let notes = notes.into_iter().filter(|(_, estimate, _)| estimate.mean > 0.0);
    lines.extend(notes.map(|(name, estimate, remark)| line(name, estimate, human::count, remark)));
    (lines, none)
}

/// Where the time went; empty if nothing completed.
pub fn latencies(figures: &Figures) -> Vec<Latency> {
    if figures.count(|s| s.invocations.completed).mean == 0.0 {
        return Vec::new();
    }
    let latency = |Time { name, times, occurs }: Time| {
        let exists = figures.of(|s| times(s).max).mean > 0.0;
        let estimate = |(statistic, column): &(&str, fn(&_) -> f64)| match *statistic {
            "mean" => figures.ratio(|s| column(&times(s)), occurs),
            _ => figures.percentile(|s| column(&times(s)), occurs),
        };
        let columns = STATISTICS.iter().filter(|_| exists);
        Latency { label: name, cells: columns.map(|column| Cell::new(estimate(column), human::duration)).collect() }
    };
    LATENCIES.into_iter().map(latency).collect()
}

/// What starting an instance consists of: stages that take time, with their means over all instances started.
pub fn stages(figures: &Figures) -> Vec<String> {
    let mean = |stage: fn(&_) -> f64| figures.ratio(|s| stage(&s.stages_ms), |s| s.instances.started).mean;
    let means = STAGES.iter().map(|(name, stage)| (name, mean(*stage))).filter(|(_, mean)| *mean > 0.0);
    means.map(|(name, mean)| format!("{name} {}", human::duration(mean).value(mean))).collect()
}

/// What the platform's decisions take before an invocation is given to an instance, as parts of the queueing.
pub fn decisions(figures: &Figures) -> Vec<String> {
    let mean = |decision: fn(&Stages) -> f64| figures.ratio(|s| decision(&s.stages_ms), |s| s.invocations.arrived).mean;
    let means = [("scheduling", mean(|stages| stages.scheduling)), ("balancing", mean(|stages| stages.balancing))];
    let taken = means.into_iter().filter(|(_, mean)| *mean > 0.0);
    taken.map(|(name, mean)| format!("{name} {}", human::duration(mean).value(mean))).collect()
}

/// Instances over time, their memory, and throughput.
pub fn instances(figures: &Figures) -> Vec<Line> {
    let memory = |state: &State| figures.of(state.memory).mean;
    let total: f64 = STATES.iter().map(memory).sum();
    let state = |state: &State| {
        let share = format!("{} of the GB-s", human::percent_of(memory(state), total));
        part(state.name, figures.of(state.number), human::average, &share)
    };
    let wasted = |gb_s| human::quantity(gb_s, "GB-s");
    let mut lines = vec![line("on average", figures.of(|s| s.instances.mean), human::average, "")];
    lines.extend(STATES.iter().map(state));
    lines.extend([
        line("at the peak", figures.count(|s| s.instances.peak), human::count, ""),
        line("started", figures.count(|s| s.instances.started), human::count, ""),
        line("expired", figures.count(|s| s.instances.expired), human::count, "keep-alive ended"),
        line("evicted", figures.count(|s| s.instances.evicted), human::count, "memory was needed"),
        line("memory x time, idle", figures.of(|s| s.memory_gb_s.idle), wasted, "wasted"),
        line("throughput", figures.of(|s| s.throughput_per_s), |rate| human::quantity(rate, "/s"), "completed"),
    ]);
    if figures.count(|s| s.balance.workers).mean > 0.0 {
        let ratio = |ratio| human::quantity(ratio, "x");
        lines.push(line(
            "busiest worker",
            figures.of(|s| s.balance.peak_to_mean),
            ratio,
            "the mean of all workers' invocations",
        ));
    }
    lines
}

/// What there is to say of the precision of the figures, in sentences without a full stop.
pub fn remarks(outcome: &Outcome) -> Vec<String> {
    let Manifest { precision, transient, single_run, replications, .. } = &outcome.manifest;
    let precision = precision.iter().map(|precision| precision_remark(precision, *replications));
    let transient = transient.iter().filter_map(transient_remark);
    let single = single_run.iter().map(single_run_remark);
    precision.chain(single).chain(transient).collect()
}

fn precision_remark(precision: &Reached, replications: u32) -> String {
    let reached = if precision.reached { "reached" } else { "not reached" };
    let percent = |share: f64| human::percent(share).value(share);
    let figure = |half: &HalfWidth| {
        let half_width = half.relative.map_or("no interval".to_owned(), |half| format!("± {}", percent(half)));
        format!("{} {half_width}", half.figure)
    };
    let figures: Vec<String> = precision.figures.iter().map(figure).collect();
    format!(
        "a precision of {} is {reached} with {replications} replications: {}",
        percent(precision.wanted),
        figures.join(", ")
    )
}

/// Changes of the mean by less than this are not worth a word.
const BIAS: f64 = 0.01;

fn transient_remark(transient: &Transient) -> Option<String> {
    let span = |seconds: f64| human::duration(seconds * 1e3).value(seconds * 1e3);
    let from = span(transient.measured_from_s);
    let Some(settled) = transient.settled_from_s else {
        return Some(format!(
            "measured from {from}; the number of instances does not settle in the first half of what is measured (MSER-5): the run is \
             short for its start, or its load varies"
        ));
    };
    match transient.bias().filter(|bias| bias.abs() >= BIAS) {
        Some(bias) => Some(format!(
            "measured from {from}; until {} the run looks like warm-up (MSER-5 on the number of instances, whose mean it changes by {}): \
             consider a longer `warm_up`",
            span(settled),
            human::percent(bias).value(bias)
        )),
        None if transient.measured_from_s > 0.0 => {
            Some(format!("measured from {from}; what is measured looks settled (MSER-5 on the number of instances)"))
        }
        None => None,
    }
}

fn single_run_remark(single: &SingleRun) -> String {
    let written = |name: &str, means: &Option<BatchMeans>, shown: fn(f64) -> Shown| match means {
        None => format!("{name}: too short a run to tell"),
        Some(BatchMeans { estimate, .. }) => {
            let shown = shown(estimate.mean);
            format!("{name} {} {} ({} batches)", shown.value(estimate.mean), shown.interval(estimate), estimate.n)
        }
    };
    format!(
        "one replication, so intervals come from batch means: {}, {}",
        written("instances", &single.instances, human::average),
        written("cold starts per arrival", &single.cold_per_arrival, human::percent)
    )
}

/// The bill of the measured window, its total last; empty if the scenario has no prices.
pub fn bill(figures: &Figures) -> Vec<Line> {
    let Some(currency) = figures.currency() else { return Vec::new() };
    let money = |amount| human::money(amount, currency);
    let used = |quantity: f64, unit: &str| human::quantity(quantity, unit).value(quantity);
    let month = |amount: f64| format!("{} a month", money(amount).value(amount));
    let bill_line = |bill: &BillLine| {
        let remark = format!("{}; {}", month(bill.month_amount.mean), used(bill.quantity.mean, bill.unit));
        line(bill.name, bill.amount, money, &remark)
    };
    let lines: Vec<Line> = figures.bill().iter().map(bill_line).collect();
    let total = line("total", figures.cost(|cost| cost.total), money, &month(figures.cost(|cost| cost.per_month).mean));
    lines.into_iter().chain([total]).collect()
}
