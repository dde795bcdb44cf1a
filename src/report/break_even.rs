//! The comparison with servers in words, the same for the terminal and for HTML.

use crate::experiment::break_even::{BreakEven, Effect, Point, Quantiles, RangeEffect};
use crate::experiment::{Estimate, Outcome, ServersSummary};
use crate::metrics::CostLine;
use crate::report::human;
use crate::report::tables::{Line, line, part};

/// Most inputs that are listed; all are in `sensitivity.csv`.
const INPUTS: usize = 10;

/// A row of the list of inputs.
pub struct Moved {
    /// The input.
    pub input: String,
    /// Whose bill.
    pub bill: &'static str,
    /// The bill with less, and with more.
    pub ends: [String; 2],
    /// How far apart they are.
    pub swing: String,
}

/// What the servers would have done and cost; empty without servers.
pub fn servers(outcome: &Outcome) -> Vec<Line> {
    let runs: Vec<&ServersSummary> =
        outcome.runs.iter().filter_map(|run| Some(&run.servers.as_ref()?.summary)).collect();
    let Some(first) = runs.first() else { return Vec::new() };
    let of =
        |figure: &dyn Fn(&ServersSummary) -> f64| Estimate::of(&runs.iter().map(|run| figure(run)).collect::<Vec<_>>());
    let money = |amount| human::money(amount, &first.cost.currency);
    let [above, over] = [of(&|run| run.time_above_target), of(&|run| run.time_over_capacity)];
    let requests = of(&|run| run.requests_over_capacity).mean;
    let requests = format!("of the time, {} of requests", human::percent(requests).value(requests));
    let mut lines = vec![
        line("servers, on average", of(&|run| run.mean), human::average, &first.machine),
        line("at the peak", of(&|run| f64::from(run.peak)), human::count, ""),
        line("capacity used", of(&|run| run.utilisation), human::percent, "of what is paid for"),
        line("load above the target", above, human::percent, "of the time"),
        line("load over the capacity", over, human::percent, &requests),
        line("cost per month", of(&|run| run.cost.per_month), money, "of 730 hours"),
    ];
    let names = |run: &ServersSummary| run.cost.lines.iter().map(|line| line.name.clone()).collect::<Vec<_>>();
    for name in names(first) {
        let amount = |run: &ServersSummary| {
            let same = |line: &&CostLine| line.name == name;
            run.cost.lines.iter().filter(same).map(|line| line.month_amount).sum::<f64>()
        };
        lines.push(part(&name, of(&amount), money, ""));
    }
    lines
}

/// Both bills today and where they cross.
pub fn comparison(found: &BreakEven) -> Vec<Line> {
    let money = |amount| human::money(amount, &found.currency);
    let Point { rate, serverless, servers, utilisation, mean_servers, .. } = found.today;
    let at = format!("a month at {} requests/s", number(rate));
    let fleet = format!("{} on average, {} used", number(mean_servers), human::percent(utilisation).value(utilisation));
    let mut lines = vec![
        line("functions", serverless, money, &at),
        line(&format!("servers ({})", found.machine), servers, money, &fleet),
    ];
    for crossing in &found.crossings {
        let Point { rate, load, utilisation, serverless, servers, .. } = crossing.at;
        let which = if crossing.servers_above { "above, servers are cheaper" } else { "above, functions are cheaper" };
        let remark = format!("{} x the simulated load", number(load));
        let rate = Estimate { mean: rate, ci_low: rate, ci_high: rate, n: 1 };
        lines.push(line("break-even", rate, |rate| human::quantity(rate, "requests/s"), &remark));
        let used = Estimate { mean: utilisation, ci_low: utilisation, ci_high: utilisation, n: 1 };
        lines.push(part("functions there", serverless, money, "a month"));
        lines.push(part("servers there", servers, money, "a month"));
        lines.push(part("servers used there", used, human::percent, which));
    }
    lines
}

