//! What the tests of the built program have in common: a folder to work in, and what a run left there and said.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// One function, ready to run, without the section `[scenario]`.
pub const FUNCTION: &str = r#"
[[function]]
name = "f"
memory = "512 MiB"
arrivals.poisson = { rate = "1/s" }
execution.exponential = { mean = "100ms" }
"#;

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of the gallery, sorted.
pub fn gallery() -> Vec<PathBuf> {
    files_below(&root().join("scenarios"))
        .into_iter()
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect()
}

/// Whether a scenario of the gallery can be run here; says so if it cannot.
pub fn has_its_data(scenario: &Path) -> bool {
    let needs_data = fs::read_to_string(scenario).unwrap().contains("shared/data");
    let has_data = root().join("../shared/data").is_dir();
    if needs_data && !has_data {
        println!("skipped: ../shared/data is absent, {} cannot be run", scenario.display());
    }
    has_data || !needs_data
}

/// Every file below a folder, sorted.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            files.extend(files_below(&entry.path()));
        } else {
            files.push(entry.path());
        }
    }
    files.sort();
    files
}

/// The SHA-256 of a file, in hexadecimal digits.
pub fn checksum(file: &Path) -> String {
    Sha256::digest(fs::read(file).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A folder of its own, in which the program is run.
pub struct Bench {
    folder: TempDir,
}

impl Bench {
    /// An empty folder.
    pub fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// A folder with these files.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let bench = Self::new();
        files.iter().for_each(|(name, text)| fs::write(bench.path(name), text).unwrap());
        bench
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program, to be run in the folder, with nothing of the environment that changes what it prints.
    pub fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_coldcast"));
        command.current_dir(self.folder.path()).env_remove("NO_COLOR").env_remove("COLUMNS");
        command
    }

    /// Runs the program.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran::new(self.program().args(arguments).output().unwrap())
    }

    /// Runs the program, which must succeed.
    pub fn succeed(&self, arguments: &[&str]) -> Ran {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {}", ran.err);
        ran
    }

    /// The names of all that is in the folder, hidden files too.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// A file of the folder.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// A JSON file of the folder.
    pub fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).unwrap()
    }

    /// The columns of a CSV file of the folder, as text.
    pub fn columns(&self, name: &str, columns: &[&str]) -> Vec<Vec<String>> {
        let mut reader = csv::Reader::from_path(self.path(name)).unwrap();
        let header = reader.headers().unwrap().clone();
        let position = |column: &&str| header.iter().position(|name| name == *column).unwrap();
        let positions: Vec<usize> = columns.iter().map(position).collect();
        let row = |row: csv::StringRecord| positions.iter().map(|at| row[*at].to_owned()).collect();
        reader.records().map(|record| row(record.unwrap())).collect()
    }

    /// The content of every file of a result but the manifest, which says how long the run took.
    pub fn result(&self, name: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let folder = self.path(name);
        let relative = |path: &Path| path.strip_prefix(&folder).unwrap().to_owned();
        let files = files_below(&folder).into_iter().map(|path| (relative(&path), fs::read(&path).unwrap()));
        let result: BTreeMap<_, _> = files.filter(|(path, _)| path != Path::new("manifest.json")).collect();
        assert!(result.contains_key(Path::new("summary.json")), "{name} is a result");
        result
    }
}

/// What a run of the program did.
pub struct Ran {
    /// Exit code; `None` if a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// From the output of a process.
    pub fn new(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Wrong input: exit code 2, nothing on standard output, and a message with all these parts, without a panic.
    pub fn assert_refused(&self, parts: &[&str]) {
        self.assert_ended(2, parts);
    }

    /// It ended with this exit code and an error that has all these parts.
    pub fn assert_ended(&self, code: i32, parts: &[&str]) {
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.err);
        assert_eq!(self.out, "");
        assert!(self.err.starts_with("error: "), "{}", self.err);
        for part in parts {
            assert!(self.err.contains(part), "{part:?} is missing in:\n{}", self.err);
        }
        for word in ["panicked", "RUST_BACKTRACE", "src/", ".rs:"] {
            assert!(!self.err.contains(word), "{word:?} is in:\n{}", self.err);
        }
    }
}

/// The names of the files and folders whose content differs.
pub fn differing(a: &BTreeMap<PathBuf, Vec<u8>>, b: &BTreeMap<PathBuf, Vec<u8>>) -> Vec<PathBuf> {
    let names = a.keys().chain(b.keys().filter(|name| !a.contains_key(*name)));
    names.filter(|name| a.get(*name) != b.get(*name)).cloned().collect()
}
