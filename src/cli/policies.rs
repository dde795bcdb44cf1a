//! `coldcast policies`: what can stand under `[policy]`.

use std::io::{self, Write};

use clap::Args;

use crate::cli::{Failure, list};
use crate::policy::catalog::{Catalog, Kind};
use crate::policy::entry::Listed;
use crate::scenario::advice;

/// List the policies, or show one with its parameters.
#[derive(Debug, Args)]
pub struct Policies {
    /// A policy, such as `fixed`, its short name in papers, such as `lru`, or a kind, such as `keep_alive`.
    name: Option<String>,
}

impl Policies {
    /// Writes the list, or all that is known about one policy.
    ///
    /// # Errors
    /// The policy does not exist.
    pub fn run(&self, catalog: &Catalog, out: &mut dyn Write) -> Result<(), Failure> {
        let kinds = catalog.kinds();
        let Some(name) = &self.name else {
            return Ok(kinds.iter().try_for_each(|kind| one_kind(out, kind))?);
        };
        // `keep_alive.fixed` is the name that scenario files use.
        let (wanted, short) = name.rsplit_once('.').map_or((None, name.as_str()), |(kind, short)| (Some(kind), short));
        let wanted = wanted.map(|kind| kind.trim_start_matches("policy.")).filter(|kind| *kind != "policy");
        if let Some(kind) = kinds.iter().find(|kind| kind.name == short && wanted.is_none()) {
            return Ok(one_kind(out, kind)?);
        }
        let short = in_papers(short);
        let found: Vec<_> = kinds
            .iter()
            .filter(|kind| wanted.is_none_or(|wanted| wanted == kind.name))
            .filter_map(|kind| Some((kind.name, kind.find(short)?)))
            .collect();
        if !found.is_empty() {
            return Ok(found.iter().try_for_each(|(kind, entry)| show(out, kind, *entry))?);
        }
        let known = kinds.iter().flat_map(|kind| kind.entries.iter().map(|entry| entry.name()));
        Err(Failure::Input(format!("unknown policy `{name}`; {}", advice(short, known))))
    }
}

/// The name here of a policy that papers and products call otherwise.
fn in_papers(name: &str) -> &str {
    let known = PAPERS.iter().find(|(theirs, _)| theirs.eq_ignore_ascii_case(name));
    known.map_or(name, |(_, ours)| ours)
}

/// What papers and products call a policy, and what it is called here.
const PAPERS: [(&str, &str); 17] = [
    ("lru", "least_recently_used"),
    ("lfu", "least_frequently_used"),
    ("gdsf", "greedy_dual"),
    ("fcfs", "first_come"),
    ("fifo", "first_come"),
    ("sjf", "shortest_job_first"),
    ("srpt", "shortest_remaining"),
    ("edf", "earliest_deadline_first"),
    ("drr", "deficit_round_robin"),
    ("las", "least_attained_service"),
    ("hpa", "horizontal_pod"),
    ("kpa", "knative"),
    ("jsq", "least_connections"),
    ("jiq", "join_idle_queue"),
    ("lwl", "least_work_left"),
    ("chbl", "bounded_loads"),
    ("ttl", "fixed"),
];

fn one_kind(out: &mut dyn Write, kind: &Kind<'_>) -> io::Result<()> {
    list::entry(out, &format!("policy.{}: ", kind.name), kind.decides)?;
    let width = kind.entries.iter().map(|entry| entry.name().len()).max().unwrap_or(0);
    for entry in &kind.entries {
        list::entry(out, &format!("  {:width$}  ", entry.name()), entry.summary())?;
    }
    writeln!(out)
}

fn show(out: &mut dyn Write, kind: &str, entry: &dyn Listed) -> io::Result<()> {
    list::entry(out, &format!("{kind}.{}: ", entry.name()), entry.summary())?;
    writeln!(out)?;
    list::entry(out, "Reference: ", entry.reference())?;
    writeln!(out)?;
    for parameter in entry.parameters() {
        let default = parameter.default.map_or_else(|| "needed".to_owned(), |default| format!("default {default}"));
        let text = format!("{} ({}, {default})", parameter.meaning, parameter.kind);
        list::entry(out, &format!("  {}  ", parameter.name), &text)?;
    }
    let gap = if entry.parameters().is_empty() { "" } else { "\n" };
    writeln!(out, "{gap}Example:\n\n  [policy]\n  {kind}.{} = {}", entry.name(), entry.example())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(name: &str) -> String {
        let mut out = Vec::new();
        let policies = Policies { name: Some(name.into()) };
        policies.run(&Catalog::default(), &mut out).unwrap_or_else(|error| panic!("{name}: {error}"));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn names_of_papers_find_the_policy() {
        for (theirs, ours) in PAPERS {
            assert_eq!(says(theirs), says(ours));
            assert_eq!(says(&theirs.to_uppercase()), says(ours));
        }
    }

    #[test]
    fn a_kind_lists_its_policies() {
        for name in ["keep_alive", "policy.keep_alive"] {
            let list = says(name);
            assert!(list.contains("hybrid_histogram") && !list.contains("policy.reuse"), "{list}");
        }
    }
}
