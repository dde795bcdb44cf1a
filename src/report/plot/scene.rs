//! A picture as a list of shapes, in logical pixels from the upper left corner.

use plotters::style::RGBColor;

use super::{paint, palette};

/// A picture before it is painted.
#[derive(Debug, Clone)]
pub struct Scene {
    /// Name of the file, without extension.
    pub name: String,
    /// What it shows, in a few words.
    pub title: String,
    /// What it shows, for those who cannot see it.
    pub description: String,
    /// Width in logical pixels.
    pub width: f64,
    /// Height in logical pixels.
    pub height: f64,
    pub(super) shapes: Vec<Shape>,
}

#[derive(Debug, Clone)]
pub(super) enum Shape {
    /// A line through points.
    Line { points: Vec<(f64, f64)>, color: RGBColor, width: f64 },
    /// A filled polygon.
    Area { points: Vec<(f64, f64)>, color: RGBColor },
    /// A text.
    Label(Label),
    /// A rectangle that cannot be seen; an SVG shows its text to who points at it.
    Hint { corner: (f64, f64), size: (f64, f64), text: String },
}

/// A text on one line, centred vertically on `y`.
#[derive(Debug, Clone)]
pub(super) struct Label {
    pub text: String,
    pub x: f64,
    pub y: f64,
    /// Height of an em in logical pixels.
    pub size: f64,
    pub color: RGBColor,
    pub anchor: Anchor,
    pub bold: bool,
}

/// Which end of a text is at its `x`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Default for Label {
    fn default() -> Self {
        let (text, x, y) = (String::new(), 0.0, 0.0);
        Self { text, x, y, size: 13.0, color: palette::INK, anchor: Anchor::Start, bold: false }
    }
}

impl Label {
    pub fn width(&self) -> f64 {
        paint::text_width(&self.text, self.size, self.bold)
    }

    /// Where the text begins and ends.
    pub fn extent(&self) -> (f64, f64) {
        let width = self.width();
        let start = match self.anchor {
            Anchor::Start => self.x,
            Anchor::Middle => self.x - width / 2.0,
            Anchor::End => self.x - width,
        };
        (start, start + width)
    }

    /// The same text, shortened with an ellipsis until it is at most `width` wide.
    pub fn within(mut self, width: f64) -> Self {
        let mut kept: Vec<char> = self.text.chars().collect();
        while self.width() > width && kept.pop().is_some() {
            self.text = kept.iter().collect::<String>().trim_end().to_owned() + "…";
        }
        self
    }
}

impl Scene {
    /// Width of the plots of a run.
    pub const WIDTH: f64 = 760.0;
    /// Width of the plots that compare: in a column of a paper their text can still be read.
    pub const COLUMN: f64 = 480.0;
    /// Free space at the left and right edge.
    pub const MARGIN: f64 = 24.0;
    /// Below the title.
    pub const TOP: f64 = 56.0;

    /// An empty picture with its title.
    pub fn new(name: &str, title: &str, height: f64) -> Self {
        Self::wide(name, title, (Self::WIDTH, height))
    }

    /// An empty picture with its title, as wide as a column.
    pub fn column(name: &str, title: &str, height: f64) -> Self {
        Self::wide(name, title, (Self::COLUMN, height))
    }

    fn wide(name: &str, title: &str, (width, height): (f64, f64)) -> Self {
        let (name, description) = (name.into(), String::new());
        let mut scene = Self { name, title: title.into(), description, width, height, shapes: Vec::new() };
        scene.label(Label { text: title.into(), x: Self::MARGIN, y: 28.0, size: 16.0, bold: true, ..Label::default() });
        scene
    }

    pub(super) fn line(&mut self, points: Vec<(f64, f64)>, color: RGBColor, width: f64) {
        self.shapes.push(Shape::Line { points, color, width });
    }

    pub(super) fn area(&mut self, points: Vec<(f64, f64)>, color: RGBColor) {
        self.shapes.push(Shape::Area { points, color });
    }

