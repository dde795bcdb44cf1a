//! A fixed number of instances.

use std::num::NonZeroU32;

use crate::policy::autoscaling::Autoscaling;
use crate::policy::demand::DemandView;
use crate::policy::entry::{Build, Entry, Parameter, read};
use crate::time::Span;

/// The same number of instances all the time: a deployment without autoscaler. O(1).
#[derive(Debug, Clone, Copy, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixedReplicas {
    /// How many.
    pub replicas: NonZeroU32,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Autoscaling> = Entry {
    name: "fixed_replicas",
    summary: "The same number of instances all the time.",
    reference: "Kubernetes Deployment, field `replicas`",
    parameters: &[Parameter { name: "replicas", kind: "number", default: None, meaning: "how many instances" }],
    example: "{ replicas = 3 }",
    build: Build::Function(|parameters| {
        let policy: FixedReplicas = read(parameters)?;
        Ok(Box::new(move || Box::new(policy)))
    }),
};

impl Autoscaling for FixedReplicas {
    fn period(&self) -> Span {
        // Nothing changes; a crashed instance is replaced within this time.
        Span::from_secs(10)
    }

    fn desired(&mut self, _: &DemandView) -> u32 {
        self.replicas.get()
    }
}
