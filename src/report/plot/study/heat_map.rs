//! A figure over two axes: darker is more.

use plotters::style::RGBColor;
use plotters::style::colors::colormaps::{ColorMap, ViridisRGB};

use super::span;
use crate::experiment::Estimate;
use crate::report::plot::axis;
use crate::report::plot::palette::{FADED, GRID, INK};
use crate::report::plot::scene::{Anchor, Label, Scene};
use crate::report::study::measure::{Measure, View};

const TOP: f64 = 84.0;
const RIGHT: f64 = Scene::COLUMN - Scene::MARGIN;
const ROWS: f64 = 150.0;
/// Texts on light and on dark colours. They are those of no theme, as the colours below them are.
const ON_LIGHT: RGBColor = RGBColor(0x10, 0x10, 0x10);
const ON_DARK: RGBColor = RGBColor(0xFD, 0xFD, 0xFD);
/// How far a step of the scale lies under the next one, so that no seam can be seen.
const SEAM: f64 = 0.4;
/// Steps of the scale of colours.
const STEPS: u32 = 48;

/// The colours from the least to the most of a figure.
struct Shades {
    least: f64,
    most: f64,
    log: bool,
}

/// The figure over the axes of these numbers; `None` if fewer than two variants have it.
pub fn plot(view: View, measure: &Measure, (rows, columns): (usize, usize)) -> Option<Scene> {
    let estimates = view.estimates(measure);
    if estimates.len() < 2 {
        return None;
    }
    let [down, across] = [rows, columns].map(|axis| &view.study.axes[axis]);
    let pitch = (280.0 / down.values.len() as f64).clamp(14.0, 36.0);
    let bottom = TOP + pitch * down.values.len() as f64;
    let mut scene = Scene::column(&format!("heat_map_{}", measure.id), measure.name, bottom + 76.0);
    let width = |text: &String| Label { text: text.clone(), ..axis::small() }.width();
    let left = Scene::MARGIN + down.values.iter().map(width).fold(0.0, f64::max).clamp(30.0, ROWS) + 8.0;
    let step = (RIGHT - left) / across.values.len() as f64;
    let shades = Shades::of(&estimates);
    let best = estimates.iter().min_by(|a, b| a.1.mean.total_cmp(&b.1.mean)).map(|(cell, _)| *cell);
    let corner = |cell: usize| {
        let position = &view.study.cells[cell].position;
        (left + position[columns] as f64 * step, TOP + position[rows] as f64 * pitch)
    };
    for cell in 0..view.study.cells.len() {
        let estimate = estimates.iter().find(|(of, _)| *of == cell).map(|(_, estimate)| estimate);
        square(&mut scene, view, measure, (cell, estimate), (corner(cell), (step, pitch)), &shades);
    }
    if let Some((x, y)) = best.filter(|_| shades.most > shades.least).map(corner) {
        let (far, low) = (x + step, y + pitch);
        scene.line(vec![(x, y), (far, y), (far, low), (x, low), (x, y)], INK, 2.0);
    }
    names(&mut scene, &down.values, |i| TOP + (i + 0.5) * pitch, left);
    heads(&mut scene, &across.values, |i| left + (i + 0.5) * step);
    scene.label(
        Label {
            text: format!("{} (rows), {} (columns)", down.name, across.name),
            x: Scene::MARGIN,
            y: Scene::TOP - 4.0,
            ..axis::small()
        }
        .within(RIGHT - Scene::MARGIN),
    );
    key(&mut scene, view, measure, &shades, bottom + 26.0);
    let text =
        |(cell, estimate): &(usize, Estimate)| format!("{}: {}", view.name(*cell), view.written(measure, estimate));
    scene.description = format!("{}. {}.", measure.name, estimates.iter().map(text).collect::<Vec<_>>().join("; "));
    Some(scene)
}

impl Shades {
    fn of(estimates: &[(usize, Estimate)]) -> Self {
        let means = || estimates.iter().map(|(_, estimate)| estimate.mean);
        let (least, most) = (means().fold(f64::INFINITY, f64::min), means().fold(f64::NEG_INFINITY, f64::max));
        Self { least, most, log: span::wide(least, most) }
    }

