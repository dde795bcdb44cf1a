//! Writes into a scenario what it leaves to presets and defaults, so that it can be run again on its own.

use std::cell::LazyCell;

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value, value};

use super::edit::{as_standard_table, fill};
use super::file::File;
use super::nearest::advice;
use super::policy::DEFAULT_POLICIES;
use super::problem::Problem;
use super::source::Source;
use crate::platform::presets::{PLATFORMS, RUNTIMES};

/// Tables of presets that are filled key by key: the others are choices, which hold together.
const DEEP: [&str; 5] = ["defaults", "platform", "policy", "limits", "cold_start"];

/// The text of a scenario with its preset, its runtimes and the defaults of `[scenario]` and `[policy]` written out.
///
/// # Errors
/// Names of runtimes that do not exist.
pub fn spell_out(source: &Source, file: &File, name: &str) -> Result<String, Vec<Problem>> {
    let mut document = parse(source.text())?;
    let problems = write_runtimes(&mut document, source);
    if !problems.is_empty() {
        return Err(problems);
    }
    if let Some(preset) = &file.platform.preset
        && let Some(preset) = PLATFORMS.iter().find(|known| known.name == *preset)
    {
        let mut preset = parse(preset.text)?;
        write_runtimes(&mut preset, source);
        merge(&mut document, &preset);
        document.get_mut("platform").and_then(Item::as_table_like_mut).map(|platform| platform.remove("preset"));
    }
    let mut policies = parse("[policy]")?;
    policies["policy"] = parse(DEFAULT_POLICIES)?.as_item().clone();
    merge(&mut document, &policies);
    write_general(&mut document, file, name);
    Ok(document.to_string())
}

fn parse(text: &str) -> Result<DocumentMut, Vec<Problem>> {
    text.parse().map_err(|error: toml_edit::TomlError| vec![Problem::new(error.message())])
}

fn merge(document: &mut DocumentMut, below: &DocumentMut) {
    for section in DEEP {
        document.get_mut(section).and_then(as_standard_table);
    }
    fill(document.as_table_mut(), below.as_table(), &DEEP);
}

fn write_general(document: &mut DocumentMut, file: &File, name: &str) {
    let general = document.entry("scenario").or_insert_with(|| Item::Table(Table::new()));
    let Some(table) = general.as_table_like_mut() else { return };
    table.entry("name").or_insert(value(name));
    table.entry("warm_up").or_insert(value(file.scenario.warm_up.to_string()));
    table.entry("seed").or_insert(value(i64::try_from(file.scenario.seed).unwrap_or(i64::MAX)));
    table.entry("replications").or_insert(value(i64::from(file.scenario.replications)));
    if let Some(precision) = file.scenario.precision() {
        let paths: Array = precision.of.iter().map(|figure| figure.path.as_str()).collect();
        table.entry("precision_of").or_insert(value(paths));
        table.entry("max_replications").or_insert(value(i64::from(precision.most)));
    }
}

/// Replaces each `cold_start.runtime` by its `init`.
fn write_runtimes(document: &mut DocumentMut, source: &Source) -> Vec<Problem> {
    // Read when one is named.
    let runtimes: LazyCell<DocumentMut> = LazyCell::new(|| RUNTIMES.parse::<DocumentMut>().unwrap_or_default());
    let mut problems = Vec::new();
    for section in ["defaults", "platform"] {
        if let Some(table) = document.get_mut(section).and_then(Item::as_table_like_mut) {
            problems.extend(write_runtime(table, &runtimes, source, &[section]));
        }
    }
    for (index, function) in functions(document).into_iter().enumerate() {
        problems.extend(write_runtime(function, &runtimes, source, &["function", &index.to_string()]));
    }
    problems
}

fn functions(document: &mut DocumentMut) -> Vec<&mut dyn TableLike> {
    match document.get_mut("function") {
        Some(Item::ArrayOfTables(tables)) => tables.iter_mut().map(|table| table as &mut dyn TableLike).collect(),
        Some(Item::Value(Value::Array(values))) => {
            values.iter_mut().filter_map(|value| Some(value.as_inline_table_mut()? as &mut dyn TableLike)).collect()
        }
        _ => Vec::new(),
    }
}

fn write_runtime(
    table: &mut dyn TableLike,
    runtimes: &LazyCell<DocumentMut>,
    source: &Source,
    at: &[&str],
) -> Option<Problem> {
    let cold_start = table.get_mut("cold_start")?.as_table_like_mut()?;
    let name = cold_start.get("runtime")?.as_str()?.to_owned();
    let Some(percentiles) = runtimes.get(&name).and_then(Item::as_inline_table) else {
        let span = source.span(&[at, &["cold_start", "runtime"]].concat());
        let problem = Problem::new(format!("unknown runtime `{name}`")).at(span);
        let names: Vec<&str> = runtimes.iter().map(|(name, _)| name).collect();
        return Some(problem.label(advice(&name, names)).help("`coldcast presets runtimes` lists them"));
    };
    let mut percentiles = percentiles.clone();
    percentiles.decor_mut().clear();
    let init = InlineTable::from_iter([("lognormal", Value::from(percentiles))]);
    cold_start.remove("runtime");
    cold_start.insert("init", value(init));
    None
}
