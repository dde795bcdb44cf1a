//! Curves of requests, services, servers and ranges that are wrong.

use crate::workbench::{Bench, FUNCTION};

const GENERAL: &str = "[scenario]\nduration = \"10m\"\nreplications = 1\n";

#[test]
fn each_mistake_in_a_curve_is_told_with_file_and_line() {
    let scenario =
        format!("{GENERAL}{}", FUNCTION.replace("poisson = { rate = \"1/s\" }", "curve = { path = \"rps.csv\" }"));
    for (text, place, told) in [
        ("time,requests\n0,1\n", "rps.csv:1", "there is no column \"timestamp\"; the nearest name is \"time\""),
        ("timestamp,count\n0,1\n", "rps.csv:1", "there is no column \"requests\""),
        ("", "rps.csv:1", "the file is empty"),
        ("timestamp,requests\n0,1\n", "rps.csv", "fewer than two rows"),
        ("timestamp,requests\n0,1\n60\n", "rps.csv:3", "the row has 1 field, expected 2"),
        (
            "timestamp,requests\n0,1\nnoon,2\n",
            "rps.csv:3",
            "column \"timestamp\" is \"noon\", expected a date and time such as",
        ),
        ("timestamp,requests\n0,1\n2026-02-30T00:00:00Z,2\n", "rps.csv:3", "expected a date and time"),
        ("timestamp,requests\n1772409600000,1\n", "rps.csv:2", "divide milliseconds by 1000"),
        (
            "timestamp,requests\n0,1\n60,-2\n",
            "rps.csv:3",
            "\"-2\" is not a number of requests; expected a number, zero or more",
        ),
        ("timestamp,rps\n0,1\n60,many\n", "rps.csv:3", "\"many\" is not a rate per second"),
        ("timestamp,requests\n60,1\n0,1\n", "rps.csv:3", "the time is not after that of the row before"),
        ("timestamp,requests\n0,0\n60,0\n", "rps.csv", "the curve is zero everywhere"),
    ] {
        let bench = Bench::with(&[("s.toml", &scenario), ("rps.csv", text)]);
        let ran = bench.run(&["run", "s.toml"]);
        println!("{}", ran.err);
        ran.assert_refused(&[&format!("--> {place}\n"), told, "s.toml:8:"]);
        assert_eq!(bench.names(), ["rps.csv", "s.toml"], "nothing is left of the run");
    }
    let bench = Bench::with(&[("s.toml", &scenario)]);
    bench.run(&["run", "s.toml"]).assert_refused(&[
        "rps.csv",
        "cannot be opened",
        "starts at the folder of the scenario",
    ]);
}

#[test]
fn services_and_servers_name_the_line_and_the_nearest_name() {
    let machine = "[servers]\nconcurrency = 8\n";
    let sqs = "[[pricing.service]]\nbook = \"aws-sqs\"\n";
    for (more, parts) in [
        (
            format!("{sqs}meter = \"standard_requests\"\nper_hour = 1\n"),
            ["s.toml:11:9", "did you mean \"standard_request\"?"],
        ),
        (
            "[[pricing.service]]\nbook = \"aws-sqss\"\nmeter = \"x\"\n".into(),
            ["s.toml:10:8", "did you mean \"aws-sqs\"?"],
        ),
        (format!("{sqs}meter = \"standard_request\"\n"), ["s.toml:11:9", "expected exactly one of per_invocation"]),
        (
            format!("{sqs}meter = \"standard_request\"\nper_invocation = 1\nfunction = \"g\"\n"),
            ["s.toml:13:12", "there is no function `g`"],
        ),
        (format!("{machine}machine.ec2.type = \"m7g.larg\"\n"), ["s.toml:11:20", "did you mean \"m7g.large\"?"]),
        (format!("{machine}machine.ec3.type = \"m7g.large\"\n"), ["s.toml:11:9", "ec3"]),
        (
            format!("{machine}machine.ec2 = {{ type = \"m7g.large\", region = \"mars\" }}\n"),
            ["s.toml:11:46", "no such region"],
        ),
        (
            format!("{machine}machine.ec2.type = \"m7g.large\"\nvcpu_time = \"1ms\"\n"),
            ["s.toml:12:13", "expected one of `concurrency`"],
        ),
        (
            format!("{machine}machine.ec2.type = \"m7g.large\"\ntarget_utilisation = 60\n"),
            ["s.toml:12:22", "a number above 0"],
        ),
        (
            format!(
                "{machine}machine.ec2.type = \"m7g.large\"\n[[servers.service]]\nbook = \"aws-vpc\"\nmeter = \"nat\"\nper_hour = 1\n"
            ),
            ["s.toml:14:9", "has no meter \"nat\""],
        ),
        (
            "[ranges]\n\"function.f.memori\" = [\"1 GiB\", \"2 GiB\"]\n".into(),
            ["s.toml:10:", "`function.f.memori` cannot be"],
        ),
        ("[ranges]\n\"function.f.memory\" = [\"1 GiB\", \"2/s\"]\n".into(), ["s.toml:10:", "different units"]),
    ] {
        let bench = Bench::with(&[("s.toml", &format!("{GENERAL}{}{more}", FUNCTION.trim_start()))]);
        let ran = bench.run(&["check", "s.toml"]);
        println!("{}", ran.err);
        ran.assert_refused(&parts);
    }
}

#[test]
fn a_comparison_needs_servers_and_a_range_of_loads() {
    let bench = Bench::with(&[("s.toml", &format!("{GENERAL}{FUNCTION}"))]);
    bench
        .run(&["break-even", "s.toml"])
        .assert_refused(&["the scenario has no servers to compare with", "add [servers]"]);
    bench.run(&["break-even", "s.toml", "--from", "2", "--to", "1"]).assert_refused(&["--from 2 is not below --to 1"]);
    assert_eq!(bench.names(), ["s.toml"]);
}
