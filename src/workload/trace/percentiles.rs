//! Execution times given by percentiles.

use crate::workload::distribution::{PercentileSampler, Sampler};

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

/// Execution times on the straight lines between the percentiles (the piecewise-linear inverse of the distribution
/// function), all multiplied by the same factor where a mean is given.
pub(super) fn sampler(percentiles: &Percentiles) -> Sampler {
    let points: Vec<_> = PERCENTILES.into_iter().map(f64::from).zip(percentiles.points).collect();
    let lines = PercentileSampler::new(&points).map(|lines| match percentiles.mean {
        Some(mean) => lines.rescaled(mean),
        None => lines,
    });
    lines.map_or(Sampler::Constant(percentiles.points[3]), Sampler::Percentiles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_the_recorded_one_or_that_of_the_lines() {
        let points = [0.0, 1.0, 25.0, 50.0, 75.0, 99.0, 100.0];
        for (mean, expected) in [(None, 50.0), (Some(80.0), 80.0)] {
            assert!((sampler(&Percentiles { points, mean }).moments().mean.unwrap() - expected).abs() < 1e-9);
        }
    }
}
