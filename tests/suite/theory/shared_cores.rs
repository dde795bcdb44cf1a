//! Processor sharing: executions on a worker run at once. Whatever the distribution of their lengths, the mean response on one core
//! is E[S] / (1 - a), and on k cores that of the queue M/M/k.

use super::cluster::{Case, EXPONENTIAL, responses, simulate};
use super::erlang::erlang_b;
use crate::claim::{Line, check, claim};
use crate::support::{figures, run_independently};

const SOURCE: &str = "processor sharing (Kleinrock 1967; insensitivity: Cohen 1979)";

const SERVICES: [&str; 3] = [EXPONENTIAL, "constant = '1s'", "hyperexponential = { mean = '1s', cv = 3.0 }"];

fn mean((cores, load, service, measured): (u32, f64, &str, u32)) -> Line {
    let cluster = "cores = 'shared'";
    let (policy, seconds) = ("load_balancing.round_robin = {}", (1_000, measured));
    let outcome = simulate(&Case { workers: 1, cores, rate: load, service, policy, cluster, seconds });
    let lost = erlang_b(cores, load);
    let waits = lost / (1.0 - (1.0 - lost) * load / f64::from(cores));
    let expected = 1.0 + waits / (f64::from(cores) - load);
    claim(format!("mean response in s, {cores} shared cores, load {load}, {service}"), SOURCE, expected)
        .exactly(&responses(&outcome), 0.03)
}

/// An execution that needs x takes x / (1 - a) on average: short ones are not held up by long ones.
fn by_length() -> Vec<Line> {
    let functions: String = [("short", "250ms", 1.6), ("long", "8s", 0.05)]
        .map(|(name, execution, rate)| {
            format!(
                "[[function]]\nname = '{name}'\narrivals.poisson = {{ rate = '{rate}/s' }}\nexecution.constant = '{execution}'\n"
            )
        })
        .concat();
    let outcome = run_independently(&format!(
        "scenario = {{ duration = '101000s', warm_up = '1000s', replications = 20 }}\n\
         policy = {{ keep_alive.infinite = {{}}, load_balancing.round_robin = {{}} }}\n\
         platform.workers = [{{ cores = 1, memory = '1000000 GiB' }}]\nplatform.cluster.cores = 'shared'\n{functions}"
    ));
    [("short", 0.25), ("long", 8.0)]
        .map(|(name, length)| {
            let mean = figures(&outcome, |run| {
                run.functions.iter().find(|row| row.function == name).unwrap().response_ms.mean / 1e3
            });
            let what =
                format!("mean response in s of executions of {length} s among others, one shared core, load 0.8");
            claim(what, SOURCE, length / 0.2).exactly(&mean, 0.03)
        })
        .into()
}

pub fn lines() -> Vec<Line> {
    let one = SERVICES.map(|service| (1, 0.8, service, 60_000));
    let half = [(1, 0.5, EXPONENTIAL, 20_000)];
    let four = SERVICES.map(|service| (4, 3.2, service, 15_000));
    half.into_iter().chain(one).chain(four).map(mean).chain(by_length()).collect()
}

#[test]
fn shared_cores_are_processor_sharing() {
    check(&lines());
}
