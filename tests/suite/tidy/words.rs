//! What may not stand in the program.

use std::fs;

use super::sources::{Source, sources};
use crate::workbench::{files_below, root};

/// Words, the files (by the beginning of their path from src) that may have them, and why nobody else may.
const BANNED: &[(&[&str], &[&str], &str)] = &[
    (
        &["Instant::now", "SystemTime", "UNIX_EPOCH"],
        &["experiment/run.rs", "cli/"],
        "a run must not depend on the wall clock",
    ),
    (&["HashMap", "HashSet", "RandomState"], &[], "the order of such a table differs from run to run"),
    (
        &["rand::rng(", "thread_rng", "from_os_rng", "from_rng(", "OsRng", "getrandom", "rand::random"],
        &[],
        "all randomness comes from the keyed streams of `random`",
    ),
    (&["println!", "print!(", "eprint!(", "dbg!("], &["cli/"], "only the command line talks"),
    (
        &[".unwrap()", "panic!(", "unreachable!(", "todo!(", "unimplemented!(", ".unwrap_unchecked("],
        &[],
        "wrong input is an error, not a panic",
    ),
    (
        &[".expect("],
        &["workload/distribution/samples.rs", "workload/distribution/percentiles/config.rs"],
        "wrong input is an error, not a panic (those say why it cannot be)",
    ),
    (
        &[
            ".ln()",
            ".log(",
            ".log2()",
            ".log10()",
            ".ln_1p()",
            ".exp()",
            ".exp2()",
            ".exp_m1()",
            ".powf(",
            ".powi(",
            ".sin()",
            ".cos()",
            ".tan()",
            ".tanh()",
            ".asin()",
            ".acos()",
            ".atan()",
            ".atan2(",
            ".cbrt()",
            ".hypot(",
            "f64::ln",
            "f64::exp",
        ],
        &[],
        "these differ from machine to machine: use libm",
    ),
    (&["unsafe "], &[], "nothing here needs it"),
    (&["f32"], &["report/plot/", "report/cells.rs"], "figures are f64"),
];

fn assert_clean(source: &Source) {
    for (number, line) in source.program() {
        for (words, allowed, why) in
            BANNED.iter().filter(|(_, allowed, _)| !allowed.iter().any(|a| source.path.starts_with(a)))
        {
            let found = words.iter().find(|word| line.contains(**word));
            assert_eq!(found, None, "src/{}:{number}: {why} (allowed in {allowed:?}):\n{line}", source.path);
        }
    }
}

#[test]
fn banned_calls_are_not_made() {
    sources().iter().for_each(assert_clean);
}

#[test]
fn nothing_is_left_for_later_and_no_path_is_that_of_one_machine() {
    // In pieces, so that this file does not contain them.
    let words = [["TO", "DO"], ["FIX", "ME"], ["XX", "X"], ["/wo", "rk/"], ["/tm", "p/"], ["/ho", "me/"]]
        .map(|pieces| pieces.concat());
    for folder in ["src", "tests", "benches", "scenarios", "prices", "docs"].map(|folder| root().join(folder)) {
        for path in folder.is_dir().then(|| files_below(&folder)).into_iter().flatten() {
            // Plots are no text.
            let Ok(text) = fs::read_to_string(&path) else { continue };
            for (index, line) in text.lines().enumerate() {
                let found = words.iter().find(|word| line.contains(*word));
                assert_eq!(found, None, "{}:{}: {line}", path.display(), index + 1);
            }
        }
    }
}
