//! `coldcast prices import`: a book from a provider's price list.

use std::io::Write;

use clap::Args;

use crate::cli::Failure;

/// Make a book from a downloaded price list.
#[derive(Debug, Args)]
pub struct Import {}
impl Import {
    /// Not yet
    pub fn run(&self, _out: &mut dyn Write) -> Result<(), Failure> {
        Ok(())
    }
}
