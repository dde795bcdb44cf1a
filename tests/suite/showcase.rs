//! The committed showcase is what the program makes: the same bytes, from the one command that its README names.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::workbench::{checksum, files_below, root};

const AGAIN: &str =
    "if this change of results is right, run `sh results/showcase.sh`, look at what differs, and commit it";

/// The checksum of each file, by its path, as `sha256sum` writes them.
fn checksums(folder: &Path) -> BTreeMap<PathBuf, String> {
    let text = fs::read_to_string(folder.join("SHA256SUMS")).unwrap();
    let pairs = text.lines().map(|line| line.split_once("  ").unwrap());
    pairs.map(|(sum, path)| (PathBuf::from(path), sum.to_owned())).collect()
}

fn showcase() -> PathBuf {
    root().join("results/showcase")
}

#[test]
fn it_is_made_again_byte_by_byte() {
    if !cfg!(target_os = "linux") {
        println!("skipped: results/showcase.sh needs sha256sum");
        return;
    }
    let again = TempDir::new().unwrap();
    let script = root().join("results/showcase.sh");
    let made =
        Command::new("sh").arg(script).arg(again.path()).env("COLDCAST", env!("CARGO_BIN_EXE_coldcast")).output();
    let made = made.unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let (committed, again) = (checksums(&showcase()), checksums(again.path()));
    let names = committed.keys().chain(again.keys());
    let differing: Vec<_> = names.filter(|name| committed.get(*name) != again.get(*name)).collect();
    assert!(differing.is_empty(), "{differing:?} differ: {AGAIN}");
    assert!(committed.len() >= 20, "{} files", committed.len());
}

#[test]
fn its_files_have_their_checksums() {
    let sums = checksums(&showcase());
    let mut checked = 0;
    for path in files_below(&showcase()) {
        let name = path.strip_prefix(showcase()).unwrap();
        if name == Path::new("SHA256SUMS")
            || name.ends_with("manifest.json")
            || name.iter().any(|part| part == "records")
        {
            continue;
        }
        assert_eq!(sums.get(name), Some(&checksum(&path)), "{}: {AGAIN}", name.display());
        checked += 1;
    }
    assert!(checked >= 10, "{checked} files");
}
