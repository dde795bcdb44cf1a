//! The plots. A plot builds a [`Scene`] of shapes; [`paint`] turns it into SVG and PNG.

mod axis;
mod bars;
mod break_even;
mod cdf;
mod cost;
mod intervals;
mod mark;
pub mod paint;
mod palette;
mod place;
mod scene;
mod sensitivity;
mod servers;
mod stages;
pub(super) mod study;
mod timeline;

pub use scene::Scene;

use crate::experiment::Outcome;

/// Builds a plot; `None` if the outcome has nothing to show in it.
pub type Plot = fn(&Outcome) -> Option<Scene>;

/// Every plot, in the order of the report.
pub const PLOTS: &[Plot] =
    &[cdf::plot, timeline::plot, stages::plot, cost::plot, servers::plot, break_even::plot, sensitivity::plot];

/// The plots of an outcome.
pub fn scenes(outcome: &Outcome) -> Vec<Scene> {
    PLOTS.iter().filter_map(|plot| plot(outcome)).collect()
}
