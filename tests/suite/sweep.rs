//! Sweeps: interrupted, resumed, damaged, in parts, on any number of threads, the result is the same bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use crate::workbench::{Bench, differing, files_below};

const SCENARIO: &str = r#"
[scenario]
duration = "1h"
replications = 3
[[function]]
name = "f"
memory = "512 MiB"
arrivals.poisson = { rate = "6/m" }
execution.exponential = { mean = "300ms" }
cold_start.sandbox.constant = "200ms"
[pricing]
book = "aws-lambda"
region = "us-east-1"
[sweep]
"policy.keep_alive.fixed.ttl" = ["5s", "20s", "1m"]
"function.f.memory" = ["512 MiB", "1 GiB"]
"#;

fn bench() -> Bench {
    Bench::with(&[("s.toml", SCENARIO)])
}

fn assert_same(a: &BTreeMap<PathBuf, Vec<u8>>, b: &BTreeMap<PathBuf, Vec<u8>>) {
    assert_eq!(differing(a, b), Vec::<PathBuf>::new());
}

/// The whole sweep in one go.
fn whole(bench: &Bench) -> BTreeMap<PathBuf, Vec<u8>> {
    bench.succeed(&["sweep", "s.toml", "--out", "whole", "--quiet"]);
    bench.result("whole")
}

#[test]
fn a_finished_sweep_is_replaced_or_gone_on_with() {
    let bench = bench();
    let files = whole(&bench);
    assert_same(&files, &whole(&bench));
    bench.succeed(&["sweep", "s.toml", "--out", "whole", "--quiet", "--resume"]);
    assert_same(&files, &bench.result("whole"));
    assert_eq!(bench.json("whole/manifest.json")["resumed"], 18);
    assert_eq!(bench.names(), ["s.toml", "whole"]);
    // Another sweep takes its place; without --resume nothing of the old one is used.
    bench.succeed(&["sweep", "s.toml", "--out", "whole", "--quiet", "--seed", "7"]);
    assert_ne!(files, bench.result("whole"));
}

#[test]
fn what_is_wrong_with_all_cells_leaves_nothing_behind() {
    let bench = Bench::with(&[("s.toml", &SCENARIO.replace("\"us-east-1\"", "\"us-east-9\""))]);
    bench.run(&["sweep", "s.toml"]).assert_refused(&["has no such region", "s.toml:"]);
    assert_eq!(bench.names(), ["s.toml"]);
}

#[test]
fn a_precision_asks_each_cell_for_what_it_needs() {
    let scenario = SCENARIO.replace("replications = 3", "replications = 3\nprecision = \"8%\"\nmax_replications = 20");
    let bench = Bench::with(&[("s.toml", &scenario)]);
    let files = whole(&bench);
    let rows = bench.columns("whole/summary.csv", &["replication"]).len();
    assert!((19..=120).contains(&rows), "{rows}");
    for part in ["1/2", "2/2"] {
        bench.succeed(&["sweep", "s.toml", "--out", "parts", "--quiet", "--shard", part]);
    }
    bench.succeed(&["merge", "parts", "--quiet"]);
    assert_same(&files, &bench.result("parts"));
}

#[test]
fn books_are_run_on_their_platforms() {
    let scenario = SCENARIO.split("[pricing]").next().unwrap().replace("memory =", "vcpu = 1.0\nmemory =");
    let books = "[pricing]\nbooks = [\"aws-lambda\", \"gcp-cloud-run\"]\nregions = { gcp-cloud-run = \"europe-west1\" }\n\
                 [[pricing.service]]\nbook = \"aws-api-gateway-http\"\nmeter = \"request\"\nper_invocation = 1\nwith = [\"aws-lambda\"]\n";
    let bench = Bench::with(&[("s.toml", &format!("{scenario}{books}"))]);
    bench.succeed(&["run", "s.toml", "--out", "r", "--quiet"]);
    let bills = bench.columns("r/cost.csv", &["cell", "name"]);
    let names = |cell: &str| bills.iter().filter(|row| row[0] == cell).map(|row| row[1].as_str()).collect::<Vec<_>>();
    assert!(names("aws-lambda").iter().any(|name| name.starts_with("aws-api-gateway-http")), "{bills:?}");
    assert!(names("gcp-cloud-run").iter().all(|name| !name.starts_with("aws")), "{bills:?}");
    assert!(names("gcp-cloud-run").iter().any(|name| name.starts_with("vCPU")), "{bills:?}");
    let arrived = bench.columns("r/summary.csv", &["invocations.arrived"]);
    assert_eq!(arrived[..3], arrived[3..], "all see the same requests");
    let books = bench.json("r/manifest.json")["price_books"].to_string();
    assert!(books.contains("aws-lambda (us-east-1)") && books.contains("gcp-cloud-run (tier-1)"), "{books}");
    for (wrong, part) in [
        ("books = [\"aws-sqs\", ", "bills no platform that has a preset"),
        ("books = [\"aws-lamda\", ", "did you mean"),
        ("region = \"us-east-1\"\nbooks = [", "with several say regions"),
    ] {
        let text = format!("{scenario}{}", books_with(wrong));
        let bench = Bench::with(&[("s.toml", &text)]);
        bench.run(&["run", "s.toml"]).assert_refused(&[part, "s.toml:"]);
    }
    let preset = format!("{scenario}[platform]\npreset = \"aws-lambda\"\n[pricing]\nbooks = [\"aws-lambda\"]\n");
    Bench::with(&[("s.toml", &preset)]).run(&["run", "s.toml"]).assert_refused(&["remove `preset`", "s.toml:"]);
}

