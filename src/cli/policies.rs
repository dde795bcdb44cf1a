//! `coldcast policies`: what can stand under `[policy]`.

use std::io::{self, Write};

use clap::Args;

use crate::cli::Failure;
use crate::policy::catalog::{Catalog, Entry, find};
use crate::scenario::advice;

/// List the policies, or show one with its parameters.
#[derive(Debug, Args)]
pub struct Policies {
    /// A policy, such as `fixed`.
    name: Option<String>,
}

impl Policies {
    /// Writes the list, or all that is known about one policy.
    ///
    /// # Errors
    /// The policy does not exist.
    pub fn run(&self, out: &mut dyn Write) -> Result<(), Failure> {
        let catalog = Catalog::default();
        let Some(name) = &self.name else {
            list(out, "keep_alive", "how long idle instances are kept", &catalog.keep_alive)?;
            return Ok(list(out, "reuse", "which idle instance an invocation reuses", &catalog.reuse)?);
        };
        // `keep_alive.fixed` is the name that scenario files use.
        let short = name.rsplit('.').next().unwrap_or(name);
        if let Some(entry) = find(&catalog.keep_alive, short) {
            return Ok(show(out, "keep_alive", entry)?);
        }
        if let Some(entry) = find(&catalog.reuse, short) {
            return Ok(show(out, "reuse", entry)?);
        }
        let known: Vec<&str> = names(&catalog.keep_alive).chain(names(&catalog.reuse)).collect();
        Err(Failure::Input(format!("unknown policy `{name}`; {}", advice(short, known))))
    }
}

fn names<P: ?Sized>(entries: &[Entry<P>]) -> impl Iterator<Item = &'static str> {
    entries.iter().map(|entry| entry.name)
}

fn list<P: ?Sized>(out: &mut dyn Write, kind: &str, meaning: &str, entries: &[Entry<P>]) -> io::Result<()> {
    writeln!(out, "policy.{kind}: {meaning}")?;
    let width = names(entries).map(str::len).max().unwrap_or(0);
    for Entry { name, summary, .. } in entries {
        writeln!(out, "  {name:width$}  {summary}")?;
    }
    writeln!(out)
}

fn show<P: ?Sized>(out: &mut dyn Write, kind: &str, entry: &Entry<P>) -> io::Result<()> {
    let Entry { name, summary, reference, parameters, example, .. } = entry;
    writeln!(out, "{kind}.{name}: {summary}\n\nReference: {reference}\n")?;
    for parameter in *parameters {
        let default = parameter.default.map_or_else(|| "needed".to_owned(), |default| format!("default {default}"));
        writeln!(out, "  {}  {} ({}, {default})", parameter.name, parameter.meaning, parameter.kind)?;
    }
    let gap = if parameters.is_empty() { "" } else { "\n" };
    writeln!(out, "{gap}Example:\n\n  [policy]\n  {kind}.{name} = {example}")
}
