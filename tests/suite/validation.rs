//! docs/validation.md: its table is printed by the tests themselves.
//!
//!     cargo test --release --test suite validation_table -- --ignored --nocapture

use crate::claim::Line;
use crate::support::repository;
use crate::{measured, theory};

/// The name of a test and the lines that it checks.
type Check = (&'static str, fn() -> Vec<Line>);

/// The tests that compare with what somebody else worked out or measured.
const CHECKS: [Check; 17] = [
    ("theory::erlang", theory::erlang::lines),
    ("theory::occupancy", theory::occupancy::lines),
    ("theory::queue", theory::queue::lines),
    ("theory::renewal", theory::renewal::lines),
    ("theory::simfaas", theory::simfaas::lines),
    ("theory::ttl_pool", theory::ttl_pool::lines),
    ("theory::varying_demand", theory::varying_demand::lines),
    ("theory::single_worker", theory::single_worker::lines),
    ("theory::shared_cores", theory::shared_cores::lines),
    ("theory::central_queue", theory::central_queue::lines),
    ("theory::many_workers", theory::many_workers::lines),
    ("theory::cache", theory::cache::lines),
    ("theory::billed_time", theory::billed_time::lines),
    ("measured::lambda_2020", measured::lambda_2020::lines),
    ("measured::lambda_2021", measured::lambda_2021::lines),
    ("measured::keep_alive_2025", measured::keep_alive_2025::lines),
    ("measured::cloudwatch_2025", measured::cloudwatch_2025::lines),
];

const HEADER: &str = "| what | source | expected | simulated | tolerance | verdict |\n|---|---|---|---|---|---|";

fn table(lines: &[Line]) -> String {
    let verdict = |holds| match holds {
        Some(true) => "holds",
        Some(false) => "**fails**",
        None => "",
    };
    let row = |line: &Line| {
        let Line { what, source, expected, simulated, tolerance, holds } = line;
        format!("| {what} | {source} | {expected} | {simulated} | {tolerance} | {} |\n", verdict(*holds))
    };
    format!("{HEADER}\n{}", lines.iter().map(row).collect::<String>())
}

#[test]
#[ignore = "prints what docs/validation.md contains"]
fn validation_table() {
    for (name, lines) in CHECKS {
        println!("\n### `{name}`\n\n{}", table(&lines()));
    }
}

#[test]
fn the_page_has_a_table_of_every_check_and_no_other() {
    let page = std::fs::read_to_string(repository().join("docs/validation.md")).unwrap();
    let sections: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`')).collect();
    assert_eq!(sections, CHECKS.map(|(name, _)| name));
    assert_eq!(page.matches(HEADER).count(), CHECKS.len());
    assert!(!page.contains("**fails**"));
}
