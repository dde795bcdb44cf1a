//! `report.html` of a study: one self-contained file.

use askama::Template;

use super::measure::{COLUMNS, DRAWN, Measure, View, shown};
use crate::experiment::study::Origin;
use crate::experiment::{Compared, Contrast, Estimate, InputFile, Pairing, Standing, Verdict};
use crate::metrics::definitions::{Definition, FIGURES, STATISTICS};
use crate::report::human::{self, Shown};
use crate::report::plot::paint::Painted;
use crate::report::{ReportError, verdict as words};

/// Most variants in a table; all are in the CSV files.
const ROWS: usize = 500;
/// Sentences that are not folded away.
const SENTENCES: usize = 8;
/// Most names in a sentence.
const NAMES: usize = 3;

/// A figure with its interval, and the number to sort by, which is empty if there is none.
struct Cell {
    value: String,
    interval: String,
    sort: String,
}

struct Row<'a> {
    name: &'a str,
    baseline: bool,
    cells: Vec<Cell>,
}

/// The variant with the least of a figure.
struct Best<'a> {
    measure: &'static str,
    name: &'a str,
    figure: String,
    /// Those that may be as good.
    rivals: String,
}

/// A figure of all variants against the baseline.
struct Differences<'a> {
    figure: &'a str,
    rows: Vec<DifferenceRow<'a>>,
}

struct DifferenceRow<'a> {
    name: &'a str,
    cells: [Cell; 4],
    verdict: &'static str,
    standing: &'static str,
}

#[derive(Template)]
#[template(path = "study.html")]
struct Page<'a> {
    name: &'a str,
    kind: &'static str,
    how: String,
    origin: &'a Origin,
    failures: Vec<(&'a str, &'a str)>,
    best: Vec<Best<'a>>,
    baseline: &'a str,
    intervals: String,
    verdicts: Vec<(&'a str, String)>,
    more: Vec<(&'a str, String)>,
    cells: usize,
    columns: Vec<&'static str>,
    rows: Vec<Row<'a>>,
    plots: &'a [Painted],
    differences: Vec<Differences<'a>>,
    inputs: &'a [InputFile],
    price_books: &'a [String],
    figures: &'static [Definition],
    statistic_definitions: &'static [Definition],
    scenario: &'a str,
}

/// The report with its plots inlined as SVG.
///
/// # Errors
/// If the template fails, which is a bug.
pub fn render(view: View, plots: &[Painted]) -> Result<String, ReportError> {
    let View { study, comparison, .. } = view;
    let failed = study.cells.iter().filter_map(|cell| Some((cell.name.as_str(), cell.failure.as_deref()?)));
    let others = (0..comparison.cells.len()).filter(|cell| *cell != comparison.baseline);
    let mut verdicts: Vec<(&str, String)> =
        others.map(|cell| (view.name(cell), words::words(comparison, cell))).collect();
    let columns = columns(view);
    let page = Page {
        name: &study.name,
        kind: if study.axes.is_empty() { "comparison" } else { "sweep" },
        how: how(view),
        origin: &study.origin,
        failures: failed.collect(),
        best: DRAWN.iter().filter_map(|measure| best(view, measure)).collect(),
        baseline: comparison.cells.get(comparison.baseline).map_or("", String::as_str),
        intervals: intervals(view),
        more: verdicts.split_off(verdicts.len().min(SENTENCES)),
        verdicts,
        cells: study.cells.len(),
        columns: columns.iter().map(|measure| measure.heading).collect(),
        rows: (0..study.cells.len().min(ROWS)).map(|cell| row(view, &columns, cell)).collect(),
        plots,
        differences: comparison.figures.iter().filter_map(|compared| differences(view, compared)).collect(),
        inputs: &study.origin.inputs,
        price_books: &study.origin.price_books,
        figures: FIGURES,
        statistic_definitions: STATISTICS,
        scenario: &study.scenario,
    };
    Ok(page.render()?)
}

/// What was run, in a sentence.
fn how(view: View) -> String {
    let plural = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let replications = view.study.cells.iter().map(|cell| cell.records.len()).max().unwrap_or(0);
    let axes: Vec<String> =
        view.study.axes.iter().map(|axis| format!("{} ({})", axis.name, plural(axis.values.len(), "value"))).collect();
    let over = if axes.is_empty() { String::new() } else { format!(" over {}", axes.join(" x ")) };
    format!("{}{over}, {}.", plural(view.study.cells.len(), "variant"), plural(replications, "replication"))
}

fn intervals(view: View) -> String {
    let level = view.comparison.level * 100.0;
    let pairing = match view.comparison.pairing {
        Pairing::Paired => "replications paired by common random numbers",
        Pairing::Independent => "replications independent",
    };
    format!("with {level} % confidence, {pairing}")
}

/// The measures that any variant has.
pub fn columns(view: View) -> Vec<Measure> {
    COLUMNS.into_iter().filter(|measure| !view.estimates(measure).is_empty()).collect()
}

fn row<'a>(view: View<'a>, columns: &[Measure], cell: usize) -> Row<'a> {
    let cells = columns.iter().map(|measure| {
        let estimate = view.estimate(measure, cell);
        Cell::new(estimate, |mean| view.shown(measure, mean))
    });
    Row { name: view.name(cell), baseline: cell == view.baseline(), cells: cells.collect() }
}

