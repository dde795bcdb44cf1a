use coldcast::{
    amount::*,
    billing::Tariff,
    experiment::*,
    id::*,
    metrics::Window,
    platform::{cold_start::ColdStart, cpu::Cpu, limits::Limits, *},
    policy::catalog::*,
    time::*,
    workload::{arrivals::*, distribution::Sampler, *},
};
use std::sync::atomic::AtomicU64;
fn main() {
    let conc: f64 = std::env::args().nth(1).unwrap().parse().unwrap();
    let n: f64 = std::env::args().nth(2).unwrap().parse().unwrap();
    let rate = 10.0;
    let exec = conc / rate;
    let secs = (n / rate) as u64;
    let deployment = Deployment {
        cold_start: ColdStart([
            Sampler::Constant(0.0),
            Sampler::Constant(1e8),
            Sampler::Constant(0.0),
            Sampler::Exponential { mean: 2e8 },
            Sampler::Constant(0.0),
        ]),
        cpu: Cpu::AsMeasured,
        timeout: None,
        concurrency_limit: None,
        provisioned: 0,
        warm_at_start: 0,
    };
    let catalog = Catalog::default();
    let e = Experiment {
        name: "x".into(),
        workload: Workload {
            functions: vec![Function {
                name: "f".into(),
                app: AppId(0),
                memory: Memory::from_mib(512),
                trigger: Trigger::Http,
            }],
            apps: vec![App { name: "a".into(), memory: Memory::from_mib(512) }],
            loads: vec![Load {
                arrivals: Arrivals::Poisson(Poisson { rate: Rate::per_second(rate).unwrap() }).model(),
                execution: Sampler::Exponential { mean: exec * 1e9 },
            }],
            ..Default::default()
        },
        platform: Platform {
            scale_by: ScaleBy::Function,
            concurrency: 1.try_into().unwrap(),
            limits: Limits::default(),
            deployments: vec![deployment],
        },
        keep_alive: (find(&catalog.keep_alive, "fixed").unwrap().build)(toml::from_str("ttl='10m'").unwrap()).unwrap(),
        reuse: (find(&catalog.reuse, "most_recently_used").unwrap().build)(Default::default()).unwrap(),
        window: Window { start: Time::ZERO, end: Time::ZERO + Span::from_secs(secs) },
        seed: 1,
        replications: 1,
        tariff: Tariff::none(),
        scenario: String::new(),
    };
    let p = AtomicU64::new(0);
    let o = run(&e, Some(1), &p).unwrap();
    let s = &o.runs[0].summary;
    println!(
        "conc {conc}: {:.1} ns/invocation; cold {} busy {:.3} mean {:.3} p99 {:.2}",
        o.manifest.total_wall_s * 1e9 / s.invocations.arrived as f64,
        s.invocations.cold,
        s.instances.busy,
        s.instances.mean,
        s.latency_ms.response.p99
    );
}
