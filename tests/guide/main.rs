//! What the guide says is true: its examples are right, its commands work and show what the page says that they show, its tables
//! hold what the program has.

mod commands;
mod generated;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use coldcast::experiment::{self, Outcome, RunOptions};
use coldcast::metrics::definitions::{FIGURES, STATISTICS, paths};
use coldcast::policy::catalog::Catalog;
use coldcast::report::text;
use coldcast::scenario::Scenario;
use coldcast::workload::trace::Rejects;

const RESULTS: &str = "docs/guide/results.md";

/// What an example lacks that shows only a part of a scenario.
const REST: &str = "\n[scenario]\nduration = \"1h\"\n";
const WORKERS: &str = "\n[[platform.workers]]\ncores = 1\nmemory = \"1 GiB\"\n";
const FUNCTION: &str =
    "\n[[function]]\nname = \"rest\"\narrivals.poisson.rate = \"1/s\"\nexecution.constant = \"100ms\"\n";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(page: impl AsRef<Path>) -> String {
    let path = root().join(page);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// README.md and every page under docs.
fn pages() -> Vec<PathBuf> {
    let mut found = vec![PathBuf::from("README.md")];
    let mut folders = vec![PathBuf::from("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder)).unwrap().map(Result::unwrap) {
            let path = folder.join(entry.file_name());
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(path),
                false if path.extension().is_some_and(|extension| extension == "md") => found.push(path),
                false => {}
            }
        }
    }
    found.sort();
    found
}

/// The text of each fenced block of a language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let after = page.split(&fence).skip(1);
    after.map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn every_example_is_a_scenario_or_a_part_of_one() {
    let mut examples = 0;
    for page in pages() {
        for block in blocks(&read(&page), "toml") {
            let table: toml::Table = toml::from_str(&block).unwrap_or_else(|e| panic!("{}: {e}", page.display()));
            let rest = if table.contains_key("scenario") { "" } else { REST };
            let invoked = table.contains_key("function") || table.contains_key("workload");
            let workers = if needs_workers(&table) { WORKERS } else { "" };
            let text = format!("{block}{rest}{workers}{}", if invoked { "" } else { FUNCTION });
            let scenario = Scenario::from_text(Path::new("example.toml"), text, &[], &Catalog::default());
            assert!(scenario.is_ok(), "{}:\n{block}\n{}", page.display(), scenario.unwrap_err());
            examples += 1;
        }
    }
    assert!(examples >= 20, "{examples} examples");
}

/// Whether an example shows a policy that decides about workers, without the workers.
fn needs_workers(example: &toml::Table) -> bool {
    let kinds = ["load_balancing", "scheduling", "placement", "eviction"];
    let policy = example.get("policy").and_then(toml::Value::as_table);
    !example.contains_key("platform")
        && policy.is_some_and(|policy| kinds.iter().any(|kind| policy.contains_key(*kind)))
}

#[test]
fn the_code_of_the_guide_is_that_of_the_example() {
    let code = ["warm_first.rs", "main.rs"].map(|file| read(Path::new("examples/own-policy").join(file))).concat();
    let shown = blocks(&read("docs/extending.md"), "rust");
    assert!(shown.len() >= 4, "{} blocks", shown.len());
    shown.iter().for_each(|block| assert!(code.contains(block), "examples/own-policy does not have\n{block}"));
}

#[test]
fn every_scenario_that_a_page_names_exists() {
    let mut named = BTreeSet::new();
    for page in pages() {
        let text = read(&page);
        let end = |word: &str| word.find(".toml").map(|end| word[..end + 5].to_owned());
        named.extend(text.split("scenarios/").skip(1).filter_map(|word| end(word.split_whitespace().next()?)));
    }
    assert!(named.len() >= 5, "{named:?}");
    for name in named {
        assert!(root().join("scenarios").join(&name).is_file(), "scenarios/{name} does not exist");
    }
}

