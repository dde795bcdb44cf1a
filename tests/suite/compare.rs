//! `coldcast compare` and sequential stopping, as a user meets them.

use serde_json::Value;

use crate::workbench::{Bench, FUNCTION};

/// The same function under a short and a long keep-alive, with the prices of a provider.
fn bench() -> Bench {
    let scenario = |ttl: &str| {
        format!(
            "[scenario]\nduration = \"30m\"\nreplications = 6\nseed = 5\n{}\n[policy]\nkeep_alive.fixed = {{ ttl = \"{ttl}\" }}\n\
             [platform]\ncold_start.sandbox.constant = \"300ms\"\n[pricing]\nbook = \"aws-lambda\"\nregion = \"us-east-1\"\n",
            FUNCTION.replace("1/s", "6/m")
        )
    };
    Bench::with(&[("short.toml", &scenario("5s")), ("long.toml", &scenario("1m"))])
}

/// The row of a figure and cell.
fn contrast<'a>(comparison: &'a Value, figure: &str, cell: usize) -> &'a Value {
    let figures = comparison["figures"].as_array().unwrap();
    let found = figures.iter().find(|compared| compared["figure"]["path"] == figure);
    &found.unwrap_or_else(|| panic!("no {figure}"))["cells"][cell]
}

#[test]
fn two_scenarios_are_run_and_their_differences_judged() {
    let bench = bench();
    let ran = bench.succeed(&["compare", "short.toml", "long.toml"]);
    assert_eq!(ran.err, "");
    for line in ran.out.lines() {
        assert!(line.chars().count() <= 100 && !line.contains("NaN") && !line.contains("inf"), "{line}");
    }
    assert!(ran.out.contains("cold start ratio lower by"), "{}", ran.out);
    let comparison = bench.json("results/short-vs-long/comparison.json");
    let cold = contrast(&comparison, "cold_start_ratio", 1);
    assert_eq!([&cold["verdict"], &cold["standing"]], ["better", "best"]);
    // Gaps are exponential with a mean of 10 s: cold with probability exp(-0.5) = 0.61 and exp(-6) = 0.002.
    let relative = cold["difference"]["relative"]["mean"].as_f64().unwrap();
    assert!((-1.0..-0.95).contains(&relative), "{relative}");
    assert_eq!(cold["difference"]["absolute"]["n"], 6);
    // Keep-alive changes neither the invocations nor what they execute: AWS bills the same but for the initialisation.
    assert_eq!(contrast(&comparison, "throughput_per_s", 1)["verdict"], "not_distinguishable");
    assert_eq!(contrast(&comparison, "cost.per_month", 0)["verdict"], "baseline");
    let rows = bench.read("results/short-vs-long/comparison.csv");
    assert_eq!(rows.lines().count(), 1 + 2 * comparison["figures"].as_array().unwrap().len());
    assert_eq!(bench.json("results/short-vs-long/manifest.json")["seed"], 5);
}

#[test]
fn the_table_fits_into_80_columns() {
    let bench = bench();
    let arguments =
        ["compare", "short.toml", "long.toml", "--baseline", "long", "--figures", "cost.per_month,instances.mean"];
    let ran = bench.program().args(arguments).env("COLUMNS", "80").output().unwrap();
    let text = String::from_utf8(ran.stdout).unwrap();
    let path = text.lines().last().unwrap();
    for line in text.lines().filter(|line| *line != path) {
        assert!(line.chars().count() <= 80, "{} columns: {line}", line.chars().count());
    }
    assert!(text.contains("long: the baseline") && text.contains("instances mean lower by"), "{text}");
}

#[test]
fn results_compare_as_the_scenarios_do_whatever_the_threads() {
    let bench = bench();
    for name in ["short", "long"] {
        bench.succeed(&["run", &format!("{name}.toml"), "--quiet"]);
    }
    let compare = |arguments: &[&str]| bench.succeed(&[&["compare", "--json"], arguments].concat()).out;
    let from_scenarios = compare(&["short.toml", "long.toml", "--out", "a", "--threads", "1"]);
    assert_eq!(from_scenarios, compare(&["results/short", "results/long", "--out", "b"]));
    assert_eq!(from_scenarios, compare(&["short.toml", "results/long", "--out", "c", "--threads", "3"]));
    assert_eq!(serde_json::from_str::<Value>(&from_scenarios).unwrap(), bench.json("a/comparison.json"));
    assert_eq!(bench.read("a/comparison.csv"), bench.read("b/comparison.csv"));
}

#[test]
fn different_workloads_are_compared_only_when_that_is_said() {
    let bench = bench();
    let long = bench.read("long.toml").replace("seed = 5", "seed = 6");
    std::fs::write(bench.path("other.toml"), long).unwrap();
    bench.succeed(&["compare", "short.toml", "other.toml", "--different-workloads", "--quiet", "--out", "r"]);
    let comparison = bench.json("r/comparison.json");
    assert_eq!(comparison["pairing"], "independent");
    assert_eq!(contrast(&comparison, "cold_start_ratio", 1)["verdict"], "better");
    bench.succeed(&["compare", "short.toml", "other.toml", "--seed", "7", "--quiet", "--out", "r"]);
    assert_eq!(bench.json("r/comparison.json")["pairing"], "paired");
}

#[test]
fn replications_go_on_until_the_precision_is_reached() {
    let bench = bench();
    let run = |sets: &[&str], out: &str| {
        let sets = sets.iter().flat_map(|set| ["--set", set]);
        let fixed = ["run", "short.toml", "--out", out];
        bench.succeed(&fixed.into_iter().chain(sets).collect::<Vec<_>>()).out
    };
    let of = "scenario.precision_of=[\"cold_start_ratio\"]";
    let text = run(&["scenario.precision=4%", of], "r");
    let manifest = bench.json("r/manifest.json");
    let replications = manifest["replications"].as_u64().unwrap();
    assert!((7..100).contains(&replications), "{replications}");
    assert_eq!(manifest["precision"]["reached"], true);
    assert!(manifest["precision"]["figures"][0]["relative"].as_f64().unwrap() <= 0.04 / 1.04);
    assert!(text.contains(&format!("reached with {replications} replications")), "{text}");
    let pooled = &bench.json("r/summary.json")["pooled"]["cold_start_ratio"];
    assert_eq!(pooled["n"], replications);
    assert!(bench.read("r/scenario.toml").contains("max_replications = 100"));
    // The resolved scenario, on another number of threads, gives the same bytes.
    bench.succeed(&["run", "r/scenario.toml", "--quiet", "--threads", "1", "--out", "again"]);
    assert_eq!(bench.read("again/summary.json"), bench.read("r/summary.json"));
    let text = run(&["scenario.precision=0.1%", of, "scenario.max_replications=9"], "few");
    assert_eq!(bench.json("few/manifest.json")["replications"], 9);
    assert!(text.contains("not reached with 9 replications"), "{text}");
}
