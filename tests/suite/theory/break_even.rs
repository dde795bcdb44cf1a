//! Where serverless and servers cost the same, in closed form (list prices of us-east-1, without free units).
//!
//! A fleet that does not grow costs P an hour, an invocation c; both cost the same at P / (3600 c) requests per second. For functions
//! that only compute, it is a utilisation: that at which a vCPU-second of the server costs what one of AWS Lambda does, which has one
//! vCPU for each 1,769 MB.

use coldcast::experiment::break_even::{BreakEven, break_even};

use crate::support;

fn compare(text: &str, loads: (f64, f64)) -> BreakEven {
    let experiment = support::experiment(text);
    let outcome = support::outcome(&experiment);
    let found = break_even(&experiment, &outcome, loads, 0.2, None).unwrap().unwrap();
    let billed = outcome.runs[0].summary.cost.as_ref().unwrap().per_month;
    assert!((found.today.serverless.mean / billed - 1.0).abs() < 1e-12, "the simulated load costs what the run did");
    found
}

fn lambda(memory: &str, execution: &str, period: &str, duration: &str, architecture: &str) -> String {
    format!(
        "scenario = {{ duration = \"{duration}\", replications = 1 }}\n\
         [[function]]\nname = \"f\"\nmemory = \"{memory}\"\narrivals.timer.period = \"{period}\"\nexecution.constant = \"{execution}\"\n\
         [pricing]\nbook = \"aws-lambda\"\nregion = \"us-east-1\"\narchitecture = \"{architecture}\"\nfree_tier = false\n"
    )
}

/// Ten seconds of computing each, so that the price of the request itself does not matter (0.1 %).
#[test]
fn servers_that_compute_are_cheaper_above_a_utilisation() {
    for (machine, architecture, expected) in [
        ("ec2 = { type = \"m7i.large\" }", "x86_64", 0.486),
        ("ec2 = { type = \"m7i-flex.large\" }", "x86_64", 0.462),
        ("ec2 = { type = \"c7i.large\" }", "x86_64", 0.431),
        ("ec2 = { type = \"m7g.large\" }", "arm64", 0.492),
        ("ec2 = { type = \"c7g.large\" }", "arm64", 0.437),
        ("ec2 = { type = \"t3.medium\" }", "x86_64", 0.20),
        ("ec2 = { type = \"t4g.small\" }", "arm64", 0.10),
        ("fargate = { cpu = 1, memory = \"2 GiB\" }", "x86_64", 0.476),
        ("fargate = { cpu = 1, memory = \"2 GiB\" }", "arm64", 0.476),
    ] {
        let functions = lambda("1769 MiB", "10s", "10s", "20h", architecture);
        let servers = format!(
            "[servers]\nmachine.{machine}\nvcpu_time = \"10s\"\ntarget_utilisation = 1.0\nminimum = 1\n\
             scale_out_lag = \"0s\"\nscale_in_lag = \"0s\"\nboot = \"0s\"\n"
        );
        let found = compare(&format!("{functions}{servers}"), (0.01, 0.99));
        let [crossing] = found.crossings.as_slice() else { panic!("{machine}: {:?}", found.crossings) };
        assert!(crossing.servers_above, "{machine}");
        let (is, precision) = (crossing.at.utilisation, if expected < 0.3 { 0.006 } else { 0.002 });
        assert!((is - expected).abs() < precision, "{machine}: {is} for {expected}");
    }
}

/// Two m7g.large and a load balancer with one capacity unit, 141 USD a month, against Lambda on arm64.
#[test]
fn the_front_door_decides_the_rate_from_which_servers_are_cheaper() {
    let doors = ["", "aws-api-gateway-http", "aws-api-gateway-rest"];
    for (execution, memory, expected) in [
        ("50ms", "256 MiB", [(147.0, 0.5), (39.0, 0.5), (14.0, 0.5)]),
        ("100ms", "512 MiB", [(62.0, 0.5), (29.0, 0.5), (12.0, 0.5)]),
        ("200ms", "1 GiB", [(19.0, 0.5), (14.0, 0.5), (8.5, 0.05)]),
        ("500ms", "1 GiB", [(7.8, 0.05), (6.8, 0.05), (5.2, 0.05)]),
        ("2s", "2 GiB", [(1.0, 0.05), (1.0, 0.05), (0.9, 0.05)]),
    ] {
        for (door, (expected, digit)) in doors.iter().zip(expected) {
            let functions = lambda(memory, execution, "100ms", "1h", "arm64");
            let door = match *door {
                "" => String::new(),
                book => format!("[[pricing.service]]\nbook = \"{book}\"\nmeter = \"request\"\nper_invocation = 1\n"),
            };
            let servers = "[servers]\nmachine.ec2.type = \"m7g.large\"\nconcurrency = 100000\nminimum = 2\n\
                 [[servers.service]]\nbook = \"aws-load-balancer\"\nmeter = \"alb\"\nper_hour = 1\n\
                 [[servers.service]]\nbook = \"aws-load-balancer\"\nmeter = \"alb_lcu\"\nper_hour = 1\n";
            let found = compare(&format!("{functions}{door}{servers}"), (0.02, 50.0));
            assert!((found.today.servers.mean - 141.4).abs() < 0.05, "{}", found.today.servers.mean);
            let [crossing] = found.crossings.as_slice() else { panic!("{execution} {door}: {:?}", found.crossings) };
            let rate = crossing.at.rate;
            assert!((rate - expected).abs() < digit + 0.003 * expected, "{execution} {door}: {rate} for {expected}");
        }
    }
}

/// In a linear bill, an input that is a factor of all of it moves it by its own share.
#[test]
fn effects_are_those_of_the_formula() {
    let servers = "[servers]\nmachine.ec2.type = \"m7g.large\"\nconcurrency = 100000\nminimum = 2\n";
    let found = compare(&format!("{}{servers}", lambda("1 GiB", "1s", "1s", "2h", "arm64")), (0.1, 10.0));
    let effect = |bill: &str, input: &str| {
        let effect = found.effects.iter().find(|effect| effect.bill == bill && effect.input == input);
        effect.unwrap_or_else(|| panic!("no {input} among {:?}", found.effects)).clone()
    };
    let seconds = 730.0 * 3600.0 * (1.0 - 1.0 / 7200.0);
    let (requests, duration) = (seconds * 2e-7, seconds * 0.000_013_333_4);
    let near = |is: f64, expected: f64| assert!((is / expected - 1.0).abs() < 1e-3, "{is} for {expected}");
    near(effect("serverless", "arrival rate").swing(), 0.4 * (requests + duration));
    near(effect("serverless", "execution time").swing(), 0.4 * duration);
    near(effect("serverless", "memory (same time)").swing(), 0.4 * duration);
    near(effect("serverless", "price: functions").high, 1.2 * (requests + duration));
    near(effect("servers", "minimum servers ± 1").swing(), 2.0 * 0.0816 * 730.0);
    assert!(found.effects.is_sorted_by(|a, b| a.swing() >= b.swing()));
}
