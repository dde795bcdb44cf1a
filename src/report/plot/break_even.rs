//! What functions and servers cost as the load grows.

use super::axis::{self, Scale};
use super::palette::{AXIS, BLUE, FADED, INK, ORANGE, PAPER};
use super::scene::{Anchor, Label, Scene};
use crate::experiment::Outcome;
use crate::experiment::break_even::{BreakEven, Point};
use crate::report::human;

const LEFT: f64 = 84.0;
const RIGHT: f64 = Scene::WIDTH - Scene::MARGIN;
const TOP: f64 = Scene::TOP + 40.0;
const BOTTOM: f64 = TOP + 300.0;

/// Both bills against the load, on logarithmic axes; `None` if they were not compared.
pub fn plot(outcome: &Outcome) -> Option<Scene> {
    let found = outcome.break_even.as_ref()?;
    let drawn: Vec<&Point> =
        found.points.iter().filter(|p| p.rate.min(p.serverless.mean).min(p.servers.mean) > 0.0).collect();
    let (first, last) = (drawn.first()?, drawn.last()?);
    let bills = || drawn.iter().flat_map(|point| [point.serverless.mean, point.servers.mean]);
    let (least, most) = (bills().fold(f64::INFINITY, f64::min), bills().fold(0.0, f64::max));
    let x = Scale::log((first.rate, last.rate), (LEFT, RIGHT));
    let y = Scale::log((least / 1.3, most * 1.3), (BOTTOM, TOP));
    let mut scene = Scene::new("break_even", "Cost of functions and servers against the load", BOTTOM + 56.0);
    let money = |amount: f64| human::short_money(amount, &found.currency);
    axis::vertical_grid(&mut scene, &x.log_ticks(short), TOP, BOTTOM, true);
    axis::horizontal_grid(&mut scene, &y.log_ticks(money), LEFT, RIGHT);
    axis::base_line(&mut scene, LEFT, RIGHT, BOTTOM);
    axis::name_below(&mut scene, "Requests per second (mean)", LEFT, RIGHT, BOTTOM);
    let cost = format!("Cost per month ({})", found.currency);
    scene.label(Label { text: cost, x: Scene::MARGIN, y: Scene::TOP, color: FADED, ..Label::default() });
    let servers = format!("servers ({})", found.machine);
    scene.legend(Scene::TOP, &[("functions", BLUE), (&servers, ORANGE)]);
    let line = |bill: fn(&Point) -> f64| drawn.iter().map(|point| (x.at(point.rate), y.at(bill(point)))).collect();
    scene.line(line(|point| point.servers.mean), ORANGE, 2.5);
    scene.line(line(|point| point.serverless.mean), BLUE, 2.5);
    mark_today(&mut scene, found, &x);
    mark_crossings(&mut scene, found, &x, &y);
    hints(&mut scene, found, &drawn, &x);
    scene.description = crate::report::break_even::verdict(found);
    Some(scene)
}

/// Both bills for who points at a load: each hint reaches half the way to its neighbours.
fn hints(scene: &mut Scene, found: &BreakEven, points: &[&Point], x: &Scale) {
    let money = |amount: f64| human::money(amount, &found.currency).value(amount);
    let places: Vec<f64> = points.iter().map(|point| x.at(point.rate)).collect();
    for (i, point) in points.iter().enumerate() {
        let left = if i == 0 { places[i] } else { (places[i - 1] + places[i]) / 2.0 };
        let right = places.get(i + 1).map_or(places[i], |next| (places[i] + next) / 2.0);
        let (functions, servers) = (money(point.serverless.mean), money(point.servers.mean));
        let used = human::percent(point.utilisation).value(point.utilisation);
        let text = format!("{}/s: functions {functions}, servers {servers} ({used} used)", short(point.rate));
        scene.hint((left, TOP), (right - left, BOTTOM - TOP), text);
    }
}

/// Where the load of the run is.
fn mark_today(scene: &mut Scene, found: &BreakEven, x: &Scale) {
    let at = x.at(found.today.rate);
    scene.line(vec![(at, TOP), (at, BOTTOM)], AXIS, 1.5);
    let text = format!("simulated load, {}/s", short(found.today.rate));
    on_paper(scene, beside(at, TOP + 14.0, text));
}

/// The last crossing has its rate beside it; more would be crowded.
fn mark_crossings(scene: &mut Scene, found: &BreakEven, x: &Scale, y: &Scale) {
    for crossing in &found.crossings {
        let (at, height) = (x.at(crossing.at.rate), y.at(crossing.at.serverless.mean));
        let corners = [(0.0, -6.0), (6.0, 0.0), (0.0, 6.0), (-6.0, 0.0)];
        scene.area(corners.map(|(dx, dy)| (at + dx, height + dy)).to_vec(), INK);
    }
    if let Some(crossing) = found.crossings.last() {
        let (at, height) = (x.at(crossing.at.rate), y.at(crossing.at.serverless.mean));
        let text = format!("break-even {}/s", short(crossing.at.rate));
        // Below the lines, which rise to the right.
        let label = Label { bold: true, color: INK, ..beside(at + 6.0, (height + 26.0).min(BOTTOM - 14.0), text) };
        on_paper(scene, label);
    }
}

/// A text with a piece of paper behind it, so that no line runs through it.
fn on_paper(scene: &mut Scene, label: Label) {
    let (start, end) = label.extent();
    let (left, right) = ((start - 3.0).max(0.0), (end + 3.0).min(scene.width));
    scene.rectangle((left, label.y - 9.0), (right - left, 18.0), PAPER);
    scene.label(label);
}

/// A text to the right of a place, or to its left where there is no room.
fn beside(at: f64, y: f64, text: String) -> Label {
    let label = Label { text, x: at + 8.0, y, size: 12.0, color: FADED, ..Label::default() };
    if label.extent().1 <= RIGHT { label } else { Label { x: at - 14.0, anchor: Anchor::End, ..label } }
}

/// A rate with few digits.
fn short(rate: f64) -> String {
    match rate {
        r if r >= 1e4 => format!("{}k", r / 1e3),
        r if r >= 100.0 => format!("{r:.0}"),
        r if r >= 1.0 => trimmed(format!("{r:.1}")),
        r => trimmed(format!("{r:.4}")),
    }
}

fn trimmed(text: String) -> String {
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
