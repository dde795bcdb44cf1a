//! `coldcast man`: the manual page.

use std::io::Write;

use clap::{Command, CommandFactory};

use crate::cli::{Cli, Failure};

/// Writes the page in roff, all subcommands one after the other, and theirs.
///
/// # Errors
/// It cannot be written.
pub fn run(out: &mut dyn Write) -> Result<(), Failure> {
    let mut command = Cli::command();
    command.build();
    page(&command, out)
}

fn page(command: &Command, out: &mut dyn Write) -> Result<(), Failure> {
    clap_mangen::Man::new(command.clone()).render(out)?;
    let mut shown = command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help");
    shown.try_for_each(|sub| page(sub, out))
}
