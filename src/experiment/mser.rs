//! MSER-5: how much of the beginning of a run to leave out, so that its start does not bias the mean.

/// Observations in a batch.
const BATCH: usize = 5;

/// Where to cut a series, and what its mean is then.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Truncation {
    /// Observations to leave out at the beginning: a multiple of 5.
    pub observations: usize,
    /// The statistic at that cut: the marginal standard error, squared.
    pub statistic: f64,
    /// Mean of what is left, in whole batches.
    pub mean: f64,
}

/// The cut d, in batches of 5, that minimises the sum of squared deviations of the batch means after d from their own mean, divided by
/// the square of their number (White, "An effective truncation heuristic for bias reduction in simulation output", Simulation 1997;
/// batches of 5: Spratt, 1998). O(n).
///
/// `None` if the minimum does not lie in the first half, or there are fewer than ten batches: then the series is too short to tell.
pub fn mser5(series: &[f64]) -> Option<Truncation> {
    let means: Vec<f64> = series.chunks_exact(BATCH).map(|batch| batch.iter().sum::<f64>() / BATCH as f64).collect();
    let half = means.len() / 2;
    if means.len() < 10 {
        return None;
    }
    // Shifted by the last mean, so that sums of squares keep their digits.
    let shift = *means.last()?;
    let (mut sum, mut squares) = (0.0, 0.0);
    let mut best: Option<(usize, f64, f64)> = None;
    for (d, mean) in means.iter().enumerate().rev() {
        let deviation = mean - shift;
        sum += deviation;
        squares += deviation * deviation;
        let n = (means.len() - d) as f64;
        let statistic = (squares - sum * sum / n).max(0.0) / (n * n);
        if d <= half && best.is_none_or(|(_, least, _)| statistic <= least) {
            best = Some((d, statistic, shift + sum / n));
        }
    }
    let (d, statistic, mean) = best.filter(|(d, ..)| *d < half)?;
    Some(Truncation { observations: d * BATCH, statistic, mean })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A series that rises to 10 with a time constant of 20 observations, and a wave that stands for noise.
    #[test]
    fn the_rise_is_cut_off() {
        let series: Vec<f64> =
            (0..200).map(f64::from).map(|i| 10.0 - 9.0 * libm::exp(-i / 20.0) + libm::sin(i)).collect();
        let Some(Truncation { observations, statistic, mean }) = mser5(&series) else { panic!("long enough") };
        assert_eq!(observations, 70);
        assert!((statistic - 0.001_217_90).abs() < 5e-9 && (mean - 9.964_563).abs() < 5e-7, "{statistic} {mean}");
        let raw = series.iter().sum::<f64>() / series.len() as f64;
        assert!((raw - 9.081_884).abs() < 5e-7, "without the cut the mean is off by a tenth: {raw}");
    }

    #[test]
    fn a_series_that_still_rises_at_its_end_is_too_short() {
        let rising: Vec<f64> = (0..100).map(f64::from).collect();
        assert_eq!((mser5(&rising), mser5(&[1.0; 49])), (None, None));
        assert_eq!(mser5(&[1.0; 50]).map(|cut| (cut.observations, cut.mean)), Some((0, 1.0)));
    }
}
