//! What stands beside the functions: services and servers, billed by hand.

use coldcast::metrics::Cost;

use crate::support;
use crate::workbench::root;

/// A request each second for ten hours, half a second each.
const SCENARIO: &str = r#"
[scenario]
duration = "10h"
replications = 1
[[function]]
name = "f"
arrivals.timer.period = "1s"
execution.constant = "500ms"
"#;

fn line(cost: &Cost, name: &str) -> (f64, f64) {
    let line = cost.lines.iter().find(|line| line.name == name);
    let line = line.unwrap_or_else(|| panic!("no {name} among {:?}", cost.lines));
    (line.quantity, line.amount)
}

#[test]
fn services_are_lines_of_the_bill_in_the_logic_of_months() {
    let services = r#"
[[pricing.service]]
name = "Front door"
book = "aws-api-gateway-http"
meter = "request"
size = "600 KiB"
[[pricing.service]]
name = "Gateways"
book = "aws-vpc"
meter = "nat_gateway"
per_hour = 2
[[pricing.service]]
name = "Out"
book = "aws-data-transfer"
meter = "internet_out"
per_invocation = "100 KB"
"#;
    let outcome = support::run(&format!("{SCENARIO}{services}"));
    let cost = outcome.runs[0].summary.cost.as_ref().unwrap();
    let near = |(quantity, amount): (f64, f64), expected: (f64, f64)| {
        assert!((quantity / expected.0 - 1.0).abs() < 1e-9, "{quantity} for {expected:?}");
        assert!((amount - expected.1).abs() < 1e-9, "{amount} for {expected:?}");
    };
    // 600 KiB are two units of 512 KiB; 5.256 million a month are in the first tier.
    near(line(cost, "Front door: Requests, tier 1"), (72_000.0, 0.072));
    near(line(cost, "Gateways: NAT gateway"), (20.0, 0.9));
    // 2,628,000 x 100 KB are 250.6 GB a month, of which 100 are free.
    let (month, share) = (2_628_000.0 * 100.0 / 1_048_576.0, 10.0 / 730.0);
    near(line(cost, "Out: To the internet, free"), (100.0 * share, 0.0));
    near(line(cost, "Out: To the internet, tier 1"), ((month - 100.0) * share, (month - 100.0) * 0.09 * share));
    let sum: f64 = cost.lines.iter().map(|line| line.amount).sum();
    assert!((cost.total - sum).abs() < 1e-12 && (cost.per_month / cost.total - 73.0).abs() < 1e-9);
}

#[test]
fn two_servers_carry_a_small_load_for_the_price_of_two() {
    let servers = r#"
[servers]
machine.ec2 = { type = "m7g.large" }
concurrency = 4
[[servers.service]]
name = "Balancer"
book = "aws-load-balancer"
meter = "alb"
per_hour = 1
"#;
    let outcome = support::run(&format!("{SCENARIO}{servers}"));
    let summary = &outcome.runs[0].servers.as_ref().unwrap().summary;
    assert_eq!((summary.mean, summary.peak, summary.time_over_capacity), (2.0, 2, 0.0));
    // Half a request in service, of the eight that two servers take.
    assert!((summary.utilisation - 0.5 / 8.0).abs() < 1e-9, "{}", summary.utilisation);
    let near = |amount: f64, expected: f64| assert!((amount - expected).abs() < 1e-9, "{amount} for {expected}");
    near(summary.cost.per_month, (2.0 * 0.0816 + 0.0225) * 730.0);
    near(line(&summary.cost, "Servers: m7g.large").0, 20.0);
    near(line(&summary.cost, "Balancer: Application load balancer").1, 0.225);
}

#[test]
fn tasks_of_fargate_are_billed_by_processor_and_memory() {
    let servers = "[servers]\nmachine.fargate = { cpu = 0.5, memory = \"1 GiB\", architecture = \"arm64\" }\n\
                   vcpu_time = \"200ms\"\nminimum = 1\nother_per_month = \"10 USD\"\n";
    let outcome = support::run(&format!("{SCENARIO}{servers}"));
    let summary = &outcome.runs[0].servers.as_ref().unwrap().summary;
    // 0.2 vCPU of 0.5, of which 0.3 are the target.
    assert_eq!((summary.mean, summary.utilisation), (1.0, 0.4));
    let expected = (0.5 * 0.03238 + 0.00356) * 730.0 + 10.0;
    assert!((summary.cost.per_month - expected).abs() < 1e-9, "{}", summary.cost.per_month);
}

/// The rule that scenarios/migration.toml states.
#[test]
fn the_curve_of_the_migration_is_that_of_its_rule() {
    let text = std::fs::read_to_string(root().join("scenarios/migration/rps.csv")).unwrap();
    let rows: Vec<f64> = text.lines().skip(1).map(|line| line.split_once(',').unwrap().1.parse().unwrap()).collect();
    assert_eq!(rows.len(), 7 * 96);
    for (quarter, row) in rows.iter().enumerate() {
        let (day, hour) = (quarter / 96, (quarter % 96) as f64 / 4.0);
        let wave = (std::f64::consts::PI * (hour - 7.0) / 14.0).sin();
        let weekday = 3.0 + if (7.0..21.0).contains(&hour) { 20.0 * wave * wave } else { 0.0 };
        let factor = match day {
            5 | 6 => 0.4,
            1 if (14.0..15.0).contains(&hour) => 2.5,
            _ => 1.0,
        };
        assert!((row - 900.0 * weekday * factor).abs() <= 0.5 + 1e-9, "quarter {quarter}: {row}");
    }
}