impl Cell {
    fn new(estimate: Option<Estimate>, shown: impl Fn(f64) -> Shown) -> Self {
        let Some(estimate) = estimate else {
            return Self { value: "-".into(), interval: String::new(), sort: String::new() };
        };
        let shown = shown(estimate.mean);
        Self { value: shown.value(estimate.mean), interval: shown.interval(&estimate), sort: estimate.mean.to_string() }
    }
}

/// The variant with the least, and those that are not distinguishable from it.
fn best<'a>(view: View<'a>, measure: &Measure) -> Option<Best<'a>> {
    let compared = view.estimates.figures.iter().find(|compared| compared.figure.path == measure.path)?;
    let best = compared.best.filter(|_| compared.cells.len() > 1)?;
    let rivals: Vec<&str> = (0..compared.cells.len())
        .filter(|cell| compared.cells[*cell].standing == Standing::MayBeBest)
        .map(|cell| view.name(cell))
        .collect();
    let named = rivals.iter().take(NAMES).copied().collect::<Vec<_>>().join("; ");
    let rivals = match rivals.len() {
        0 => String::new(),
        n if n > NAMES => format!("not distinguishable: {named}; and {} more", n - NAMES),
        _ => format!("not distinguishable: {named}"),
    };
    let figure = view.written(measure, &compared.cells[best].estimate?).replace(' ', "\u{a0}");
    Some(Best { measure: measure.name, name: view.name(best), figure, rivals })
}

/// A table of differences; `None` if there is none.
fn differences<'a>(view: View<'a>, compared: &'a Compared) -> Option<Differences<'a>> {
    let any = compared.cells.iter().any(|contrast| contrast.difference.is_some());
    let row = |(cell, contrast): (usize, &Contrast)| {
        let difference = contrast.difference.as_ref();
        let shown = |value: f64| shown(&compared.unit, value);
        let p = difference.and_then(|difference| difference.p_adjusted);
        let cells = [
            Cell::new(contrast.estimate, shown),
            Cell::new(difference.map(|difference| difference.absolute), shown),
            Cell::new(difference.and_then(|difference| difference.relative), human::percent),
            Cell {
                value: p.map_or("-".into(), written_p),
                interval: String::new(),
                sort: p.map_or(String::new(), |p| p.to_string()),
            },
        ];
        DifferenceRow {
            name: view.name(cell),
            cells,
            verdict: verdict(contrast.verdict),
            standing: standing(contrast.standing),
        }
    };
    let rows = || compared.cells.iter().enumerate().take(ROWS).map(row).collect();
    any.then(|| Differences { figure: &compared.figure.label, rows: rows() })
}

/// A probability with three decimals.
pub fn written_p(p: f64) -> String {
    if p < 0.001 { "<0.001".into() } else { format!("{p:.3}") }
}

/// A verdict in words.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Baseline => "baseline",
        Verdict::Better => "better",
        Verdict::Worse => "worse",
        Verdict::Less => "less",
        Verdict::More => "more",
        Verdict::NotDistinguishable => "not distinguishable",
        Verdict::Unknown => "unknown",
    }
}

fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Best => "best",
        Standing::MayBeBest => "may be",
        Standing::NotBest => "no",
        Standing::Unknown => "",
    }
}

#[cfg(test)]
mod tests {
    use super::super::{measure, sample};
    use super::*;
    use crate::experiment::study::Study;
    use crate::report::plot::{Scene, paint};

    fn html(study: &Study) -> String {
        let comparison = sample::comparison(study);
        let paint =
            |scene: &Scene| Painted { name: scene.name.clone(), svg: paint::svg(scene).unwrap(), png: Vec::new() };
        let plots: Vec<Painted> = sample::scenes(study).iter().map(paint).collect();
        let estimates = measure::estimates(study, &comparison);
        render(View { study, comparison: &comparison, estimates: &estimates }, &plots).unwrap()
    }

    #[test]
    fn every_sample_shows_its_sections_escapes_names_and_needs_nothing_from_elsewhere() {
        for study in sample::all() {
            let html = html(&study).replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
            for id in ["verdicts", "variants", "input", "definitions", "scenario", "repeat"] {
                assert!(html.contains(&format!("<section id=\"{id}\"")), "{}: {id}", study.name);
            }
            for wrong in ["NaN", "<b>\"", "<script>alert", "<what>", "<day 1>", "http://", "https://", " src=", "<link"]
            {
                assert!(!html.contains(wrong), "{}: {wrong}", study.name);
            }
            assert_eq!(html.matches("<script").count(), 1, "{}", study.name);
            assert_eq!(html.matches("<tr").count(), html.matches("</tr>").count(), "{}", study.name);
        }
    }

    #[test]
    fn failures_and_values_for_sorting_are_in_it() {
        let html = html(&sample::a_failed_cell());
        assert!(html.contains("256 MiB is less than") && html.contains("data-value=\"\""), "{}", html.len());
        let study = sample::line();
        let comparison = sample::comparison(&study);
        let p99 = comparison.figures.iter().find(|compared| compared.figure.path == "latency_ms.response.p99").unwrap();
        let value = p99.cells[2].estimate.unwrap().mean;
        assert!(self::html(&study).contains(&format!("data-value=\"{value}\"")), "{value}");
    }
}
