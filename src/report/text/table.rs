//! The sections one after the other.

use super::layout::Page;
use super::sections;
use crate::experiment::{Manifest, Outcome};
use crate::report::human;

/// The result as a table of at most `width` columns (at least 80), the most interesting figures first. With several
/// replications each figure has the half width of its 95 % confidence interval. `color` adds ANSI styles.
pub fn table(outcome: &Outcome, width: usize, color: bool) -> String {
    let mut page = Page::new(width.max(80), color);
    sections::ALL.iter().for_each(|section| section(outcome, &mut page));
    page.finish()
}

/// How fast the simulation was, in a sentence. It differs from run to run, so it is no part of the table.
pub fn speed(manifest: &Manifest) -> String {
    let (wall, rate) = (manifest.total_wall_s * 1e3, manifest.invocations_per_s.round());
    let rate = human::count(rate).value(rate);
    format!("Simulated in {}: {rate} invocations per second.", human::duration(wall).value(wall))
}

#[cfg(test)]
mod tests {
    use super::super::layout;
    use super::*;
    use crate::report::sample;

    #[test]
    fn every_sample_fits_into_80_columns() {
        for outcome in sample::all() {
            let text = table(&outcome, 80, false);
            for line in text.lines() {
                assert!(line.chars().count() <= 80, "{} columns: {line}", line.chars().count());
                assert!(!line.ends_with(' ') && !line.contains("NaN") && !line.contains("inf"), "{line:?}");
            }
        }
    }

    #[test]
    fn colour_adds_styles_and_nothing_else() {
        let outcome = sample::typical();
        let (plain, mut colored) = (table(&outcome, 80, false), table(&outcome, 80, true));
        assert!(!plain.contains('\x1b') && colored.contains('\x1b'));
        layout::STYLES.iter().for_each(|style| colored = colored.replace(style, ""));
        assert_eq!(colored, plain);
    }

    #[test]
    fn the_interesting_figures_come_first_with_their_intervals() {
        let text = table(&sample::typical(), 80, false);
        let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("no {what} in\n{text}"));
        let order = ["Cold starts", "Response, median", "Response, p99", "Cost per month", "INVOCATIONS", "LATENCY"];
        assert!(order.map(at).is_sorted(), "{text}");
        assert!(text.contains("± ") && text.contains("NOTES") && text.contains("1,204"), "{text}");
        let single = table(&sample::one_replication(), 80, false);
        let (figures, notes) = single.split_once("NOTES ON THE STATISTICS").unwrap();
        assert!(!figures.contains('±') && notes.contains("± 0.50 (40 batches)"), "{single}");
        assert!(!table(&sample::no_cost(), 80, false).contains("Cost"));
    }
}