    /// How far a figure is from the least to the most.
    fn share(&self, value: f64) -> f64 {
        match self.most > self.least {
            false => 0.5,
            true if self.log => libm::log(value / self.least) / libm::log(self.most / self.least),
            true => (value - self.least) / (self.most - self.least),
        }
    }

    fn color(&self, share: f64) -> RGBColor {
        ViridisRGB.get_color(1.0 - share as f32)
    }
}

fn square(
    scene: &mut Scene,
    view: View,
    measure: &Measure,
    (cell, estimate): (usize, Option<&Estimate>),
    ((x, y), (width, height)): ((f64, f64), (f64, f64)),
    shades: &Shades,
) {
    let (color, ink, text, hint) = match estimate {
        Some(estimate) => {
            let share = shades.share(estimate.mean);
            let ink = if share > 0.45 { ON_DARK } else { ON_LIGHT };
            let text = view.shown(measure, estimate.mean).value(estimate.mean);
            (shades.color(share), ink, text, view.written(measure, estimate))
        }
        None => (GRID, FADED, "none".to_owned(), "none".to_owned()),
    };
    scene.rectangle((x, y), (width, height), color);
    let label =
        Label { text, x: x + width / 2.0, y: y + height / 2.0, anchor: Anchor::Middle, color: ink, ..axis::small() };
    if label.width() + 6.0 <= width && height >= 16.0 {
        scene.label(label);
    }
    scene.hint((x, y), (width, height), format!("{}: {hint}", view.name(cell)));
}

/// The values down the left side; some are left out if there is no room.
fn names(scene: &mut Scene, values: &[String], at: impl Fn(f64) -> f64, left: f64) {
    let mut free = f64::NEG_INFINITY;
    for (i, value) in values.iter().enumerate() {
        let label = Label { text: value.clone(), x: left - 8.0, y: at(i as f64), anchor: Anchor::End, ..axis::small() };
        if label.y >= free {
            free = label.y + 13.0;
            scene.label(label.within(left - 8.0 - Scene::MARGIN / 2.0));
        }
    }
}

/// The values along the top.
fn heads(scene: &mut Scene, values: &[String], at: impl Fn(f64) -> f64) {
    let step = at(1.0) - at(0.0);
    let mut free = f64::NEG_INFINITY;
    for (i, value) in values.iter().enumerate() {
        let label =
            Label { text: value.clone(), x: at(i as f64), y: TOP - 11.0, anchor: Anchor::Middle, ..axis::small() };
        let label = label.within(step.max(60.0) - 6.0);
        let (start, end) = label.extent();
        if start >= free && end <= scene.width {
            free = end + 6.0;
            scene.label(label);
        }
    }
}

/// The scale of colours with its ends, and what the frame means.
fn key(scene: &mut Scene, view: View, measure: &Measure, shades: &Shades, y: f64) {
    let (from, to) = (Scene::MARGIN, Scene::MARGIN + 240.0);
    let width = (to - from) / f64::from(STEPS);
    for i in 0..STEPS {
        let share = if shades.most > shades.least { f64::from(i) / f64::from(STEPS - 1) } else { 0.5 };
        scene.rectangle((from + f64::from(i) * width, y), (width + SEAM, 12.0), shades.color(share));
    }
    let text = |value: f64| view.shown(measure, value).value(value);
    scene.label(Label { text: text(shades.least), x: from, y: y + 26.0, ..axis::small() });
    if shades.most <= shades.least {
        return;
    }
    scene.label(Label { text: text(shades.most), x: to, y: y + 26.0, anchor: Anchor::End, ..axis::small() });
    if shades.log {
        let (text, x) = ("logarithmic".into(), f64::midpoint(from, to));
        scene.label(Label { text, x, y: y + 26.0, anchor: Anchor::Middle, ..axis::small() });
    }
    scene.line(
        vec![(to + 20.0, y), (to + 34.0, y), (to + 34.0, y + 12.0), (to + 20.0, y + 12.0), (to + 20.0, y)],
        INK,
        2.0,
    );
    scene.label(Label { text: "framed: the least".into(), x: to + 42.0, y: y + 6.0, ..axis::small() });
}
