//! Which plots suit a study.

use super::{bars, cdf, heat_map, lines, pareto, span};
use crate::report::plot::scene::Scene;
use crate::report::study::measure::{DRAWN, View};

/// The plots of a study, in the order of the report. What suits depends on the axes: lines along one axis of quantities, a heat map
/// over two, bars for variants with names only.
pub fn scenes(view: View) -> Vec<Scene> {
    let study = view.study;
    let varied: Vec<usize> = (0..study.axes.len()).filter(|axis| study.axes[*axis].values.len() > 1).collect();
    let mut scenes = pareto::plots(view);
    scenes.extend(match varied[..] {
        [axis] if span::numbers(&study.axes[axis].values).is_some() => lines::plot(view, axis).into_iter().collect(),
        [rows, columns] => DRAWN.iter().filter_map(|m| heat_map::plot(view, m, (rows, columns))).collect(),
        _ => DRAWN.iter().filter_map(|m| bars::plot(view, m)).collect::<Vec<_>>(),
    });
    scenes.extend(cdf::plot(view));
    scenes
}
