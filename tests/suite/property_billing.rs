//! Bills by the time of instances, for every scenario.

use coldcast::experiment::Run;
use proptest::prelude::*;

use crate::property::{run, scenario};

/// The scenario with other prices, and without what the book does not bill.
fn priced(text: &str, book: &str, region: &str) -> String {
    let (rest, _) = text.split_once("[pricing]").unwrap_or((text, ""));
    let lines: String =
        rest.lines().filter(|line| !line.starts_with("provisioned")).map(|line| format!("{line}\n")).collect();
    format!("{lines}[defaults]\nvcpu = 1.0\n[pricing]\nbook = \"{book}\"\nregion = \"{region}\"\nfree_tier = false\n")
}

fn vcpu_seconds(run: &Run) -> f64 {
    let lines = &run.summary.cost.as_ref().unwrap().lines;
    let seconds_per_unit = |unit: &str| if unit == "vCPU-hour" { 3_600.0 } else { 1.0 };
    lines.iter().filter(|line| line.name == "vCPU").map(|line| line.quantity * seconds_per_unit(&line.unit)).sum()
}

fn measured_seconds(text: &str) -> f64 {
    let warm_up = ["\"90s\"", "\"599s\""].map(|warm_up| text.contains(warm_up));
    600.0
        - if warm_up[0] {
            90.0
        } else if warm_up[1] {
            599.0
        } else {
            0.0
        }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Azure Container Apps, billed exactly: the time that instances start or execute, counted once more by another observer.
    #[test]
    fn active_time_is_that_of_instances_that_start_or_execute(text in scenario()) {
        let run = run(&priced(&text, "azure-container-apps", "uksouth"), &[]);
        let instances = run.summary.instances;
        let seconds = (instances.starting + instances.busy) * measured_seconds(&text);
        prop_assert!((vcpu_seconds(&run) - seconds).abs() <= 1e-6 * seconds.max(1.0), "{} of {seconds}", vcpu_seconds(&run));
    }

    /// Cloud Run with instance-based billing: whatever is rounded, never less than the time that there are instances.
    #[test]
    fn lifetimes_are_at_least_the_time_of_instances(text in scenario()) {
        let run = run(&priced(&text, "gcp-cloud-run-instances", "us-central1"), &[]);
        let instances = run.summary.instances;
        let seconds = instances.mean * measured_seconds(&text);
        prop_assert!(vcpu_seconds(&run) >= seconds * (1.0 - 1e-9));
    }
}
