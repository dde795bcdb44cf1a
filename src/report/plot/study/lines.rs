//! What happens along one axis of quantities: each figure with its interval, one below the other.

use plotters::style::RGBColor;

use super::span;
use crate::experiment::Estimate;
use crate::report::plot::axis::{self, Scale, Tick};
use crate::report::plot::mark::{self, Form};
use crate::report::plot::palette::BLUE;
use crate::report::plot::scene::{Label, Scene};
use crate::report::study::measure::{DRAWN, Measure, View};

const LEFT: f64 = 66.0;
const RIGHT: f64 = Scene::COLUMN - Scene::MARGIN;
const PANEL: f64 = 104.0;
const HEADING: f64 = 32.0;
/// The band of the intervals; it is painted below everything else.
const BAND: RGBColor = RGBColor(0xCF, 0xE3, 0xF1);
/// On an axis with fewer values all of them are written.
const FEW: usize = 8;

/// A variant's place along the axis, and its figure.
type Place = (f64, usize, Estimate);

/// A panel for each figure over the axis of this number; `None` if fewer than two variants have any figure.
pub fn plot(view: View, axis: usize) -> Option<Scene> {
    let varied = &view.study.axes[axis];
    let numbers = span::numbers(&varied.values)?;
    let places = |measure: &Measure| {
        let estimates = view.estimates(measure).into_iter();
        let mut places: Vec<Place> =
            estimates.map(|(cell, e)| (numbers[view.study.cells[cell].position[axis]], cell, e)).collect();
        places.sort_by(|a, b| a.0.total_cmp(&b.0));
        places
    };
    let panels: Vec<(&Measure, Vec<Place>)> =
        DRAWN.iter().map(|measure| (measure, places(measure))).filter(|(_, places)| places.len() > 1).collect();
    if panels.is_empty() {
        return None;
    }
    let height = Scene::TOP - 14.0 + panels.len() as f64 * (HEADING + PANEL) + 56.0;
    let mut scene = Scene::column("along_the_axis", &format!("Along {}", varied.name), height);
    let x = across(&numbers);
    let ticks: Vec<Tick> = ticks(&numbers, &varied.values, &x);
    let mut top = Scene::TOP - 14.0;
    for (i, (measure, places)) in panels.iter().enumerate() {
        panel(&mut scene, view, measure, places, (&x, &ticks, top, i + 1 == panels.len()));
        top += HEADING + PANEL;
    }
    axis::name_below(&mut scene, &varied.name, LEFT, RIGHT, top);
    scene.description =
        panels.iter().map(|(measure, places)| describe(view, measure, places)).collect::<Vec<_>>().join(" ");
    Some(scene)
}

/// A logarithmic scale if the values cover a wide range.
fn across(numbers: &[f64]) -> Scale {
    let (least, most) = numbers.iter().fold((f64::INFINITY, 0.0f64), |(least, most), n| (n.min(least), n.max(most)));
    let pixels = (LEFT + 10.0, RIGHT - 14.0);
    if least > 0.0 && most / least >= 8.0 {
        Scale::log((least, most), pixels)
    } else {
        Scale::linear((least, most), pixels)
    }
}

/// The values as the scenario writes them: all, or some if there are many.
fn ticks(numbers: &[f64], values: &[String], x: &Scale) -> Vec<Tick> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
    let every = order.len().div_ceil(FEW).max(1);
    order.iter().step_by(every).map(|i| Tick { at: x.at(numbers[*i]), text: values[*i].clone() }).collect()
}

fn panel(
    scene: &mut Scene,
    view: View,
    measure: &Measure,
    places: &[Place],
    (x, ticks, top, last): (&Scale, &[Tick], f64, bool),
) {
    let (head, foot) = (top + HEADING, top + HEADING + PANEL);
    let (from, to) = span::padded(places.iter().map(|(_, _, estimate)| estimate));
    let (divisor, unit) = view.unit(measure, to);
    let y = Scale::linear((from / divisor, to / divisor), (foot, head));
    let at = |(number, _, _): &Place, value: f64| (x.at(*number), y.at(value / divisor));
    let upper = places.iter().map(|place| at(place, place.2.ci_high));
    let lower = places.iter().rev().map(|place| at(place, place.2.ci_low));
    if places.iter().any(|(_, _, estimate)| estimate.ci_high > estimate.ci_low) {
        scene.area(upper.chain(lower).collect(), BAND);
    }
    axis::vertical_grid(scene, ticks, head, foot, last);
    axis::horizontal_grid(scene, &y.ticks(6, &[], ""), LEFT, RIGHT);
    axis::base_line(scene, LEFT, RIGHT, foot);
    let text = format!("{} ({unit})", measure.name);
    scene.label(Label { text, x: Scene::MARGIN, y: top + 18.0, bold: true, ..Label::default() });
    scene.line(places.iter().map(|place| at(place, place.2.mean)).collect(), BLUE, 2.0);
    for place in places {
        let (cx, cy) = at(place, place.2.mean);
        mark::marker(scene, (cx, cy), Form::Circle, BLUE, false);
        let text = format!("{}: {}", view.name(place.1), view.written(measure, &place.2));
        scene.hint((cx - 12.0, head), (24.0, PANEL), text);
    }
}

fn describe(view: View, measure: &Measure, places: &[Place]) -> String {
    let texts: Vec<String> =
        places.iter().map(|(_, cell, e)| format!("{} {}", view.name(*cell), view.written(measure, e))).collect();
    format!("{}: {}.", measure.name, texts.join("; "))
}
