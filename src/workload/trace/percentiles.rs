//! Execution times given by percentiles.

use crate::workload::distribution::Sampler;

/// What is known of a function's execution time, in nanoseconds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Percentiles {
    /// The values at [`PERCENTILES`], not decreasing.
    pub points: [f64; 7],
    /// The mean that the samples should have; `None` to take the one that the points imply.
    pub mean: Option<f64>,
}

/// The percentiles of the Azure Functions 2019 trace.
pub(super) const PERCENTILES: [u8; 7] = [0, 1, 25, 50, 75, 99, 100];

impl Percentiles {
    /// The mean of the piecewise-linear distribution through the points.
    fn implied_mean(&self) -> f64 {
        let width = |i: usize| f64::from(PERCENTILES[i + 1] - PERCENTILES[i]) / 100.0;
        (0..6).map(|i| width(i) * (self.points[i] + self.points[i + 1]) / 2.0).sum()
    }
}

/// Execution times that follow the percentiles.
// LEAD: switch to the sampler of percentiles here (piecewise-linear inverse, points scaled by mean / implied mean).
pub(super) fn sampler(percentiles: &Percentiles) -> Sampler {
    Sampler::Constant(percentiles.mean.unwrap_or_else(|| percentiles.implied_mean()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_implied_mean_is_the_area_under_the_inverse() {
        let uniform = Percentiles { points: [0.0, 1.0, 25.0, 50.0, 75.0, 99.0, 100.0], mean: None };
        assert!((uniform.implied_mean() - 50.0).abs() < 1e-12);
    }
}
