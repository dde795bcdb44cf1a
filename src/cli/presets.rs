//! `coldcast presets`: values of real platforms and runtimes, with their sources.

use std::io::Write;

use clap::Args;

use crate::cli::{Failure, list};
use crate::platform::presets::{PLATFORMS, RUNTIMES};
use crate::scenario::advice;

/// List the presets of platforms and runtimes, or show one with the sources of its values.
#[derive(Debug, Args)]
pub struct Presets {
    /// A preset, such as `aws-lambda`, or `runtimes`.
    name: Option<String>,
}

const RUNTIMES_NAME: &str = "runtimes";

impl Presets {
    /// Writes the list, or the text of one preset.
    ///
    /// # Errors
    /// The preset does not exist.
    pub fn run(&self, out: &mut dyn Write) -> Result<(), Failure> {
        let Some(name) = &self.name else {
            writeln!(out, "platform.preset:")?;
            for preset in PLATFORMS {
                list::entry(out, &format!("  {:22}  ", preset.name), preset.summary)?;
            }
            let runtimes = "Initialisation times of language runtimes, for `cold_start.runtime`.";
            writeln!(out, "\ncold_start.runtime:")?;
            return Ok(list::entry(out, &format!("  {RUNTIMES_NAME:22}  "), runtimes)?);
        };
        if name == RUNTIMES_NAME {
            return Ok(write!(out, "{RUNTIMES}")?);
        }
        let Some(preset) = PLATFORMS.iter().find(|preset| preset.name == *name) else {
            let known: Vec<&str> = PLATFORMS.iter().map(|preset| preset.name).chain([RUNTIMES_NAME]).collect();
            return Err(Failure::Input(format!("unknown preset `{name}`; {}", advice(name, known))));
        };
        Ok(write!(out, "{}", preset.text)?)
    }
}
