//! Every notebook runs from its first cell to its last, in a virtual environment that is made here.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::workbench::{checksum, files_below, root};

/// Older Pythons do not have the pinned packages.
const OLDEST_PYTHON: (u32, u32) = (3, 11);

#[test]
fn first_steps() {
    execute("01-first-steps", &[]);
}

#[test]
fn keep_alive_trade_off() {
    execute("02-keep-alive-trade-off", &[]);
}

#[test]
fn keep_alive_trade_off_without_the_trace() {
    execute("02-keep-alive-trade-off", &[("COLDCAST_AZURE_SAMPLE", "there is no such folder")]);
}

#[test]
fn what_would_my_service_cost() {
    execute("03-what-would-my-service-cost", &[]);
}

#[test]
fn validation_against_theory() {
    execute("04-validation-against-theory", &[]);
}

#[test]
fn write_your_own_policy() {
    execute("05-write-your-own-policy", &[]);
}

#[test]
fn every_notebook_is_executed_here_and_has_no_outputs() {
    let this = fs::read_to_string(root().join("tests/suite/notebooks.rs")).unwrap();
    let mut notebooks = 0;
    for path in files_below(&folder()).iter().filter(|path| path.extension().is_some_and(|e| e == "ipynb")) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(this.contains(&format!("execute(\"{name}\"")), "no test executes {name}");
        let notebook: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        for cell in notebook["cells"].as_array().unwrap().iter().filter(|cell| cell["cell_type"] == "code") {
            let empty = cell["outputs"] == Value::Array(Vec::new()) && cell["execution_count"].is_null();
            assert!(empty, "{name}: clear all outputs before you commit");
        }
        notebooks += 1;
    }
    assert!(notebooks >= 5, "{notebooks} notebooks");
}

fn folder() -> PathBuf {
    root().join("notebooks")
}

/// Executes a notebook in a folder of its own, with the program that cargo has built for these tests.
fn execute(notebook: &str, variables: &[(&str, &str)]) {
    let Some(python) = environment() else { return };
    let program = Path::new(env!("CARGO_BIN_EXE_coldcast"));
    let profile = program.parent().unwrap();
    let work = TempDir::new().unwrap();
    let before = files_below(&folder());
    let mut command = Command::new(&python);
    command
        .arg(folder().join("execute.py"))
        .arg(work.path())
        .arg(folder().join(notebook).with_extension("ipynb"))
        .env("COLDCAST", program)
        .env("COLDCAST_RESULTS", work.path().join("results"))
        .env("COLDCAST_PROFILE", if profile.ends_with("release") { "release" } else { "dev" })
        .env("CARGO_TARGET_DIR", profile.parent().unwrap())
        .env("IPYTHONDIR", work.path().join("ipython"))
        .env("JUPYTER_CONFIG_DIR", work.path().join("jupyter"))
        .env("JUPYTER_RUNTIME_DIR", work.path().join("runtime"))
        .env("MPLCONFIGDIR", python.parent().unwrap().join("matplotlib"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .envs(variables.iter().copied());
    run(&mut command);
    assert_eq!(files_below(&folder()), before, "a notebook leaves no files in the repository");
}

/// The Python of a virtual environment with the pinned packages, which is made once and kept while their list is the same; `None`, and
/// a message, where there is no Python that is new enough.
fn environment() -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let (home, complete) = (target.join("notebooks-venv"), target.join("notebooks-venv/complete"));
    let requirements = folder().join("requirements.txt");
    let sum = checksum(&requirements);
    let python = home.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });

    let lock = File::create(target.join("notebooks-venv.lock")).unwrap();
    lock.lock().unwrap();
    if fs::read_to_string(&complete).is_ok_and(|made| made == sum) && is_new_enough(&python) {
        return Some(python);
    }
    if !is_new_enough(Path::new("python3")) {
        println!(
            "skipped: no python3 of version {}.{} or newer, notebooks were not run",
            OLDEST_PYTHON.0, OLDEST_PYTHON.1
        );
        return None;
    }
    // What an interrupted or older creation has left is cleared. The list's checksum comes last, so that half an environment is none.
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home));
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    run(Command::new(&python).args(install).arg(&requirements)); // Needs a registry of Python packages, once.
    fs::write(&complete, sum).unwrap();
    Some(python)
}

/// Whether this is a Python that runs, and of what version.
fn is_new_enough(python: &Path) -> bool {
    let (major, minor) = OLDEST_PYTHON;
    let question = format!("import sys; sys.exit(sys.version_info < ({major}, {minor}))");
    Command::new(python).args(["-c", &question]).status().is_ok_and(|status| status.success())
}

/// Runs a command, which must succeed.
fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let [out, err] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    assert!(output.status.success(), "{command:?} failed:\n{out}{err}");
}