    pub(super) fn rectangle(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), color: RGBColor) {
        self.area(vec![(x, y), (x + width, y), (x + width, y + height), (x, y + height)], color);
    }

    pub(super) fn label(&mut self, label: Label) {
        self.shapes.push(Shape::Label(label));
    }

    pub(super) fn hint(&mut self, corner: (f64, f64), size: (f64, f64), text: String) {
        self.shapes.push(Shape::Hint { corner, size, text });
    }

    /// Swatches with their names in a row that ends at the right margin.
    pub(super) fn legend(&mut self, y: f64, entries: &[(&str, RGBColor)]) {
        let mut x = self.width - Self::MARGIN;
        for (text, color) in entries.iter().rev() {
            let label = Label { text: (*text).into(), x, y, size: 12.0, anchor: Anchor::End, ..Label::default() };
            x -= label.width() + 18.0;
            self.label(label);
            self.rectangle((x, y - 6.0), (12.0, 12.0), *color);
            x -= 18.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::plot::scenes;
    use crate::report::sample;
    use crate::report::study::sample as studies;

    /// Every plot of every sample, with where it comes from.
    fn all() -> Vec<(String, Scene)> {
        let runs = sample::all();
        let runs = runs.iter().map(|outcome| (outcome.name.clone(), scenes(outcome)));
        let studies = studies::all();
        let studies = studies.iter().map(|study| (study.name.clone(), studies::scenes(study)));
        let named = |(name, scenes): (String, Vec<Scene>)| {
            scenes.into_iter().map(move |scene| (format!("{} of {name}", scene.name), scene))
        };
        runs.chain(studies).flat_map(named).collect()
    }

    fn labels(scene: &Scene) -> Vec<&Label> {
        let mut labels = Vec::new();
        for shape in &scene.shapes {
            if let Shape::Label(label) = shape {
                labels.push(label);
            }
        }
        labels
    }

    fn overlap(a: &Label, b: &Label) -> bool {
        let ((a0, a1), (b0, b1)) = (a.extent(), b.extent());
        a0 < b1 && b0 < a1 && (a.y - b.y).abs() < (a.size + b.size) / 2.0
    }

    #[test]
    fn labels_never_overlap_never_leave_the_picture_and_are_large_enough() {
        for (at, scene) in all() {
            let labels = labels(&scene);
            for (i, label) in labels.iter().enumerate() {
                let (start, end) = label.extent();
                assert!(start >= 0.0 && end <= scene.width, "{at}: {label:?} leaves the picture");
                assert!(label.y >= label.size / 2.0 && label.y <= scene.height - label.size / 2.0, "{at}: {label:?}");
                assert!(label.size >= 12.0, "{at}: {label:?} is too small");
                let other = labels[..i].iter().find(|other| overlap(label, other));
                assert!(other.is_none(), "{at}: {label:?} overlaps {other:?}");
            }
        }
    }

    #[test]
    fn shapes_stay_in_the_picture() {
        for (at, scene) in all() {
            for shape in &scene.shapes {
                let far = |(x, y): &(f64, f64), (width, height): &(f64, f64)| (x + width, y + height);
                let points = match shape {
                    Shape::Line { points, .. } | Shape::Area { points, .. } => points.clone(),
                    Shape::Hint { corner, size, .. } => vec![*corner, far(corner, size)],
                    Shape::Label(_) => Vec::new(),
                };
                let inside = |(x, y): &(f64, f64)| {
                    (-0.1..=scene.width + 0.1).contains(x) && (-0.1..=scene.height + 0.1).contains(y)
                };
                assert!(points.iter().all(inside), "{at}: {shape:?}");
            }
        }
    }

    #[test]
    fn every_plot_says_what_it_shows_to_those_who_cannot_see_it_and_to_those_who_point() {
        for (at, scene) in all() {
            assert!(scene.description.len() > 20 && !scene.description.contains("NaN"), "{at}");
            assert!(scene.shapes.iter().any(|shape| matches!(shape, Shape::Hint { .. })), "{at} has no hints");
        }
    }

    #[test]
    fn a_long_text_is_shortened() {
        let label = Label { text: "a rather long text about nothing".into(), ..Label::default() }.within(100.0);
        assert!(label.width() <= 100.0 && label.text.ends_with('…') && label.text.len() > 8, "{label:?}");
    }
}