#[test]
fn every_file_and_column_of_a_result_is_described() {
    let dir = tempfile::tempdir().unwrap();
    let result = dir.path().join("result");
    coldcast::report::write(&small_run(), &result).unwrap();

    let header = |file: &str| fs::read_to_string(result.join(file)).unwrap().lines().next().unwrap().to_owned();
    for file in ["functions.csv", "timeline.csv", "cost.csv"] {
        assert_eq!(header(file).split(',').collect::<Vec<_>>(), described(file), "{file}");
    }
    // One figure per column; lines of the bill are in cost.csv.
    let mut figures: Vec<String> = paths().into_iter().filter(|path| !path.contains("[]")).collect();
    figures.extend(["replication".into(), "cost.currency".into()]);
    let mut columns: Vec<String> = header("summary.csv").split(',').map(str::to_owned).collect();
    figures.sort();
    columns.sort();
    assert_eq!(columns, figures, "summary.csv");

    let manifest: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(result.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest.as_object().unwrap().keys().cloned().collect::<Vec<_>>(), described("manifest.json"));

    let files = described("The folder").join(" ");
    for entry in fs::read_dir(&result).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        assert!(files.contains(&name), "{name} is not in the table of files");
    }
}

/// The first cells of the table under a heading of the page on results, `x.*` written out.
fn described(heading: &str) -> Vec<String> {
    let page = read(RESULTS);
    let section = page.split("\n## ").find(|section| section.starts_with(heading));
    let section = section.unwrap_or_else(|| panic!("no section {heading}"));
    let cells = section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    cells.flat_map(written_out).collect()
}

fn written_out(cell: &str) -> Vec<String> {
    let Some(stem) = cell.strip_suffix('*') else { return vec![cell.to_owned()] };
    let names: Vec<&str> = match stem {
        "invocations." => FIGURES.iter().filter_map(|figure| figure.path.strip_prefix(stem)).collect(),
        _ => STATISTICS.iter().map(|statistic| statistic.path).collect(),
    };
    names.iter().map(|name| format!("{stem}{name}")).collect()
}

#[test]
fn every_dependency_has_its_reason() {
    let manifest: toml::Table = toml::from_str(&read("Cargo.toml")).unwrap();
    let names = |section: &str| manifest[section].as_table().unwrap().keys().cloned().collect::<Vec<_>>();
    let used: BTreeSet<String> = [names("dependencies"), names("dev-dependencies")].concat().into_iter().collect();
    let page = read("docs/dependencies.md");
    let cells = page.lines().filter(|line| line.starts_with("| `")).filter_map(|line| line.split('|').nth(1));
    let explained: BTreeSet<String> =
        cells.flat_map(|cell| cell.split(',')).map(|name| name.trim().trim_matches('`').to_owned()).collect();
    assert_eq!(explained, used, "docs/dependencies.md and Cargo.toml");
}

#[test]
fn the_table_of_the_readme_is_what_the_quickstart_prints() {
    let path = root().join("scenarios/quickstart.toml");
    let table = text::table(&run(&Scenario::read(&path, &[], &Catalog::default()).unwrap()), 80, false);
    let shown = blocks(&read("README.md"), "text").remove(0);
    for line in shown.lines().filter(|line| *line != "...") {
        assert!(table.lines().any(|printed| printed == line), "README.md shows\n{line}\nbut a run prints\n{table}");
    }
}

/// A short run with everything that a result can hold.
fn small_run() -> Outcome {
    let general = "scenario = { duration = \"10m\", replications = 2 }";
    let prices = "pricing = { book = \"aws-lambda\", region = \"us-east-1\" }";
    let text = format!("{general}\n{prices}\n{FUNCTION}");
    run(&Scenario::from_text(Path::new("small.toml"), text, &[], &Catalog::default()).unwrap())
}

fn run(scenario: &Scenario) -> Outcome {
    let mut rejects = Rejects::new(std::io::sink());
    let experiment = scenario.resolve(Path::new("."), &Catalog::default(), &mut rejects).unwrap();
    experiment::run(&experiment, &RunOptions::default()).unwrap()
}
