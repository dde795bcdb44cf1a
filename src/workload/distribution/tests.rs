//! Walks the list of families: every example is drawn from and compared with the moments that it declares.

use std::collections::BTreeMap;

use super::*;
use crate::random::{Purpose, Stream, Streams};
use crate::time::Span;

const DRAWS: usize = 40_000;

type Times = Distribution<Span>;

fn read<Q: Quantity>(text: &str) -> Result<Distribution<Q>, String> {
    #[derive(serde::Deserialize)]
    #[serde(bound = "Q: Quantity")]
    struct Line<Q: Quantity> {
        execution: Distribution<Q>,
    }
    toml::from_str::<Line<Q>>(&format!("execution.{text}"))
        .map(|line| line.execution)
        .map_err(|error| error.to_string())
}

/// The example, with its file loaded if it has one.
fn prepared(example: &str) -> Times {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("durations.txt"), "10\n20ms\n0.1s\n1s\n").unwrap();
    let mut distribution = read::<Span>(example).unwrap_or_else(|error| panic!("{example}: {error}"));
    distribution.resolve(folder.path()).unwrap();
    distribution
}

fn stream(seed: u64) -> Stream {
    Streams::new(seed, 0).stream(Purpose::Execution, 0)
}

fn mean_of(values: impl Iterator<Item = f64>) -> f64 {
    values.sum::<f64>() / DRAWS as f64
}

#[test]
fn samples_have_the_declared_mean_and_variance() {
    for example in Times::EXAMPLES {
        let sampler = prepared(example).sampler();
        let mut stream = stream(1);
        let draws: Vec<_> = (0..DRAWS).map(|_| sampler.sample(&mut stream)).collect();
        let mean = mean_of(draws.iter().copied());
        let power = |exponent: i32| mean_of(draws.iter().map(|x| (x - mean).powi(exponent)));
        let (variance, fourth) = (power(2), power(4));

        let declared = sampler.moments();
        let near = |found: f64, expected: f64, error: f64| (found - expected).abs() <= 4.5 * error + 1e-9 * expected;
        let expected = declared.mean.unwrap_or_else(|| panic!("{example} declares a mean"));
        assert!(near(mean, expected, (variance / DRAWS as f64).sqrt()), "{example}: {mean} for {expected}");
        if let Some(expected) = declared.variance {
            let error = ((fourth - variance * variance).max(0.0) / DRAWS as f64).sqrt();
            assert!(near(variance, expected, error), "{example}: {variance} for {expected}");
        }
        assert!(draws.iter().all(|x| *x >= 0.0 && x.is_finite()), "{example}");
    }
}

