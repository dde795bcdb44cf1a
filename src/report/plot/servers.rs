//! The servers over time: the load, and the capacity that is there for it.

use super::axis::{self, Scale};
use super::palette::{FADED, INK, NEUTRAL, SKY, VERMILION};
use super::scene::{Label, Scene};
use super::timeline::time_axis;
use crate::experiment::{Outcome, ServersRow};

const LEFT: f64 = 78.0;
const RIGHT: f64 = Scene::WIDTH - Scene::MARGIN;
const TOP: f64 = Scene::TOP + 34.0;
const PANEL: f64 = 190.0;
/// Most intervals that are drawn, two pixels each.
const COLUMNS: usize = 320;

/// Load and capacity of the first replication; `None` without servers.
pub fn plot(outcome: &Outcome) -> Option<Scene> {
    let servers = outcome.runs.first()?.servers.as_ref()?;
    let rows = coarsen(&servers.rows);
    let (first, last) = (rows.first()?, rows.last()?);
    let (divisor, unit, steps) = time_axis(last.start_s + last.length_s - first.start_s);
    let end = (last.start_s + last.length_s) / divisor;
    let x = Scale::linear((first.start_s / divisor, end), (LEFT, RIGHT));
    let peak = rows.iter().map(|row| row.load.max(row.capacity)).fold(0.0, f64::max);
    let (head, foot) = (TOP, TOP + PANEL);
    let y = Scale::linear((0.0, peak * 1.05), (foot, head));
    let mut scene = Scene::new("servers", "Servers that would carry the load", foot + 56.0);
    let what = format!("{}, {}, first replication", servers.summary.unit, servers.summary.machine);
    scene.label(Label { text: what, x: Scene::MARGIN, y: Scene::TOP, color: FADED, ..Label::default() });
    scene.legend(Scene::TOP, &[("capacity", SKY), ("load", INK), ("over capacity", VERMILION)]);
    axis::vertical_grid(&mut scene, &x.ticks(8, steps, ""), head, foot, true);
    axis::horizontal_grid(&mut scene, &y.ticks(6, &[], ""), LEFT, RIGHT);
    let edges: Vec<(f64, f64)> =
        rows.iter().map(|row| (x.at(row.start_s / divisor), x.at((row.start_s + row.length_s) / divisor))).collect();
    let outline = |figure: fn(&ServersRow) -> f64| -> Vec<(f64, f64)> {
        let sides = edges.iter().zip(&rows);
        sides.flat_map(|((from, to), row)| [(*from, y.at(figure(row))), (*to, y.at(figure(row)))]).collect()
    };
    let mut area = outline(|row| row.capacity);
    area.extend([(RIGHT, foot), (LEFT, foot)]);
    scene.area(area, SKY);
    scene.line(outline(|row| row.load), INK, 1.5);
    for ((from, to), _) in edges.iter().zip(&rows).filter(|(_, row)| row.over_capacity_s > 0.0) {
        scene.rectangle((*from, foot - 5.0), ((to - from).max(2.0), 5.0), VERMILION);
    }
    for ((from, to), row) in edges.iter().zip(&rows) {
        let (start, ServersRow { load, capacity, servers, .. }) = (row.start_s / divisor, row);
        let text = format!("from {start:.2} {unit}: load {load:.2}, capacity {capacity:.2}, {servers:.1} servers");
        scene.hint((*from, head), (to - from, PANEL), text);
    }
    scene.line(vec![(LEFT, foot), (RIGHT, foot)], NEUTRAL, 1.0);
    axis::name_below(&mut scene, &format!("Time since the start ({unit})"), LEFT, RIGHT, foot);
    let most = |figure: fn(&ServersRow) -> f64| rows.iter().map(figure).fold(0.0, f64::max);
    let (load, capacity) = (most(|row| row.load), most(|row| row.capacity));
    scene.description = format!("Load up to {load:.1}, capacity up to {capacity:.1}.");
    Some(scene)
}

/// Joins neighbours: the highest load, the mean capacity.
fn coarsen(rows: &[ServersRow]) -> Vec<ServersRow> {
    let joined = |group: &[ServersRow]| {
        let length_s: f64 = group.iter().map(|row| row.length_s).sum();
        let mean =
            |figure: fn(&ServersRow) -> f64| group.iter().map(|row| figure(row) * row.length_s).sum::<f64>() / length_s;
        ServersRow {
            start_s: group[0].start_s,
            length_s,
            rate: mean(|row| row.rate),
            load: group.iter().map(|row| row.load).fold(0.0, f64::max),
            capacity: mean(|row| row.capacity),
            servers: mean(|row| row.servers),
            over_capacity_s: group.iter().map(|row| row.over_capacity_s).sum(),
        }
    };
    rows.chunks(rows.len().div_ceil(COLUMNS).max(1)).map(joined).collect()
}
