//! The whole command line of coldcast, with a policy that coldcast does not have:
//! `cargo run --example own-policy -- sweep examples/own-policy/scenario.toml`.

mod warm_first;

use std::process::ExitCode;

use coldcast::policy::catalog::Catalog;

fn main() -> ExitCode {
    coldcast::cli::run_with(&catalog())
}

/// The policies of coldcast, and ours.
fn catalog() -> Catalog {
    let mut catalog = Catalog::default();
    catalog.load_balancing.push(warm_first::ENTRY);
    catalog
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use coldcast::experiment::{self, Estimate, RunOptions};
    use coldcast::scenario::{Scenario, ScenarioError};
    use coldcast::workload::trace::Rejects;

    use super::*;

    const SCENARIO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/own-policy/scenario.toml");

    /// Share of cold starts of the scenario with this balancer.
    fn cold_starts(balancer: &str) -> Result<f64, ScenarioError> {
        let catalog = catalog();
        let set = [("policy.load_balancing".to_owned(), balancer.to_owned())];
        let scenario = Scenario::read(Path::new(SCENARIO), &set, &catalog)?;
        let experiment = scenario.resolve(Path::new("."), &catalog, &mut Rejects::new(std::io::sink()))?;
        let outcome = experiment::run(&experiment, &RunOptions::default()).unwrap();
        Ok(Estimate::of(&outcome.runs.iter().map(|run| run.summary.cold_start_ratio).collect::<Vec<_>>()).mean)
    }

    #[test]
    fn slack_trades_cold_starts_for_balance() {
        let slack = |slack| cold_starts(&format!("{{ warm_first = {{ slack = {slack} }} }}")).unwrap();
        let [none, some, any] = [0, 2, 100].map(slack);
        let spread = cold_starts("{ least_connections = {} }").unwrap();
        assert!(spread > none && none > some && some >= any, "{spread} {none} {some} {any}");
    }

    #[test]
    fn a_wrong_parameter_is_refused() {
        let error = cold_starts("{ warm_first = { slak = 2 } }").unwrap_err().to_string();
        assert!(error.contains("slak") && error.contains("slack"), "{error}");
    }
}
