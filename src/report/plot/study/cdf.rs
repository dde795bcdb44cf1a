//! How response times are distributed in each variant, one curve over the other.

use plotters::style::RGBColor;

use super::choice;
use crate::metrics::Histogram;
use crate::report::human;
use crate::report::plot::axis::{self, Scale};
use crate::report::plot::cdf::{range, steps, written};
use crate::report::plot::mark;
use crate::report::plot::palette::{BLUE, FADED, GREEN, INK, ORANGE, PURPLE, SKY, VERMILION};
use crate::report::plot::scene::{Anchor, Label, Scene};
use crate::report::study::measure::View;

const LEFT: f64 = 66.0;
const RIGHT: f64 = Scene::COLUMN - Scene::MARGIN;
const PANEL: f64 = 230.0;
const ROW: f64 = 20.0;
/// Places along the axis that tell their values.
const HINTS: u32 = 40;
/// How each curve is drawn: told apart by dashes, too.
const STYLES: [(RGBColor, &[f64]); 8] = [
    (BLUE, &[]),
    (VERMILION, &[8.0, 4.0]),
    (GREEN, &[2.0, 3.0]),
    (INK, &[12.0, 3.0, 2.0, 3.0]),
    (PURPLE, &[]),
    (ORANGE, &[14.0, 4.0]),
    (SKY, &[5.0, 2.0]),
    (FADED, &[2.0, 6.0]),
];
/// Right edges of the columns of the legend.
const COLUMNS: [(&str, f64); 3] = [("p50", RIGHT - 150.0), ("p99", RIGHT - 75.0), ("longest", RIGHT)];

/// A curve.
struct Curve<'a> {
    name: &'a str,
    label: String,
    baseline: bool,
    times: Histogram,
}

/// Up to eight curves; `None` if fewer than two variants completed anything.
pub fn plot(view: View) -> Option<Scene> {
    let completed = |cell: &usize| view.study.cells[*cell].records.iter().any(|record| record.response.count() > 0);
    let cells: Vec<usize> = (0..view.study.cells.len()).filter(completed).collect();
    let chosen = choice::contrasts(view, &cells, STYLES.len());
    if chosen.len() < 2 {
        return None;
    }
    let curves: Vec<Curve> = chosen.iter().map(|cell| curve(view, *cell)).collect();
    let mut all = Histogram::default();
    curves.iter().for_each(|curve| all.merge(&curve.times));
    let some = cells.len() > chosen.len();
    let table = Scene::TOP + if some { ROW } else { 0.0 };
    let top = table + ROW * (curves.len() + 1) as f64 + 30.0;
    let bottom = top + PANEL;
    let mut scene = Scene::column("response_time_cdf", "Response time", bottom + 56.0);
    if some {
        let text = format!("{} of {} variants: baseline, best and worst in each figure", chosen.len(), cells.len());
        scene.label(Label { text, x: Scene::MARGIN, y: Scene::TOP - 4.0, ..axis::small() });
    }
    let x = Scale::log(range(&all)?, (LEFT, RIGHT));
    let y = Scale::linear((0.0, 1.0), (bottom, top));
    axis::horizontal_grid(&mut scene, &Scale::linear((0.0, 100.0), (bottom, top)).ticks(5, &[], " %"), LEFT, RIGHT);
    axis::vertical_grid(&mut scene, &x.log_ticks(written), top, bottom, true);
    axis::base_line(&mut scene, LEFT, RIGHT, bottom);
    axis::name_below(&mut scene, "Response time (logarithmic)", LEFT, RIGHT, bottom);
    let name = "Invocations that took at most as long".into();
    scene.label(Label { text: name, x: Scene::MARGIN, y: top - 18.0, ..axis::small() });
    for (text, x) in COLUMNS {
        scene.label(Label { text: text.into(), x, y: table, anchor: Anchor::End, ..axis::small() });
    }
    for (row, (curve, (color, pattern))) in curves.iter().zip(STYLES).enumerate() {
        legend(&mut scene, table + ROW * (row + 1) as f64, curve, (color, pattern));
        mark::dashed(&mut scene, &steps(&curve.times, &x, &y, RIGHT), color, 2.0, pattern);
    }
    hints(&mut scene, &curves, &x, (top, bottom));
    scene.description = format!("Cumulative distributions of the response time. {}.", describe(&curves));
    Some(scene)
}

fn curve<'a>(view: View<'a>, cell: usize) -> Curve<'a> {
    let mut times = Histogram::default();
    view.study.cells[cell].records.iter().for_each(|record| times.merge(&record.response));
    Curve { name: view.name(cell), label: view.label(cell), baseline: cell == view.baseline(), times }
}

fn legend(scene: &mut Scene, y: f64, curve: &Curve, (color, pattern): (RGBColor, &[f64])) {
    mark::dashed(scene, &[(Scene::MARGIN, y), (Scene::MARGIN + 36.0, y)], color, 2.0, pattern);
    let text = format!("{}{}", if curve.baseline { "(baseline) " } else { "" }, curve.label);
    let name = Label { text, x: Scene::MARGIN + 44.0, y, size: 12.0, ..Label::default() };
    scene.label(name.within(COLUMNS[0].1 - 60.0 - Scene::MARGIN - 44.0));
    for ((_, x), text) in COLUMNS.iter().zip(cells(&curve.times)) {
        scene.label(Label { text, x: *x, y, anchor: Anchor::End, ..axis::small() });
    }
}

fn cells(times: &Histogram) -> [String; 3] {
    let [p50, p99] = times.quantiles([0.5, 0.99]);
    [p50, p99, times.max()].map(|span| human::duration(span.as_millis_f64()).value(span.as_millis_f64()))
}

fn hints(scene: &mut Scene, curves: &[Curve], x: &Scale, (top, bottom): (f64, f64)) {
    let width = (RIGHT - LEFT) / f64::from(HINTS);
    for i in 0..HINTS {
        let left = LEFT + f64::from(i) * width;
        let nanos = x.value(left + width / 2.0);
        let share = |curve: &Curve| {
            let below = curve.times.cumulative().take_while(|(time, _)| time.as_nanos() as f64 <= nanos).last();
            let below = below.map_or(0, |below| below.1) as f64;
            format!("\n{}: {}", curve.name, human::percent_of(below, curve.times.count() as f64))
        };
        let shares: String = curves.iter().map(share).collect();
        let text = format!("at most {}:{shares}", human::duration(nanos / 1e6).value(nanos / 1e6));
        scene.hint((left, top), (width, bottom - top), text);
    }
}

fn describe(curves: &[Curve]) -> String {
    let sentence = |curve: &Curve| {
        let [p50, p99, max] = cells(&curve.times);
        format!("{}: median {p50}, 99th percentile {p99}, longest {max}", curve.name)
    };
    curves.iter().map(sentence).collect::<Vec<_>>().join("; ")
}
