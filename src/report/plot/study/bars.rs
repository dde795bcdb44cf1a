//! A figure of variants that have names only: a bar each, with its interval.

use crate::experiment::Estimate;
use crate::report::plot::axis::{self, Scale};
use crate::report::plot::palette::{INK, NEUTRAL, SKY};
use crate::report::plot::scene::{Anchor, Label, Scene};
use crate::report::study::measure::{Measure, View};

/// Most variants that are drawn.
const MOST: usize = 20;
const PITCH: f64 = 22.0;
const THICKNESS: f64 = 12.0;
const NAMES: f64 = 170.0;

/// The bars in the order of the study, the best ones if there are many; `None` if fewer than two variants have the figure.
pub fn plot(view: View, measure: &Measure) -> Option<Scene> {
    let all = view.estimates(measure);
    let rows = chosen(all.clone(), view.baseline());
    if rows.len() < 2 {
        return None;
    }
    let some = rows.len() < all.len();
    let top = Scene::TOP + if some { 20.0 } else { 0.0 };
    let bottom = top + rows.len() as f64 * PITCH + 6.0;
    let mut scene = Scene::column(&format!("bars_{}", measure.id), measure.name, bottom + 52.0);
    if some {
        let text = format!("{} of {} variants: the best, and the baseline", rows.len(), all.len());
        scene.label(Label { text, x: Scene::MARGIN, y: Scene::TOP - 2.0, ..axis::small() });
    }
    let most = rows.iter().map(|(_, estimate)| estimate.ci_high).fold(0.0, f64::max);
    let least = rows.iter().map(|(_, estimate)| estimate.ci_low).fold(0.0, f64::min);
    let (divisor, unit) = view.unit(measure, most);
    let width = |text: &str| Label { text: text.into(), ..axis::small() }.width();
    let names: Vec<String> = rows.iter().map(|(cell, _)| name(view, *cell)).collect();
    let left = Scene::MARGIN + names.iter().map(|name| width(name)).fold(0.0, f64::max).clamp(30.0, NAMES) + 10.0;
    let figure = |estimate: &Estimate| view.shown(measure, estimate.mean).value(estimate.mean);
    let right = scene.width - Scene::MARGIN - rows.iter().map(|(_, e)| width(&figure(e))).fold(0.0, f64::max) - 12.0;
    let most = if most > least { most } else { 1.0 };
    let x = Scale::linear((least / divisor, most / divisor), (left, right));
    axis::vertical_grid(&mut scene, &x.ticks(4, &[], ""), top, bottom, true);
    axis::base_line(&mut scene, left, right, bottom);
    axis::name_below(&mut scene, &format!("{} ({unit})", measure.name), left, right, bottom);
    let mut texts = Vec::new();
    for (row, ((cell, estimate), name)) in rows.iter().zip(&names).enumerate() {
        let y = top + (row as f64 + 0.5) * PITCH + 3.0;
        let color = if *cell == view.baseline() { NEUTRAL } else { SKY };
        let (zero, end) = (x.at(0.0), x.at(estimate.mean / divisor));
        if zero != end {
            scene.rectangle((zero.min(end), y - THICKNESS / 2.0), ((end - zero).abs().max(1.0), THICKNESS), color);
        }
        let high = whisker(&mut scene, estimate, |value| x.at(value / divisor), y).max(end);
        let label = Label { text: name.clone(), x: left - 8.0, y, anchor: Anchor::End, color: INK, ..axis::small() };
        scene.label(label.within(left - 8.0 - Scene::MARGIN / 2.0));
        scene.label(Label { text: figure(estimate), x: high + 8.0, y, ..axis::small() });
        texts.push(format!("{}: {}", view.name(*cell), view.written(measure, estimate)));
        scene.hint((0.0, y - PITCH / 2.0), (scene.width, PITCH), texts[row].clone());
    }
    scene.description = format!("{}. {}.", measure.name, texts.join("; "));
    Some(scene)
}

/// Draws an interval, and says where it ends.
fn whisker(scene: &mut Scene, estimate: &Estimate, at: impl Fn(f64) -> f64, y: f64) -> f64 {
    let (low, high) = (at(estimate.ci_low), at(estimate.ci_high));
    if high > low {
        scene.line(vec![(low, y), (high, y)], INK, 1.5);
        [low, high].iter().for_each(|x| scene.line(vec![(*x, y - 4.0), (*x, y + 4.0)], INK, 1.5));
    }
    high
}

fn name(view: View, cell: usize) -> String {
    let baseline = if cell == view.baseline() { "(baseline) " } else { "" };
    format!("{baseline}{}", view.label(cell))
}

/// All, or the baseline and the best.
fn chosen(mut rows: Vec<(usize, Estimate)>, baseline: usize) -> Vec<(usize, Estimate)> {
    if rows.len() > MOST {
        rows.sort_by(|a, b| {
            (a.0 != baseline, a.1.mean).partial_cmp(&(b.0 != baseline, b.1.mean)).unwrap_or(std::cmp::Ordering::Equal)
        });
        rows.truncate(MOST);
        rows.sort_by(|a, b| a.1.mean.total_cmp(&b.1.mean));
    }
    rows
}
