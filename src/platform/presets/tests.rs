//! The values of the presets, as the engine gets them.

use std::collections::BTreeSet;
use std::path::Path;

use super::{PLATFORMS, RUNTIMES};
use crate::billing::Book;
use crate::billing::embedded::EMBEDDED;
use crate::experiment::Experiment;
use crate::policy::catalog::Catalog;
use crate::random::Streams;
use crate::scenario::Scenario;
use crate::workload::trace::Rejects;

fn resolve(preset: &str) -> Experiment {
    resolve_with(preset, "")
}

fn resolve_with(preset: &str, keys: &str) -> Experiment {
    let text = format!(
        "scenario.duration = \"1h\"\nplatform.preset = \"{preset}\"\n{keys}\n[[function]]\nname = \"f\"\n\
         arrivals.poisson = {{ rate = \"1/s\" }}\nexecution.constant = \"1s\"\n"
    );
    let catalog = Catalog::default();
    let scenario = Scenario::from_text(Path::new("preset.toml"), text, &[], &catalog);
    scenario
        .and_then(|scenario| scenario.resolve(Path::new("."), &catalog, &mut Rejects::new(std::io::sink())))
        .unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_preset_resolves() {
    for preset in PLATFORMS {
        let resolved = resolve(preset.name);
        for line in preset.text.lines().filter(|line| line.contains(" = ") && !line.starts_with('#')) {
            let key = line.split([' ', '.']).next().unwrap();
            assert!(resolved.scenario.contains(key), "{}: {line} is not taken over", preset.name);
        }
    }
}

/// What a book needs to know of a function, the preset says.
#[test]
fn every_book_of_a_platform_bills_its_preset() {
    let books = EMBEDDED.iter().map(|(name, _)| Book::embedded(name).unwrap());
    let mut billed = BTreeSet::new();
    for book in books {
        let Some(preset) = &book.platform else { continue };
        assert!(PLATFORMS.iter().any(|known| known.name == *preset), "{}: no preset {preset}", book.name);
        let region = book.default_region.as_ref().map(|region| format!("pricing.region = \"{region}\"\n"));
        let keys = format!("pricing.book = \"{}\"\n{}", book.name, region.unwrap_or_default());
        assert!(resolve_with(preset, &keys).tariff.has_prices());
        billed.insert(preset.clone());
    }
    assert_eq!(billed.len() + 1, PLATFORMS.len(), "all but the bound have a book");
}

#[test]
fn every_runtime_can_be_chosen() {
    let runtimes: toml::Table = toml::from_str(RUNTIMES).unwrap();
    assert!(runtimes.len() > 100);
    for name in runtimes.keys() {
        let text = format!(
            "scenario.duration = \"1h\"\n[[function]]\nname = \"f\"\narrivals.poisson = {{ rate = \"1/s\" }}\n\
             execution.constant = \"1s\"\ncold_start.runtime = \"{name}\"\n"
        );
        let scenario = Scenario::from_text(Path::new("runtime.toml"), text, &[], &Catalog::default());
        assert!(scenario.is_ok(), "{}", scenario.unwrap_err());
    }
}

/// A value without a source is an opinion.
#[test]
fn every_value_stands_beside_its_source() {
    for text in PLATFORMS.map(|preset| preset.text).into_iter().chain([RUNTIMES]) {
        let mut comment = String::new();
        for line in text.lines() {
            if line.starts_with('#') {
                comment.push_str(line);
                continue;
            }
            let is_value = line.contains(" = ");
            assert!(!is_value || comment.contains("# source: ") || line.contains("# source: "), "no source: {line}");
            comment.clear();
        }
    }
}

/// With the runtime of the preset, a cold start adds what clients saw (Ustiugov et al., IISWC 2021): cold median less warm median,
/// and cold p99 less warm median, in milliseconds. 20,000 draws: standard errors of 0.4 % (median) and 1.5 % (p99) at most; 4 of them.
#[test]
fn cold_starts_are_those_that_clients_saw() {
    for (preset, median, p99) in [
        ("aws-lambda", 448.0 - 18.0, 448.0 * 1.5 - 18.0),
        ("google-cloud-functions", 870.0 - 17.0, 1567.0 - 17.0),
        ("azure-functions", 1401.0 - 25.0, 1401.0 * 2.6 - 25.0),
        ("google-cloud-run", 870.0 - 17.0, 1567.0 - 17.0),
        ("azure-functions-flex", 1401.0 - 25.0, 1401.0 * 2.6 - 25.0),
    ] {
        let cold_start = &resolve(preset).platform.deployments[0].cold_start;
        let streams = Streams::new(1, 0);
        let mut millis: Vec<f64> =
            (0..20_000).map(|index| cold_start.draw(&streams, 0, index).total().as_millis_f64()).collect();
        millis.sort_by(f64::total_cmp);
        let (drawn_median, drawn_p99) = (millis[10_000], millis[19_800]);
        assert!((drawn_median / median - 1.0).abs() < 0.016, "{preset}: median {drawn_median}, measured {median}");
        assert!((drawn_p99 / p99 - 1.0).abs() < 0.06, "{preset}: p99 {drawn_p99}, measured {p99}");
    }
}
