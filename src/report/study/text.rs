//! A study as a table for the terminal.

use super::html::columns;
use super::measure::{Measure, View, estimates};
use crate::experiment::Comparison;
use crate::experiment::study::Study;
use crate::report::text::layout::Page;
use crate::report::verdict;

/// Most variants that are listed.
const ROWS: usize = 40;
/// Most sentences.
const SENTENCES: usize = 12;
/// Room for names: at least, and at most if the columns need the rest.
const NAMES: (usize, usize) = (20, 34);

/// The variants with their figures, then what their differences say, in at most `width` columns (at least 80). Columns for which there is
/// no room are left out. `color` adds ANSI styles.
pub fn table(study: &Study, comparison: &Comparison, width: usize, color: bool) -> String {
    let mut page = Page::new(width.max(80), color);
    let view = View { study, comparison, estimates: &estimates(study, comparison) };
    let level = comparison.level * 100.0;
    page.title(
        &study.name,
        &format!("{} variants, {level} % confidence, seed {}", study.cells.len(), study.origin.seed),
    );
    variants(view, &mut page);
    for cell in study.cells.iter().filter(|cell| cell.failure.is_some()) {
        page.words("!", &format!("{}: {}", cell.name, cell.failure.as_deref().unwrap_or_default()));
    }
    let others: Vec<usize> = (0..comparison.cells.len()).filter(|cell| *cell != comparison.baseline).collect();
    if !others.is_empty() {
        page.heading(&format!("Against {}", view.name(comparison.baseline)));
    }
    for cell in others.iter().take(SENTENCES) {
        page.words("-", &format!("{}: {}", view.name(*cell), verdict::words(comparison, *cell)));
    }
    if others.len() > SENTENCES {
        page.words("", &format!("and {} more in report.html", others.len() - SENTENCES));
    }
    page.finish()
}

/// A column: its heading, then value and interval of each row.
struct Column {
    heading: &'static str,
    cells: Vec<(String, String)>,
    width: usize,
}

fn variants(view: View, page: &mut Page) {
    let rows: Vec<usize> = (0..view.study.cells.len().min(ROWS)).collect();
    let longest = rows.iter().map(|cell| view.name(*cell).chars().count()).max().unwrap_or(0);
    let least = (longest + 2).clamp(NAMES.0, NAMES.1);
    let mut columns: Vec<Column> = columns(view).iter().map(|measure| column(view, measure, &rows)).collect();
    while columns.len() > 1 && least + columns.iter().map(|column| column.width).sum::<usize>() > page.width() {
        columns.pop();
    }
    let names = page.width() - columns.iter().map(|column| column.width).sum::<usize>();
    let names = names.min((longest + 2).max(least));
    let heads: Vec<(&str, usize)> = columns.iter().map(|column| (column.heading, column.width)).collect();
    page.row("", names, &heads, true);
    for (row, cell) in rows.iter().enumerate() {
        let mark = if *cell == view.baseline() { "*" } else { " " };
        let values: Vec<_> = columns.iter().map(|column| (column.cells[row].0.as_str(), column.width)).collect();
        page.row(&format!("{mark} {}", view.name(*cell)), names, &values, false);
        let intervals: Vec<_> = columns.iter().map(|column| (column.cells[row].1.as_str(), column.width)).collect();
        if intervals.iter().any(|(interval, _)| !interval.is_empty()) {
            page.row("", names, &intervals, true);
        }
    }
    if rows.len() < view.study.cells.len() {
        page.words("", &format!("and {} more in summary.csv", view.study.cells.len() - rows.len()));
    }
}

fn column(view: View, measure: &Measure, rows: &[usize]) -> Column {
    let cell = |cell: &usize| match view.estimate(measure, *cell) {
        Some(estimate) => {
            let shown = view.shown(measure, estimate.mean);
            (shown.value(estimate.mean), shown.interval(&estimate).replace("± ", "±"))
        }
        None => ("-".into(), String::new()),
    };
    let cells: Vec<(String, String)> = rows.iter().map(cell).collect();
    let texts = cells.iter().flat_map(|(value, interval)| [value.as_str(), interval]).chain([measure.heading]);
    let width = texts.map(|text| text.chars().count()).max().unwrap_or(0) + 2;
    Column { heading: measure.heading, cells, width }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn every_sample_fits_into_80_columns_and_names_its_cells() {
        for study in sample::all() {
            let text = table(&study, &sample::comparison(&study), 80, false);
            for line in text.lines() {
                assert!(line.chars().count() <= 80, "{}: {line}", study.name);
                assert!(!line.ends_with(' ') && !line.contains("NaN") && !line.contains("inf"), "{line:?}");
            }
            let failed = study.cells.iter().filter_map(|cell| cell.failure.as_ref()).count();
            assert_eq!(text.lines().filter(|line| line.starts_with("! ")).count(), failed, "{text}");
        }
    }

    #[test]
    fn wider_is_more_columns() {
        let (study, comparison) = (sample::line(), sample::comparison(&sample::line()));
        let [narrow, wide] = [80, 130].map(|width| table(&study, &comparison, width, false));
        assert!(wide.contains("completed") && !narrow.contains("completed"), "{narrow}{wide}");
        assert!(narrow.contains("* ttl 1m") && narrow.contains("AGAINST TTL 1M"), "{narrow}");
    }
}
