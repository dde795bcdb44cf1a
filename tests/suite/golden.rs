//! Results that must not change by accident. They say that a figure is what it was, not that it is right: for that there are
//! closed forms and measurements.
//!
//! After a change that is meant to change results, write them anew, look at the difference, and say why in the commit:
//!
//!     COLDCAST_GOLDEN=write cargo test --test suite golden

use std::fs;

use serde_json::Value;

use crate::workbench::{Bench, root};

const NAMES: [&str; 3] = ["cold-and-billed", "bursts-and-queues", "apps-and-think-times"];

/// The paths at which two JSON values differ.
fn differences(path: &str, a: &Value, b: &Value, found: &mut Vec<String>) {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().for_each(|(key, value)| differences(&format!("{path}.{key}"), value, &b[key], found));
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().for_each(|(i, (a, b))| differences(&format!("{path}[{i}]"), a, b, found));
        }
        _ if a != b => found.push(format!("{path}: was {a}, is {b}")),
        _ => {}
    }
}

#[test]
fn summaries_are_what_they_were() {
    let folder = root().join("tests/golden");
    let write = std::env::var("COLDCAST_GOLDEN").is_ok_and(|value| value == "write");
    for name in NAMES {
        let bench = Bench::new();
        let scenario = folder.join(format!("{name}.toml"));
        bench.succeed(&["run", scenario.to_str().unwrap(), "--quiet", "--out", "r"]);
        let (golden, now) = (folder.join(format!("{name}.json")), bench.read("r/summary.json"));
        if write {
            fs::write(&golden, &now).unwrap();
        }
        let [was, is] = [fs::read_to_string(&golden).unwrap(), now].map(|text| serde_json::from_str(&text).unwrap());
        let mut found = Vec::new();
        differences(name, &was, &is, &mut found);
        assert!(
            found.is_empty(),
            "{} figures changed:\n{}\nIf that is meant, write them anew: COLDCAST_GOLDEN=write cargo test --test suite golden",
            found.len(),
            found.join("\n")
        );
    }
}

#[test]
fn every_golden_file_is_compared() {
    let files = crate::workbench::files_below(&root().join("tests/golden"));
    let stems: Vec<_> = files.iter().map(|path| path.file_stem().unwrap().to_str().unwrap()).collect();
    assert!(stems.iter().all(|stem| NAMES.contains(stem)), "{stems:?}");
    assert_eq!(files.len(), 2 * NAMES.len());
}
