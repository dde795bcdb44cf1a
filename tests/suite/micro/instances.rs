//! Time of instances as platforms bill it that run several invocations at once, and processor time.

use coldcast::experiment::Run;

use super::replay::{Row, S, replay, replay_for, same};

const MS: u64 = S / 1_000;

/// Cold start of 2 s; four invocations, of which the second overlaps the first and the fourth the third.
const OVERLAPPING: [Row; 4] =
    [(0, S, "f"), (S / 2, S, "f"), (10 * S, 250 * MS, "f"), (10 * S + 100 * MS, 250 * MS, "f")];

fn priced(book: &str, region: &str, keys: &str) -> String {
    let region = if region.is_empty() { String::new() } else { format!("region = '{region}'\n") };
    format!("{keys}\n[pricing]\nbook = '{book}'\nfree_tier = false\n{region}")
}

fn quantity(run: &Run, line: &str) -> f64 {
    let cost = run.summary.cost.as_ref().unwrap();
    cost.lines.iter().filter(|found| found.name == line).map(|found| found.quantity).sum()
}

fn assert_billed(run: &Run, lines: &[(&str, f64)]) {
    for (line, expected) in lines {
        let found = quantity(run, line);
        assert!(same(found, *expected), "{line}: {found}, not {expected}");
    }
}

/// Cloud Run bills the start with what follows: 2 s + 1 s, for both aboard, and 350 ms, which are 400.
#[test]
fn overlapping_requests_are_billed_once_with_the_start() {
    let keys = "platform = { concurrency = 2, cold_start.sandbox.constant = '2s' }\ndefaults.vcpu = 2.0";
    let run = replay(&OVERLAPPING, &priced("gcp-cloud-run", "us-central1", keys));
    assert_billed(&run, &[("vCPU", 2.0 * 3.4), ("Memory", 3.4), ("Requests", 4.0)]);
}

/// Flex bills no start, and at least a second for each interval, on instances of 2 GB.
#[test]
fn each_interval_of_an_instance_has_its_minimum() {
    let keys = "platform = { concurrency = 2, cold_start.sandbox.constant = '2s' }\ndefaults.memory = '600 MiB'";
    let run = replay(&OVERLAPPING, &priced("azure-functions-flex", "eastus", keys));
    assert_billed(&run, &[("Execution time on demand", 2.0 * 2.0), ("Executions on demand", 4.0)]);
}

/// Two functions of an app share an instance, from 0 to 1.5 s.
#[test]
fn an_app_is_billed_by_its_instances() {
    let rows = [(0, S, "f"), (S / 2, S, "g")];
    for (scale_by, seconds) in [("app", 1.5), ("function", 2.0)] {
        let keys = format!("platform = {{ concurrency = 2, scale_by = '{scale_by}' }}\ndefaults.vcpu = 1.0");
        let run = replay(&rows, &priced("gcp-cloud-run", "us-central1", &keys));
        assert_billed(&run, &[("vCPU", seconds), ("Memory", seconds), ("Requests", 2.0)]);
    }
}

/// One minimum instance, busy from 10 s to 11.05 s; the second request finds it busy and has an instance on demand started.
#[test]
fn minimum_instances_are_billed_busy_and_idle() {
    let rows = [(10 * S, 1_050 * MS, "f"), (10 * S + 500 * MS, 1_050 * MS, "f")];
    let keys = "defaults = { vcpu = 1.0, provisioned = 1 }";
    let run = replay(&rows, &priced("gcp-cloud-run", "us-central1", keys));
    assert_billed(&run, &[("vCPU", 1.1 + 1.1), ("vCPU of idle minimum instances", 100.0 - 1.05), ("Requests", 2.0)]);
    let keys = "defaults = { memory = '2 GiB', provisioned = 1 }";
    let run = replay(&rows, &priced("azure-functions-flex", "eastus", keys));
    let always = [("Always ready", 200.0), ("Execution time, always ready", 2.2), ("Executions, always ready", 1.0)];
    assert_billed(&run, &[&always[..], &[("Execution time on demand", 2.2)]].concat());
}

/// From 0 to 11 s is billed as a minute; from 95 s on as far as the window reaches, and not at all if the window begins later.
#[test]
fn instances_are_billed_as_long_as_they_exist() {
    let rows = [(0, S, "f"), (95 * S, S, "f")];
    let keys = "policy.keep_alive.fixed = { ttl = '10s' }\ndefaults.vcpu = 1.0";
    for (warm_up, seconds) in [("0s", 65.0), ("40s", 25.0), ("97s", 3.0)] {
        let keys = format!("scenario.warm_up = '{warm_up}'\n{keys}");
        let run = replay(&rows, &priced("gcp-cloud-run-instances", "us-central1", &keys));
        assert_billed(&run, &[("vCPU", seconds), ("Memory", seconds)]);
    }
}

/// 1,000.5 ms and 200 ms, of which 300 ms are waiting, cut off at 500 ms. Under a law the time that is drawn is processor time.
#[test]
fn processor_time_is_billed_without_waiting() {
    let rows = [(0, 1_000 * MS + MS / 2, "f"), (10 * S, 200 * MS, "f")];
    for (keys, milliseconds) in [
        ("", 701.0),
        ("platform.concurrency = 9", 701.0),
        ("platform.timeout = '500ms'", 500.0),
        ("platform.workers = [{ cores = 1, memory = '8 GiB' }]\nplatform.cluster.cores = 'shared'", 701.0),
        ("platform.cpu.fluid = { full_vcpu = '2 GiB' }", 1_001.0 + 200.0),
        ("platform.cpu.quota = { full_vcpu = '2 GiB', period = '20ms' }", 1_001.0 + 200.0),
    ] {
        let keys = format!("{keys}\ndefaults.io = '300ms'");
        let run = replay(&rows, &priced("cloudflare-workers", "", &keys));
        assert_billed(&run, &[("Processor time", milliseconds), ("Requests", 2.0)]);
    }
}

/// Three instances from minute 2 to 9, of which AWS bills 10 minutes each; one of them has been on from the start.
#[test]
fn provisioned_time_is_billed_in_steps_of_five_minutes() {
    let keys = "defaults.provisioned = 1\n\
                policy.prewarm.scheduled = { schedule = [{ at = '* * * * *', instances = 1 }, { at = '2-8 * * * *', instances = 3 }] }";
    let run = replay_for(3_600, &[(0, S, "f")], &priced("aws-lambda", "us-east-1", keys));
    assert_billed(&run, &[("Provisioned concurrency", 3_600.0 + 2.0 * 600.0)]);
}

/// 10,240 MB of disk, of which 512 are included, for a second; 1 GiB on arm64 has a price of its own.
#[test]
fn disk_and_processor_are_those_of_the_function() {
    let keys = "defaults = { ephemeral_storage = '10240 MiB', architecture = 'arm64' }";
    let run = replay(&[(0, S, "f")], &priced("aws-lambda", "us-east-1", keys));
    assert_billed(&run, &[("Ephemeral storage", 9.5), ("Duration, tier 1", 1.0)]);
    let cost = run.summary.cost.unwrap();
    let duration = cost.lines.iter().find(|line| line.name == "Duration, tier 1").unwrap();
    assert!(same(duration.amount, 0.000_013_333_4), "{}", duration.amount);
}
