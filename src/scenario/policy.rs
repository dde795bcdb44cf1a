//! `[policy]`: names and parameters from the open catalog of policies.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::explain::explain_message;
use super::nearest::advice;
use super::problem::Problem;
use crate::policy::catalog::{Entry, Factory, find};

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
    /// The factory of the chosen policy.
    ///
    /// # Errors
    /// A [`Problem`], and the keys at which it lies.
    pub fn build<P: ?Sized>(&self, kind: &str, entries: &[Entry<P>]) -> Result<Factory<P>, (Problem, Vec<String>)> {
        let Some(entry) = find(entries, &self.name) else {
            let names = entries.iter().map(|entry| entry.name);
            let problem = Problem::new(format!("unknown {kind} policy `{}`", self.name))
                .label(advice(&self.name, names))
                .help("`coldcast policies` lists them with their parameters");
            return Err((problem, keys(kind, &self.name, None)));
        };
        (entry.build)(self.parameters.clone()).map_err(|error| {
            let problem =
                explain_message(&error.0).help(format!("for example `{kind}.{} = {}`", entry.name, entry.example));
            let culprit = self.parameters.keys().find(|key| error.0.contains(&format!("`{key}`")));
            (problem, keys(kind, &self.name, culprit))
        })
    }
}

fn keys(kind: &str, name: &str, parameter: Option<&String>) -> Vec<String> {
    ["policy", kind, name].into_iter().chain(parameter.map(String::as_str)).map(str::to_owned).collect()
}
