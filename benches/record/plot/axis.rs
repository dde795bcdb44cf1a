//! An axis with round ticks.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

/// Equal steps of figures from zero, or of their logarithms, with ticks.
pub struct Axis {
    logarithmic: bool,
    range: Range<f64>,
    ticks: Vec<f64>,
}

impl Axis {
    /// An axis that shows these figures, which must be positive.
    pub fn of(figures: &[f64], logarithmic: bool) -> Self {
        let least = figures.iter().copied().fold(f64::MAX, f64::min);
        let most = figures.iter().copied().fold(0.0, f64::max);
        let whole = figures.iter().all(|figure| figure.fract() == 0.0);
        let (range, ticks) = if logarithmic { decades(least, most) } else { steps(most, whole) };
        Self { logarithmic, ticks, range }
    }

    fn place(&self, figure: f64) -> f64 {
        if self.logarithmic { figure.ln() } else { figure }
    }
}

/// 1, 2 and 5 times the powers of ten, from one that is not above all figures to one that is not below them; over a wide range
/// only the powers.
fn decades(least: f64, most: f64) -> (Range<f64>, Vec<f64>) {
    let within: &[f64] = if most / least > 200.0 { &[1.0] } else { &[1.0, 2.0, 5.0] };
    let powers = least.log10().floor() as i32..=most.log10().ceil() as i32;
    let mut ticks: Vec<f64> = powers.flat_map(|p| within.iter().map(move |factor| factor * 10f64.powi(p))).collect();
    let below = ticks.iter().rposition(|tick| *tick <= least).unwrap_or(0);
    ticks.drain(..below);
    let above = ticks.iter().position(|tick| *tick >= most).unwrap_or(ticks.len() - 1).max(1);
    ticks.truncate(above + 1);
    (ticks[0]..ticks[above], ticks)
}

/// About five equal steps of 1, 2 or 5 times a power of ten.
fn steps(most: f64, whole: bool) -> (Range<f64>, Vec<f64>) {
    let rough = if whole { (most / 5.0).max(1.0) } else { most / 5.0 };
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0].map(|factor| factor * power).into_iter().find(|step| *step >= rough);
    let step = step.unwrap_or(10.0 * power);
    let end = most + 0.3 * step;
    (0.0..end, (0..=(end / step) as u32).map(|number| f64::from(number) * step).collect())
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, figure: &f64, (from, to): (i32, i32)) -> i32 {
        let (start, end) = (self.place(self.range.start), self.place(self.range.end));
        from + ((self.place(*figure) - start) / (end - start) * f64::from(to - from)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks.clone()
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, figure: &f64) -> String {
        let whole = figure.round();
        match whole {
            _ if whole >= 1e6 => format!("{} M", whole / 1e6),
            _ if whole >= 1e3 => format!("{},{:03}", (whole / 1e3).floor(), whole % 1e3),
            _ => format!("{}", (figure * 1e6).round() / 1e6),
        }
    }
}
