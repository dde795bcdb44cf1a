//! Two figures against each other: which variants no other one beats in both.

use super::span;
use crate::experiment::Estimate;
use crate::report::plot::axis::{self, Scale, Tick};
use crate::report::plot::mark::{self, Form, RADIUS};
use crate::report::plot::palette::{BLUE, FADED, NEUTRAL};
use crate::report::plot::place::{self, Named, Room};
use crate::report::plot::scene::{Anchor, Label, Scene};
use crate::report::study::measure::{COLD, COST, IDLE, Measure, P99, View};

const HEIGHT: f64 = 400.0;
const LEFT: f64 = 66.0;
const RIGHT: f64 = Scene::COLUMN - 20.0;
const TOP: f64 = 94.0;
const BOTTOM: f64 = HEIGHT - 56.0;
/// With more variants only those of the front and the extremes are named.
const ALL_NAMED: usize = 12;

/// A variant in the plane.
struct Point {
    cell: usize,
    x: Estimate,
    y: Estimate,
    at: (f64, f64),
    best: bool,
}

/// Cost against the 99th percentile, and cold starts against idle memory; without what the study does not have.
pub fn plots(view: View) -> Vec<Scene> {
    let cost = plot(view, ("cost_against_p99", "Cost against response time"), (&P99, &COST));
    let cold = plot(view, ("cold_starts_against_idle_memory", "Cold starts against idle memory"), (&IDLE, &COLD));
    cost.into_iter().chain(cold).collect()
}

fn plot(view: View, (name, title): (&str, &str), (x, y): (&Measure, &Measure)) -> Option<Scene> {
    let mut points: Vec<Point> = (0..view.study.cells.len())
        .filter_map(|cell| {
            let (x, y) = (view.estimate(x, cell)?, view.estimate(y, cell)?);
            Some(Point { cell, x, y, at: (0.0, 0.0), best: false })
        })
        .collect();
    if points.len() < 2 {
        return None;
    }
    let mut scene = Scene::column(name, title, HEIGHT);
    let across = Dimension::new(view, x, points.iter().map(|point| &point.x), (LEFT, RIGHT));
    let up = Dimension::new(view, y, points.iter().map(|point| &point.y), (BOTTOM, TOP));
    points.iter_mut().for_each(|point| point.at = (across.at(point.x.mean), up.at(point.y.mean)));
    let front = front(&points);
    front.iter().for_each(|i| points[*i].best = true);
    axis::horizontal_grid(&mut scene, &up.ticks(), LEFT, RIGHT);
    axis::vertical_grid(&mut scene, &across.ticks(), TOP, BOTTOM, true);
    axis::base_line(&mut scene, LEFT, RIGHT, BOTTOM);
    axis::name_below(&mut scene, &across.name, LEFT, RIGHT, BOTTOM);
    scene.label(Label { text: up.name.clone(), x: Scene::MARGIN - 4.0, y: TOP - 18.0, ..axis::small() });
    let parts = Label { text: view.label_is(), x: RIGHT, y: TOP - 18.0, anchor: Anchor::End, ..axis::small() };
    scene.label(parts.within(RIGHT - Scene::MARGIN - 180.0));
    legend(&mut scene, view, &points);
    let steps: Vec<(f64, f64)> = staircase(&front.iter().map(|i| points[*i].at).collect::<Vec<_>>());
    let mut lines: Vec<_> = steps.windows(2).map(|pair| place::between(pair[0], pair[1])).collect();
    scene.line(steps, BLUE, 1.5);
    let bars = points.iter().flat_map(|point| intervals(&mut scene, point, &across, &up));
    lines.extend(bars);
    // Those of the front lie above the others.
    for best in [false, true] {
        for point in points.iter().filter(|point| point.best == best) {
            let form = if point.cell == view.baseline() { Form::Square } else { Form::Circle };
            mark::marker(&mut scene, point.at, form, if best { BLUE } else { FADED }, !best);
        }
    }
    name_points(&mut scene, view, &points, &lines);
    let text = |point: &Point| {
        format!("{}: {}, {}", view.name(point.cell), view.written(x, &point.x), view.written(y, &point.y))
    };
    for point in &points {
        let (left, top) = (point.at.0 - 2.0 * RADIUS, point.at.1 - 2.0 * RADIUS);
        scene.hint((left, top), (4.0 * RADIUS, 4.0 * RADIUS), text(point));
    }
    let best: Vec<String> = front.iter().map(|i| text(&points[*i])).collect();
    scene.description =
        format!("{} of {} variants are beaten by no other in both: {}.", best.len(), points.len(), best.join("; "));
    Some(scene)
}

/// A figure along one direction.
struct Dimension {
    scale: Scale,
    divisor: f64,
    name: String,
    log: bool,
}