fn books_with(start: &str) -> String {
    format!("[pricing]\n{start}\"gcp-cloud-run\"]\n")
}

#[test]
fn every_cell_and_replication_has_a_row_and_a_record() {
    let bench = bench();
    let files = whole(&bench);
    assert_eq!(bench.columns("whole/summary.csv", &["replication"]).len(), 18);
    assert_eq!(files.keys().filter(|name| name.starts_with("records") && !name.ends_with("plan.json")).count(), 18);
    assert_eq!(bench.names(), ["s.toml", "whole"], "no records are left beside the result");
    let cold: Vec<f64> =
        bench.columns("whole/summary.csv", &["cold_start_ratio"]).iter().map(|row| row[0].parse().unwrap()).collect();
    // An invocation is cold when the gap before it is longer than the keep-alive: exp(-ttl / 10 s), a little less for overlaps.
    for (ttl, cold) in [5.0_f64, 20.0, 60.0].iter().zip(cold.chunks(6)) {
        let (mean, expected) = (cold.iter().sum::<f64>() / 6.0, (-ttl / 10.0).exp());
        assert!((mean - expected).abs() < 0.08, "{ttl}: {mean} for {expected}");
    }
}

#[test]
fn threads_do_not_matter_and_run_does_the_same() {
    let bench = bench();
    let files = whole(&bench);
    for threads in ["1", "2", "7"] {
        bench.succeed(&["run", "s.toml", "--out", threads, "--quiet", "--threads", threads]);
        assert_same(&files, &bench.result(threads));
    }
}

#[test]
fn the_resolved_scenario_gives_the_same_bytes() {
    let bench = bench();
    let files = whole(&bench);
    bench.succeed(&["sweep", "whole/scenario.toml", "--out", "again", "--quiet"]);
    assert_same(&files, &bench.result("again"));
}

#[test]
fn a_sweep_that_was_killed_goes_on() {
    let bench = bench();
    let files = whole(&bench);
    let long = ["sweep", "s.toml", "--out", "killed", "--quiet", "--threads", "1"];
    let mut child = bench.program().args(long).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = || records_in(&bench, "killed.records") > 0;
    while !begun() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let _ = child.kill();
    child.wait().unwrap();
    if !bench.path("killed").exists() {
        let ran = bench.run(&long);
        ran.assert_refused(&["killed.records", "--resume"]);
    }
    bench.succeed(&[&long[..], &["--resume"]].concat());
    assert_same(&files, &bench.result("killed"));
}

/// How many records there are, while others may still be written.
fn records_in(bench: &Bench, folder: &str) -> usize {
    (0..6).filter(|cell| bench.path(&format!("{folder}/{cell:06}/0000.json")).exists()).count()
}

#[test]
fn what_a_killed_writer_left_half_done_is_removed() {
    let bench = bench();
    let files = whole(&bench);
    bench.succeed(&["sweep", "s.toml", "--out", "part", "--quiet", "--shard", "1/2"]);
    fs::write(bench.path("part.records/000000/0001.draft-1"), "{").unwrap();
    bench.succeed(&["sweep", "s.toml", "--out", "part", "--quiet", "--resume"]);
    assert_same(&files, &bench.result("part"));
}

#[test]
fn damaged_records_are_simulated_again() {
    let bench = bench();
    let files = whole(&bench);
    bench.succeed(&["sweep", "s.toml", "--out", "part", "--quiet", "--shard", "1/2"]);
    let records: Vec<_> =
        files_below(&bench.path("part.records")).into_iter().filter(|path| !path.ends_with("plan.json")).collect();
    assert_eq!(records.len(), 9);
    fs::write(&records[0], "").unwrap();
    let text = fs::read_to_string(&records[1]).unwrap();
    fs::write(&records[1], &text[..text.len() / 2]).unwrap();
    let text = fs::read_to_string(&records[2]).unwrap();
    let changed = text.replacen("\"arrived\":", "\"arrived\":1", 1);
    assert_ne!(text, changed);
    fs::write(&records[2], changed).unwrap();
    bench.succeed(&["sweep", "s.toml", "--out", "part", "--quiet", "--resume"]);
    assert_same(&files, &bench.result("part"));
    assert_eq!(bench.json("part/manifest.json")["resumed"], 6);
}

