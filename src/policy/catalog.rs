//! The lists of policies. The command line, the documentation, the validation of scenarios and the tests all walk them.

use std::fmt;

use serde::de::DeserializeOwned;

use crate::policy::{KeepAlive, Reuse, keep_alive, reuse};

/// Makes one policy object for each shard of a run.
pub type Factory<P> = Box<dyn Fn() -> Box<P> + Send + Sync>;

/// A policy in a catalog.
pub struct Entry<P: ?Sized> {
    /// As scenario files call it: `keep_alive.NAME = { ... }`.
    pub name: &'static str,
    /// What it does, in a sentence.
    pub summary: &'static str,
    /// Where it comes from: paper, product page, measurement.
    pub reference: &'static str,
    /// Its parameters.
    pub parameters: &'static [Parameter],
    /// Parameters that work, as the text of an inline TOML table.
    pub example: &'static str,
    /// Reads the parameters and returns the factory.
    pub build: fn(toml::Table) -> Result<Factory<P>, ParameterError>,
}

impl<P: ?Sized> fmt::Debug for Entry<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A parameter of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Its key.
    pub name: &'static str,
    /// What kind of value it takes.
    pub kind: &'static str,
    /// What it is when the scenario does not say; `None` if the scenario must say.
    pub default: Option<&'static str>,
    /// What it means.
    pub meaning: &'static str,
}

/// Why parameters were refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParameterError(pub String);

/// Reads the parameters of a policy from TOML.
pub fn read<T: DeserializeOwned>(parameters: toml::Table) -> Result<T, ParameterError> {
    parameters.try_into().map_err(|error: toml::de::Error| ParameterError(error.message().to_owned()))
}

/// All policies that a scenario can name. Programs add their own with [`Vec::push`].
#[derive(Debug)]
pub struct Catalog {
    /// How long idle instances are kept.
    pub keep_alive: Vec<Entry<dyn KeepAlive>>,
    /// Which idle instance is reused.
    pub reuse: Vec<Entry<dyn Reuse>>,
}

impl Default for Catalog {
    /// The policies of coldcast.
    fn default() -> Self {
        Self {
            keep_alive: vec![
                keep_alive::none::ENTRY,
                keep_alive::fixed::ENTRY,
                keep_alive::infinite::ENTRY,
                keep_alive::survival::ENTRY,
            ],
            reuse: reuse::ENTRIES.into(),
        }
    }
}

/// The entry of that name.
pub fn find<'a, P: ?Sized>(entries: &'a [Entry<P>], name: &str) -> Option<&'a Entry<P>> {
    entries.iter().find(|entry| entry.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<P: ?Sized>(entries: &[Entry<P>]) {
        let mut names = std::collections::BTreeSet::new();
        for Entry { name, summary, reference, parameters, example, build } in entries {
            assert!(names.insert(*name), "{name} is listed twice");
            assert!(
                summary.ends_with('.') && !reference.is_empty(),
                "{name} says what it does and where it comes from"
            );
            let example: toml::Table = toml::from_str(&format!("p = {example}")).unwrap();
            let example = example["p"].as_table().unwrap().clone();
            for key in example.keys() {
                assert!(parameters.iter().any(|parameter| parameter.name == key), "{name}: {key} is not documented");
            }
            assert!(build(example.clone()).is_ok(), "{name}: the example works");
            let mut wrong = example;
            wrong.insert("no_such_key".into(), true.into());
            let refused = build(wrong).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(refused.contains("no_such_key"), "{name} refuses unknown keys: {refused}");
        }
    }

    #[test]
    fn every_entry_is_documented_and_its_example_works() {
        let catalog = Catalog::default();
        check(&catalog.keep_alive);
        check(&catalog.reuse);
    }
}
