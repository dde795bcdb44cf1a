//! What a catalog holds of a policy: its name, its documentation, its parameters, and how it is made.

use std::fmt;

use serde::de::DeserializeOwned;

use crate::workload::Invalid;

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
    pub build: Build<P>,
}

/// How the parameters of a policy become the factory of its objects.
pub enum Build<P: ?Sized> {
    /// By its code alone.
    Function(fn(toml::Table) -> Result<Factory<P>, ParameterError>),
    /// With data that it owns, such as a model or a table.
    Closure(Box<dyn Fn(toml::Table) -> Result<Factory<P>, ParameterError> + Send + Sync>),
}

impl<P: ?Sized> Entry<P> {
    /// The factory of the policy with these parameters.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn build(&self, parameters: toml::Table) -> Result<Factory<P>, ParameterError> {
        match &self.build {
            Build::Function(build) => build(parameters),
            Build::Closure(build) => build(parameters),
        }
    }
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

impl Parameter {
    /// A parameter that scenarios need not give.
    pub const fn optional(
        name: &'static str,
        kind: &'static str,
        default: &'static str,
        meaning: &'static str,
    ) -> Self {
        Self { name, kind, default: Some(default), meaning }
    }
}

/// Why parameters were refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParameterError(pub String);

impl From<Invalid> for ParameterError {
    fn from(error: Invalid) -> Self {
        Self(error.to_string())
    }
}

/// Reads the parameters of a policy from TOML.
pub fn read<T: DeserializeOwned>(parameters: toml::Table) -> Result<T, ParameterError> {
    parameters.try_into().map_err(|error: toml::de::Error| ParameterError(error.message().to_owned()))
}

/// An entry, whatever the kind of its policy.
pub trait Listed {
    /// As scenario files call it.
    fn name(&self) -> &'static str;
    /// What it does, in a sentence.
    fn summary(&self) -> &'static str;
    /// Where it comes from.
    fn reference(&self) -> &'static str;
    /// Its parameters.
    fn parameters(&self) -> &'static [Parameter];
    /// Parameters that work.
    fn example(&self) -> &'static str;
    /// Whether these parameters are right.
    ///
    /// # Errors
    /// What is wrong with them.
    fn check(&self, parameters: toml::Table) -> Result<(), ParameterError>;
}

impl<P: ?Sized> Listed for Entry<P> {
    fn name(&self) -> &'static str {
        self.name
    }

    fn summary(&self) -> &'static str {
        self.summary
    }

    fn reference(&self) -> &'static str {
        self.reference
    }

    fn parameters(&self) -> &'static [Parameter] {
        self.parameters
    }

    fn example(&self) -> &'static str {
        self.example
    }

    fn check(&self, parameters: toml::Table) -> Result<(), ParameterError> {
        self.build(parameters).map(drop)
    }
}
