//! The command line: every subcommand, and what programs around it rely on.

use std::process::Stdio;

use serde_json::Value;

use crate::workbench::{Bench, FUNCTION, Ran, gallery, has_its_data};

const ESCAPE: char = '\u{1b}';

fn bench() -> Bench {
    Bench::with(&[("s.toml", &format!("[scenario]\nduration = \"10m\"\nreplications = 2\nseed = 5\n{FUNCTION}"))])
}

#[test]
fn every_scenario_of_the_gallery_runs() {
    let mut ran = 0;
    for scenario in gallery().iter().filter(|path| has_its_data(path)) {
        let bench = Bench::new();
        let path = scenario.to_str().unwrap();
        bench.succeed(&["run", path, "--quiet", "--set", "scenario.replications=1", "--out", "r"]);
        let rows = bench.columns("r/summary.csv", &["invocations.completed"]);
        assert!(!rows.is_empty() && rows.iter().all(|row| row[0] != "0"), "{path} completes something");
        assert!(
            bench.path("r/report.html").is_file() && bench.path("r/plots/response_time_cdf.svg").exists(),
            "{path}"
        );
        ran += 1;
    }
    assert!(ran >= 10, "{ran} scenarios ran");
}

#[test]
fn every_subcommand_does_its_work_and_explains_itself() {
    let bench = bench();
    for (arguments, part) in [
        (&["check", "s.toml"][..], "s is right: 1 function, 10m, run 2 times"),
        (&["check", "s.toml", "--resolved"], "keep_alive.fixed = { ttl = \"10m\" }"),
        (&["policies"], "policy.keep_alive"),
        (&["policies", "fixed"], "keep_alive.fixed = { ttl = \"10m\" }"),
        (&["policies", "keep_alive.fixed"], "Reference:"),
        (&["presets"], "aws-lambda"),
        (&["presets", "aws-lambda"], "[platform"),
        (&["presets", "runtimes"], "python3.12"),
        (&["init", "new.toml"], "coldcast run new.toml"),
        (&["schema"], "\"$schema\""),
        (&["keys"], "# Scenario keys"),
        (&["completions", "bash"], "complete"),
        (&["man"], ".TH coldcast"),
        (&["run", "s.toml"], "Cold starts"),
        (
            &["bill", "--requests", "3000000", "--duration", "120ms", "--memory", "1536MB", "--book", "aws-lambda"],
            "2.73",
        ),
        (&["prices"], "aws-lambda"),
        (&["prices", "show", "aws-lambda"], "duration"),
    ] {
        let ran = bench.succeed(arguments);
        assert!(ran.out.contains(part), "{arguments:?}: {part:?} is missing in:\n{}", ran.out);
        assert_eq!(ran.err, "", "{arguments:?}");
        let help = bench.succeed(&[arguments[0], "--help"]).out;
        assert!(help.contains("Usage: coldcast ") && help.contains(arguments[0]), "{help}");
    }
    bench.succeed(&["check", "new.toml"]);
    let help = bench.succeed(&["--help"]).out;
    for command in ["run", "check", "policies", "presets", "init", "schema", "completions", "man"] {
        assert!(help.contains(&format!("\n  {command} ")), "{command} is missing in:\n{help}");
    }
    assert!(bench.succeed(&["--version"]).out.contains(env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_names_and_options_get_exit_code_two_and_advice() {
    let bench = bench();
    for (arguments, part) in [
        (&["policies", "fixd"][..], "did you mean `fixed`?"),
        (&["presets", "aws-lamda"], "did you mean `aws-lambda`?"),
        (&["init", "s.toml"], "give another name or remove it"),
        (&["completions", "tcl"], "possible values"),
        (&["rum", "s.toml"], "similar subcommand exists: 'run'"),
        (&["run", "s.toml", "--sed", "3"], "'--seed'"),
        (&["run", "s.toml", "--seed", "-3"], "'-3' for '--seed <N>'"),
        (&["run", "s.toml", "--replications", "0"], "--replications"),
        (&["run", "s.toml", "--threads", "0"], "--threads"),
        (&["run", "s.toml", "--set", "seed"], "expected KEY=VALUE"),
        (&["run"], "<SCENARIO>"),
    ] {
        bench.run(arguments).assert_refused(&[part]);
    }
    assert_eq!(bench.names(), ["s.toml"]);
}

#[test]
fn json_goes_to_standard_output_alone_and_is_the_summary() {
    let bench = bench();
    let ran = bench.succeed(&["run", "s.toml", "--json"]);
    let printed: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(printed, bench.json("results/s/summary.json"));
    assert_eq!(printed["runs"].as_array().unwrap().len(), 2);
    assert_eq!(ran.err, "");
}

/// Everything that a comparison with servers writes.
#[test]
fn break_even_compares_and_writes_what_it_found() {
    let servers = "[pricing]\nbook = \"aws-lambda\"\nregion = \"us-east-1\"\nfree_tier = false\n[servers]\nmachine.ec2.type = \"m7i.large\"\n\
                   concurrency = 16\n[ranges]\n\"function.f.memory\" = [\"256 MiB\", \"1 GiB\"]\n";
    let scenario = format!("[scenario]\nduration = \"10m\"\nreplications = 2\nseed = 5\n{FUNCTION}{servers}");
    let bench = Bench::with(&[("s.toml", &scenario)]);
    let ran = bench.succeed(&["break-even", "s.toml", "--samples", "4", "--out", "r"]);
    for part in
        ["SERVERS INSTEAD", "break-even", "functions are cheaper", "functions: arrival rate", "function.f.memory"]
    {
        assert!(ran.out.contains(part), "{part} is missing in:\n{}", ran.out);
    }
    let found = bench.json("r/break_even.json");
    let crossing = &found["crossings"][0]["at"];
    let ratio = crossing["serverless"]["mean"].as_f64().unwrap() / crossing["servers"]["mean"].as_f64().unwrap();
    assert!((ratio - 1.0).abs() < 0.01, "{crossing}");
    assert_eq!((found["ranges"]["samples"].as_u64(), found["points"].as_array().unwrap().len()), (Some(4), 61));
    let memory = &found["ranges"]["inputs"][0]["serverless"];
    assert!(memory[0].as_f64().unwrap() < memory[1].as_f64().unwrap(), "{memory}");
    for file in [
        "servers.csv",
        "servers.json",
        "break_even.csv",
        "sensitivity.csv",
        "plots/break_even.png",
        "plots/sensitivity.svg",
    ] {
        assert!(bench.path("r").join(file).is_file(), "{file}");
    }
    assert!(bench.read("r/report.html").contains("<section id=\"break-even\""));
    let first = bench.result("r");
    bench.succeed(&["break-even", "s.toml", "--samples", "4", "--out", "r", "--threads", "1", "--quiet"]);
    assert_eq!(bench.result("r"), first, "whatever the number of threads");
}

#[test]
fn quiet_prints_nothing_and_writes_everything() {
    let bench = bench();
    let ran = bench.succeed(&["run", "s.toml", "--quiet"]);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
    for file in ["manifest.json", "summary.json", "summary.csv", "functions.csv", "timeline.csv", "cost.csv"] {
        assert!(bench.path("results/s").join(file).is_file(), "{file}");
    }
    assert_eq!(bench.names(), ["results", "s.toml"]);
}

#[test]
fn pipes_and_files_get_no_escape_codes() {
    let bench = bench();
    for variables in [&[][..], &[("NO_COLOR", "1")], &[("TERM", "xterm-256color")]] {
        let run = |arguments: &[&str]| {
            Ran::new(bench.program().args(arguments).envs(variables.iter().copied()).output().unwrap())
        };
        for arguments in [&["run", "s.toml"][..], &["run", "nosuch.toml"], &["--help"], &["policies", "fixd"]] {
            let ran = run(arguments);
            assert!(!ran.out.contains(ESCAPE) && !ran.err.contains(ESCAPE), "{arguments:?}: {}{}", ran.out, ran.err);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let bench = bench();
    for arguments in [&["keys"][..], &["schema"], &["presets", "runtimes"], &["run", "s.toml"], &["completions", "zsh"]]
    {
        // The pipe has no reader from the start, as if `head` were gone already.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let child = bench.program().args(arguments).stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
        let ran = Ran::new(child.wait_with_output().unwrap());
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn overrides_take_numbers_texts_tables_and_other_choices() {
    let bench = bench();
    let resolved = |sets: &[&str]| {
        let sets = sets.iter().flat_map(|set| ["--set", set]);
        bench.succeed(&["check", "s.toml", "--resolved"].into_iter().chain(sets).collect::<Vec<_>>()).out
    };
    for (set, line) in [
        ("scenario.seed=7", "seed = 7"),
        ("scenario.duration=20m", "duration = \"20m\""),
        ("scenario.duration=\"20m\"", "duration = \"20m\""),
        ("function.f.memory=1 GiB", "memory = \"1 GiB\""),
        ("function.0.memory=1 GiB", "memory = \"1 GiB\""),
        ("platform.limits.queue={ wait = \"2s\" }", "{ wait = \"2s\" }"),
        ("policy.keep_alive.none={}", "none = {}"),
        ("function.f.arrivals.timer.period=3s", "{ period = \"3s\" }"),
    ] {
        let text = resolved(&[set]);
        assert!(text.contains(line), "{set}: {line} is missing in:\n{text}");
    }
    assert!(!resolved(&["function.f.arrivals.timer.period=3s"]).contains("poisson"), "a choice replaces the other one");
    assert!(resolved(&["scenario.seed=7", "scenario.seed=8"]).contains("seed = 8"), "the last one counts");
}

#[test]
fn options_come_before_the_scenario() {
    let bench = bench();
    let arguments =
        ["run", "s.toml", "--quiet", "--seed", "9", "--replications", "3", "--threads", "2", "--out", "a/b"];
    bench.succeed(&arguments);
    let manifest = bench.json("a/b/manifest.json");
    assert_eq!([&manifest["seed"], &manifest["replications"], &manifest["threads"]], [9, 3, 2]);
    assert!(!bench.path("results").exists());
    bench.succeed(&["run", "s.toml", "--quiet", "--set", "output.dir=c"]);
    assert!(bench.path("c/summary.json").is_file());
}

#[test]
fn a_result_is_replaced_and_the_files_of_the_user_are_kept() {
    let bench = bench();
    bench.succeed(&["run", "s.toml", "--quiet", "--seed", "1"]);
    std::fs::write(bench.path("results/s/notes.txt"), "mine").unwrap();
    let first = bench.result("results/s");
    bench.succeed(&["run", "s.toml", "--quiet", "--seed", "2"]);
    let second = bench.result("results/s");
    assert_ne!(first, second);
    assert_eq!(bench.read("results/s/notes.txt"), "mine");
}

#[test]
fn a_run_says_when_its_prices_were_read_and_whether_that_is_long_ago() {
    let text =
        format!("[scenario]\nduration = \"10m\"\n{FUNCTION}[pricing]\nbook = \"aws-lambda\"\nregion = \"us-east-1\"\n");
    let bench = Bench::with(&[("s.toml", &text)]);
    let new = bench.succeed(&["run", "s.toml", "--today", "2026-10-01"]).out;
    assert!(new.contains("aws-lambda (us-east-1), prices of 2026-09-06") && !new.contains("days ago"), "{new}");
    let old = bench.succeed(&["run", "s.toml", "--today", "2027-09-06"]).out;
    assert!(old.contains("Note: the oldest price of aws-lambda is of 2026-09-06, 365 days ago"), "{old}");
}
