//! The table of a comparison.

use super::layout::Page;
use crate::experiment::study::Origin;
use crate::experiment::{Compared, Comparison, Contrast, Pairing, Standing, Verdict};
use crate::report::verdict;

/// Widths of the columns: name, estimate, difference; the rest is the verdict.
const NAME: usize = 24;
const ESTIMATE: usize = 22;
const DIFFERENCE: usize = 24;

/// A comparison as a table of at most `width` columns (at least 80), with its verdicts in words. `color` adds ANSI styles.
pub fn comparison(comparison: &Comparison, origin: &Origin, width: usize, color: bool) -> String {
    let mut page = Page::new(width.max(80), color);
    let how = match comparison.pairing {
        Pairing::Paired => "paired",
        Pairing::Independent => "independent",
    };
    let level = comparison.level * 100.0;
    page.title(&comparison.name, &format!("{how}, {level} % confidence, seed {}", origin.seed));
    for (cell, name) in comparison.cells.iter().enumerate() {
        page.words("-", &format!("{name}: {}", verdict::words(comparison, cell)));
    }
    for compared in &comparison.figures {
        page.heading(&compared.figure.label);
        for (name, contrast) in comparison.cells.iter().zip(&compared.cells) {
            row(&mut page, name, compared, contrast);
        }
    }
    if comparison.figures.is_empty() {
        page.words("", "no replication has any of these figures");
    }
    legend(&mut page, comparison);
    page.finish()
}

fn row(page: &mut Page, name: &str, compared: &Compared, contrast: &Contrast) {
    let estimate = contrast.estimate.map_or("-".to_owned(), |estimate| {
        let shown = verdict::shown(compared, estimate.mean);
        format!("{} {}", shown.value(estimate.mean), shown.interval(&estimate)).trim_end().to_owned()
    });
    let difference = contrast.difference.as_ref().map_or(String::new(), |difference| match difference.relative {
        Some(relative) => verdict::percent(relative),
        None => {
            let shown = verdict::shown(compared, difference.absolute.mean);
            format!("{} {}", shown.value(difference.absolute.mean), shown.interval(&difference.absolute))
        }
    });
    let word = match contrast.verdict {
        Verdict::Baseline => "baseline",
        Verdict::Better => "better",
        Verdict::Worse => "worse",
        Verdict::Less => "less",
        Verdict::More => "more",
        Verdict::NotDistinguishable if verdict::is_same(contrast) => "same",
        Verdict::NotDistinguishable => "unclear",
        Verdict::Unknown => "-",
    };
    let star = if [Standing::Best, Standing::MayBeBest].contains(&contrast.standing) { " *" } else { "" };
    page.cells(&[(name, NAME), (&estimate, ESTIMATE), (&difference, DIFFERENCE)], &format!("{word}{star}"));
}

fn legend(page: &mut Page, comparison: &Comparison) {
    let Some(baseline) = comparison.cells.get(comparison.baseline) else { return };
    page.heading("How to read this");
    page.words(
        "",
        &format!(
            "Each figure with its interval, its difference to {baseline} with the interval of that, and the verdict."
        ),
    );
    let kind = match comparison.pairing {
        Pairing::Paired => {
            "Differences are taken within replications of the same number, which see the same random numbers."
        }
        Pairing::Independent => "The workloads differ, so replications are taken as independent.",
    };
    let test = "Verdicts are corrected for the number of cells (Holm); unclear: not distinguishable from the baseline.";
    page.words("", &format!("{kind} {test}"));
    page.words("", "*: may be the best of all; with the same confidence the truly best is among them.");
}
