//! Six real runs on AWS Lambda, replayed: scenarios/aws-lambda-2020 (Mahmoudi and Khazaei, IEEE TCC 2020).

use std::path::Path;

use coldcast::policy::catalog::Catalog;
use coldcast::scenario::Scenario;

use crate::claim::{Line, check, claim};
use crate::support::{outcome, repository, resolve, shared_data};

const SOURCE: &str = "AWS Lambda, six runs of 2020";
const LEAST_RECENT: &str = "least recently used instance first";
const RUNS: [&str; 6] = ["2020-04-24", "2020-05-17", "2020-05-28", "2020-06-06", "2020-06-10", "2020-06-18"];

/// Requests that the file says were cold.
fn measured(file: &Path) -> f64 {
    let mut rows = csv::Reader::from_path(file).unwrap();
    let column = rows.headers().unwrap().iter().position(|name| name == "is_cold").unwrap();
    rows.records().filter(|row| &row.as_ref().unwrap()[column] == "True").count() as f64
}

/// Cold starts of the scenario of a run.
fn simulated(run: &str, overrides: &[(String, String)]) -> (f64, Vec<std::path::PathBuf>) {
    let path = repository().join(format!("scenarios/aws-lambda-2020/{run}.toml"));
    let scenario = Scenario::read(&path, overrides, &Catalog::default()).unwrap();
    (outcome(&resolve(&scenario)).runs[0].summary.invocations.cold as f64, scenario.inputs())
}

/// Runs with a request every few seconds or minutes overlap often enough to tell orders of reuse apart; in the others nearly all cold
/// starts follow gaps longer than the keep-alive, in any order.
const DENSE: &[&str] = &["2020-04-24", "2020-05-17"];

pub fn lines() -> Vec<Line> {
    if shared_data("aws-lambda-2020").is_none() {
        return Vec::new();
    }
    let least_recent = [("policy.reuse".to_owned(), "{ least_recently_used = {} }".to_owned())];
    let (mut lines, mut all, mut dense) = (Vec::new(), [0.0; 3], [0.0; 3]);
    for run in RUNS {
        let (cold, inputs) = simulated(run, &[]);
        let (measured, others) = (measured(&inputs[0]), simulated(run, &least_recent).0);
        lines.push(claim(format!("cold starts, run of {run}"), SOURCE, measured).beside(&[cold]));
        lines.push(claim(format!("the same, {LEAST_RECENT}"), SOURCE, measured).beside(&[others]));
        let add =
            |sums: &mut [f64; 3]| sums.iter_mut().zip([measured, cold, others]).for_each(|(sum, more)| *sum += more);
        add(&mut all);
        if DENSE.contains(&run) {
            add(&mut dense);
        }
    }
    lines.push(claim("cold starts, all six runs", SOURCE, all[0]).about(&all[1..2], 0.15));
    lines.push(claim(format!("the same, {LEAST_RECENT}"), SOURCE, all[0]).far_from(&all[2..], 0.3));
    lines.push(claim("cold starts, the two dense runs", SOURCE, dense[0]).beside(&dense[1..2]));
    lines.push(claim(format!("the same, {LEAST_RECENT}"), SOURCE, dense[0]).far_from(&dense[2..], 0.8));
    lines
}

#[test]
fn replayed_runs_have_as_many_cold_starts_as_the_real_ones() {
    let lines = lines();
    if !lines.is_empty() {
        check(&lines);
    }
}
