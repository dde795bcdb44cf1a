//! A made-up comparison with servers, for the tests of the exporters.

use std::collections::BTreeMap;

use crate::billing::Activity;
use crate::experiment::break_even::{Crossing, Effect, Point, Quantiles, RangeEffect, Ranged};
use crate::experiment::{BreakEven, Estimate, Measured, Outcome, Servers, ServersRow, ServersSummary};
use crate::report::sample;
use crate::time::Span;

/// Servers and a comparison beside the typical outcome, with long names.
pub fn compared() -> Outcome {
    let mut outcome = Outcome { name: "compared".into(), ..sample::typical() };
    for (number, run) in (0..).zip(&mut outcome.runs) {
        let cost = run.summary.cost.clone();
        run.servers = cost.map(|cost| {
            servers(ServersSummary {
                machine: "Fargate, 0.25 vCPU, 512 MiB".into(),
                unit: "vCPUs".into(),
                mean: 2.2 + f64::from(number) / 10.0,
                peak: 3,
                utilisation: 0.31,
                time_above_target: 0.02,
                time_over_capacity: 0.004,
                requests_over_capacity: 0.011,
                step_s: 60.0,
                cost,
            })
        });
    }
    outcome.break_even = Some(found());
    outcome
}

fn servers(summary: ServersSummary) -> Servers {
    let row = |i: u32| ServersRow {
        start_s: f64::from(i) * 60.0,
        length_s: 60.0,
        rate: f64::from(i % 50),
        load: f64::from(i % 50) / 10.0,
        capacity: 4.0,
        servers: 2.0,
        over_capacity_s: if i % 50 > 40 { 60.0 } else { 0.0 },
    };
    let activity = Activity {
        window: Span::from_secs(3_600),
        invocations: BTreeMap::new(),
        instance_time: 0,
        intervals: Vec::new(),
        scale: 1.into(),
    };
    let measured = Measured { functions: Vec::new(), activity, execution: Span::from_millis(100) };
    Servers { summary, books: Vec::new(), rows: (0..1_000).map(row).collect(), measured }
}

/// Two crossings near each other, and the simulated load near them.
fn found() -> BreakEven {
    let point = |load: f64| Point {
        load,
        rate: 20.0 * load,
        serverless: Estimate::of(&[140.0 * load, 150.0 * load]),
        servers: Estimate::of(&[141.4 + load, 142.4 + load]),
        utilisation: (load / 4.0).min(0.6),
        mean_servers: 2.0 + load,
        over_capacity: 0.0,
    };
    let effect = |bill, input: &str, change: f64| Effect {
        bill,
        input: input.into(),
        low: 100.0 - change,
        base: 100.0,
        high: 100.0 + change / 2.0,
    };
    let inputs =
        ["arrival rate", "an input whose name is longer than any that there is in a real result", "free units"];
    let effects = inputs
        .iter()
        .zip([900.0, 90.0, 0.001])
        .flat_map(|(input, change)| [effect("serverless", input, change), effect("servers", input, change / 3.0)]);
    let quantiles = Quantiles { p5: 70.0, p50: 1_200.0, p95: 123_456.0 };
    let input = RangeEffect {
        key: "function.a-function-with-a-long-name.execution.lognormal.median".into(),
        values: ["90ms".into(), "150ms".into()],
        serverless: [100.0, 200.0],
        servers: [141.4, 141.4],
    };
    BreakEven {
        machine: "Fargate, 0.25 vCPU, 512 MiB".into(),
        currency: "USD".into(),
        replications: 5,
        today: point(0.95),
        points: (-30..=30).map(|i| point(libm::pow(10.0, f64::from(i) / 15.0))).collect(),
        crossings: [(0.98, true), (1.01, false), (1.02, true)]
            .map(|(load, servers_above)| Crossing { at: point(load), servers_above })
            .to_vec(),
        change: 0.2,
        effects: effects.collect(),
        ranges: Some(Ranged {
            inputs: vec![input],
            samples: 50,
            serverless: quantiles,
            servers: quantiles,
            serverless_cheaper: 0.42,
        }),
    }
}
