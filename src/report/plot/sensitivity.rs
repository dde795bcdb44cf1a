//! Which inputs move the bills most: a tornado of bars.

use super::axis::{self, Scale};
use super::bars::{self, Bar, PITCH};
use super::palette::{BLUE, FADED, INK, ORANGE};
use super::scene::{Label, Scene};
use crate::experiment::Outcome;
use crate::experiment::break_even::Effect;
use crate::report::human;

/// Most room for the names of inputs.
const NAMES: f64 = 260.0;
const RIGHT: f64 = Scene::WIDTH - 130.0;
const TOP: f64 = Scene::TOP + 28.0;
/// The smallest effects beyond this number are left out.
const INPUTS: usize = 14;

/// What each input does to the bill that it belongs to; `None` if that was not asked.
pub fn plot(outcome: &Outcome) -> Option<Scene> {
    let found = outcome.break_even.as_ref()?;
    let effects: Vec<&Effect> = found.effects.iter().take(INPUTS).collect();
    if effects.is_empty() {
        return None;
    }
    let bottom = TOP + effects.len() as f64 * PITCH + 8.0;
    let mut scene = Scene::new("sensitivity", "What moves the bills most", bottom + 52.0);
    let name = |effect: &Effect| format!("{}: {}", bill(effect), effect.input);
    let width = |effect: &&Effect| Label { text: name(effect), ..Label::default() }.width();
    let left = Scene::MARGIN + effects.iter().map(width).fold(0.0, f64::max).min(NAMES) + 10.0;
    let ends = || effects.iter().flat_map(|effect| [effect.low - effect.base, effect.high - effect.base, 0.0]);
    let (least, most) = (ends().fold(0.0, f64::min), ends().fold(0.0, f64::max));
    let x = Scale::linear((least, most), (left, RIGHT));
    axis::vertical_grid(&mut scene, &x.ticks(5, &[], ""), TOP, bottom, true);
    axis::base_line(&mut scene, left, RIGHT, bottom);
    axis::name_below(&mut scene, &format!("Change of the bill per month ({})", found.currency), left, RIGHT, bottom);
    let text = format!("each input changed by {}, the others as they are", change(found.change));
    scene.label(Label { text, x: Scene::MARGIN, y: Scene::TOP, color: FADED, ..Label::default() });
    scene.legend(Scene::TOP, &[("functions", BLUE), ("servers", ORANGE)]);
    let money = |amount: f64| human::money(amount, &found.currency).value(amount);
    let bar = |effect: &&Effect| {
        let (from, to) = (effect.low - effect.base, effect.high - effect.base);
        let (low, high) = (from.min(to).min(0.0), from.max(to).max(0.0));
        let color = if effect.bill == "servers" { ORANGE } else { BLUE };
        Bar { name: name(effect), from: low, to: high, figure: money(effect.swing()), color }
    };
    let all: Vec<Bar> = effects.iter().map(bar).collect();
    bars::draw(&mut scene, &all, &x, left, TOP);
    let zero = x.at(0.0);
    scene.line(vec![(zero, TOP), (zero, bottom)], INK, 1.0);
    let told = effects.iter().map(|effect| format!("{}: {}.", name(effect), money(effect.swing())));
    scene.description = format!("How far the bill moves: {}", told.collect::<Vec<_>>().join(" "));
    Some(scene)
}

/// Whose bill, in the words of the legend.
fn bill(effect: &Effect) -> &'static str {
    if effect.bill == "servers" { "servers" } else { "functions" }
}

fn change(share: f64) -> String {
    format!("± {}", human::percent(share).value(share))
}
