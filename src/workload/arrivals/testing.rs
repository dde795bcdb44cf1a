//! Statistics of arrival processes, for their tests.

use super::{ArrivalModel, Arrivals};
use crate::random::{Purpose, Stream, Streams};
use crate::time::{Span, Time};

/// Reads `arrivals.<text>` of a scenario.
pub fn read(text: &str) -> Result<Arrivals, String> {
    #[derive(serde::Deserialize)]
    struct Line {
        arrivals: Arrivals,
    }
    toml::from_str::<Line>(&format!("arrivals.{text}")).map(|line| line.arrivals).map_err(|error| error.to_string())
}

/// The same with its files loaded; a file `rps.csv` is there, 20 seconds in three steps.
pub fn opened(text: &str) -> Result<Arrivals, String> {
    let mut arrivals = read(text)?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let csv = "timestamp,requests\n0,200\n10,0\n15,600\n";
    std::fs::write(folder.path().join("rps.csv"), csv).map_err(|error| error.to_string())?;
    arrivals.resolve(folder.path()).map_err(|error| error.to_string())?;
    Ok(arrivals)
}

/// The model that `arrivals.<text>` describes.
pub fn model(text: &str) -> Box<dyn ArrivalModel> {
    read(text).unwrap_or_else(|error| panic!("{error}")).model()
}

/// A stream of its own for each `seed`.
pub fn stream(seed: u64) -> Stream {
    Streams::new(seed, 0).stream(Purpose::Arrival, 0)
}

/// The arrivals before `end`.
pub fn until(model: &dyn ArrivalModel, seed: u64, end: Span) -> Vec<Time> {
    let (mut process, mut stream) = (model.open(), stream(seed));
    std::iter::from_fn(move || process.next(&mut stream)).take_while(|at| *at < Time::ZERO + end).collect()
}

/// The first `count` gaps between arrivals, in seconds.
pub fn gaps(model: &dyn ArrivalModel, seed: u64, count: usize) -> Vec<f64> {
    let (mut process, mut stream) = (model.open(), stream(seed));
    let times: Vec<_> = std::iter::from_fn(|| process.next(&mut stream)).take(count + 1).collect();
    times.windows(2).map(|pair| (pair[1] - pair[0]).as_secs_f64()).collect()
}

/// Arrivals in each of `windows` windows.
pub fn counts(model: &dyn ArrivalModel, seed: u64, window: Span, windows: usize) -> Vec<f64> {
    let mut counts = vec![0.0; windows];
    for at in until(model, seed, Span::from_nanos(window.as_nanos() * windows as u64)) {
        counts[(at.as_nanos() / window.as_nanos()) as usize] += 1.0;
    }
    counts
}

/// Mean and variance.
pub fn mean_and_variance(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    (mean, values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (count - 1.0))
}

/// Asserts that the index of dispersion (variance over mean) of counts in windows is `expected`, within four standard
/// errors of a variance of nearly normal counts.
pub fn assert_dispersion(model: &dyn ArrivalModel, window: Span, windows: usize, expected: f64) {
    let (mean, variance) = mean_and_variance(&counts(model, 1, window, windows));
    let tolerance = 4.0 * expected * (2.0 / windows as f64).sqrt();
    assert!((variance / mean - expected).abs() < tolerance, "{} for {expected} +- {tolerance}", variance / mean);
}
