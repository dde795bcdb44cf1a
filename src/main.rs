//! The command line. What each subcommand does is in `src/cli`, one file each.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use coldcast::cli::{Cli, report};

fn main() -> ExitCode {
    let mut out = std::io::stdout().lock();
    let result = Cli::parse().command.run(&mut out);
    report(result.and_then(|()| Ok(out.flush()?)))
}
