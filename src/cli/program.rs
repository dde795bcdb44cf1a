//! The whole program: its arguments, and how it ends.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Failure, report};
use crate::policy::catalog::Catalog;

/// The whole command line with the policies of `catalog`: a program that is no more than this is coldcast with policies of its own.
///
/// ```no_run
/// use coldcast::policy::catalog::Catalog;
///
/// fn main() -> std::process::ExitCode {
///     let mut catalog = Catalog::default();
///     // catalog.keep_alive.push(my_policy::ENTRY);
///     coldcast::cli::run_with(&catalog)
/// }
/// ```
pub fn run_with(catalog: &Catalog) -> ExitCode {
    let mut out = std::io::stdout().lock();
    let known = catalog.check().map_err(|error| Failure::Input(error.to_string()));
    let result = known.and_then(|()| Cli::parse().command.run(catalog, &mut out));
    report(result.and_then(|()| Ok(out.flush()?)))
}
