//! The command line. What each subcommand does is in `src/cli`, one file each.

use std::process::ExitCode;

use coldcast::policy::catalog::Catalog;

fn main() -> ExitCode {
    coldcast::cli::run_with(&Catalog::default())
}
