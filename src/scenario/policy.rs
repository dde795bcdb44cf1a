//! `[policy]`: names and parameters from the open catalog of policies.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::explain::explain_message;
use super::nearest::advice;
use super::problem::Problem;
use crate::policy::catalog::{Kind, find};
use crate::policy::entry::{Entry, Factory};

/// Which policies decide. `coldcast policies` lists them with their parameters.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// How long idle instances are kept. Default: the preset's; without preset `fixed = { ttl = "10m" }`, as most papers assume
    /// for AWS Lambda and as Apache OpenWhisk does.
    pub keep_alive: Option<Choice>,
    /// Which idle instance an invocation reuses. Default: the preset's; without preset `most_recently_used = {}`, which is what AWS
    /// Lambda was measured to do (Mahmoudi and Khazaei, IEEE TCC 2020).
    pub reuse: Option<Choice>,
    /// Which worker gets an invocation. Only with `[[platform.workers]]`. Default: no load balancer; an invocation takes an idle
    /// instance of its function wherever there is one, else one is started where `placement` says.
    pub load_balancing: Option<Choice>,
    /// Which waiting invocation is next, at the front door and at each worker. Default: `first_come = {}`.
    pub scheduling: Option<Choice>,
    /// On which worker an instance is started, where no load balancer has said so. Default: `worst_fit = {}`.
    pub placement: Option<Choice>,
    /// How much memory each function gets, decided before the run; only with a CPU law. Default: `fixed = {}`, what the scenario or
    /// the trace says.
    pub allocation: Option<Choice>,
    /// Which idle instance goes when a worker needs memory. Default: `least_recently_used = {}`.
    pub eviction: Option<Choice>,
    /// Which instances are kept ready before they are needed. Default: none.
    pub prewarm: Option<Choice>,
    /// How many instances each function has, where a controller decides that instead of the invocations. Default: as many as the
    /// invocations ask for.
    pub autoscaling: Option<Choice>,
}

impl Policy {
    /// What is chosen of each kind, by the name of the kind.
    pub fn choices(&self) -> [(&'static str, Option<&Choice>); 9] {
        [
            ("keep_alive", self.keep_alive.as_ref()),
            ("reuse", self.reuse.as_ref()),
            ("load_balancing", self.load_balancing.as_ref()),
            ("scheduling", self.scheduling.as_ref()),
            ("placement", self.placement.as_ref()),
            ("allocation", self.allocation.as_ref()),
            ("eviction", self.eviction.as_ref()),
            ("prewarm", self.prewarm.as_ref()),
            ("autoscaling", self.autoscaling.as_ref()),
        ]
    }
}

/// What a scenario without policies and without preset gets.
pub const DEFAULT_POLICIES: &str = "keep_alive.fixed = { ttl = \"10m\" }\nreuse.most_recently_used = {}\n";

/// A policy by its name, with its parameters.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "BTreeMap<String, toml::Table>")]
pub struct Choice {
    /// Its name in the catalog.
    pub name: String,
    /// Its parameters.
    pub parameters: toml::Table,
}

impl TryFrom<BTreeMap<String, toml::Table>> for Choice {
    type Error = String;

    fn try_from(mut table: BTreeMap<String, toml::Table>) -> Result<Self, String> {
        match (table.pop_first(), table.is_empty()) {
            (Some((name, parameters)), true) => Ok(Self { name, parameters }),
            _ => Err("expected exactly one policy, such as `fixed = { ttl = \"10m\" }`".into()),
        }
    }
}

impl JsonSchema for Choice {
    fn schema_name() -> Cow<'static, str> {
        "PolicyChoice".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": { "type": "object" } })
    }
}

impl Choice {
    /// A policy with its default parameters.
    pub fn plain(name: &str) -> Self {
        Self { name: name.to_owned(), parameters: toml::Table::new() }
    }

    /// Whether the policy exists and takes the parameters.
    ///
    /// # Errors
    /// A [`Problem`], and the keys at which it lies.
    pub fn check(&self, kind: &Kind<'_>) -> Result<(), (Problem, Vec<String>)> {
        let Some(entry) = kind.find(&self.name) else {
            let names = kind.entries.iter().map(|entry| entry.name());
            let problem = Problem::new(format!("unknown {} policy `{}`", kind.name, self.name))
                .label(advice(&self.name, names))
                .help("`coldcast policies` lists them with their parameters");
            return Err((problem, keys(kind.name, &self.name, None)));
        };
        entry.check(self.parameters.clone()).map_err(|error| {
            let problem = explain_message(&error.0).help(format!(
                "for example `{}.{} = {}`",
                kind.name,
                entry.name(),
                entry.example()
            ));
            let culprit = self.parameters.keys().find(|key| error.0.contains(&format!("`{key}`")));
            (problem, keys(kind.name, &self.name, culprit))
        })
    }

    /// The factory of the chosen policy; `None` if [`Choice::check`] would refuse it.
    pub fn build<P: ?Sized>(&self, entries: &[Entry<P>]) -> Option<Factory<P>> {
        find(entries, &self.name)?.build(self.parameters.clone()).ok()
    }
}

fn keys(kind: &str, name: &str, parameter: Option<&String>) -> Vec<String> {
    ["policy", kind, name].into_iter().chain(parameter.map(String::as_str)).map(str::to_owned).collect()
}
