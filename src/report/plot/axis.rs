//! Scales, ticks and axes.

use super::palette;
use super::scene::{Anchor, Label, Scene};

/// Maps figures to pixels.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    min: f64,
    max: f64,
    from: f64,
    to: f64,
    log: bool,
}

/// A place on an axis.
pub struct Tick {
    /// Pixel.
    pub at: f64,
    /// What is written there.
    pub text: String,
}

impl Scale {
    /// A linear scale from `min` to `max` onto the pixels `from` to `to`; a range without width is widened.
    pub fn linear((min, max): (f64, f64), (from, to): (f64, f64)) -> Self {
        let max = if max > min { max } else { min + 1.0 };
        Self { min, max, from, to, log: false }
    }

    /// A logarithmic scale; `min` must be positive. At least an octave around the figures is shown.
    pub fn log((min, max): (f64, f64), (from, to): (f64, f64)) -> Self {
        let (min, max) = if max < min * 2.0 { (min / 1.5, max * 1.5) } else { (min, max) };
        Self { min, max, from, to, log: true }
    }

    /// The pixel of a figure; figures outside are put at the edge.
    pub fn at(&self, value: f64) -> f64 {
        let value = value.clamp(self.min, self.max);
        let share = match self.log {
            false => (value - self.min) / (self.max - self.min),
            true => libm::log(value / self.min) / libm::log(self.max / self.min),
        };
        self.from + share * (self.to - self.from)
    }

    /// The figure at a pixel.
    pub fn value(&self, pixel: f64) -> f64 {
        let share = (pixel - self.from) / (self.to - self.from);
        match self.log {
            false => self.min + share * (self.max - self.min),
            true => self.min * libm::pow(self.max / self.min, share),
        }
    }

    /// Ticks at multiples of a round step, about `wanted` of them. Steps above the first of `steps` are taken from there.
    pub fn ticks(&self, wanted: usize, steps: &[f64], unit: &str) -> Vec<Tick> {
        let rough = (self.max - self.min) / wanted as f64;
        let step = match steps.iter().find(|step| **step >= rough) {
            Some(step) if rough >= steps[0] => *step,
            _ => round_up(rough),
        };
        let first = libm::ceil(self.min / step - 1e-9);
        let count = libm::floor(self.max / step + 1e-9) - first;
        let shown = Thousands::of(self.max.abs().max(self.min.abs()));
        let tick = |i: u32| {
            let value = (first + f64::from(i)) * step;
            Tick { at: self.at(value), text: shown.text(value, step) + unit }
        };
        (0..=count.max(0.0) as u32).map(tick).collect()
    }

