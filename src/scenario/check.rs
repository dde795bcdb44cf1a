//! What the types of a scenario cannot say: which keys must fit together. All problems are found at once.

use std::collections::BTreeSet;

use super::cold_start::ColdStartKeys;
use super::file::File;
use super::function::{Defaults, Function};
use super::nearest::advice;
use super::problem::Problem;
use super::source::Source;
use crate::metrics::Figure;
use crate::platform::presets::PLATFORMS;
use crate::policy::catalog::Catalog;
use crate::time::Span;
use crate::workload::trace::Trace;

/// Collects problems together with their place in the file.
pub struct Check<'a> {
    source: &'a Source,
    problems: Vec<Problem>,
}

impl<'a> Check<'a> {
    /// All problems of a scenario that was read without error.
    pub fn all(source: &'a Source, file: &File, catalog: &Catalog) -> Vec<Problem> {
        let mut check = Self { source, problems: Vec::new() };
        check.general(file);
        check.functions(file);
        check.defaults("defaults", &file.defaults);
        check.platform(file);
        check.policies(file, catalog);
        check.cluster(file);
        check.problems
    }

    pub(super) fn add(&mut self, keys: &[&str], problem: Problem) {
        self.problems.push(problem.at(self.source.span(keys)));
    }

    fn general(&mut self, file: &File) {
        let general = &file.scenario;
        if let Some(name) = &general.name
            && !is_folder_name(name)
        {
            let problem = Problem::new("the name of a scenario is also that of its result folder")
                .label("expected letters, digits, `.`, `_` and `-`, not beginning with `.`");
            self.add(&["scenario", "name"], problem);
        }
        if general.replications == 0 {
            self.add(&["scenario", "replications"], Problem::new("no replication").label("expected 1 or more"));
        }
        self.precision(file);
        match general.duration {
            None if file.workload.trace.is_some() => {}
            None => {
                let problem =
                    Problem::new("the key `duration` is missing; without a trace, invocations would never end");
                self.add(&["scenario"], problem.help("add `duration = \"1h\"` to [scenario]"));
            }
            Some(Span::ZERO) => self.add(&["scenario", "duration"], zero("duration", "1h")),
            Some(duration) if general.warm_up >= duration => {
                let problem =
                    Problem::new("the warm-up is not shorter than the duration, so nothing would be measured")
                        .label(format!("expected less than {duration}"));
                self.add(&["scenario", "warm_up"], problem);
            }
            Some(_) => {}
        }
    }

    fn precision(&mut self, file: &File) {
        let general = &file.scenario;
        if general.precision.is_none() {
            let keys = [
                ("precision_of", general.precision_of.is_some()),
                ("max_replications", general.max_replications.is_some()),
            ];
            for (key, _) in keys.into_iter().filter(|(_, given)| *given) {
                let problem = Problem::new(format!("`{key}` says nothing without a `precision`"));
                self.add(&["scenario", key], problem.help("add `precision = \"2%\"` to [scenario]"));
            }
            return;
        }
        if general.replications == 1 {
            let problem = Problem::new("one replication has no interval from which to tell its precision");
            self.add(&["scenario", "replications"], problem.label("expected 2 or more, better 10"));
        }
        if general.precision().is_some_and(|precision| precision.most < general.replications) {
            let problem = Problem::new("`max_replications` is less than `replications`");
            self.add(
                &["scenario", "max_replications"],
                problem.label(format!("expected {} or more", general.replications)),
            );
        }
        if general.precision_of.as_ref().is_some_and(Vec::is_empty) {
            let problem =
                Problem::new("no figure is to be precise").label("expected at least one, such as \"cost.per_month\"");
            self.add(&["scenario", "precision_of"], problem);
        }
        for (index, path) in general.precision_of.iter().flatten().enumerate() {
            if Figure::find(path).is_none() {
                let paths = Figure::paths();
                let problem = Problem::new(format!("there is no figure `{path}`"));
                let label = advice(path, paths.iter().map(String::as_str));
                self.add(&["scenario", "precision_of", &index.to_string()], problem.label(label));
            }
        }
    }

