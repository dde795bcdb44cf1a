//! Reference pages that are written from the program.
//!
//! What stands between `<!-- NAME: ... -->` and `<!-- end -->` is compared with the program.
//! `BLESS=1 cargo test --test guide` writes it again.

use std::fs;

use clap::{Arg, Command, CommandFactory};
use coldcast::cli::Cli;
use coldcast::metrics::definitions::{Definition, FIGURES, STATISTICS};
use coldcast::platform::presets::{PLATFORMS, RUNTIMES};
use coldcast::policy::catalog::{Catalog, Kind};
use coldcast::policy::entry::Listed;

use super::{RESULTS, read, root};

const POLICIES: &str = "docs/guide/policies.md";
const COMMANDS: &str = "docs/guide/command-line.md";
const PRESETS: &str = "docs/guide/presets.md";
const GALLERY: &str = "docs/guide/gallery.md";

#[test]
fn the_figures_are_up_to_date() {
    assert_section(RESULTS, "figures", &definitions(FIGURES));
    assert_section(RESULTS, "statistics", &definitions(STATISTICS));
}

#[test]
fn the_policies_are_up_to_date() {
    Catalog::default().kinds().iter().for_each(|kind| assert_section(POLICIES, kind.name, &policies(kind)));
}

#[test]
fn the_command_line_is_up_to_date() {
    let mut program = Cli::command();
    program.build();
    assert_section(COMMANDS, "commands", &commands(&program).join("\n"));
}

#[test]
fn the_presets_are_up_to_date() {
    let platform =
        |preset: &coldcast::platform::presets::Preset| file(preset.name, preset.summary, "preset", preset.text);
    assert_section(PRESETS, "platforms", &PLATFORMS.iter().map(platform).collect::<Vec<_>>().join("\n"));
    assert_section(PRESETS, "runtimes", &format!("```toml preset\n{RUNTIMES}```\n"));
}

#[test]
fn the_gallery_is_up_to_date() {
    let mut paths: Vec<_> =
        fs::read_dir(root().join("scenarios")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let scenarios = paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    let entry = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        file(name, &format!("`scenarios/{name}`"), "scenario", &fs::read_to_string(path).unwrap())
    };
    assert_section(GALLERY, "scenarios", &scenarios.map(entry).collect::<Vec<_>>().join("\n"));
}

fn definitions(list: &[Definition]) -> String {
    let row = |d: &Definition| format!("| `{}` | {} | {} |\n", d.path, d.unit, d.meaning);
    format!("| figure | unit | meaning |\n|---|---|---|\n{}", list.iter().map(row).collect::<String>())
}

fn policies(kind: &Kind<'_>) -> String {
    kind.entries.iter().map(|entry| policy(kind.name, *entry)).collect::<Vec<_>>().join("\n")
}

fn policy(kind: &str, entry: &dyn Listed) -> String {
    let (name, summary, reference) = (entry.name(), entry.summary(), entry.reference());
    let mut text = format!("### `{kind}.{name}`\n\n{summary}\n\nReference: {reference}.\n");
    if !entry.parameters().is_empty() {
        text += "\n| parameter | value | default | meaning |\n|---|---|---|---|\n";
    }
    for parameter in entry.parameters() {
        let default = parameter.default.unwrap_or("needed");
        text += &format!("| `{}` | {} | {default} | {} |\n", parameter.name, parameter.kind, parameter.meaning);
    }
    text + &format!("\n```toml\n[policy]\n{kind}.{name} = {}\n```\n", entry.example())
}

/// A section for each command that is not hidden, those of commands too.
fn commands(above: &Command) -> Vec<String> {
    let shown = above.get_subcommands().filter(|command| !command.is_hide_set() && command.get_name() != "help");
    shown.flat_map(|shown| [vec![command(shown)], commands(shown)].concat()).collect()
}

fn command(command: &Command) -> String {
    let name = command.get_bin_name().unwrap_or_default();
    let about = command.get_long_about().or(command.get_about()).map(ToString::to_string).unwrap_or_default();
    let usage = command.clone().render_usage().to_string();
    let usage =
        usage.trim_start_matches("Usage:").lines().map(|line| format!("    {}\n", line.trim())).collect::<String>();
    let rows: String = command.get_arguments().filter(|arg| is_listed(arg)).map(row).collect();
    let table = if rows.is_empty() { String::new() } else { format!("\n| argument | meaning |\n|---|---|\n{rows}") };
    format!("## {name}\n\n{}.\n\n{usage}{table}", about.trim_end_matches('.'))
}

/// Every command has `--help` and `--version`.
fn is_listed(argument: &Arg) -> bool {
    !argument.is_hide_set() && !["help", "version"].contains(&argument.get_id().as_str())
}

fn row(argument: &Arg) -> String {
    let help = argument.get_help().map(ToString::to_string).unwrap_or_default().replace('\n', " ").replace('|', "\\|");
    let mut meaning = vec![help];
    if argument.get_action().takes_values() {
        meaning.extend(named("One of", argument.get_possible_values().iter().map(|value| value.get_name().to_owned())));
        meaning
            .extend(named("Default", argument.get_default_values().iter().map(|value| value.to_string_lossy().into())));
    }
    format!("| `{argument}` | {} |\n", meaning.join(". "))
}

fn named(what: &str, values: impl Iterator<Item = String>) -> Option<String> {
    let values: Vec<String> = values.map(|value| format!("`{value}`")).collect();
    (!values.is_empty()).then(|| format!("{what} {}", values.join(", ")))
}

/// A file of TOML under a heading.
fn file(heading: &str, summary: &str, kind: &str, text: &str) -> String {
    format!("## {heading}\n\n{summary}\n\n```toml {kind}\n{}\n```\n", text.trim_end())
}

/// The section of that name holds exactly `expected`.
fn assert_section(page: &str, name: &str, expected: &str) {
    let text = read(page);
    let (before, rest) = text.split_once(&format!("<!-- {name}:")).unwrap_or_else(|| panic!("{page}: no {name}"));
    let (marker, rest) = rest.split_once("-->\n").unwrap();
    let (section, after) = rest.split_once("<!-- end -->").unwrap();
    if std::env::var_os("BLESS").is_some() {
        let written = format!("{before}<!-- {name}:{marker}-->\n\n{}\n\n<!-- end -->{after}", expected.trim());
        return fs::write(root().join(page), written).unwrap();
    }
    assert!(section.trim() == expected.trim(), "{page}, {name}: write it again with BLESS=1 cargo test --test guide");
}
