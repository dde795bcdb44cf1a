//! Non-overlapping batch means: the interval of one long run.

use serde::Serialize;

use crate::experiment::sample::Sample;
use crate::experiment::{Estimate, LEVEL, Run};
use crate::metrics::TimelineRow;

/// Numbers of batches that are tried, one after the other: with few and long ones, neighbours depend less on each other.
const BATCHES: [usize; 2] = [40, 20];
/// Batches are taken for independent below this correlation of neighbours.
const INDEPENDENT: f64 = 0.2;

/// A figure of a single run with an interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BatchMeans {
    /// The figure over all batches; `n` is their number.
    pub estimate: Estimate,
    /// Correlation of the means of neighbouring batches, at most 0.2.
    pub autocorrelation: f64,
}

/// What can be told of a single run, whose timeline holds it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SingleRun {
    /// Mean number of instances; `None` if the run is too short.
    pub instances: Option<BatchMeans>,
    /// Invocations that started an instance among those that arrived; `None` if the run is too short.
    pub cold_per_arrival: Option<BatchMeans>,
}

impl SingleRun {
    /// The batch means of a run that is the only one.
    pub fn of(runs: &[Run]) -> Option<Self> {
        let [run] = runs else { return None };
        let parts = |part: fn(&TimelineRow) -> (f64, f64)| run.timeline.iter().map(part).collect::<Vec<_>>();
        let instances = parts(|row| (row.starting + row.busy + row.idle, row.length_s));
        let cold = parts(|row| {
            let ratio = if row.arrivals == 0 { 0.0 } else { row.cold as f64 / row.arrivals as f64 };
            (ratio, row.arrivals as f64)
        });
        Some(Self { instances: batch_means(&instances), cold_per_arrival: batch_means(&cold) })
    }
}

/// The interval of a ratio of sums, of which each interval of time has (ratio, denominator): the intervals are joined to 40 batches, or to
/// 20 if the means of neighbouring ones are correlated by more than 0.2, and the batches taken as replications (Law, "Simulation
/// Modeling and Analysis", section 9.5.3). Intervals that do not fill a batch are left out at the beginning.
///
/// `None` if there are fewer than 40 intervals, or 20 batches are still correlated: then the run is too short to tell.
pub fn batch_means(parts: &[(f64, f64)]) -> Option<BatchMeans> {
    BATCHES.into_iter().find_map(|count| {
        let batches = batches(parts, count)?;
        let autocorrelation = autocorrelation(&batches.iter().map(|(ratio, _)| *ratio).collect::<Vec<_>>());
        let independent = autocorrelation <= INDEPENDENT;
        let estimate = Sample::ratio(&batches).filter(|_| independent)?.spread().interval(LEVEL);
        Some(BatchMeans { estimate, autocorrelation })
    })
}

fn batches(parts: &[(f64, f64)], count: usize) -> Option<Vec<(f64, f64)>> {
    let size = parts.len() / count;
    let join = |batch: &[(f64, f64)]| {
        let over: f64 = batch.iter().map(|(_, over)| over).sum();
        let sum: f64 = batch.iter().map(|(ratio, over)| ratio * over).sum();
        (if over > 0.0 { sum / over } else { 0.0 }, over)
    };
    (parts.len() >= BATCHES[0]).then(|| parts[parts.len() - size * count..].chunks_exact(size).map(join).collect())
}

/// Lag-1 autocorrelation; zero of a constant.
fn autocorrelation(series: &[f64]) -> f64 {
    let mean = series.iter().sum::<f64>() / series.len() as f64;
    let variance: f64 = series.iter().map(|x| (x - mean) * (x - mean)).sum();
    let covariance: f64 = series.windows(2).map(|pair| (pair[0] - mean) * (pair[1] - mean)).sum();
    if variance > 0.0 { covariance / variance } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(series: impl Iterator<Item = f64>) -> Vec<(f64, f64)> {
        series.map(|x| (x, 1.0)).collect()
    }

    #[test]
    fn independent_intervals_are_joined_to_forty_batches() {
        // Batches of two: 1 + 3, 3 + 5 and so on by turns, so means of 2 and 4.
        let parts = plain((0..81).map(|i| [9.0, 1.0, 3.0, 3.0, 5.0][if i == 0 { 0 } else { 1 + (i - 1) % 4 }]));
        let means = batch_means(&parts).unwrap();
        assert_eq!((means.estimate.mean, means.estimate.n), (3.0, 40), "the first does not fill a batch");
        // s = sqrt(40 / 39), t(0.975, 39) = 2.022691.
        let half = 2.022_691 * (40.0f64 / 39.0).sqrt() / 40f64.sqrt();
        assert!((means.estimate.half_width() - half).abs() < 1e-5, "{means:?}");
        assert!((means.autocorrelation + 39.0 / 40.0).abs() < 1e-12);
    }

    #[test]
    fn correlated_batches_are_made_longer_and_then_given_up() {
        // Two levels by turns, each over a fortieth of the run and then over a twentieth: pairs of equal batches.
        let pairs = plain((0..400).map(|i| [1.0, 1.0, 3.0, 1.0, 3.0, 3.0][(i / 10 / 2) % 6]));
        let means = batch_means(&pairs).unwrap();
        assert_eq!(means.estimate.n, 20);
        assert!(means.autocorrelation <= INDEPENDENT);
        assert_eq!(batch_means(&plain((0..400).map(f64::from))), None, "it rises all the time");
        assert_eq!(batch_means(&plain((0..39).map(f64::from))), None);
        assert_eq!(batch_means(&plain((0..40).map(|_| 2.0))).unwrap().estimate.half_width(), 0.0);
    }
}
