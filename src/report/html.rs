//! `report.html`: one self-contained file.

use askama::Template;

use crate::experiment::{BreakEven, Estimate, InputFile, Manifest, Outcome};
use crate::metrics::FunctionSummary;
use crate::metrics::definitions::{Definition, FIGURES, STATISTICS as STATISTIC_DEFINITIONS};
use crate::report::ReportError;
use crate::report::break_even::{self, Moved};
use crate::report::figures::Figures;
use crate::report::human::{self, Shown};
use crate::report::plot::paint::Painted;
use crate::report::rows::STATISTICS;
use crate::report::tables::{self, Latency, Line};

/// Most functions that are listed; all are in `functions.csv`.
const FUNCTIONS: usize = 50;

/// A function over the replications, in words.
struct FunctionRow<'a> {
    name: &'a str,
    app: &'a str,
    trigger: &'a str,
    /// In words, and as numbers to sort by.
    cells: [(String, f64); 7],
}

/// The comparison with servers, in words.
struct Comparison {
    lines: Vec<Line>,
    verdict: String,
    method: String,
    change: String,
    effects: Vec<Moved>,
    ranges: Vec<Moved>,
    sampled: String,
}

impl Comparison {
    fn new(found: &BreakEven) -> Self {
        Self {
            lines: break_even::comparison(found),
            verdict: break_even::verdict(found),
            method: break_even::method(found),
            change: human::percent(found.change).value(found.change),
            effects: break_even::effects(found),
            ranges: break_even::ranges(found),
            sampled: break_even::sampled(found).unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    name: &'a str,
    manifest: &'a Manifest,
    replicated: bool,
    headline: Vec<Line>,
    invocations: Vec<Line>,
    none: String,
    statistics: Vec<&'static str>,
    latencies: Vec<Latency>,
    decisions: String,
    stages: String,
    instances: Vec<Line>,
    bill: Vec<Line>,
    inputs: &'a [InputFile],
    price_books: &'a [String],
    servers: Vec<Line>,
    found: Option<Comparison>,
    plots: &'a [Painted],
    functions: Vec<FunctionRow<'a>>,
    function_count: String,
    remarks: Vec<String>,
    notes: Vec<(&'a str, String)>,
    figures: &'static [Definition],
    statistic_definitions: &'static [Definition],
    scenario: &'a str,
}

impl Page<'_> {
    /// The plot of this name, if the outcome has it.
    fn plot(&self, name: &str) -> Option<&str> {
        self.plots.iter().find(|plot| plot.name == name).map(|plot| plot.svg.as_str())
    }
}

/// The report with its plots inlined as SVG.
///
/// # Errors
/// If the template fails, which is a bug.
pub fn render(outcome: &Outcome, plots: &[Painted]) -> Result<String, ReportError> {
    let figures = Figures::new(outcome);
    let (invocations, none) = tables::invocations(&figures);
    let functions = figures.functions();
    let written = |count: u64| human::count(count as f64).value(count as f64);
    let page = Page {
        name: &outcome.name,
        manifest: &outcome.manifest,
        replicated: figures.replicated(),
        headline: tables::headline(&figures),
        invocations,
        none: none.join(", "),
        statistics: STATISTICS.iter().map(|(name, _)| *name).collect(),
        latencies: tables::latencies(&figures),
        decisions: tables::decisions(&figures).join(", "),
        stages: tables::stages(&figures).join(", "),
        instances: tables::instances(&figures),
        bill: tables::bill(&figures),
        inputs: &outcome.manifest.inputs,
        price_books: &outcome.manifest.price_books,
        servers: break_even::servers(outcome),
        found: outcome.break_even.as_ref().map(Comparison::new),
        plots,
        functions: functions.iter().take(FUNCTIONS).filter_map(|rows| function_row(rows)).collect(),
        function_count: written(functions.len() as u64),
        remarks: tables::remarks(outcome),
        notes: outcome.manifest.notes.iter().map(|note| (note.what.as_str(), written(note.count))).collect(),
        figures: FIGURES,
        statistic_definitions: STATISTIC_DEFINITIONS,
        scenario: &outcome.scenario,
    };
    Ok(page.render()?)
}

/// A function's means over its replications.
fn function_row<'a>(rows: &[&'a FunctionSummary]) -> Option<FunctionRow<'a>> {
    let first = rows.first()?;
    let cell = |mean: f64, shown: fn(f64) -> Shown| (shown(mean).value(mean), mean);
    let mean = |figure: fn(&FunctionSummary) -> f64, shown: fn(f64) -> Shown| {
        cell(Estimate::of(&rows.iter().map(|row| figure(row)).collect::<Vec<_>>()).mean, shown)
    };
    let ratio = |figure: fn(&FunctionSummary) -> f64, shown: fn(f64) -> Shown| {
        let part = |row: &&FunctionSummary| (figure(row), row.invocations.completed as f64);
        cell(Estimate::ratio(&rows.iter().map(part).collect::<Vec<_>>()).mean, shown)
    };
    let percentile = |figure: fn(&FunctionSummary) -> f64| {
        let occurs = rows.iter().filter(|row| row.invocations.completed > 0);
        cell(Estimate::of(&occurs.map(|row| figure(row)).collect::<Vec<_>>()).mean, human::duration)
    };
    let cells = [
        mean(|row| row.memory_mib, |mib| human::quantity(mib.round(), "MiB")),
        mean(|row| row.invocations.arrived as f64, human::count),
        ratio(|row| row.cold_start_ratio, human::percent),
        percentile(|row| row.response_ms.p50),
        percentile(|row| row.response_ms.p99),
        ratio(|row| row.execution_mean_ms, human::duration),
        mean(|row| row.billed_gb_s, human::average),
    ];
    Some(FunctionRow { name: &first.function, app: &first.app, trigger: &first.trigger, cells })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::plot::{Scene, paint, scenes};
    use crate::report::sample;

    fn html(outcome: &Outcome) -> String {
        let paint =
            |scene: &Scene| Painted { name: scene.name.clone(), svg: paint::svg(scene).unwrap(), png: Vec::new() };
        let plots: Vec<_> = scenes(outcome).iter().map(paint).collect();
        render(outcome, &plots).unwrap()
    }

    #[test]
    fn the_report_needs_nothing_from_elsewhere() {
        for outcome in sample::all() {
            let html = html(&outcome).replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
            for reference in ["http://", "https://", "<script ", "<link", "@import", "url(", " src="] {
                assert!(!html.contains(reference), "{}: {reference}", outcome.name);
            }
        }
    }

    #[test]
    fn every_sample_shows_its_sections_and_escapes_names() {
        for outcome in sample::all() {
            let html = html(&outcome);
            for id in ["invocations", "latency", "instances", "functions", "input", "definitions", "scenario", "repeat"]
            {
                assert!(html.contains(&format!("<section id=\"{id}\"")), "{}: {id}", outcome.name);
            }
            assert_eq!(
                html.contains("<section id=\"bill\""),
                outcome.runs[0].summary.cost.is_some(),
                "{}",
                outcome.name
            );
            assert!(!html.contains("<images>") && !html.contains("<quoted>") && !html.contains("NaN"));
            assert_eq!(html.matches("<table").count(), html.matches("</table>").count());
            assert_eq!(html.matches("<svg").count(), scenes(&outcome).len());
        }
    }

    #[test]
    fn functions_beyond_the_limit_are_pointed_to() {
        let html = html(&sample::typical());
        assert_eq!(html.matches("class=\"function\"").count(), FUNCTIONS);
        assert!(html.contains("50 of 60 functions") && html.contains("functions.csv"), "{}", html.len());
    }

    #[test]
    fn intervals_are_shown_with_several_replications_only() {
        let outcome = sample::typical();
        let p99 = Figures::new(&outcome).of(|summary| summary.latency_ms.response.p99);
        assert!(html(&outcome).contains(&human::duration(p99.mean).interval(&p99)));
        let single = sample::one_replication();
        let remarks = tables::remarks(&single).concat();
        assert_eq!(html(&single).matches('±').count(), remarks.matches('±').count());
    }
}
