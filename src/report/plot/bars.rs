//! Horizontal bars, each with its name at the left and its figure at its end.

use plotters::style::RGBColor;

use super::axis::Scale;
use super::palette;
use super::scene::{Anchor, Label, Scene};

/// One bar.
pub struct Bar {
    /// At the left.
    pub name: String,
    /// Where the bar begins, as a figure of the scale.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Behind its end.
    pub figure: String,
    /// Its colour.
    pub color: RGBColor,
}

/// Distance from one bar to the next.
pub const PITCH: f64 = 26.0;
const THICKNESS: f64 = 16.0;

/// Draws bars below `top`; names end at `left`.
pub fn draw(scene: &mut Scene, bars: &[Bar], scale: &Scale, left: f64, top: f64) {
    for (i, bar) in bars.iter().enumerate() {
        let y = top + (i as f64 + 0.5) * PITCH;
        let (from, to) = (scale.at(bar.from.min(bar.to)), scale.at(bar.from.max(bar.to)));
        // A bar too short to be seen is still a line.
        if bar.to != bar.from {
            scene.rectangle((from, y - THICKNESS / 2.0), ((to - from).max(1.0), THICKNESS), bar.color);
        }
        let name = Label { text: bar.name.clone(), x: left - 10.0, y, anchor: Anchor::End, ..Label::default() };
        scene.label(name.within(left - 10.0 - Scene::MARGIN));
        scene.hint((0.0, y - PITCH / 2.0), (scene.width, PITCH), format!("{}: {}", bar.name, bar.figure));
        let x = to.max(scale.at(0.0)) + 8.0;
        scene.label(Label { text: bar.figure.clone(), x, y, color: palette::FADED, ..Label::default() });
    }
}
