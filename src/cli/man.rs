//! `coldcast man`: the manual page.

use std::io::Write;

use clap::CommandFactory;

use crate::cli::{Cli, Failure};

/// Writes the page in roff, all subcommands one after the other.
///
/// # Errors
/// It cannot be written.
pub fn run(out: &mut dyn Write) -> Result<(), Failure> {
    let mut command = Cli::command();
    command.build();
    clap_mangen::Man::new(command.clone()).render(out)?;
    for subcommand in command.get_subcommands().filter(|subcommand| !subcommand.is_hide_set()) {
        clap_mangen::Man::new(subcommand.clone()).render(out)?;
    }
    Ok(())
}
