//! The records of benchmarks: files that can be read, each of one machine.

use std::fs;
use std::path::Path;

use coldcast::policy::catalog::Catalog;
use coldcast::scenario::Scenario;

use crate::workbench::{files_below, root};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    date: String,
    commit: String,
    machine: String,
    command: String,
    bench: String,
    figure: f64,
    unit: String,
}

/// Year, month and day.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let digits = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    parts.iter().map(|part| part.len()).eq([4, 2, 2]) && parts.iter().all(digits)
}

fn assert_row(row: &Row, file: &Path, name: &str) {
    let Row { date, commit, machine, command, bench, figure, unit } = row;
    let at = format!("{}: {bench}", file.display());
    assert!(is_date(date) && name.starts_with(date.as_str()), "{at}: the file is named after its day, not {date}");
    assert!(commit.len() >= 7 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{at}: {commit} is no commit");
    assert!(*figure > 0.0 && figure.is_finite(), "{at}: {figure}");
    for text in [machine, command, bench, unit] {
        assert!(!text.is_empty() && text.trim() == text, "{at}: {text:?}");
    }
}

#[test]
fn records_can_be_read_and_do_not_mix_machines() {
    let csv = |path: &&std::path::PathBuf| path.extension().is_some_and(|extension| extension == "csv");
    let files = files_below(&root().join("benches/record"));
    let records: Vec<_> = files.iter().filter(csv).collect();
    assert!(!records.is_empty());
    for file in records {
        let name = file.file_name().unwrap().to_str().unwrap();
        let rows = csv::Reader::from_path(file).unwrap().into_deserialize().collect::<Result<Vec<Row>, _>>();
        let rows = rows.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        rows.iter().for_each(|row| assert_row(row, file, name));
        assert!(rows.iter().all(|row| row.machine == rows[0].machine), "{}: one machine", file.display());
    }
}

#[test]
fn scenarios_that_are_measured_are_right() {
    let files = files_below(&root().join("benches/record"));
    let scenarios: Vec<_> =
        files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect();
    assert!(scenarios.len() >= 3);
    for path in scenarios {
        let text = fs::read_to_string(path).unwrap();
        let scenario = Scenario::from_text(path, text.as_str().into(), &[], &Catalog::default());
        scenario.unwrap_or_else(|error| panic!("{error}"));
    }
}
