//! Bills of runs: every named service has its line, what is on a bill says how old it is, and regions do not change silently.

use crate::workbench::Bench;

const RUN: &str = r#"
[scenario]
name = "bills"
duration = "1h"
replications = 1

[[function]]
name = "reader"
memory = "1 GiB"
arrivals.timer = { period = "1s" }
execution.constant = "100ms"

[[function]]
name = "writer"
memory = "1 GiB"
arrivals.timer = { period = "2s" }
execution.constant = "100ms"

[platform]
preset = "aws-lambda"

[pricing]
book = "aws-lambda"
free_tier = false
"#;

const TABLES: &str = r#"
[[pricing.service]]
name = "Orders"
book = "aws-dynamodb"
meter = "write"
per_invocation = 3
function = "writer"

[[pricing.service]]
name = "Audit"
book = "aws-dynamodb"
meter = "write"
per_invocation = 10
function = "writer"
"#;

/// A column of a table of the result.
fn column(bench: &Bench, table: &str, name: &str) -> Vec<String> {
    let rows = bench.columns(&format!("results/bills/{table}"), &[name]);
    rows.into_iter().map(|mut row| row.remove(0)).collect()
}

fn numbers(bench: &Bench, table: &str, name: &str) -> Vec<f64> {
    column(bench, table, name).iter().map(|cell| cell.parse().unwrap()).collect()
}

#[test]
fn each_named_service_and_each_function_has_its_part_of_the_bill() {
    let bench = Bench::with(&[("run.toml", &format!("{RUN}{TABLES}"))]);
    bench.succeed(&["run", "run.toml"]);
    let (names, amounts) = (column(&bench, "cost.csv", "name"), numbers(&bench, "cost.csv", "amount"));
    for name in ["Orders: ", "Audit: "] {
        assert_eq!(names.iter().filter(|found| found.starts_with(name)).count(), 1, "{names:?}");
    }
    // 1,800 writes of 10 units in the window, and 730 times as many in a month.
    let audit = names.iter().position(|name| name.starts_with("Audit")).unwrap();
    assert_eq!(numbers(&bench, "cost.csv", "quantity")[audit], 18_000.0);
    assert_eq!(numbers(&bench, "cost.csv", "month_quantity")[audit], 18_000.0 * 730.0);
    let of_functions = names.iter().zip(&amounts).filter(|(name, _)| !name.contains(": "));
    let own: f64 = of_functions.map(|(_, amount)| amount).sum();
    let shares: f64 = numbers(&bench, "functions.csv", "cost").iter().sum();
    assert!(own > 0.0 && (shares - own).abs() < 1e-12, "{shares} and {own}");
}

#[test]
fn a_run_says_what_its_bill_says_of_trust_and_date() {
    let bench = Bench::with(&[("run.toml", RUN)]);
    let run = bench.succeed(&["run", "run.toml"]).out;
    let usage = ["--requests", "9_000_000", "--duration", "1s", "--memory", "1GB"];
    let bill = bench.succeed(&[&["bill", "--book", "aws-lambda"], &usage[..]].concat()).out;
    let told = "aws-lambda (us-east-1), prices of 2026-09-06 (second-hand)";
    assert!(run.contains(told), "{run}");
    assert!(bill.contains(told), "{bill}");
}

#[test]
fn a_service_without_the_region_of_the_scenario_is_refused() {
    let service = "\n[[pricing.service]]\nbook = \"aws-sns\"\nmeter = \"publish\"\nper_invocation = 1\n";
    let text = format!("{RUN}region = \"eu-west-2\"\n{service}");
    let bench = Bench::with(&[("run.toml", &text)]);
    bench.run(&["check", "run.toml"]).assert_refused(&["no such region", "us-east-1", "`region` in this service"]);
    let elsewhere = format!("{text}region = \"us-east-1\"\n");
    Bench::with(&[("run.toml", &elsewhere)]).succeed(&["check", "run.toml"]);
}
