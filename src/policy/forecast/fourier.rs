//! The lowest harmonics of the history, which go on.

use serde::Deserialize;

use super::Forecaster;
use super::series::{Series, validate_history};
use crate::workload::{Invalid, validate};

/// A straight line and the lowest harmonics of what is left, extrapolated: the predictor of IceBreaker. O(history x harmonics) for
/// each forecast, by direct sums.
///
/// Roy, Patel and Tiwari, "IceBreaker: Warming Serverless Functions Better with Heterogeneity", ASPLOS 2022; ten harmonics and a
/// straight line (the paper: a quadratic one) as in the code that FeMux compares with (ubc-cirrus-lab/femux,
/// `Forecaster_IceBreaker.py`).
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fourier {
    /// How many harmonics go on. Default: 10.
    pub harmonics: usize,
    /// How many values count. Default: 120.
    pub history: usize,
    /// Whether the least-squares line is taken out before and put back after. Default: true.
    pub detrend: bool,
    #[serde(skip)]
    series: Series,
    /// Cosine and sine of each n-th part of a circle, for n values.
    #[serde(skip)]
    circle: Vec<(f64, f64)>,
}

impl Default for Fourier {
    fn default() -> Self {
        Self::new(10, 120)
    }
}

fn circle(parts: usize) -> Vec<(f64, f64)> {
    let angle = |part: usize| std::f64::consts::TAU * part as f64 / parts as f64;
    (0..parts).map(|part| (libm::cos(angle(part)), libm::sin(angle(part)))).collect()
}

/// The slope of the least-squares line through values at 0, 1, 2, ...
fn slope(values: &[f64], mean: f64) -> f64 {
    let middle = (values.len() as f64 - 1.0) / 2.0;
    let moments = values.iter().enumerate().fold((0.0, 0.0), |(xy, xx), (t, value)| {
        let x = t as f64 - middle;
        (xy + x * (value - mean), xx + x * x)
    });
    if moments.1 == 0.0 { 0.0 } else { moments.0 / moments.1 }
}

impl Fourier {
    /// A forecaster that takes the line out.
    pub fn new(harmonics: usize, history: usize) -> Self {
        Self { harmonics, history, detrend: true, series: Series::default(), circle: Vec::new() }
    }

    /// The value of a harmonic at a later index: the sum of the values, each weighted with the cosine of its distance.
    fn harmonic(&self, frequency: usize, values: &[f64], at: usize) -> f64 {
        let parts = self.circle.len();
        let (cos_at, sin_at) = self.circle[frequency * at % parts];
        let (real, imaginary) = values.iter().enumerate().fold((0.0, 0.0), |(real, imaginary), (t, value)| {
            let (cos, sin) = self.circle[frequency * t % parts];
            (real + value * cos, imaginary + value * sin)
        });
        // Two frequencies, one the negative of the other, unless they are the same.
        let twins = if frequency == 0 || 2 * frequency == parts { 1.0 } else { 2.0 };
        twins * (real * cos_at + imaginary * sin_at) / parts as f64
    }
}

impl Forecaster for Fourier {
    fn observe(&mut self, value: f64) {
        self.series.push(value, self.history);
        if self.series.values().len() != self.circle.len() {
            self.circle = circle(self.series.values().len());
        }
    }

    fn forecast(&self, steps: u32) -> f64 {
        let values = self.series.values();
        if values.is_empty() {
            return 0.0;
        }
        let slope = if self.detrend { slope(values, self.series.mean()) } else { 0.0 };
        let level: Vec<f64> = values.iter().enumerate().map(|(t, value)| value - slope * t as f64).collect();
        let at = values.len() - 1 + steps as usize;
        let highest = self.harmonics.min(values.len() / 2);
        let waves: f64 = (0..=highest).map(|frequency| self.harmonic(frequency, &level, at)).sum();
        waves + slope * at as f64
    }

    fn validate(&self) -> Result<(), Invalid> {
        validate_history(self.history, 2)?;
        validate::number("harmonics", self.harmonics as f64, 0.0..=(self.history / 2) as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fed with `length` values of `series`, all its forecasts for the next 50 are right.
    fn assert_goes_on(mut forecaster: Fourier, length: u32, series: impl Fn(f64) -> f64) {
        (0..length).for_each(|t| forecaster.observe(series(f64::from(t))));
        for steps in 1..=50 {
            let (found, right) = (forecaster.forecast(steps), series(f64::from(length - 1 + steps)));
            assert!((found - right).abs() < 1e-9, "{steps} steps ahead: {found} instead of {right}");
        }
    }

    fn wave(periods: f64, t: f64) -> f64 {
        libm::sin(std::f64::consts::TAU * periods * t / 120.0)
    }

    #[test]
    fn sines_that_fit_into_the_history_go_on() {
        let forecaster = Fourier { detrend: false, ..Fourier::default() };
        // More values than the history: only the last count.
        assert_goes_on(forecaster.clone(), 300, |t| 5.0 + 2.0 * wave(3.0, t) + wave(10.0, t + 7.0));
        let few = Fourier { harmonics: 4, ..forecaster };
        assert_goes_on(few, 120, |t| 5.0 + wave(4.0, t));
    }

    #[test]
    fn harmonics_above_the_limit_are_left_out() {
        let mut forecaster = Fourier { detrend: false, ..Fourier::default() };
        (0..120).for_each(|t| forecaster.observe(5.0 + wave(11.0, f64::from(t))));
        assert!((forecaster.forecast(3) - 5.0).abs() < 1e-9);
    }

    #[test]
    fn a_line_and_a_wave_that_is_symmetric_in_the_history_go_on() {
        // Symmetric about its middle, the wave has no slope of its own.
        assert_goes_on(Fourier::default(), 120, |t| 1.0 + 0.25 * t + wave(4.0, t + 0.5 + 7.5));
        assert_goes_on(Fourier::default(), 60, |t| 2.0 + 3.0 * t);
    }

    #[test]
    fn short_histories_are_enough() {
        let mut forecaster = Fourier::default();
        assert_eq!(forecaster.forecast(1), 0.0);
        forecaster.observe(4.0);
        assert!((forecaster.forecast(1) - 4.0).abs() < 1e-12);
        // The highest frequency of two values has no twin.
        let mut forecaster = Fourier { detrend: false, ..Fourier::default() };
        [1.0, 3.0].into_iter().for_each(|value| forecaster.observe(value));
        assert!((forecaster.forecast(1) - 1.0).abs() < 1e-12 && (forecaster.forecast(2) - 3.0).abs() < 1e-12);
    }
}
