//! Small files, each of which says what it is.

use std::fs;

use super::sources::{Source, sources};
use crate::workbench::{files_below, root};

/// The longest file. Most are far shorter.
const LONGEST: usize = 400;

/// The most lines that a file may have.
fn limit(path: &str) -> usize {
    match path {
        "src/main.rs" => 60,
        _ if path.ends_with("/mod.rs") => 250,
        _ => LONGEST,
    }
}

#[test]
fn files_are_short() {
    let mut lengths = Vec::new();
    let files =
        ["src", "tests", "benches"].map(|folder| root().join(folder)).into_iter().filter(|folder| folder.is_dir());
    for path in files.flat_map(|folder| files_below(&folder)).filter(|path| path.extension().is_some_and(|e| e == "rs"))
    {
        let name = path.strip_prefix(root()).unwrap().to_str().unwrap();
        let length = fs::read_to_string(&path).unwrap().lines().count();
        assert!(
            length <= limit(name),
            "{name} has {length} lines, at most {} are right: make it two files",
            limit(name)
        );
        lengths.push(length);
    }
    lengths.sort_unstable();
    assert!(lengths[lengths.len() / 2] < 200, "half of the files have {} lines or more", lengths[lengths.len() / 2]);
}

#[test]
fn every_file_begins_with_what_it_is() {
    for Source { path, text, .. } in sources() {
        let first = text.lines().next().unwrap_or("");
        assert!(
            first.starts_with("//! ") && first.len() > 12,
            "src/{path} begins with a sentence that says what it is: {first:?}"
        );
    }
}

/// A file that no `mod` names is not compiled, and its tests do not run.
#[test]
fn every_file_is_part_of_the_program_or_its_tests() {
    for path in ["src", "tests/suite"].iter().flat_map(|folder| files_below(&root().join(folder))) {
        let (stem, folder) = (path.file_stem().unwrap().to_str().unwrap(), path.parent().unwrap());
        let (name, folder) = match stem {
            "mod" => (folder.file_name().unwrap().to_str().unwrap(), folder.parent().unwrap()),
            _ => (stem, folder),
        };
        if path.extension().is_none_or(|extension| extension != "rs") || ["lib", "main"].contains(&name) {
            continue;
        }
        let above = ["mod.rs", "lib.rs", "main.rs"]
            .map(|file| folder.join(file))
            .into_iter()
            .chain([folder.with_extension("rs")]);
        let declared =
            above.filter_map(|file| fs::read_to_string(file).ok()).any(|text| text.contains(&format!("mod {name};")));
        assert!(declared, "nothing declares {}", path.display());
    }
}

/// A `mod.rs` holds the list of a kind (a trait, or an enum that leads to its members), not work.
#[test]
fn folders_have_no_logic_of_their_own() {
    for source in sources().iter().filter(|source| source.path.ends_with("/mod.rs")) {
        for (number, line) in source.program() {
            let word = line.trim_start().split([' ', '(']).next().unwrap_or("");
            let works =
                ["for", "while", "loop", "if", "let"].contains(&word) && !line.trim_start().starts_with("let Self");
            assert!(!works, "src/{}:{number}: move this into a file of its own:\n{line}", source.path);
        }
    }
}