impl Dimension {
    fn new<'a>(
        view: View,
        measure: &Measure,
        estimates: impl Iterator<Item = &'a Estimate> + Clone,
        pixels: (f64, f64),
    ) -> Self {
        let least = estimates.clone().map(|e| e.ci_low).fold(f64::INFINITY, f64::min);
        let (from, to) = span::padded(estimates);
        let (divisor, unit) = view.unit(measure, to);
        let log = span::wide(least, to);
        let scale = match log {
            true => Scale::log((least / 1.2 / divisor, to * 1.1 / divisor), pixels),
            false => Scale::linear((from / divisor, to / divisor), pixels),
        };
        let remark = if log { ", logarithmic" } else { "" };
        Self { scale, divisor, name: format!("{} ({unit}{remark})", measure.name), log }
    }

    fn at(&self, value: f64) -> f64 {
        self.scale.at(value / self.divisor)
    }

    fn ticks(&self) -> Vec<Tick> {
        match self.log {
            true => self.scale.log_ticks(|value| value.to_string()),
            false => self.scale.ticks(6, &[], ""),
        }
    }
}

/// The points that no other one beats: those with less of one figure have more of the other. From left to right.
fn front(points: &[Point]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..points.len()).collect();
    let key = |i: &usize| (points[*i].x.mean, points[*i].y.mean);
    order.sort_by(|a, b| key(a).0.total_cmp(&key(b).0).then(key(a).1.total_cmp(&key(b).1)));
    let (mut front, mut least) = (Vec::new(), f64::INFINITY);
    for i in order {
        let same = front.last().is_some_and(|last: &usize| key(last) == key(&i));
        if key(&i).1 < least || same {
            least = key(&i).1;
            front.push(i);
        }
    }
    front
}

/// The edge of what the front beats.
fn staircase(front: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut steps = Vec::new();
    if let (Some(first), Some(last)) = (front.first(), front.last()) {
        steps.push((first.0, TOP));
        steps.push(*first);
        front.windows(2).for_each(|pair| steps.extend([(pair[1].0, pair[0].1), pair[1]]));
        steps.push((RIGHT, last.1));
    }
    steps
}

/// Draws the intervals of a point, and says where they are.
fn intervals(scene: &mut Scene, point: &Point, across: &Dimension, up: &Dimension) -> Vec<Room> {
    let (x, y) = point.at;
    let (left, right) = (across.at(point.x.ci_low), across.at(point.x.ci_high));
    let (low, high) = (up.at(point.y.ci_low), up.at(point.y.ci_high));
    let color = if point.best { BLUE } else { NEUTRAL };
    scene.line(vec![(left, y), (right, y)], color, 1.0);
    scene.line(vec![(x, low), (x, high)], color, 1.0);
    vec![place::between((left, y), (right, y)), place::between((x, high), (x, low))]
}

fn name_points(scene: &mut Scene, view: View, points: &[Point], lines: &[Room]) {
    let extreme =
        |key: fn(&Point) -> f64| points.iter().max_by(|a, b| key(a).total_cmp(&key(b))).map(|point| point.cell);
    let extremes = [extreme(|p| p.x.mean), extreme(|p| p.y.mean), Some(view.baseline())];
    let wanted = |point: &&Point| points.len() <= ALL_NAMED || point.best || extremes.contains(&Some(point.cell));
    let mut chosen: Vec<&Point> = points.iter().filter(wanted).collect();
    chosen.sort_by_key(|point| !point.best);
    let name = |point: &&Point| Named { at: point.at, text: view.label(point.cell) };
    let named: Vec<Named> = chosen.iter().map(name).collect();
    let markers: Vec<(f64, f64)> = points.iter().map(|point| point.at).collect();
    place::names(scene, &named, &markers, lines, (LEFT + 2.0, TOP - 6.0, RIGHT + 16.0, BOTTOM - 1.0));
}

fn legend(scene: &mut Scene, view: View, points: &[Point]) {
    let y = Scene::TOP - 2.0;
    let mut x = Scene::MARGIN + RADIUS;
    let baseline = points.iter().find(|point| point.cell == view.baseline());
    let entries = [
        Some((Form::Circle, false, "beaten by none in both")),
        points.iter().any(|point| !point.best).then_some((Form::Circle, true, "beaten")),
        baseline.map(|point| (Form::Square, !point.best, "baseline")),
    ];
    for (form, hollow, text) in entries.into_iter().flatten() {
        mark::marker(scene, (x, y), form, if hollow { FADED } else { BLUE }, hollow);
        let label = Label { text: text.into(), x: x + 9.0, y, ..axis::small() };
        x = label.extent().1 + 16.0;
        scene.label(label);
    }
    if points.iter().any(|point| point.x.n > 1) {
        scene.line(vec![(x - 5.0, y), (x + 9.0, y)], FADED, 1.0);
        scene.label(Label { text: "interval".into(), x: x + 14.0, y, ..axis::small() });
    }
}
