//! Compares a policy that coldcast does not have with two that it has: `cargo run --example own-policy`. If a folder is named, it gets a
//! result folder of each.

mod warm_first;

use std::error::Error;
use std::path::Path;
use std::sync::atomic::AtomicU64;

use coldcast::experiment::{self, Estimate, Outcome, Run};
use coldcast::policy::catalog::Catalog;
use coldcast::scenario::Scenario;
use coldcast::workload::trace::Rejects;

const SCENARIO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/own-policy/scenario.toml");

/// The policy of the scenario file, and what `coldcast run --set` would put in its place.
const POLICIES: [(&str, &str); 3] =
    [("warm_first", "{ slack = 2 }"), ("least_connections", "{}"), ("bounded_loads", "{}")];

fn main() -> Result<(), Box<dyn Error>> {
    compare(std::env::args_os().nth(1).as_deref().map(Path::new))
}

fn compare(results: Option<&Path>) -> Result<(), Box<dyn Error>> {
    println!("{:20}{:>18}{:>24}{:>24}", "", "cold starts, %", "mean response, ms", "difference, ms");
    let own = run(POLICIES[0])?;
    for policy in POLICIES {
        let other = run(policy)?;
        let cold = figures(&other, |run| 100.0 * run.summary.cold_start_ratio);
        let response = figures(&other, response);
        // Both saw the same arrivals, so differences within a replication are sharper than those of the means.
        let difference: Vec<f64> = response.iter().zip(figures(&own, self::response)).map(|(a, b)| a - b).collect();
        let [cold, response, difference] = [cold, response, difference].map(|figures| show(&figures));
        println!("{:20}{cold:>18}{response:>24}{difference:>24}", policy.0);
        if let Some(folder) = results {
            coldcast::report::write(&other, &folder.join(policy.0))?;
        }
    }
    Ok(())
}

/// Runs the scenario with one policy. The catalog has ours beside those of coldcast.
fn run((name, parameters): (&str, &str)) -> Result<Outcome, Box<dyn Error>> {
    let mut catalog = Catalog::default();
    catalog.load_balancing.push(warm_first::ENTRY);
    let set = [(format!("policy.load_balancing.{name}"), parameters.to_owned())];
    let scenario = Scenario::read(Path::new(SCENARIO), &set, &catalog)?;
    let experiment = scenario.resolve(Path::new("."), &catalog, &mut Rejects::new(std::io::sink()))?;
    Ok(experiment::run(&experiment, None, &AtomicU64::new(0))?)
}

fn figures(outcome: &Outcome, figure: impl Fn(&Run) -> f64) -> Vec<f64> {
    outcome.runs.iter().map(figure).collect()
}

fn response(run: &Run) -> f64 {
    run.summary.latency_ms.response.mean
}

/// Mean and half the width of the 95 % confidence interval.
fn show(figures: &[f64]) -> String {
    let estimate = Estimate::of(figures);
    format!("{:.2} ± {:.2}", estimate.mean, estimate.half_width())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cold_starts(policy: (&str, &str)) -> f64 {
        Estimate::of(&figures(&run(policy).unwrap(), |run| run.summary.cold_start_ratio)).mean
    }

    #[test]
    fn slack_trades_cold_starts_for_balance() {
        let [none, some, any] =
            ["{ slack = 0 }", "{ slack = 2 }", "{ slack = 100 }"].map(|slack| cold_starts(("warm_first", slack)));
        assert!(cold_starts(POLICIES[1]) > none && none > some && some >= any, "{none} {some} {any}");
    }

    #[test]
    fn a_wrong_parameter_is_refused() {
        let error = run(("warm_first", "{ slak = 2 }")).unwrap_err().to_string();
        assert!(error.contains("slak") && error.contains("slack"), "{error}");
    }

    #[test]
    fn the_comparison_runs() {
        let folder = tempfile::tempdir().unwrap();
        compare(Some(folder.path())).unwrap();
        assert!(POLICIES.iter().all(|(name, _)| folder.path().join(name).join("summary.json").is_file()));
    }
}
