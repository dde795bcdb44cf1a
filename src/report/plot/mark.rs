//! Markers and dashes: what tells series apart without colour.

use plotters::style::RGBColor;

use super::palette;
use super::scene::Scene;

/// The form of a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Circle,
    Square,
}

/// Half the width of a marker.
pub const RADIUS: f64 = 4.5;
/// Sides of the polygon that is drawn for a circle.
const SIDES: u32 = 24;

/// A marker; a hollow one is filled with the background.
pub fn marker(scene: &mut Scene, at: (f64, f64), form: Form, color: RGBColor, hollow: bool) {
    scene.area(outline(at, form, RADIUS), color);
    if hollow {
        scene.area(outline(at, form, RADIUS - 1.5), palette::PAPER);
    }
}

fn outline((x, y): (f64, f64), form: Form, radius: f64) -> Vec<(f64, f64)> {
    let corner = |angle: f64, radius: f64| (x + radius * libm::cos(angle), y + radius * libm::sin(angle));
    let turn = std::f64::consts::TAU;
    match form {
        Form::Circle => (0..SIDES).map(|i| corner(turn * f64::from(i) / f64::from(SIDES), radius)).collect(),
        Form::Square => (0..4).map(|i| corner(turn * (f64::from(i) + 0.5) / 4.0, radius * 1.25)).collect(),
    }
}

/// A line through `points` of dashes and gaps whose lengths `pattern` repeats; without pattern it has no gaps.
pub fn dashed(scene: &mut Scene, points: &[(f64, f64)], color: RGBColor, width: f64, pattern: &[f64]) {
    let Some(first) = points.first() else { return };
    if pattern.is_empty() {
        return scene.line(points.to_vec(), color, width);
    }
    let (mut dash, mut left, mut number) = (vec![*first], pattern[0], 0);
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        let mut rest = libm::hypot(to.0 - from.0, to.1 - from.1);
        while rest > left {
            let share = left / rest;
            from = (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1));
            rest -= left;
            dash.push(from);
            if number % 2 == 0 {
                scene.line(std::mem::take(&mut dash), color, width);
            }
            dash = vec![from];
            number += 1;
            left = pattern[number % pattern.len()];
        }
        left -= rest;
        dash.push(to);
    }
    if number % 2 == 0 && dash.len() > 1 {
        scene.line(dash, color, width);
    }
}

#[cfg(test)]
mod tests {
    use super::super::scene::Shape;
    use super::*;

    #[test]
    fn dashes_have_their_length_and_go_around_corners() {
        let mut scene = Scene::column("test", "", 100.0);
        dashed(&mut scene, &[(0.0, 0.0), (10.0, 0.0), (10.0, 20.0)], palette::INK, 1.0, &[6.0, 2.0]);
        let mut dashes = Vec::new();
        for shape in &scene.shapes {
            if let Shape::Line { points, .. } = shape {
                dashes.push(points.clone());
            }
        }
        assert_eq!(dashes[0], [(0.0, 0.0), (6.0, 0.0)]);
        assert_eq!(dashes[1], [(8.0, 0.0), (10.0, 0.0), (10.0, 4.0)]);
        assert_eq!(dashes.len(), 4);
    }
}