/// Which is cheaper, in sentences.
pub fn verdict(found: &BreakEven) -> String {
    let Point { rate, serverless, servers, .. } = found.today;
    let money = |amount: f64| human::money(amount, &found.currency).value(amount);
    let (cheaper, less, more) = match serverless.mean < servers.mean {
        true => ("functions are", serverless.mean, servers.mean),
        false => ("servers are", servers.mean, serverless.mean),
    };
    let saved = human::percent_of(more - less, more);
    let today = format!(
        "At the simulated load of {} requests per second, {cheaper} cheaper: {} instead of {} a month, {saved} less.",
        number(rate),
        money(less),
        money(more)
    );
    let range = |points: &[Point]| match (points.first(), points.last()) {
        (Some(first), Some(last)) => {
            format!("from {} to {} requests per second", number(first.rate), number(last.rate))
        }
        _ => "over the range of loads".into(),
    };
    let beyond = match found.crossings.as_slice() {
        [] => format!("That is so over the whole range, {}.", range(&found.points)),
        [one] if one.servers_above => {
            format!("Above {} requests per second, servers are cheaper.", number(one.at.rate))
        }
        [one] => format!("Above {} requests per second, functions are cheaper.", number(one.at.rate)),
        [first, .., last] => format!(
            "Between {} and {} requests per second the number of servers decides which is cheaper; above, {} are.",
            number(first.at.rate),
            number(last.at.rate),
            if last.servers_above { "servers" } else { "functions" }
        ),
    };
    format!("{today} {beyond}")
}

/// How the comparison was made, in a sentence.
pub fn method(found: &BreakEven) -> String {
    format!(
        "Other loads are the simulated one, scaled: usage times the load, then tiers and free units; the servers follow the scaled \
         load. Cold starts and rounding are those of the simulated load (mean of {} replication{}).",
        found.replications,
        if found.replications == 1 { "" } else { "s" }
    )
}

/// The inputs that move the bills most.
pub fn effects(found: &BreakEven) -> Vec<Moved> {
    let money = |amount: f64| human::money(amount, &found.currency).value(amount);
    let moved = |effect: &Effect| Moved {
        input: effect.input.clone(),
        bill: if effect.bill == "servers" { "servers" } else { "functions" },
        ends: [money(effect.low), money(effect.high)],
        swing: money(effect.swing()),
    };
    found.effects.iter().take(INPUTS).map(moved).collect()
}

/// The declared ranges: each input at both ends, and the bills that it moves.
pub fn ranges(found: &BreakEven) -> Vec<Moved> {
    let money = |amount: f64| human::money(amount, &found.currency).value(amount);
    let inputs = found.ranges.iter().flat_map(|ranges| &ranges.inputs);
    let moved = |effect: &RangeEffect, bill: &'static str, ends: [f64; 2]| {
        let input = format!("{} {} to {}", effect.key, effect.values[0], effect.values[1]);
        (Moved { input, bill, ends: ends.map(money), swing: money((ends[1] - ends[0]).abs()) }, ends)
    };
    let both = |effect: &RangeEffect| {
        [moved(effect, "functions", effect.serverless), moved(effect, "servers", effect.servers)]
    };
    inputs.flat_map(both).filter(|(_, [low, high])| low != high).map(|(row, _)| row).collect()
}

/// The bills over all samples of the ranges; nothing if there are none.
pub fn sampled(found: &BreakEven) -> Option<String> {
    let ranges = found.ranges.as_ref()?;
    let money = |amount: f64| human::money(amount, &found.currency).value(amount);
    let shown = |q: Quantiles| format!("{} (5 %), {} (median), {} (95 %)", money(q.p5), money(q.p50), money(q.p95));
    let cheaper = human::percent(ranges.serverless_cheaper).value(ranges.serverless_cheaper);
    Some(format!(
        "Over {} samples of all ranges (Latin hypercube, each simulated once): functions {}; servers {}. Functions are cheaper in {cheaper}.",
        ranges.samples,
        shown(ranges.serverless),
        shown(ranges.servers)
    ))
}

fn number(value: f64) -> String {
    human::average(value).value(value)
}
