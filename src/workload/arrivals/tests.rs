//! Walks the list of processes.

use std::collections::BTreeMap;

use super::testing::{mean_and_variance, opened, read, stream, until};
use super::*;
use crate::time::Span;

/// How long a run of the example must be so that both halves are whole cycles of whatever repeats in it.
fn horizon(arrivals: &Arrivals) -> Span {
    match arrivals {
        Arrivals::Cron(_) | Arrivals::Diurnal(_) | Arrivals::BusyHours(_) => Span::from_secs(2 * 7 * 86_400),
        Arrivals::Timer(_) => Span::from_secs(86_400),
        _ => Span::from_secs(240),
    }
}

#[test]
fn every_process_has_an_example_that_is_written_as_it_is_read() {
    let schema = serde_json::to_value(schemars::schema_for!(Arrivals)).unwrap();
    for variant in schema["oneOf"].as_array().unwrap() {
        let name = variant["required"][0].as_str().unwrap();
        let names = |example: &&str| example.split([' ', '.']).next() == Some(name);
        assert!(Arrivals::EXAMPLES.iter().any(names), "{name} has no example");
    }
    for example in Arrivals::EXAMPLES {
        let once = read(example).unwrap_or_else(|error| panic!("{example}: {error}"));
        let written = toml::to_string(&BTreeMap::from([("x", &once)])).unwrap();
        let again: BTreeMap<String, Arrivals> =
            toml::from_str(&written).unwrap_or_else(|error| panic!("{written}: {error}"));
        assert_eq!(again["x"], once, "{written}");
    }
}

#[test]
fn arrivals_are_in_order_and_the_same_for_the_same_stream() {
    for example in Arrivals::EXAMPLES {
        let arrivals = opened(example).unwrap();
        let (end, model) = (horizon(&arrivals), arrivals.model());
        let times = until(&*model, 1, end);
        assert!(times.len() > 20, "{example}: {}", times.len());
        assert!(times.is_sorted(), "{example}");
        assert_eq!(times, until(&*model, 1, end), "{example}");
    }
}

#[test]
fn the_long_run_rate_is_the_declared_one() {
    for example in Arrivals::EXAMPLES {
        let arrivals = opened(example).unwrap();
        let (end, model) = (horizon(&arrivals), arrivals.model());
        let Some(expected) = model.mean_rate() else { continue };
        // The second half, in which steps, ramps and spikes are over.
        let half = Span::from_nanos(end.as_nanos() / 2);
        let rates: Vec<_> = (0..24)
            .map(|seed| {
                let late = until(&*model, seed, end).iter().filter(|at| **at >= Time::ZERO + half).count();
                late as f64 / half.as_secs_f64()
            })
            .collect();
        let (mean, variance) = mean_and_variance(&rates);
        // Jitter moves one arrival across each end.
        let tolerance = 4.0 * (variance / 24.0).sqrt() + 2.0 / half.as_secs_f64() / 24.0;
        assert!((mean - expected).abs() < tolerance, "{example}: {mean} for {expected} +- {tolerance}");
    }
}

#[test]
fn rates_of_zero_and_beyond_the_clock_are_refused() {
    for example in Arrivals::EXAMPLES.iter().filter(|example| example.contains(r#"rate = "20/s""#)) {
        for (rate, reason) in
            [("0/s", "`rate` is zero"), ("2000000000/s", "expected at most 1000000000/s"), ("-1/s", "negative")]
        {
            let error = read(&example.replace("20/s", rate)).unwrap_err();
            assert!(error.contains(reason), "{example}: {error}");
        }
    }
}

#[test]
fn rare_arrivals_end_instead_of_running_past_the_clock() {
    for example in Arrivals::EXAMPLES {
        let rare = example.replace(r#"rate = "20/s""#, r#"rate = "0.0000000001/d""#);
        let arrivals = match opened(&rare) {
            Ok(arrivals) => arrivals,
            Err(error) => {
                assert!(error.contains("times per arrival"), "{rare}: {error}");
                continue;
            }
        };
        let model = arrivals.model();
        let (mut process, mut stream) = (model.open(), stream(1));
        let times: Vec<_> = std::iter::from_fn(|| process.next(&mut stream)).take(20).collect();
        assert!(times.is_sorted(), "{rare}");
    }
}