#[test]
fn parts_are_joined_to_what_one_run_gives() {
    let bench = bench();
    let files = whole(&bench);
    for (part, out) in [("1/3", "a"), ("2/3", "b"), ("3/3", "a")] {
        let ran = bench.succeed(&["sweep", "s.toml", "--out", out, "--shard", part]);
        assert!(ran.out.contains("coldcast merge"), "{}", ran.out);
    }
    bench.run(&["merge", "a", "--out", "joined"]).assert_refused(&["6 of 6 cells are not complete", "all parts"]);
    bench.succeed(&["merge", "a", "b", "--out", "joined", "--quiet"]);
    assert_same(&files, &bench.result("joined"));
}

#[test]
fn another_scenario_is_refused_with_the_difference() {
    let bench = bench();
    bench.succeed(&["sweep", "s.toml", "--out", "part", "--quiet", "--shard", "1/2"]);
    let changed = [
        "sweep",
        "s.toml",
        "--out",
        "part",
        "--quiet",
        "--resume",
        "--set",
        "function.f.execution.exponential.mean=\"1s\"",
    ];
    bench.run(&changed).assert_refused(&["records of another study", "- ", "300ms", "+ ", "1s"]);
    bench.succeed(&["sweep", "s.toml", "--out", "other", "--quiet", "--shard", "1/2", "--seed", "7"]);
    bench.run(&["merge", "part", "other"]).assert_refused(&["not parts of one sweep", "seed = 7"]);
    bench.run(&["merge", "nothing"]).assert_refused(&["nothing", "holds no records"]);
}

#[test]
fn a_cell_that_fails_does_not_stop_the_others() {
    let scenario = SCENARIO.replace("[\"5s\", \"20s\", \"1m\"]", "[\"5s\", \"20s\"]").replace(
        "\"function.f.memory\" = [\"512 MiB\", \"1 GiB\"]",
        "\"scenario.warm_up\" = [\"1m\", \"59m\"]\n\"scenario.duration\" = [\"10m\", \"1h\"]",
    );
    let bench = Bench::with(&[("s.toml", &scenario)]);
    let ran = bench.run(&["sweep", "s.toml", "--out", "out"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains("2 of 8 cells failed") && ran.err.contains("warm-up"), "{}", ran.err);
    let cells = bench.json("out/summary.json")["cells"].as_array().unwrap().clone();
    assert_eq!(cells.iter().filter(|cell| cell["failure"].is_string()).count(), 2);
    assert_eq!(bench.columns("out/summary.csv", &["replication"]).len(), 18);
}

#[test]
fn wrong_sweeps_are_refused_at_their_line() {
    for (values, parts) in [
        ("\"policy.keep_alive.fixed.tll\" = [\"1m\"]", &["s.toml:15", "tll", "did you mean `ttl`?"][..]),
        ("\"policy.keep_alive.fixed.ttl\" = []", &["s.toml:15", "no value"]),
        ("\"policy.keep_alive.fixed.ttl\" = [\"1m\", \"1m\"]", &["s.toml:15", "twice"]),
        ("\"policy.keep_alive.fixed.ttl\" = [\"1 mile\"]", &["s.toml:15", "unknown unit"]),
        ("\"function.g.memory\" = [\"1 GiB\"]", &["s.toml:15", "there is no function `g`"]),
        ("\"scenario.name\" = [\"a\", \"b\"]", &["s.toml:15", "the same for all cells"]),
        ("policy.keep_alive.fixed.ttl = [\"1m\"]", &["s.toml:15", "in quotes"]),
        (
            "\"function.f.memory\" = { linear = { from = \"1 GiB\", to = \"2 MiB\", steps = 3 } }",
            &["s.toml:15", "in one unit"],
        ),
    ] {
        let start = SCENARIO.find("\"policy.").unwrap();
        let bench = Bench::with(&[("s.toml", &format!("{}{values}\n", &SCENARIO[..start]))]);
        bench.run(&["sweep", "s.toml"]).assert_refused(parts);
        assert_eq!(bench.names(), ["s.toml"], "nothing is written");
    }
}

#[test]
fn a_grid_of_ten_million_cells_is_asked_for_twice() {
    let axis = |key: &str, steps: u32| {
        format!("\"{key}\" = {{ linear = {{ from = \"1ms\", to = \"100000ms\", steps = {steps} }} }}\n")
    };
    let start = SCENARIO.find("\"policy.").unwrap();
    let axes = [axis("policy.keep_alive.fixed.ttl", 100), axis("function.f.timeout", 100), axis("function.f.io", 1000)]
        .concat();
    let bench = Bench::with(&[("s.toml", &format!("{}{axes}", &SCENARIO[..start]))]);
    bench.run(&["sweep", "s.toml"]).assert_refused(&["10000000 cells", "30000000 runs", "--yes"]);
}

#[test]
fn a_scenario_without_sweep_is_refused() {
    let bench = Bench::with(&[("s.toml", SCENARIO.split("[sweep]").next().unwrap())]);
    bench.run(&["sweep", "s.toml"]).assert_refused(&["has no [sweep]", "coldcast run"]);
    bench.run(&["sweep", "s.toml", "--shard", "0/4"]).code.map(|code| assert_eq!(code, 2)).unwrap();
}
