//! Infinite keep-alive: the bound from above.

use serde::Deserialize;

use crate::policy::entry::{Build, Entry, read};
use crate::policy::{IdleView, KeepAlive, Lease};

/// Instances stay for ever: one cold start for each new level of concurrency of a function. O(1).
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Infinite {}

/// The catalog's entry.
pub const ENTRY: Entry<dyn KeepAlive> = Entry {
    name: "infinite",
    summary: "Instances stay for ever, so that only a new level of concurrency is cold: the bound with fewest cold starts.",
    reference: "bound",
    parameters: &[],
    example: "{}",
    build: Build::Function(|parameters| {
        let policy: Infinite = read(parameters)?;
        Ok(Box::new(move || Box::new(policy)))
    }),
};

impl KeepAlive for Infinite {
    fn lease(&mut self, _: &IdleView<'_>) -> Lease {
        Lease::Forever
    }

    fn always(&self) -> Option<Lease> {
        Some(Lease::Forever)
    }
}
