//! The source files, with tests and comments told apart from the program.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::workbench::{files_below, root};

/// A file of src.
pub struct Source {
    /// Path from src, with `/`.
    pub path: String,
    /// All of it.
    pub text: String,
    /// Whether it is only compiled for tests.
    pub is_test: bool,
}

impl Source {
    /// The module right below the crate to which it belongs, such as `engine`.
    pub fn module(&self) -> &str {
        let first = self.path.split('/').next().unwrap();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// The lines of the program, with their numbers: without comments, without tests.
    pub fn program(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().take_while(|line| *line != "#[cfg(test)]");
        let lines = lines.enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
        lines.map(|(index, line)| (index + 1, line)).filter(|_| !self.is_test)
    }
}

/// Every Rust file of src.
pub fn sources() -> Vec<Source> {
    let src = root().join("src");
    let read = |path: PathBuf| (path.clone(), fs::read_to_string(path).unwrap());
    let rust = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "rs");
    let files: Vec<_> = files_below(&src).into_iter().filter(rust).map(read).collect();
    let tests: BTreeSet<PathBuf> = files.iter().flat_map(|(path, text)| test_modules(path, text)).collect();
    let source = |(path, text): (PathBuf, String)| {
        let is_test = path.ancestors().any(|above| tests.contains(&above.with_extension("")));
        let path = path.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
        Source { path, text, is_test }
    };
    let sources: Vec<Source> = files.into_iter().map(source).collect();
    assert!(sources.len() > 100 && sources.iter().any(|source| source.is_test), "the files are found");
    sources
}

/// The paths, without extension, of the modules that a file declares for tests only.
fn test_modules(path: &Path, text: &str) -> Vec<PathBuf> {
    let stem = path.file_stem().unwrap();
    let is_root = ["mod", "lib", "main"].iter().any(|root| stem == *root);
    let folder = if is_root { path.parent().unwrap().to_owned() } else { path.with_extension("") };
    let lines: Vec<&str> = text.lines().collect();
    let declared = lines.windows(2).filter(|pair| pair[0].trim() == "#[cfg(test)]");
    let name = |pair: &[&str]| Some(pair[1].split_once("mod ")?.1.strip_suffix(';')?.to_owned());
    declared.filter_map(name).map(|name| folder.join(name)).collect()
}
