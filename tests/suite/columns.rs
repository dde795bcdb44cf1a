//! What is printed fits a terminal of 80 columns.

use crate::workbench::{Bench, FUNCTION, Ran};

const SCENARIO: &str =
    "[scenario]\nduration = \"10m\"\nreplications = 2\n[pricing]\nbook = \"aws-lambda\"\nregion = \"us-east-1\"\n";
const SWEEP: &str = "\n[sweep]\n\"policy.keep_alive.fixed.ttl\" = [\"10s\", \"1m\"]\n\"function.f.memory\" = [\"512 MiB\", \"1 GiB\"]\n";
const USAGE: [&str; 6] = ["--requests", "3000000000", "--duration", "1200ms", "--memory", "1536MB"];

/// The lines that are wider; what follows `Example:` is to be copied, and stays as it is.
fn wide(ran: &Ran) -> Vec<&str> {
    let lines = ran.out.lines().take_while(|line| *line != "Example:");
    lines.filter(|line| line.chars().count() > 80).collect()
}

#[test]
fn tables_and_lists_fit_80_columns() {
    for columns in [None, Some("80")] {
        let scenario = format!("{SCENARIO}{FUNCTION}");
        let bench = Bench::with(&[
            ("s.toml", &scenario),
            ("other-name-that-goes-on.toml", &format!("{scenario}[policy]\nkeep_alive.none = {{}}\n")),
            ("sweep.toml", &format!("{scenario}{SWEEP}")),
        ]);
        for arguments in commands() {
            let ran = Ran::new(
                bench.program().args(&arguments).envs(columns.map(|columns| ("COLUMNS", columns))).output().unwrap(),
            );
            assert_eq!(ran.code, Some(0), "{arguments:?}: {}", ran.err);
            // Without COLUMNS, help is as wide as its own limit.
            if columns.is_some() || arguments.last() != Some(&"--help") {
                assert_eq!(wide(&ran), [""; 0], "{arguments:?}, COLUMNS {columns:?}");
            }
        }
    }
}

/// Every command that prints a table, a list, or sentences.
fn commands() -> Vec<Vec<&'static str>> {
    let plain = [
        &["run", "s.toml"][..],
        &["sweep", "sweep.toml"],
        &["compare", "s.toml", "other-name-that-goes-on.toml", "--out", "c"],
        &["check", "s.toml"],
        &["policies"],
        &["policies", "fixed"],
        &["policies", "hybrid_histogram"],
        &["policies", "openwhisk"],
        &["presets"],
        &["prices"],
        &["prices", "show", "aws-lambda"],
        &["prices", "show", "azure-functions"],
        &["--help"],
        &["run", "--help"],
        &["sweep", "--help"],
        &["bill", "--help"],
    ];
    let with_usage = [&["prices", "compare"][..], &["bill", "--book", "aws-lambda", "--book", "azure-functions"]];
    let with_usage = with_usage.map(|command| [command, &USAGE].concat());
    plain.map(<[&str]>::to_vec).into_iter().chain(with_usage).collect()
}
