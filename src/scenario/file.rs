//! The scenario file as its user writes it. The doc comments of these types are the user's reference of keys.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::function::{Defaults, Function};
use super::input_range::InputRange;
use super::policy::Policy;
use super::sections::{General, Output, PlatformSection, WorkloadSection};
use super::servers::Servers;
use super::sweep::Sweep;
use crate::billing::Pricing;

/// A scenario: what is invoked, on which platform, under which policies, for how long.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The experiment: its name, how long it lasts, how often it is repeated.
    #[serde(default)]
    pub scenario: General,
    /// The functions that the scenario describes itself, one `[[function]]` each.
    #[serde(default)]
    pub function: Vec<Function>,
    /// What holds for every function that does not say otherwise, also for those of traces and populations.
    #[serde(default)]
    pub defaults: Defaults,
    /// Functions that come from a trace or a generated population.
    #[serde(default)]
    pub workload: WorkloadSection,
    /// Where the functions run.
    #[serde(default)]
    pub platform: PlatformSection,
    /// Which policies decide.
    #[serde(default)]
    pub policy: Policy,
    /// What it costs.
    #[serde(default)]
    pub pricing: Pricing,
    /// Keys that vary: every combination is run and compared (`coldcast sweep`).
    #[serde(default)]
    pub sweep: Sweep,
    /// Servers that would serve the same load, for comparison.
    pub servers: Option<Servers>,
    /// Between which values uncertain inputs lie, for `coldcast break-even`: keys of this file, as `--set` takes them, each with the
    /// two ends of its range, such as `"function.api.execution.lognormal.median" = ["90ms", "150ms"]`.
    #[serde(default)]
    pub ranges: BTreeMap<String, InputRange>,
    /// What is written.
    #[serde(default)]
    pub output: Output,
}
