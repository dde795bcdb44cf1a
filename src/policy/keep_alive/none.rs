//! No keep-alive: the bound from below.

use serde::Deserialize;

use crate::policy::entry::{Build, Entry, read};
use crate::policy::{IdleView, KeepAlive, Lease};

/// Instances go as soon as they are idle: every invocation that does not wait for a busy instance is cold. O(1).
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct None {}

/// The catalog's entry.
pub const ENTRY: Entry<dyn KeepAlive> = Entry {
    name: "none",
    summary: "Idle instances go at once, so that every invocation is cold: the bound with least memory.",
    reference: "bound",
    parameters: &[],
    example: "{}",
    build: Build::Function(|parameters| {
        let policy: None = read(parameters)?;
        Ok(Box::new(move || Box::new(policy)))
    }),
};

impl KeepAlive for None {
    fn lease(&mut self, _: &IdleView<'_>) -> Lease {
        Lease::Drop
    }

    fn always(&self) -> std::option::Option<Lease> {
        Some(Lease::Drop)
    }
}
