//! Scenarios that are wrong.

use crate::workbench::{Bench, FUNCTION};

/// A right scenario, of which each case replaces a part.
const RIGHT: &str = r#"[scenario]
duration = "1h"
replications = 2
[[function]]
name = "f"
memory = "512 MiB"
arrivals.gamma = { rate = "1/s", cv = 2.0 }
execution.exponential = { mean = "100ms" }
cold_start.runtime = "python3.12"
[platform]
preset = "aws-lambda"
concurrency = 1
[policy]
keep_alive.fixed = { ttl = "10m" }
[pricing]
book = "aws-lambda"
region = "us-east-1"
"#;

/// What is replaced, by what, where the message points, and what it says.
const WRONG: &[(&str, &str, &str, &str)] = &[
    // Unknown keys.
    ("duration =", "duraton =", "s.toml:2:1", "did you mean `duration`?"),
    ("[platform]", "[platfrom]", "s.toml:10:2", "did you mean `platform`?"),
    ("cv = 2.0", "vc = 2.0", "s.toml:7:34", "unknown key `vc`"),
    ("ttl", "tll", "s.toml:14:", "did you mean `ttl`?"),
    // Wrong units.
    ("1h", "1 parsec", "s.toml:2:12", "unknown unit \"parsec\"; units are ns, us, ms, s, m, h, d"),
    ("\"1h\"", "3600", "s.toml:2:12", "expected a duration, such as \"250ms\""),
    ("512 MiB", "512", "s.toml:6:10", "has no unit"),
    ("512 MiB", "512 s", "s.toml:6:10", "unknown unit \"s\""),
    ("1/s", "1/fortnight", "s.toml:7:27", "unknown unit"),
    ("10m", "10 MiB", "s.toml:14:", "unknown unit \"MiB\""),
    // Negative numbers, NaN and text.
    ("1h", "-1h", "s.toml:2:12", "\"-1h\" is negative"),
    ("replications = 2", "replications = -2", "s.toml:3:16", "expected a whole number from 0 to 4294967295"),
    ("replications = 2", "replications = \"two\"", "s.toml:3:16", "expected a whole number"),
    ("replications = 2", "replications = 0", "s.toml:3:16", "expected 1 or more"),
    ("concurrency = 1", "concurrency = 0", "s.toml:12:15", "expected a whole number from 1"),
    ("1/s", "-1/s", "s.toml:7:27", "\"-1/s\" is negative"),
    ("1/s", "NaN/s", "s.toml:7:27", "expected a rate, such as \"20/s\""),
    ("2.0", "-2.0", "s.toml:7:", "`cv` is -2; expected a number from"),
    ("2.0", "nan", "s.toml:7:", "`cv` is NaN; expected a number from"),
    ("2.0", "inf", "s.toml:7:", "`cv` is inf; expected a number from"),
    ("2.0", "\"high\"", "s.toml:7:39", "found string \"high\", expected a number"),
    ("100ms", "-100ms", "s.toml:8:", "\"-100ms\" is negative"),
    ("10m", "-10m", "s.toml:14:", "\"-10m\" is negative"),
    // Unknown policies, presets and other names.
    ("fixed", "fixd", "s.toml:14:", "did you mean `fixed`?"),
    ("keep_alive.", "keep_alife.", "s.toml:14:1", "did you mean `keep_alive`?"),
    ("preset = \"aws-lambda\"", "preset = \"aws-lamda\"", "s.toml:11:10", "did you mean `aws-lambda`?"),
    ("python3.12", "pyton3.12", "s.toml:9:22", "did you mean `python3.12`?"),
    ("arrivals.gamma", "arrivals.gama", "s.toml:7:10", "did you mean `gamma`?"),
    ("book = \"aws-lambda\"", "book = \"aws-lamda\"", "s.toml:16:8", "did you mean \"aws-lambda\"?"),
    ("us-east-1", "us-est-1", "s.toml:17:10", "did you mean \"us-east-1\"?"),
    // Platforms that a book cannot bill.
    ("\"aws-lambda\"\nregion = \"us-east-1\"", "\"aws-sqs\"", "s.toml:16:8", "\"aws-sqs\" does not bill functions"),
    ("\"aws-lambda\"\nregion = \"us-east-1\"", "\"ibm-code-engine\"", "s.toml:4:1", "add `vcpu = 1`"),
    (
        "[pricing]\nbook = \"aws-lambda\"\nregion = \"us-east-1\"",
        "[pricing]\nbook = \"cloudflare-workers\"\n[defaults]\nprovisioned = 1",
        "s.toml:4:1",
        "no meter for provisioned instances",
    ),
    (
        "[pricing]\nbook = \"aws-lambda\"\nregion = \"us-east-1\"",
        "prewarm.target_tracking = { min = 1, max = 9 }\n[pricing]\nbook = \"cloudflare-workers\"",
        "s.toml:15:",
        "no meter for provisioned instances",
    ),
    // More reserved or provisioned than the account has.
    ("memory", "concurrency_limit = 950\nmemory", "s.toml:6:21", "reserves 950, and 900 are left"),
    ("memory", "provisioned = 901\nmemory", "s.toml:6:15", "provisions 901, and 900 are left"),
    ("memory", "concurrency_limit = 3\nprovisioned = 4\nmemory", "s.toml:7:15", "expected 3 or less"),
    (
        "[platform]",
        "[defaults]\nconcurrency_limit = 500\n[[function]]\nname = \"g\"\narrivals.poisson.rate = \"1/s\"\n\
         execution.constant = \"1s\"\n[platform]",
        "s.toml:11:21",
        "function `g` reserves 500, and 400 are left: of the account's 1000, 100 stay unreserved",
    ),
    (
        "preset = \"aws-lambda\"",
        "limits.least_unreserved = 9",
        "s.toml:11:27",
        "says nothing without an `account_concurrency`",
    ),
    // Durations beyond what can be simulated: 300 years.
    ("1h", "109500d", "s.toml:2:12", "longer than 100 years"),
    ("100ms", "109500d", "s.toml:8:", "longer than 100 years"),
    ("10m", "109500d", "s.toml:14:", "longer than 100 years"),
    // What contradicts itself, or is no TOML.
    ("name = \"f\"", "name = \"f\"\nname = \"g\"", "s.toml:6:1", "duplicate key"),
    ("[scenario]", "[scenario", "s.toml:1:10", "unclosed table"),
    ("arrivals.gamma = { rate = \"1/s\", cv = 2.0 }", "arrivals = 3", "s.toml:7:12", "expected exactly one choice"),
];