#[test]
fn declared_moments_are_those_that_the_scenario_asks_for() {
    for (example, mean_ms, cv) in [
        (r#"lognormal = { mean = "200ms", sd = "150ms" }"#, 200.0, 0.75),
        (r#"gamma = { mean = "120ms", cv = 0.001 }"#, 120.0, 0.001),
        (r#"gamma = { mean = "120ms", cv = 100 }"#, 120.0, 100.0),
        (r#"weibull = { mean = "120ms", cv = 0.001 }"#, 120.0, 0.001),
        (r#"weibull = { mean = "120ms", cv = 100 }"#, 120.0, 100.0),
        (r#"hyperexponential = { mean = "120ms", cv = 1 }"#, 120.0, 1.0),
        (r#"hyperexponential = { mean = "120ms", cv = 100 }"#, 120.0, 100.0),
        (
            r#"percentiles = { p0 = "1ms", p50 = "20ms", p100 = "20ms", mean = "40ms" }"#,
            40.0,
            37.604_166_666_667f64.sqrt() / 15.25,
        ),
        (r#"pareto = { minimum = "1ms", alpha = 3 }"#, 1.5, 1.0 / 3f64.sqrt()),
        (r#"pareto = { minimum = "1ms", alpha = 2, maximum = "1ms" }"#, 1.0, 0.0),
        (r#"integral = { unit = "1ms", work.polynomial = [0, 0, 3], from.constant = 1, to.constant = 2 }"#, 7.0, 0.0),
        (
            r#"integral = { unit = "2ms", work.polynomial = [3], from.constant = 0, to.exponential.mean = 5 }"#,
            30.0,
            1.0,
        ),
        (r#"integral = { unit = "1ms", work.polynomial = [1], from.constant = 5, to.constant = 4 }"#, 0.0, f64::NAN),
    ] {
        let moments = prepared(example).moments();
        assert!((moments.mean.unwrap() / 1e6 - mean_ms).abs() <= 1e-9 * mean_ms, "{example}: {moments:?}");
        let found = moments.cv().unwrap();
        assert!((found - cv).abs() < 1e-6 * cv.max(1.0) || found.is_nan() && cv.is_nan(), "{example}: {moments:?}");
    }
}

#[test]
fn infinite_moments_are_not_declared() {
    let moments = |alpha: f64| prepared(&format!(r#"pareto = {{ minimum = "1ms", alpha = {alpha} }}"#)).moments();
    assert_eq!(moments(1.0), Moments::default());
    assert!(moments(2.0).mean.is_some() && moments(2.0).variance.is_none());
}

#[test]
fn the_list_names_every_family_and_every_example_is_written_as_it_is_read() {
    let schema = serde_json::to_value(schemars::schema_for!(Times)).unwrap();
    for variant in schema["oneOf"].as_array().unwrap() {
        let name = variant["required"][0].as_str().unwrap();
        assert!(
            Times::EXAMPLES.iter().any(|example| example.starts_with(&format!("{name} = "))),
            "{name} has no example"
        );
    }
    for example in Times::EXAMPLES {
        let once = read::<Span>(example).unwrap();
        let written = toml::to_string(&BTreeMap::from([("x", &once)])).unwrap();
        let again: BTreeMap<String, Times> =
            toml::from_str(&written).unwrap_or_else(|error| panic!("{written}: {error}"));
        assert_eq!(again["x"], once, "{written}");
    }
}

#[test]
fn numbers_out_of_range_are_refused_and_the_key_is_named() {
    for (text, key) in [
        (r#"gamma = { mean = "1ms", cv = -1 }"#, "`cv` is -1"),
        (r#"weibull = { mean = "1ms", cv = nan }"#, "`cv` is NaN"),
        (r#"hyperexponential = { mean = "1ms", cv = 0.5 }"#, "`cv` is 0.5; expected a number from 1 to 100"),
        (r#"pareto = { minimum = "0ms", alpha = 2 }"#, "`minimum` is 0"),
        (r#"pareto = { minimum = "2ms", alpha = 2, maximum = "1ms" }"#, "`minimum` is above `maximum`"),
        (r#"uniform = { min = "2ms", max = "1ms" }"#, "`min` is above `max`"),
        (r#"lognormal = { median = "2ms", p99 = "1ms" }"#, "`median` is above `p99`"),
        (r#"lognormal = { median = "2ms", sd = "1ms" }"#, "`median` and `p99`, or `mean` and `sd`"),
        (r#"lognormal = { median = "2ms", p95 = "9ms" }"#, "unknown field `p95`"),
        (
            r#"integral = { unit = "1ms", work.table = [[1, 1], [1, 2]], from.constant = 0, to.constant = 1 }"#,
            "rising x",
        ),
        (
            r#"integral = { unit = "1ms", work.polynomial = [inf], from.constant = 0, to.constant = 1 }"#,
            "`work.polynomial`",
        ),
        (
            r#"integral = { unit = "1ms", work.polynomial = [1], from.constant = -1, to.constant = 1 }"#,
            "`constant` is -1",
        ),
    ] {
        let error = read::<Span>(text).unwrap_err();
        assert!(error.contains(key), "{text}: {error}");
        assert!(error.contains("line 1, column"), "the error points at the place: {error}");
    }
}

#[test]
fn files_inside_integrals_are_loaded_too() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("sizes.txt"), "4\n").unwrap();
    let text =
        r#"integral = { unit = "1ms", work.polynomial = [2], from.constant = 1, to.samples = { file = "sizes.txt" } }"#;
    let mut distribution = read::<Span>(text).unwrap();
    assert_eq!(distribution.files(), [&PathBuf::from("sizes.txt")]);
    distribution.resolve(folder.path()).unwrap();
    assert_eq!(distribution.sampler().sample(&mut stream(1)), 6e6);
}

#[test]
fn a_sampler_is_three_words_long() {
    assert!(size_of::<Sampler>() <= 24);
}

/// A pinned value, not a proof: it tells when a change alters the draws of every scenario, or when a machine draws others.
#[test]
fn draws_do_not_change_unnoticed() {
    let mut hash = 0u64;
    for example in Times::EXAMPLES {
        let (sampler, mut stream) = (prepared(example).sampler(), stream(7));
        for _ in 0..1000 {
            hash = (hash ^ sampler.sample(&mut stream).to_bits()).wrapping_mul(0x0100_0000_01B3);
        }
    }
    assert_eq!(hash, 14_047_244_168_412_036_226);
}
