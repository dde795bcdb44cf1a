//! A floor: never fewer than so many instances.

use crate::policy::demand::DemandView;
use crate::policy::entry::{Build, Entry, Parameter, read};
use crate::policy::prewarm::{Prewarm, Wanted};
use crate::time::Span;

/// At least so many instances all the time, which are started ahead and again when keep-alive let them go. O(1).
#[derive(Debug, Clone, Copy, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floor {
    /// How many instances.
    pub instances: u32,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Prewarm> = Entry {
    name: "floor",
    summary: "At least so many instances all the time.",
    reference: "Google Cloud Run and Knative, minimum instances (`min-scale`)",
    parameters: &[Parameter { name: "instances", kind: "number", default: None, meaning: "how many instances" }],
    example: "{ instances = 2 }",
    build: Build::Function(|parameters| {
        let policy: Floor = read(parameters)?;
        Ok(Box::new(move || Box::new(policy)))
    }),
};

impl Prewarm for Floor {
    fn period(&self) -> Span {
        Span::from_secs(1)
    }

    fn wanted(&mut self, _: &DemandView) -> Wanted {
        Wanted::AtLeast(self.instances)
    }
}