    fn functions(&mut self, file: &File) {
        let section = &file.workload;
        if file.function.is_empty() && section.trace.is_none() && section.population.is_none() {
            let help = "add a [[function]] with `name`, `arrivals` and `execution`, or a [workload] with a trace or a population";
            self.problems.push(Problem::new("the scenario has no functions").help(help));
        }
        if section.trace.is_some() && section.population.is_some() {
            let problem =
                Problem::new("the workload is both a trace and a population").label("expected one of the two");
            self.add(&["workload", "population"], problem);
        }
        if !file.function.is_empty() && matches!(section.trace, Some(Trace::Table(_))) {
            let problem = Problem::new("a table of invocations cannot be mixed with functions of the scenario's own");
            self.add(
                &["workload", "trace"],
                problem.help("remove the [[function]] tables; [defaults] holds for the table's"),
            );
        }
        let mut names = BTreeSet::new();
        for (index, function) in file.function.iter().enumerate() {
            let index = index.to_string();
            if !names.insert(&function.name) {
                let problem = Problem::new(format!("there are two functions `{}`", function.name));
                self.add(&["function", &index, "name"], problem.label("expected a name that no other function has"));
            }
            self.function(&index, function, &file.defaults);
        }
        for (index, app) in file.function.iter().enumerate().filter_map(|(i, f)| Some((i, f.app.as_ref()?))) {
            if file.function.iter().any(|function| function.app.is_none() && function.name == *app) {
                let problem =
                    Problem::new(format!("app `{app}` has the name of a function that does not belong to it"));
                let help = format!("give that function `app = \"{app}\"`, or the app another name");
                self.add(&["function", &index.to_string(), "app"], problem.help(help));
            }
        }
    }

    fn function(&mut self, index: &str, function: &Function, defaults: &Defaults) {
        if function.name.is_empty() {
            self.add(&["function", index, "name"], Problem::new("a function needs a name"));
        }
        if function.execution.is_none() && defaults.execution.is_none() {
            let problem = Problem::new(format!("function `{}` does not say how long it executes", function.name));
            let help = "add `execution.lognormal = { median = \"120ms\", p99 = \"900ms\" }` to it or to [defaults]";
            self.add(&["function", index], problem.label("the key `execution` is missing").help(help));
        }
        self.settings(&["function", index], &function.settings());
    }

    fn defaults(&mut self, section: &str, defaults: &Defaults) {
        self.settings(&[section], defaults);
    }

    fn settings(&mut self, at: &[&str], settings: &Defaults) {
        let key = |name| [at, &[name]].concat();
        if settings.memory.is_some_and(|memory| memory.as_bytes() == 0) {
            self.add(&key("memory"), zero("memory", "128 MiB"));
        }
        if settings.timeout == Some(Span::ZERO) {
            self.add(&key("timeout"), zero("timeout", "15m"));
        }
        if settings.parallel.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
            self.add(&key("parallel"), Problem::new("`parallel` is a share").label("expected a number from 0 to 1"));
        }
        self.cold_start(&key("cold_start"), &settings.cold_start);
        self.shares(at, settings);
    }

    fn cold_start(&mut self, at: &[&str], keys: &ColdStartKeys) {
        if keys.runtime.is_some() && keys.init.is_some() {
            let problem = Problem::new("`runtime` and `init` both say how long the runtime takes to start");
            self.add(&[at, &["init"]].concat(), problem.label("expected one of the two"));
        }
    }

    fn platform(&mut self, file: &File) {
        if let Some(name) = &file.platform.preset
            && PLATFORMS.iter().all(|preset| preset.name != *name)
        {
            let problem = Problem::new(format!("unknown preset `{name}`"))
                .label(advice(name, PLATFORMS.map(|preset| preset.name)))
                .help("`coldcast presets` shows them with their values");
            self.add(&["platform", "preset"], problem);
        }
        if file.platform.preset.is_some() && !file.pricing.books.is_empty() {
            let problem = Problem::new("each of `pricing.books` brings the preset of the platform that it bills");
            self.add(&["platform", "preset"], problem.label("remove `preset`; other keys of [platform] hold for all"));
        }
        if file.platform.timeout == Some(Span::ZERO) {
            self.add(&["platform", "timeout"], zero("timeout", "15m"));
        }
        self.cold_start(&["platform", "cold_start"], &file.platform.cold_start);
    }

    fn policies(&mut self, file: &File, catalog: &Catalog) {
        let kinds = catalog.kinds();
        for (kind, choice) in file.policy.choices() {
            let kind = kinds.iter().find(|known| known.name == kind);
            let Some((problem, keys)) = choice.zip(kind).and_then(|(choice, kind)| choice.check(kind).err()) else {
                continue;
            };
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            self.add(&keys, problem);
        }
    }
}

/// Whether a text can be the name of a result folder on any system.
pub fn is_folder_name(name: &str) -> bool {
    let usual = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    !name.is_empty() && !name.starts_with('.') && name.chars().all(usual)
}

fn zero(key: &str, example: &str) -> Problem {
    Problem::new(format!("`{key}` is zero")).label(format!("expected more than zero, such as \"{example}\""))
}