    /// Ticks of a logarithmic scale: the decades, and 2 and 5 times them if there are few. `write` puts a figure in words.
    pub fn log_ticks(&self, write: impl Fn(f64) -> String) -> Vec<Tick> {
        let decades = libm::log10(self.max / self.min);
        let within: &[f64] = if decades < 3.0 { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let first = libm::floor(libm::log10(self.min)) as i32;
        let values = (first..=first + decades as i32 + 1)
            .flat_map(|exponent| within.iter().map(move |factor| factor * libm::pow(10.0, f64::from(exponent))));
        let inside = values.filter(|value| (self.min..=self.max).contains(value));
        inside.map(|value| Tick { at: self.at(value), text: write(value) }).collect()
    }
}

/// 1, 2 or 5 times a power of ten that is not smaller.
fn round_up(rough: f64) -> f64 {
    let power = libm::pow(10.0, libm::floor(libm::log10(rough)));
    [1.0, 2.0, 5.0].into_iter().map(|factor| factor * power).find(|step| *step >= rough).unwrap_or(10.0 * power)
}

/// A power of thousand with its letter, for large numbers on an axis.
struct Thousands(f64, &'static str);

impl Thousands {
    fn of(max: f64) -> Self {
        match max {
            x if x >= 1e15 => Self(1e15, "P"),
            x if x >= 1e12 => Self(1e12, "T"),
            x if x >= 1e9 => Self(1e9, "G"),
            x if x >= 1e6 => Self(1e6, "M"),
            x if x >= 1e4 => Self(1e3, "k"),
            _ => Self(1.0, ""),
        }
    }

    fn text(&self, value: f64, step: f64) -> String {
        let decimals = (-libm::floor(libm::log10(step / self.0) + 1e-9)).max(0.0) as usize;
        match value {
            0.0 => "0".into(),
            _ if decimals > 6 => format!("{value:.0e}"),
            _ => format!("{:.decimals$}{}", value / self.0, self.1),
        }
    }
}

/// Horizontal grid lines from `left` to `right` with their texts to the left.
pub fn horizontal_grid(scene: &mut Scene, ticks: &[Tick], left: f64, right: f64) {
    for Tick { at, text } in ticks {
        scene.line(vec![(left, *at), (right, *at)], palette::GRID, 1.0);
        let label = Label { text: text.clone(), x: left - 8.0, y: *at, anchor: Anchor::End, ..small() };
        scene.label(label);
    }
}

/// Vertical grid lines from `top` to `bottom` with their texts below; texts that would touch are left out.
pub fn vertical_grid(scene: &mut Scene, ticks: &[Tick], top: f64, bottom: f64, texts: bool) {
    let mut free = f64::NEG_INFINITY;
    for Tick { at, text } in ticks {
        scene.line(vec![(*at, top), (*at, bottom)], palette::GRID, 1.0);
        let label = Label { text: text.clone(), x: *at, y: bottom + 14.0, anchor: Anchor::Middle, ..small() };
        let (start, end) = label.extent();
        if texts && start > free && end <= scene.width {
            free = end + 10.0;
            scene.label(label);
        }
    }
}

/// The line at the foot of a panel.
pub fn base_line(scene: &mut Scene, left: f64, right: f64, y: f64) {
    scene.line(vec![(left, y), (right, y)], palette::AXIS, 1.0);
}

/// The name of a horizontal axis, centred below its ticks.
pub fn name_below(scene: &mut Scene, text: &str, left: f64, right: f64, bottom: f64) {
    let (x, y) = ((left + right) / 2.0, bottom + 34.0);
    scene.label(Label { text: text.into(), x, y, anchor: Anchor::Middle, ..small() });
}

/// The style of ticks and names of axes.
pub fn small() -> Label {
    Label { size: 12.0, color: palette::FADED, ..Label::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(ticks: &[Tick]) -> Vec<&str> {
        ticks.iter().map(|tick| tick.text.as_str()).collect()
    }

    #[test]
    fn ticks_are_round_and_carry_the_decimals_of_their_step() {
        let ticks = |range, steps: &[f64]| Scale::linear(range, (0.0, 100.0)).ticks(5, steps, "");
        assert_eq!(texts(&ticks((0.0, 1.0), &[])), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(texts(&ticks((300.0, 300.03), &[])), ["300.00", "300.01", "300.02", "300.03"]);
        assert_eq!(texts(&ticks((5.0, 65.0), &[5.0, 15.0, 30.0])), ["15", "30", "45", "60"]);
        assert_eq!(texts(&ticks((0.0, 2.4e6), &[])), ["0", "0.5M", "1.0M", "1.5M", "2.0M"]);
        assert_eq!(texts(&ticks((-3.0, 3.0), &[])), ["-2", "0", "2"]);
        assert_eq!(texts(&ticks((0.0, 0.0), &[]))[0], "0");
    }

    #[test]
    fn logarithmic_ticks_are_decades_or_finer() {
        let ticks = |range| Scale::log(range, (0.0, 100.0)).log_ticks(|value| value.to_string());
        assert_eq!(texts(&ticks((0.5, 20_000.0))), ["1", "10", "100", "1000", "10000"]);
        assert_eq!(texts(&ticks((90.0, 1_100.0))), ["100", "200", "500", "1000"]);
        assert_eq!(texts(&ticks((100.0, 100.0))), ["100"]);
    }

    #[test]
    fn a_scale_is_monotone_and_holds_what_is_outside_at_its_edge() {
        let scale = Scale::log((1.0, 1_000.0), (10.0, 40.0));
        assert!((scale.at(10.0) - 20.0).abs() < 1e-9 && (scale.at(100.0) - 30.0).abs() < 1e-9);
        assert_eq!((scale.at(0.0), scale.at(1e9)), (10.0, 40.0));
        assert!((scale.value(scale.at(123.0)) - 123.0).abs() < 1e-9);
    }
}
