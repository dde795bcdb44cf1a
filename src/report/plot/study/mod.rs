//! The plots that compare the variants of a study.

mod bars;
mod cdf;
mod choice;
mod heat_map;
mod lines;
mod pareto;
mod span;

use super::scene::Scene;
use crate::experiment::comparison::Comparison;
use crate::experiment::study::{Axis, Study};
use crate::report::study::measure::DRAWN;

/// The plots of a study, in the order of the report. What suits depends on the axes: lines along one axis of quantities, a heat map
/// over two, bars for variants with names only.
pub fn scenes(study: &Study, baseline: Option<usize>) -> Vec<Scene> {
    let varied: Vec<usize> = (0..study.axes.len()).filter(|axis| study.axes[*axis].values.len() > 1).collect();
    let mut scenes = pareto::plots(study, baseline);
    scenes.extend(match varied[..] {
        [axis] if span::numbers(&study.axes[axis].values).is_some() => lines::plot(study, axis).into_iter().collect(),
        [rows, columns] => DRAWN.iter().filter_map(|m| heat_map::plot(study, m, (rows, columns))).collect(),
        _ => DRAWN.iter().filter_map(|m| bars::plot(study, m, baseline)).collect::<Vec<_>>(),
    });
    scenes.extend(cdf::plot(study, baseline));
    scenes
}
