//! Execution times given by percentiles.

use crate::workload::distribution::{PercentileSampler, Sampler};

/// What is known of a function's execution time, in nanoseconds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Percentiles {
    /// The values at [`PERCENTILES`], not decreasing.
    pub points: [f64; 7],
    /// The mean that the samples should have; `None` to take the one that the points imply.
    pub mean: Option<f64>,
    /// No sample is below this, and neither are the points or the mean.
    pub minimum: f64,
}

/// The percentiles of the Azure Functions 2019 trace.
pub(super) const PERCENTILES: [u8; 7] = [0, 1, 25, 50, 75, 99, 100];

/// Execution times on the straight lines between the percentiles (the piecewise-linear inverse of the distribution
/// function), all multiplied by the same factor where a mean is given, except those that would fall below the minimum.
pub(super) fn sampler(percentiles: &Percentiles) -> Sampler {
    let Percentiles { points, mean, minimum } = *percentiles;
    let lines = |points: [f64; 7]| {
        let points: Vec<_> = PERCENTILES.into_iter().map(f64::from).zip(points).collect();
        PercentileSampler::new(&points)
    };
    let sampler = match mean.map(|mean| (mean, raised(points, mean, minimum))) {
        None => lines(points),
        Some((mean, None)) => lines(points).map(|lines| lines.rescaled(mean)),
        Some((_, Some(points))) => lines(points),
    };
    sampler.map_or(Sampler::Constant(points[3]), Sampler::Percentiles)
}

/// The points that have the mean, if a common factor alone would bring the first below the minimum: those that would be below stay
/// at it, and the others take a smaller factor. `None` if none would be below.
fn raised(points: [f64; 7], mean: f64, minimum: f64) -> Option<[f64; 7]> {
    let percent = PERCENTILES.map(f64::from);
    let weight = |place: usize| (percent[(place + 1).min(6)] - percent[place.saturating_sub(1)]) / 200.0;
    let factor = |below: usize| {
        let fixed: f64 = (0..below).map(|place| weight(place) * minimum).sum();
        let free: f64 = (below..7).map(|place| weight(place) * points[place]).sum();
        (mean - fixed) / free
    };
    let below = (0..7).find(|&below| factor(below) * points[below] >= minimum).unwrap_or(7);
    let raised = |place: usize| if place < below { minimum } else { factor(below) * points[place] };
    (below > 0).then(|| std::array::from_fn(raised))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    #[test]
    fn the_mean_is_the_recorded_one_or_that_of_the_lines() {
        let points = [0.0, 1.0, 25.0, 50.0, 75.0, 99.0, 100.0];
        for (mean, expected) in [(None, 50.0), (Some(80.0), 80.0)] {
            assert!(
                (sampler(&Percentiles { points, mean, minimum: 0.0 }).moments().mean.unwrap() - expected).abs() < 1e-9
            );
        }
    }

    /// A mean far below the percentiles would scale the least of them below the minimum.
    #[test]
    fn no_time_is_below_the_minimum_and_the_mean_holds_all_the_same() {
        let points = [1.0, 1.0, 2.0, 4.0, 8.0, 16.0, 40.0];
        for mean in [1.0, 1.5, 3.0, 5.0, 20.0] {
            let sampler = sampler(&Percentiles { points, mean: Some(mean), minimum: 1.0 });
            assert!((sampler.moments().mean.unwrap() - mean).abs() < 1e-9, "{mean}");
            let mut stream = Streams::new(1, 0).stream(Purpose::Execution, 0);
            let least = (0..1_000).map(|_| sampler.sample(&mut stream)).fold(f64::MAX, f64::min);
            assert!(least >= 1.0 - 1e-12, "{mean}: {least}");
        }
    }
}
