//! `coldcast schema`: the JSON Schema of scenario files.

use std::io::Write;

use crate::cli::Failure;
use crate::policy::catalog::Catalog;

/// Writes the schema.
///
/// # Errors
/// It cannot be written.
pub fn run(catalog: &Catalog, out: &mut dyn Write) -> Result<(), Failure> {
    Ok(writeln!(out, "{:#}", crate::scenario::schema(catalog))?)
}
