//! Reading a scenario: text, overrides, types, checks, then presets.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml_edit::DocumentMut;

use super::allocate::allocate;
use super::billing;
use super::check::{Check, is_folder_name};
use super::edit;
use super::explain::{explain, explain_message};
use super::file::File;
use super::nearest::advice;
use super::policy::Choice;
use super::problem::{Problem, ScenarioError};
use super::reserved;
use super::resolve;
use super::samples;
use super::schema::choices;
use super::source::Source;
use super::spell_out::spell_out;
use crate::billing::{BookError, Pricing, ServiceLine, Services, Tariff};
use crate::experiment::{Experiment, Fleet, Output};
use crate::metrics::Window;
use crate::policy::Policies;
use crate::policy::catalog::Catalog;
use crate::policy::entry::{Entry, Factory};
use crate::time::{Span, Time};
use crate::workload::Workload;
use crate::workload::trace::{Rejects, Trace, TraceError};

/// A scenario that was read and found to be right.
#[derive(Debug)]
pub struct Scenario {
    source: Source,
    /// The keys, with presets and defaults written out.
    file: File,
    /// The same as text.
    pub(super) text: String,
    name: String,
    /// Which tables hold one choice, once somebody has asked: a variant asks nobody again.
    choices: Option<Arc<BTreeSet<String>>>,
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
        let known = (!overrides.is_empty()).then(|| Arc::new(choices(catalog)));
        Self::with_choices(path, text, overrides, catalog, known)
    }

    /// As [`Scenario::from_text`], with the `choices` that the overrides need.
    pub(super) fn with_choices(
        path: &Path,
        text: String,
        overrides: &[(String, String)],
        catalog: &Catalog,
        choices: Option<Arc<BTreeSet<String>>>,
    ) -> Result<Self, ScenarioError> {
        let source = parse(path, text)?;
        let source = match &choices {
            Some(choices) if !overrides.is_empty() => with_overrides(&source, overrides, choices)?,
            _ => source,
        };
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
        Ok(Self { source, file, text, name, choices })
    }

    /// Name of the scenario and of its result folder.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file.
    pub fn path(&self) -> &Path {
        self.source.path()
    }

    /// The text of the file, with the overrides of the command line.
    pub(super) fn source_text(&self) -> &str {
        self.source.text()
    }

    /// Which tables hold one choice.
    pub(super) fn choices(&self, catalog: &Catalog) -> Arc<BTreeSet<String>> {
        self.choices.clone().unwrap_or_else(|| Arc::new(choices(catalog)))
    }

    /// Keeps at hand what every variant will ask for.
    pub fn with_variants(mut self, catalog: &Catalog) -> Self {
        self.choices = Some(self.choices(catalog));
        self
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

    /// Builds what the engine runs. `results` is the folder in which the resolved scenario will stand; rows of a trace that are
    /// skipped go to `rejects`.
    ///
    /// # Errors
    /// What only shows when it is used, such as a missing file.
    pub fn resolve(
        &self,
        results: &Path,
        catalog: &Catalog,
        rejects: &mut Rejects<'_>,
    ) -> Result<Experiment, ScenarioError> {
        let general = &self.file.scenario;
        let mut file = self.file.clone();
        samples::load(&mut file, &self.base()).map_err(|(keys, error)| {
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            self.refuse(&keys, Problem::new(error.problem).elsewhere(&error.file, error.line, "the data file"))
        })?;
        let workload = resolve::workload(&file, &self.base(), rejects);
        let mut workload = workload.map_err(|error| self.refuse(&["workload", "trace"], of_trace(&error)))?;
        self.check_names(&workload)?;
        let tariff = self.tariff(&file.pricing)?;
        let services = self.services(&tariff, &workload)?;
        let fleet = self.fleet(&workload)?;
        self.allocate(&file, catalog, &mut workload)?;
        let platform = resolve::platform(&file, &workload);
        let policies = self.policies(catalog)?;
        self.check_oracles(&policies, &workload)?;
        let sizes = billing::sizes(&file, &workload);
        let provisions = policies.prewarm.as_ref().is_some_and(|make| make().provisions());
        reserved::check(&file, &workload, &platform)
            .and_then(|()| billing::check(&file, &tariff, &workload, &platform, &sizes, provisions))
            .map_err(|(keys, problem)| self.refuse(&keys.iter().map(String::as_str).collect::<Vec<_>>(), problem))?;
        Ok(Experiment {
            name: self.name.clone(),
            window: self.window(workload.length)?,
            drain: self.file.scenario.drain,
            workload,
            platform,
            policies,
            seed: general.seed,
            replications: general.replications,
            precision: general.precision(),
            tariff,
            sizes,
            services,
            fleet,
            scenario: self.text_in(results),
            output: Output { plots: self.file.output.plots, invocations: self.file.output.invocations },
        })
    }

    pub(super) fn tariff(&self, pricing: &Pricing) -> Result<Tariff, ScenarioError> {
        pricing.resolve(&self.base()).map_err(|error| {
            let key = match &error {
                BookError::Unknown { key, .. } => *key,
                BookError::NoRegion { .. } => "region",
                _ => "book_file",
            };
            self.refuse(&["pricing", key], of_book(&error))
        })
    }

    /// The services beside the functions, and their prices.
    fn services(&self, tariff: &Tariff, workload: &Workload) -> Result<Services, ScenarioError> {
        let lines = &self.file.pricing.service;
        self.check_functions(&["pricing", "service"], lines, workload)?;
        let services = self.file.pricing.services(tariff, &self.base());
        services.map_err(|(line, key, problem)| {
            self.refuse(&["pricing", "service", &line.to_string(), key], Problem::new(problem))
        })
    }

    /// The servers that the run is compared with, and their prices.
    fn fleet(&self, workload: &Workload) -> Result<Option<Fleet>, ScenarioError> {
        let Some(servers) = &self.file.servers else { return Ok(None) };
        self.check_functions(&["servers", "service"], &servers.service, workload)?;
        let fleet = servers.resolve(self.file.pricing.defaults(), &self.base()).map_err(|(keys, problem)| {
            let keys: Vec<&str> = std::iter::once("servers").chain(keys.iter().map(String::as_str)).collect();
            self.refuse(&keys, Problem::new(problem))
        });
        fleet.map(Some)
    }

    /// Services count invocations of functions that exist.
    fn check_functions(&self, at: &[&str], lines: &[ServiceLine], workload: &Workload) -> Result<(), ScenarioError> {
        let names = || workload.functions.iter().map(|function| function.name.as_str());
        for (place, line) in lines.iter().enumerate() {
            if let Some(name) = line.function.as_deref().filter(|name| names().all(|known| known != *name)) {
                let problem = Problem::new(format!("there is no function `{name}`")).label(advice(name, names()));
                return Err(self.refuse(&[at, &[&place.to_string(), "function"]].concat(), problem));
            }
        }
        Ok(())
    }

    /// Gives each function the memory that the allocation policy chooses, if there is one. Free units would make sizes look alike.
    fn allocate(&self, file: &File, catalog: &Catalog, workload: &mut Workload) -> Result<(), ScenarioError> {
        let Some(choice) = &file.policy.allocation else { return Ok(()) };
        let Some(policy) = choice.build(&catalog.allocation) else { return Ok(()) };
        let tariff = self.tariff(&Pricing { free_tier: false, ..file.pricing.clone() })?;
        let done = allocate(file, &tariff, &choice.name, &*policy(), workload);
        done.map_err(|problem| self.refuse(&["policy", "allocation"], problem))
    }

    /// What is measured: from the end of the warm-up to the end of the duration.
    fn window(&self, trace: Option<Span>) -> Result<Window, ScenarioError> {
        let general = &self.file.scenario;
        let Some(duration) = general.duration.or(trace) else {
            return Err(self.refuse(&["scenario"], Problem::new("the key `duration` is missing")));
        };
        if general.warm_up >= duration {
            let problem = Problem::new("the warm-up is not shorter than the trace, so nothing would be measured");
            return Err(self.refuse(&["scenario", "warm_up"], problem.label(format!("expected less than {duration}"))));
        }
        Ok(Window { start: Time::ZERO + general.warm_up, end: Time::ZERO + duration })
    }

    /// A function of the scenario must not have the name of one of its trace or population.
    fn check_names(&self, workload: &Workload) -> Result<(), ScenarioError> {
        let (own, others) = workload.functions.split_at(self.file.function.len());
        let others: BTreeSet<&str> = others.iter().map(|function| function.name.as_str()).collect();
        match own.iter().position(|function| others.contains(function.name.as_str())) {
            None => Ok(()),
            Some(index) => {
                let problem = Problem::new("a function of [workload] has the same name");
                Err(self.refuse(&["function", &index.to_string(), "name"], problem))
            }
        }
    }

    /// The files that the scenario names: its traces, its samples, its price book.
    pub fn inputs(&self) -> Vec<PathBuf> {
        let base = self.base();
        self.paths().into_iter().map(|path| base.join(path)).collect()
    }

    /// The paths that the scenario names, as it writes them.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        let mut paths: Vec<PathBuf> = match &self.file.workload.trace {
            Some(Trace::Azure2019(trace)) => trace.paths().cloned().collect(),
            Some(Trace::Table(table)) => vec![table.path.clone()],
            None => Vec::new(),
        };
        paths.extend(self.file.pricing.book_file.clone());
        let servers = self.file.servers.as_ref();
        let lines = self.file.pricing.service.iter().chain(servers.iter().flat_map(|servers| &servers.service));
        paths.extend(lines.filter_map(|line| line.book_file.clone()));
        paths.extend(servers.and_then(|servers| servers.machine.book_file()).cloned());
        paths.extend(samples::paths(&self.file));
        paths
    }

    /// The chosen policies. The reader has checked them and written out the defaults.
    fn policies(&self, catalog: &Catalog) -> Result<Policies, ScenarioError> {
        let policy = &self.file.policy;
        Ok(Policies {
            keep_alive: self.needed("keep_alive", policy.keep_alive.as_ref(), &catalog.keep_alive)?,
            reuse: self.needed("reuse", policy.reuse.as_ref(), &catalog.reuse)?,
            load_balancing: chosen(policy.load_balancing.as_ref(), &catalog.load_balancing),
            scheduling: self.needed(
                "scheduling",
                policy.scheduling.as_ref().or(Some(&Choice::plain("first_come"))),
                &catalog.scheduling,
            )?,
            placement: self.needed(
                "placement",
                policy.placement.as_ref().or(Some(&Choice::plain("worst_fit"))),
                &catalog.placement,
            )?,
            eviction: self.needed(
                "eviction",
                policy.eviction.as_ref().or(Some(&Choice::plain("least_recently_used"))),
                &catalog.eviction,
            )?,
            prewarm: chosen(policy.prewarm.as_ref(), &catalog.prewarm),
            autoscaling: chosen(policy.autoscaling.as_ref(), &catalog.autoscaling),
        })
    }

    /// A table of invocations is read once, so that nobody can look ahead in it.
    fn check_oracles(&self, policies: &Policies, workload: &Workload) -> Result<(), ScenarioError> {
        let oracles =
            [("keep_alive", (policies.keep_alive)().is_oracle()), ("eviction", (policies.eviction)().is_oracle())];
        let oracle = oracles.into_iter().find(|(_, is_oracle)| *is_oracle).filter(|_| workload.table.is_some());
        let Some((kind, _)) = oracle else { return Ok(()) };
        let problem = Problem::new("this policy knows the next arrivals, but a table of invocations is read only once");
        let help = "use it with arrivals of the scenario's own, a population or the Azure 2019 trace";
        Err(self.refuse(&["policy", kind], problem.help(help)))
    }

    fn needed<P: ?Sized>(
        &self,
        kind: &str,
        choice: Option<&Choice>,
        entries: &[Entry<P>],
    ) -> Result<Factory<P>, ScenarioError> {
        let missing = || self.refuse(&["policy"], Problem::new(format!("the policy `{kind}` is missing")));
        chosen(choice, entries).ok_or_else(missing)
    }
}

fn chosen<P: ?Sized>(choice: Option<&Choice>, entries: &[Entry<P>]) -> Option<Factory<P>> {
    choice?.build(entries)
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
    parse(source.path(), document.to_string()).map(Source::changed)
}

/// A problem that lies in a file of the trace.
fn of_trace(error: &TraceError) -> Problem {
    let problem = Problem::new(error.what()).help(error.advice());
    match error.place() {
        Some((path, line)) => problem.elsewhere(path, line.and_then(|line| line.try_into().ok()), "the trace"),
        None => problem,
    }
}

/// A problem with the price book: with a name in the scenario, or with a line of the book.
fn of_book(error: &BookError) -> Problem {
    match error.in_file() {
        Some((file, line, what)) => explain_message(&what).elsewhere(Path::new(file), line, "the price book"),
        None => Problem::new(error.to_string()),
    }
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