#[test]
fn each_mistake_is_shown_at_its_place_with_what_to_write_instead() {
    assert_each_is_refused(RIGHT, WRONG);
}

/// Each case, a part of a right scenario, what replaces it, where the message points and what it says, is refused in that way.
pub fn assert_each_is_refused(right: &str, wrong: &[(&str, &str, &str, &str)]) {
    for (from, to, place, told) in wrong {
        assert!(right.contains(from), "{from} is part of the scenario");
        let bench = Bench::with(&[("s.toml", &right.replacen(from, to, 1))]);
        let ran = bench.run(&["run", "s.toml", "--out", "results/r"]);
        println!("{from} -> {to}\n{}", ran.err);
        ran.assert_refused(&[&format!("--> {place}"), told]);
        assert_eq!(bench.names(), ["s.toml"], "{from} -> {to}");
    }
}

#[test]
fn the_scenario_that_is_changed_is_right() {
    Bench::with(&[("s.toml", RIGHT)]).succeed(&["check", "s.toml"]);
}

#[test]
fn zero_functions_are_refused() {
    for (text, told) in [
        ("scenario.duration = \"1h\"\n", "the scenario has no functions"),
        ("", "the scenario has no functions"),
        (
            "scenario.duration = \"1h\"\nworkload.population.azure2019 = { functions = 0, total_rate = \"1/s\" }\n",
            "`functions` is 0; expected a number from 1",
        ),
    ] {
        let bench = Bench::with(&[("s.toml", text)]);
        bench.run(&["run", "s.toml"]).assert_refused(&["--> s.toml", told]);
        assert_eq!(bench.names(), ["s.toml"]);
    }
}

#[test]
fn missing_files_are_named_with_the_place_that_names_them() {
    let bench = Bench::new();
    bench.run(&["run", "nosuch.toml"]).assert_refused(&["--> nosuch.toml", "No such file", "coldcast init"]);
    for (section, place, told) in [
        ("execution.samples = { file = \"nosuch.txt\" }", "s.toml:6:1", "cannot read it: No such file"),
        ("execution.constant = \"1s\"\n[pricing]\nbook_file = \"nosuch.toml\"", "s.toml:8:13", "--> nosuch.toml"),
    ] {
        let text = format!(
            "[scenario]\nduration = \"1h\"\n[[function]]\nname = \"f\"\narrivals.poisson.rate = \"1/s\"\n{section}\n"
        );
        let bench = Bench::with(&[("s.toml", &text)]);
        bench.run(&["run", "s.toml"]).assert_refused(&[place, told]);
        assert_eq!(bench.names(), ["s.toml"]);
    }
}

#[test]
fn a_wrong_price_book_is_shown_with_its_own_line() {
    let scenario = format!("[scenario]\nduration = \"1h\"\n{FUNCTION}[pricing]\nbook_file = \"book.toml\"\n");
    let bench = Bench::with(&[("s.toml", &scenario), ("book.toml", "name = \"mine\"\nas_off = \"2026-01-01\"\n")]);
    bench.run(&["run", "s.toml"]).assert_refused(&["--> book.toml:2", "did you mean `as_of`?", "s.toml:10:13"]);
}

#[test]
fn overrides_are_checked_like_the_file() {
    let scenario = format!("[scenario]\nduration = \"1h\"\n{FUNCTION}");
    let bench = Bench::with(&[("s.toml", &scenario)]);
    for (set, told) in [
        ("scenario.sed=3", "did you mean `seed`?"),
        ("scenario.duration=1 parsec", "unknown unit \"parsec\""),
        ("function.g.memory=1 GiB", "there is no function `g`; known are `f`"),
        ("policy.keep_alive.fixd.ttl=3m", "did you mean `fixed`?"),
        ("memory", "expected KEY=VALUE"),
        ("a..b=3", "is not a key"),
    ] {
        bench.run(&["run", "s.toml", "--set", set]).assert_refused(&["--set", told]);
    }
    assert_eq!(bench.names(), ["s.toml"]);
}
