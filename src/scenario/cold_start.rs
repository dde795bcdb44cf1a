//! The cold start as scenario files write it.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::platform::cold_start::STAGES;
use crate::time::Span;
use crate::workload::distribution::Distribution;

/// How long each stage of a cold start takes. The stages follow one another and are drawn independently.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "ColdStart")]
pub struct ColdStartKeys {
    /// Takes `init` from a measured runtime, such as `"python3.12"`, `"java21-arm64"` or `"nodejs22.x-image"`; `coldcast presets
    /// runtimes` lists them. Not together with `init`.
    pub runtime: Option<String>,
    /// Finding a place for the instance. Default: no time.
    pub placement: Option<Distribution<Span>>,
    /// Making the sandbox: container or micro virtual machine, network. Default: no time.
    pub sandbox: Option<Distribution<Span>>,
    /// Fetching code or image. Default: no time.
    pub code: Option<Distribution<Span>>,
    /// Starting the language runtime; with `user` this is what AWS calls INIT. Default: no time.
    pub init: Option<Distribution<Span>>,
    /// The function's own initialisation: imports, connections, models. Default: no time.
    pub user: Option<Distribution<Span>>,
}

impl ColdStartKeys {
    /// The stages, in the order of [`STAGES`].
    pub fn stages(&self) -> [Option<&Distribution<Span>>; STAGES.len()] {
        [&self.placement, &self.sandbox, &self.code, &self.init, &self.user].map(Option::as_ref)
    }

    /// What is said here, and for the rest what `below` says, stage by stage.
    pub fn over(self, below: &Self) -> Self {
        let below = below.clone();
        Self {
            runtime: self.runtime.or(below.runtime),
            placement: self.placement.or(below.placement),
            sandbox: self.sandbox.or(below.sandbox),
            code: self.code.or(below.code),
            init: self.init.or(below.init),
            user: self.user.or(below.user),
        }
    }
}
