//! Reading a scenario: text, overrides, types, checks, then presets.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, value};

use super::check::{Check, is_folder_name};
use super::edit;
use super::explain::explain;
use super::file::File;
use super::policy::Choice;
use super::problem::{Problem, ScenarioError};
use super::resolve;
use super::schema::choices;
use super::source::Source;
use super::spell_out::spell_out;
use crate::platform::Platform;
use crate::policy::catalog::{Catalog, Entry, Factory};
use crate::policy::{KeepAlive, Reuse};
use crate::time::Span;
use crate::workload::Workload;

/// A scenario that was read and found to be right.
#[derive(Debug)]
pub struct Scenario {
    source: Source,
    /// The keys, with presets and defaults written out.
    file: File,
    /// The same as text.
    text: String,
    name: String,
}

/// Everything that an experiment needs.
pub struct Resolved {
    /// Name of the scenario and of its result folder.
    pub name: String,
    /// How long invocations arrive.
    pub duration: Span,
    /// How much of it, at the beginning, is not measured.
    pub warm_up: Span,
    /// Where all random numbers come from.
    pub seed: u64,
    /// How often the scenario is run.
    pub replications: u32,
    /// What is invoked.
    pub workload: Workload,
    /// Where it runs.
    pub platform: Platform,
    /// How long idle instances are kept.
    pub keep_alive: Factory<dyn KeepAlive>,
    /// Which idle instance is reused.
    pub reuse: Factory<dyn Reuse>,
    /// The scenario as TOML with presets written out: run again, it gives the same result.
    pub text: String,
}

impl fmt::Debug for Resolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolved").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Scenario {
    /// Reads the scenario file at `path`. Each override is a dotted key and a TOML value, such as `scenario.seed` and `7`.
    ///
    /// # Errors
    /// Everything that is wrong with it: line, column, what was expected, and the nearest right name.
    pub fn read(path: &Path, overrides: &[(String, String)], catalog: &Catalog) -> Result<Self, ScenarioError> {
        let text = std::fs::read_to_string(path).map_err(|error| ScenarioError::unreadable(path, &error))?;
        Self::from_text(path, text, overrides, catalog)
    }

    /// Reads a scenario from text, as if it stood in a file at `path`.
    ///
    /// # Errors
    /// As [`Scenario::read`].
    pub fn from_text(
        path: &Path,
        text: String,
        overrides: &[(String, String)],
        catalog: &Catalog,
    ) -> Result<Self, ScenarioError> {
        let source = parse(path, text)?;
        let source = if overrides.is_empty() { source } else { with_overrides(&source, overrides, &choices(catalog))? };
        let refuse = |problems| ScenarioError::new(&source, problems);
        let file: File = toml::from_str(source.text()).map_err(|error| refuse(vec![explain(&error)]))?;
        let mut problems = Check::all(&source, &file, catalog);
        let name = name(path, &file).unwrap_or_else(|problem| {
            problems.push(problem);
            String::new()
        });
        let text = spell_out(&source, &file, &name).unwrap_or_else(|unknown| {
            problems.extend(unknown);
            String::new()
        });
        if !problems.is_empty() {
            return Err(refuse(problems));
        }
        let file =
            toml::from_str(&text).map_err(|error| ScenarioError::unparsed(path, text.clone(), explain(&error)))?;
        Ok(Self { source, file, text, name })
    }

    /// Name of the scenario and of its result folder.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The keys of the scenario, with presets and defaults written out.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// The folder at which relative paths of the scenario start.
    pub fn base(&self) -> PathBuf {
        let folder = self.source.path().parent().unwrap_or(Path::new(""));
        self.file.scenario.paths_from.as_ref().map_or_else(|| folder.to_owned(), |from| folder.join(from))
    }

    /// A problem with the value of `keys`, such as `["pricing", "region"]`, that only shows when it is used.
    pub fn refuse(&self, keys: &[&str], problem: Problem) -> ScenarioError {
        ScenarioError::new(&self.source, vec![problem.at(self.source.span(keys))])
    }

    /// Builds what the engine runs. `results` is the folder in which the resolved scenario will stand.
    ///
    /// # Errors
    /// What only shows when it is used, such as a missing file.
    pub fn resolve(&self, results: &Path, catalog: &Catalog) -> Result<Resolved, ScenarioError> {
        let policy = &self.file.policy;
        let workload = resolve::workload(&self.file);
        let platform = resolve::platform(&self.file, &workload);
        let general = &self.file.scenario;
        let Some(duration) = general.duration.or(workload.length) else {
            return Err(self.refuse(&["scenario"], Problem::new("the key `duration` is missing")));
        };
        Ok(Resolved {
            name: self.name.clone(),
            duration,
            warm_up: general.warm_up,
            seed: general.seed,
            replications: general.replications,
            workload,
            platform,
            keep_alive: self.policy("keep_alive", policy.keep_alive.as_ref(), &catalog.keep_alive)?,
            reuse: self.policy("reuse", policy.reuse.as_ref(), &catalog.reuse)?,
            text: self.text_in(results),
        })
    }

    fn policy<P: ?Sized>(
        &self,
        kind: &str,
        choice: Option<&Choice>,
        entries: &[Entry<P>],
    ) -> Result<Factory<P>, ScenarioError> {
        let Some(choice) = choice else {
            return Err(self.refuse(&["policy"], Problem::new(format!("the policy `{kind}` is missing"))));
        };
        choice.build(kind, entries).map_err(|(problem, keys)| {
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            self.refuse(&keys, problem)
        })
    }

    /// The text as it stands in `folder`: relative paths still start where they did.
    fn text_in(&self, folder: &Path) -> String {
        let from = pathdiff::diff_paths(real(&self.base()), real(folder));
        let Ok(mut document) = self.text.parse::<DocumentMut>() else { return self.text.clone() };
        if let Some(from) = from {
            document["scenario"]["paths_from"] = value(from.to_string_lossy().replace('\\', "/"));
        }
        document.to_string()
    }
}

fn parse(path: &Path, text: String) -> Result<Source, ScenarioError> {
    Source::parse(path, text.clone()).map_err(|problem| ScenarioError::unparsed(path, text, problem))
}

fn with_overrides(
    source: &Source,
    overrides: &[(String, String)],
    choices: &BTreeSet<String>,
) -> Result<Source, ScenarioError> {
    let refuse = |problem| ScenarioError::unparsed(source.path(), source.text().to_owned(), problem);
    let mut document: DocumentMut =
        source.text().parse().map_err(|error: toml_edit::TomlError| refuse(Problem::new(error.message())))?;
    for (key, value) in overrides {
        edit::set(&mut document, key, value, choices)
            .map_err(|problem| refuse(Problem::new(format!("--set {key}={value}: {problem}"))))?;
    }
    parse(source.path(), document.to_string())
}

/// The name that the scenario has, or else that of its file.
fn name(path: &Path, file: &File) -> Result<String, Problem> {
    if let Some(name) = &file.scenario.name {
        return Ok(name.clone());
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    if is_folder_name(&stem) {
        return Ok(stem);
    }
    let problem = Problem::new(format!("the file name \"{stem}\" cannot be the name of a result folder"));
    Err(problem.help("give the scenario a `name` in [scenario]: letters, digits, `.`, `_` and `-`"))
}

/// The absolute path without links, of which the end may not exist yet.
fn real(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let known = path.ancestors().find_map(|known| Some((known.canonicalize().ok()?, path.strip_prefix(known).ok()?)));
    known.map_or_else(
        || path.clone(),
        |(known, rest)| if rest.as_os_str().is_empty() { known } else { known.join(rest) },
    )
}
