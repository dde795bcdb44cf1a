//! The window's edge: what arrives in the window counts whole, wherever its end lies.

use std::collections::BTreeSet;
use std::path::Path;

use coldcast::billing::Book;
use coldcast::billing::embedded::EMBEDDED;
use coldcast::metrics::Invocations;
use coldcast::policy::catalog::Catalog;
use coldcast::scenario::Scenario;
use coldcast::workload::trace::Rejects;

use crate::micro::replay::{S, completed, replay, same};
use crate::support;

/// A ten-minute job every minute: ten are under way at any time, also at the end of the window.
fn jobs(measured: &str, pricing: &str) -> String {
    format!(
        "scenario = {{ duration = \"{measured}\", warm_up = \"1h\", replications = 1 }}\n[[function]]\nname = \"etl\"\n\
         memory = \"1 GiB\"\nvcpu = 1.0\narrivals.timer = {{ period = \"1m\" }}\nexecution.constant = \"10m\"\n\
         [platform]\npreset = \"ideal\"\n[pricing]\n{pricing}\nfree_tier = false\n"
    )
}

/// 60 an hour, each of 600 s x 1 GB at the first tier of AWS Lambda in Virginia (0.0000166667 USD) and a request (0.0000002 USD).
#[test]
fn jobs_that_are_under_way_at_the_end_are_billed_whole() {
    let run = support::run(&jobs("2h", "book = \"aws-lambda\"\nregion = \"us-east-1\"")).runs.remove(0);
    assert_eq!(run.summary.invocations, completed(0, 60, 0));
    let cost = run.summary.cost.unwrap();
    assert!(same(cost.total, 60.0 * (600.0 * 0.0000166667 + 0.0000002)), "{}", cost.total);
    assert_eq!((run.summary.instances.busy, run.summary.instances.mean), (10.0, 10.0), "instances count in the window");
}

/// The same load costs the same a month, whether it is measured for one hour or for five, and whether a book bills invocations or the
/// time of instances: what one window leaves over is in no other's bill.
#[test]
fn a_steady_load_costs_the_same_in_every_window() {
    let mut meters = BTreeSet::new();
    for (name, _) in EMBEDDED {
        let book = Book::embedded(name).unwrap();
        // Only those with functions of which a run counts all that they bill.
        if book.rounding.is_empty() {
            continue;
        }
        let region = book.regions.keys().next().map(|region| format!("\nregion = \"{region}\"")).unwrap_or_default();
        let month = |measured: &str| {
            let text = jobs(measured, &format!("book = \"{name}\"{region}"));
            let scenario = Scenario::from_text(Path::new("jobs.toml"), text, &[], &Catalog::default()).ok()?;
            let experiment =
                scenario.resolve(Path::new("."), &Catalog::default(), &mut Rejects::new(std::io::sink())).ok()?;
            Some(support::outcome(&experiment).runs.remove(0).summary.cost?.per_month)
        };
        let (Some(short), Some(long)) = (month("2h"), month("6h")) else { continue };
        meters.insert(*name);
        assert!(
            (short - long).abs() <= 1e-6 * long.max(1e-9),
            "{name}: {short} a month from an hour, {long} from five"
        );
    }
    assert!(meters.len() >= 8, "{meters:?}");
    println!("{meters:?}");
}

/// Two jobs of 60 s in a window of 61 s, each with a start of 3 s.
#[test]
fn a_replay_leaves_room_for_what_the_platform_adds() {
    let keys = "defaults.cold_start.user.constant = '3s'\nplatform.preset = 'ideal'";
    let run = replay(&[(0, 60 * S, "f"), (99 * S, 60 * S, "f")], keys);
    assert_eq!(run.summary.invocations, completed(1, 1, 0));
    let run = replay(&[(99 * S, 60 * S, "f"), (99 * S, 60 * S, "f")], keys);
    assert_eq!(run.summary.invocations, completed(2, 0, 0));
    assert!(same(run.summary.latency_ms.response.max, 63e3), "{:?}", run.summary.latency_ms.response);
    // Of 3 s of start and 60 s of work, the window has the first second of each.
    assert!(same(run.summary.instances.mean * 100.0, 2.0) && run.summary.instances.busy == 0.0);
}

/// Behind a limit of one, the second waits for the first, and a third that arrives later waits behind both.
#[test]
fn what_waits_at_the_end_is_served_too() {
    let keys = "platform.limits = { function_concurrency = 1, queue = {} }";
    let run = replay(&[(98 * S, 10 * S, "f"), (99 * S, 10 * S, "f")], keys);
    assert_eq!(run.summary.invocations, completed(1, 0, 1));
    assert!(same(run.summary.latency_ms.response.max, 19e3));
}

/// After the window the load goes on, or those who arrived last would have the servers for themselves.
#[test]
fn the_load_goes_on_after_the_window() {
    let text = |duration: &str| {
        format!(
            "scenario = {{ duration = \"{duration}\", warm_up = \"1h\", replications = 4 }}\n[[function]]\nname = \"f\"\n\
             arrivals.poisson = {{ rate = \"40/s\" }}\nexecution.exponential = {{ mean = \"200ms\" }}\n\
             [platform]\nworkers = [{{ cores = 10, memory = \"64 GiB\" }}]\ncluster.cores = \"shared\"\n\
             [policy]\nload_balancing.random = {{}}\n"
        )
    };
    let open = |duration| {
        let outcome = support::run(&text(duration));
        outcome.runs.iter().map(|run| run.summary.invocations.open).sum::<u64>()
    };
    assert_eq!(open("61m"), 0);
    // Two independent lengths of the same load have the same mean response within their standard errors.
    let mean = |duration| {
        let means = support::figures(&support::run(&text(duration)), |run| run.summary.latency_ms.response.mean);
        coldcast::experiment::Estimate::of(&means)
    };
    let (short, long) = (mean("65m"), mean("120m"));
    assert!((short.mean - long.mean).abs() < 2.0 * (short.half_width() + long.half_width()), "{short:?} {long:?}");
}

#[test]
fn what_never_ends_is_open_and_said() {
    let keys = "scenario.drain = '30s'";
    let outcome = crate::micro::replay::outcome(&[(98 * S, 10 * S, "f"), (99 * S, 60 * S, "f")], keys);
    let one_open = Invocations { arrived: 2, completed: 1, cold: 1, open: 1, ..Invocations::default() };
    assert!(outcome.runs.iter().all(|run| run.summary.invocations == one_open));
    let said = outcome.manifest.notes.iter().any(|note| note.what.contains("scenario.drain") && note.count == 10);
    assert!(said, "{:?}", outcome.manifest.notes);
}

#[test]
fn a_window_that_is_short_against_its_executions_is_said() {
    let notes = |measured| support::run(&jobs(measured, "linear = { per_gb_second = '1 USD' }")).manifest.notes;
    let said = |notes: Vec<coldcast::workload::Note>| notes.iter().any(|note| note.what.contains("longest execution"));
    assert!(said(notes("2h")) && !said(notes("3h")));
}
