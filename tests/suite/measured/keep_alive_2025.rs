//! How often an invocation is cold after a gap of so many seconds, as probed on three providers in 2025 (Lin et al., EuroSys 2026), and
//! as simulated with the survival policy: timer arrivals with that gap.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use crate::claim::{Line, check, within};
use crate::support::{run, shared_data};

const PROVIDERS: [(&str, &str); 3] =
    [("aws", "aws-lambda"), ("azure", "azure-functions"), ("gcp", "google-cloud-functions")];

#[derive(serde::Deserialize)]
struct Probes {
    warm: f64,
    cold: f64,
}

/// Share of cold invocations in 20,000, after a gap of so many seconds.
fn simulated(curve: &str, gap: u32) -> f64 {
    let outcome = run(&format!(
        "scenario = {{ duration = '{}s', warm_up = '1s', replications = 1 }}\n\
         policy.keep_alive.survival = {{ curve = '{curve}' }}\n\
         [[function]]\nname = 'f'\narrivals.timer = {{ period = '{gap}s' }}\nexecution.constant = '0s'\n",
        20_000 * gap
    ));
    outcome.runs[0].summary.cold_start_ratio
}

/// The gap at which the simulation is furthest from a file's probes, in standard errors of the probes, and how far.
fn worst(folder: &Path, file: &str, curve: &str) -> (usize, f64) {
    let probes: BTreeMap<u32, Probes> = serde_json::from_reader(File::open(folder.join(file)).unwrap()).unwrap();
    let off = |(gap, Probes { warm, cold }): (&u32, &Probes)| {
        let (n, share) = (warm + cold, simulated(curve, *gap));
        // A share of 0 or 1 in n probes is uncertain too: one that is expected in 1/n of them is taken for it.
        let expected = share.clamp(1.0 / n, 1.0 - 1.0 / n);
        (cold / n - share).abs() / (expected * (1.0 - expected) / n).sqrt()
    };
    (probes.len(), probes.iter().map(off).fold(0.0, f64::max))
}

pub fn lines() -> Vec<Line> {
    let Some(folder) = shared_data("keep-alive-2025") else { return Vec::new() };
    let steps = ["big_step", "small_step"];
    let files =
        PROVIDERS.iter().flat_map(|(prefix, curve)| steps.map(|step| (format!("{prefix}_{step}.json"), *curve)));
    files
        .map(|(file, curve)| {
            let (gaps, worst) = worst(&folder, &file, curve);
            let what = format!(
                "P(cold) after {gaps} idle times, {curve} ({file}): the furthest, in standard errors of the probes"
            );
            within(what, "probes of 2025 (EuroSys 2026)", 3.0, worst)
        })
        .collect()
}

#[test]
fn the_survival_policy_is_as_cold_as_the_providers() {
    let lines = lines();
    if !lines.is_empty() {
        check(&lines);
    }
}
