//! An autoregressive model.

use serde::Deserialize;

use super::Forecaster;
use super::series::{Series, validate_history};
use crate::workload::{Invalid, validate};

/// AR(p): the distance from the mean is a linear combination of the last p distances. O(history x p) for each forecast.
///
/// Fitted at each forecast by the Yule-Walker equations (Levinson-Durbin recursion; Brockwell and Davis, "Time Series: Theory and
/// Methods", 1991, section 8.2), which always give a stable model. FeMux (EuroSys 2026), from which the history of 120 minutes is,
/// fits by least squares.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Autoregressive {
    /// How many values the next one depends on. Default: 10.
    pub order: usize,
    /// How many values count. Default: 120.
    pub history: usize,
    #[serde(skip)]
    series: Series,
}

impl Default for Autoregressive {
    fn default() -> Self {
        Self { order: 10, history: 120, series: Series::default() }
    }
}

/// The coefficients of the last, the last but one, ... distance from the mean. Empty for a series that does not vary.
fn fit(distances: &[f64], order: usize) -> Vec<f64> {
    let product = |lag: usize| distances.iter().zip(&distances[lag..]).map(|(a, b)| a * b).sum::<f64>();
    let covariances: Vec<f64> = (0..=order).map(product).collect();
    let mut coefficients: Vec<f64> = Vec::with_capacity(order);
    let mut error = covariances[0];
    for lag in 1..=order {
        if error <= 1e-12 * covariances[0] {
            break;
        }
        let known: f64 = coefficients.iter().zip(covariances[1..lag].iter().rev()).map(|(a, b)| a * b).sum();
        let reflection = (covariances[lag] - known) / error;
        let mirrored = coefficients.iter().zip(coefficients.iter().rev()).map(|(a, b)| a - reflection * b);
        coefficients = mirrored.chain([reflection]).collect();
        error *= 1.0 - reflection * reflection;
    }
    coefficients
}

impl Forecaster for Autoregressive {
    fn observe(&mut self, value: f64) {
        self.series.push(value, self.history);
    }

    fn forecast(&self, steps: u32) -> f64 {
        let mean = self.series.mean();
        let mut distances: Vec<f64> = self.series.values().iter().map(|value| value - mean).collect();
        if distances.is_empty() {
            return 0.0;
        }
        let coefficients = fit(&distances, self.order.min(distances.len() - 1));
        for _ in 0..steps {
            distances.push(coefficients.iter().zip(distances.iter().rev()).map(|(a, b)| a * b).sum());
        }
        mean + distances.last().copied().unwrap_or_default()
    }

    fn validate(&self) -> Result<(), Invalid> {
        validate_history(self.history, 2)?;
        validate::number("order", self.order as f64, 1.0..=(self.history - 1) as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    /// x = 0.6 x' - 0.3 x'' + noise: both coefficients within 4 standard errors, sqrt((1 - phi2^2) / n).
    #[test]
    fn coefficients_are_recovered() {
        let (phi, n) = ([0.6, -0.3], 20_000);
        let mut stream = Streams::new(3, 0).stream(Purpose::Population, 0);
        let mut distances = vec![0.0, 0.0];
        for t in 2..n {
            distances.push(phi[0] * distances[t - 1] + phi[1] * distances[t - 2] + stream.normal());
        }
        let found = fit(&distances, 2);
        let error = ((1.0 - phi[1] * phi[1]) / n as f64).sqrt();
        for (found, phi) in found.iter().zip(phi) {
            assert!((found - phi).abs() < 4.0 * error, "{found} instead of {phi}");
        }
        // A higher order finds no more: the rest is zero.
        assert!(fit(&distances, 6)[2..].iter().all(|phi| phi.abs() < 4.0 * error * 1.2));
    }

    /// The solution of the equations for covariances that can be summed by hand: of 1, -1, 1, -1 they are 4, -3, 2.
    #[test]
    fn the_equations_are_solved() {
        let found = fit(&[1.0, -1.0, 1.0, -1.0], 2);
        // 4 a - 3 b = -3 and -3 a + 4 b = 2.
        assert!((found[0] + 6.0 / 7.0).abs() < 1e-12 && (found[1] + 1.0 / 7.0).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn a_forecast_returns_to_the_mean() {
        let mut forecaster = Autoregressive { order: 1, history: 50, ..Autoregressive::default() };
        assert_eq!(forecaster.forecast(1), 0.0);
        (0..50).for_each(|t| forecaster.observe(if t % 10 < 5 { 2.0 } else { 4.0 }));
        let [near, far] = [1, 500].map(|steps| forecaster.forecast(steps));
        assert!(near > 3.2 && near < 4.0 && (far - 3.0).abs() < 1e-9, "{near}, {far}");
        (0..50).for_each(|_| forecaster.observe(7.0));
        assert_eq!(forecaster.forecast(3), 7.0, "a series that does not vary");
    }
}
