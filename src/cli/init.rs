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
    /// The file to write; it must not exist.
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
}
