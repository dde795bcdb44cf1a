//! The sections `[scenario]`, `[platform]` and `[output]`.

use std::num::NonZeroU32;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::cold_start::ColdStartKeys;
use crate::amount::{Memory, Percentage};
use crate::experiment::Precision;
use crate::metrics::Figure;
use crate::platform::ScaleBy;
use crate::platform::cluster::ClusterRules;
use crate::platform::cpu::CpuLaw;
use crate::platform::limits::Limits;
use crate::platform::overheads::Overheads;
use crate::time::Span;
use crate::workload::population::Population;
use crate::workload::trace::Trace;

/// The experiment: its name, how long it lasts, how often it is repeated.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct General {
    /// Name of the scenario and of its result folder: letters, digits, `.`, `_` and `-`. Default: the name of the file.
    pub name: Option<String>,
    /// Simulated time. An invocation that arrives in it counts whole, wherever its end lies (see `drain`). Default: the length of the
    /// trace; needed if there is none.
    pub duration: Option<Span>,
    /// How long the run goes on at most after `duration`, under the same load, until the invocations that arrived before have ended;
    /// those that have not are `open`, and in no bill. Default: "1d".
    pub drain: Span,
    /// Simulated time at the beginning that is not measured, so that the first cold starts do not count. Default: "0s".
    pub warm_up: Span,
    /// Where all random numbers come from: the same seed gives the same bytes. Default: 42.
    pub seed: u64,
    /// How often the scenario is run, each time with its own random numbers; from two on, every figure has a confidence interval.
    /// Default: 10 (fewer give wide intervals: Law, "Simulation Modeling and Analysis", section 9.4).
    pub replications: u32,
    /// Relative error that the figures of `precision_of` may have, with a confidence of 95 %: after the first `replications`, more are
    /// run until half of each interval is small enough, or `max_replications` is reached. Default: no more are run.
    pub precision: Option<Percentage>,
    /// The figures that are to be so precise, by their path in `summary.json`. Default: `["latency_ms.response.mean"]`.
    pub precision_of: Option<Vec<String>>,
    /// Most replications for the sake of `precision`. Default: 100.
    pub max_replications: Option<u32>,
    /// Folder at which relative paths in this file start. Default: the folder of this file.
    pub paths_from: Option<PathBuf>,
}

impl Default for General {
    fn default() -> Self {
        Self {
            name: None,
            duration: None,
            drain: Span::from_secs(86_400),
            warm_up: Span::ZERO,
            seed: 42,
            replications: 10,
            precision: None,
            precision_of: None,
            max_replications: None,
            paths_from: None,
        }
    }
}

/// Most replications for the sake of a precision, where the scenario does not say.
const MAX_REPLICATIONS: u32 = 100;

impl General {
    /// How precise the figures are to be; `None` if the scenario does not ask for it.
    pub fn precision(&self) -> Option<Precision> {
        let of = self
            .precision_of
            .as_ref()
            .map_or_else(|| vec!["latency_ms.response.mean"], |paths| paths.iter().map(String::as_str).collect());
        Some(Precision {
            relative: self.precision?.as_ratio(),
            of: of.into_iter().filter_map(Figure::find).collect(),
            most: self.max_replications.unwrap_or(MAX_REPLICATIONS),
        })
    }
}

/// Functions that come from a trace or a generated population: one of the two.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WorkloadSection {
    /// A recorded workload.
    pub trace: Option<Trace>,
    /// A generated population of functions.
    pub population: Option<Population>,
}

/// Where the functions run. What is not said comes from the preset, if there is one.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PlatformSection {
    /// Values of a real platform for `[platform]`, `[policy]` and `[defaults]`: `aws-lambda`, `azure-functions`,
    /// `azure-functions-flex`, `google-cloud-functions`, `google-cloud-run`, `cloudflare-workers`, or `ideal` (no cold-start time, no
    /// limits). `coldcast presets` shows them with their sources. Default: no preset.
    pub preset: Option<String>,
    /// What shares instances: `function` or `app`. Default: `function`.
    pub scale_by: Option<ScaleBy>,
    /// How many invocations one instance executes at once. Default: 1.
    pub concurrency: Option<NonZeroU32>,
    /// How memory turns CPU time into execution time. Default: `"as_measured"`, execution times are those at the function's own
    /// memory.
    pub cpu: Option<CpuLaw>,
    /// Executions are stopped after this long. Default: never.
    pub timeout: Option<Span>,
    /// Who is admitted. Default: everybody.
    pub limits: Option<Limits>,
    /// How long each stage of a cold start takes. Default: no time.
    pub cold_start: ColdStartKeys,
    /// The workers, in groups of equal ones. Default: none, room is unlimited.
    pub workers: Option<Vec<WorkerGroup>>,
    /// How work shares the workers.
    pub cluster: Option<ClusterRules>,
    /// What each invocation waits for the decisions of the platform itself. Default: no time.
    pub overheads: Option<Overheads>,
}

/// Equal workers.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkerGroup {
    /// How many. Default: 1.
    #[serde(default = "one")]
    pub count: NonZeroU32,
    /// Cores of each.
    pub cores: NonZeroU32,
    /// Memory of each, for instances.
    pub memory: Memory,
    /// How fast each computes, relative to the machine on which execution times were measured. Default: 1.
    #[serde(default = "as_measured")]
    pub speed: f64,
    /// How much more memory instances may have than there is, because they rarely use all of theirs: 1.5 is half as much again.
    /// Default: 1.
    #[serde(default = "as_measured")]
    pub overcommit: f64,
}

const fn one() -> NonZeroU32 {
    NonZeroU32::MIN
}

const fn as_measured() -> f64 {
    1.0
}

/// What is written.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Output {
    /// Folder of the results, relative to where coldcast is started. Default: `results/` and the name of the scenario.
    pub dir: Option<PathBuf>,
    /// Whether plots are drawn. Default: true.
    pub plots: bool,
    /// Whether every invocation is logged to `invocations.csv`, about 70 bytes each; the run then uses one thread. Default: false.
    pub invocations: bool,
}

impl Default for Output {
    fn default() -> Self {
        Self { dir: None, plots: true, invocations: false }
    }
}
