//! Modules use only those below them.

use super::sources::{Source, sources};

const BASE: &[&str] = &["quantity", "time", "id", "amount", "random"];

/// Each module, and what it may use; the direction of DESIGN, section 3. `billing` prices usage, which the observers of `metrics`
/// meter, so it lies below them.
const MAY_USE: &[(&str, &[&[&str]])] = &[
    ("quantity", &[]),
    ("id", &[]),
    ("random", &[]),
    ("time", &[&["quantity"]]),
    ("amount", &[&["quantity"]]),
    ("workload", &[BASE]),
    ("platform", &[BASE, &["workload"]]),
    ("policy", &[BASE, &["workload", "platform"]]),
    ("engine", &[BASE, &["workload", "platform", "policy"]]),
    ("billing", &[BASE]),
    ("metrics", &[BASE, &["workload", "platform", "policy", "engine", "billing"]]),
    ("experiment", &[BASE, &["workload", "platform", "policy", "engine", "billing", "metrics"]]),
    ("scenario", &[BASE, &["workload", "platform", "policy", "engine", "billing", "metrics", "experiment"]]),
    ("report", &[BASE, &["metrics", "billing", "experiment"]]),
    ("cli", &[BASE, &["workload", "platform", "policy", "billing", "metrics", "experiment", "scenario", "report"]]),
    // `lib.rs` and `main.rs` show what there is.
    ("lib", &[]),
    ("main", &[]),
];

/// The modules of the crate that a line of the program names.
fn named(line: &str) -> impl Iterator<Item = &str> {
    let paths = line.split("crate::").skip(1);
    paths.map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or(""))
}

fn assert_looks_down(source: &Source) {
    let module = source.module();
    let entry = MAY_USE.iter().find(|(name, _)| *name == module);
    let (_, groups) = entry.unwrap_or_else(|| panic!("{}: say in this test what `{module}` may use", source.path));
    for (number, line) in source.program() {
        for used in named(line).filter(|used| *used != module) {
            let right = groups.iter().any(|group| group.contains(&used));
            assert!(right, "src/{}:{number}: `{module}` may not use `{used}`:\n{line}", source.path);
        }
    }
}

#[test]
fn modules_use_only_those_below_them() {
    sources().iter().for_each(assert_looks_down);
}

#[test]
fn the_list_has_no_circle() {
    for (position, (module, groups)) in MAY_USE.iter().enumerate() {
        let above =
            |used: &&&str| MAY_USE.iter().position(|(name, _)| name == *used).is_none_or(|other| other >= position);
        let circle = groups.iter().flat_map(|group| group.iter()).find(above);
        assert_eq!(circle, None, "{module} comes after what it uses");
    }
}
