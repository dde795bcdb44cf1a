//! The forecast of the hybrid histogram for apps with long idle times: an integrated autoregression, ARIMA(1,1,0) with drift.

/// The next of a series: the last one plus the change that a first-order autoregression of the changes expects, by least squares.
/// With fewer than three changes, the last one. Never below zero. O(length).
///
/// `None` if the series is empty.
pub fn next(series: &[f64]) -> Option<f64> {
    let last = *series.last()?;
    let changes: Vec<f64> = series.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let change = if changes.len() < 3 { 0.0 } else { next_change(&changes) };
    Some((last + change).max(0.0))
}

/// One step of the regression of each change on the one before. The slope is kept between -1 and 1, where the series does not explode.
fn next_change(changes: &[f64]) -> f64 {
    let (before, after) = (&changes[..changes.len() - 1], &changes[1..]);
    let (mean_before, mean_after) = (mean(before), mean(after));
    let pairs = || before.iter().zip(after);
    let products: f64 = pairs().map(|(x, y)| (x - mean_before) * (y - mean_after)).sum();
    let squares: f64 = pairs().map(|(x, _)| (x - mean_before) * (x - mean_before)).sum();
    let slope = if squares > 0.0 { (products / squares).clamp(-1.0, 1.0) } else { 0.0 };
    changes.last().map_or(0.0, |last| mean_after + slope * (last - mean_before))
}

fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::keep_alive::lab::stream;

    #[test]
    fn simple_series_are_continued() {
        assert_eq!(next(&[]), None);
        assert_eq!(next(&[300.0]), Some(300.0));
        assert_eq!(next(&[300.0, 320.0, 280.0]), Some(280.0));
        assert_eq!(next(&[300.0; 6]), Some(300.0));
        assert_eq!(next(&[300.0, 310.0, 320.0, 330.0]), Some(340.0));
        assert_eq!(next(&[300.0, 360.0, 300.0, 360.0, 300.0]), Some(360.0));
        assert_eq!(next(&[90.0, 60.0, 30.0, 0.0]), Some(0.0));
    }

    /// On a series whose changes are an autoregression with slope 0.6 and noise of variance 1, the squared error is that of the noise
    /// plus what estimating two parameters from 49 pairs adds, about 2/49; the last value alone errs by 1/(1 - 0.36) = 1.56.
    #[test]
    fn the_error_is_that_of_the_noise() {
        let mut noise = stream(1);
        let (mut value, mut change) = (1e6, 0.0);
        let series: Vec<f64> = (0..4_050)
            .map(|_| {
                change = 0.6 * change + noise.normal();
                value += change;
                value
            })
            .collect();
        let squares = series.windows(51).map(|part| (part[50] - next(&part[..50]).unwrap()).powi(2));
        let error = squares.sum::<f64>() / 4_000.0;
        // The variance of a squared normal is 2: four standard errors are 0.09.
        assert!((error - 1.0 - 2.0 / 49.0).abs() < 0.09, "{error}");
    }
}
