//! `coldcast init`: a scenario to start from.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use clap::Args;

use crate::cli::Failure;

/// The scenario, with comments.
const TEMPLATE: &str = include_str!("init.toml");

/// Write a scenario with comments, to start from.
#[derive(Debug, Args)]
pub struct Init {
    /// The file to write; one that exists is never overwritten.
    #[arg(default_value = "scenario.toml")]
    file: PathBuf,
}

impl Init {
    /// Writes the file.
    ///
    /// # Errors
    /// It exists already, or cannot be written.
    pub fn run(&self, out: &mut dyn Write) -> Result<(), Failure> {
        let file = self.file.display();
        let mut created = OpenOptions::new().write(true).create_new(true).open(&self.file).map_err(|error| {
            let advice = if error.kind() == ErrorKind::AlreadyExists { "; give another name or remove it" } else { "" };
            Failure::Input(format!("cannot write {file}: {error}{advice}"))
        })?;
        created.write_all(TEMPLATE.as_bytes()).map_err(anyhow::Error::from)?;
        Ok(writeln!(out, "{file} is written; run it with: coldcast run {file}")?)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::policy::catalog::Catalog;
    use crate::scenario::Scenario;

    #[test]
    fn the_template_is_a_scenario() {
        let scenario = Scenario::from_text(Path::new("scenario.toml"), TEMPLATE.into(), &[], &Catalog::default());
        assert_eq!(scenario.unwrap().name(), "my-scenario");
    }

    #[test]
    fn its_ideas_work_too() {
        let is_idea =
            |line: &&str| line.strip_prefix('#').is_some_and(|idea| !idea.is_empty() && !idea.starts_with(' '));
        let with_ideas: Vec<&str> =
            TEMPLATE.lines().map(|line| if is_idea(&line) { &line[1..] } else { line }).collect();
        assert!(TEMPLATE.lines().filter(is_idea).count() >= 5);
        let read = Scenario::from_text(Path::new("scenario.toml"), with_ideas.join("\n"), &[], &Catalog::default());
        assert_eq!(read.unwrap().file().function.len(), 2);
    }
}
