//! `coldcast keys`: writes docs/guide/scenario-keys.md.

use std::io::Write;

use crate::cli::Failure;
use crate::policy::catalog::Catalog;
use crate::scenario::keys::reference;

/// Writes the reference.
///
/// # Errors
/// It cannot be written.
pub fn run(catalog: &Catalog, out: &mut dyn Write) -> Result<(), Failure> {
    Ok(write!(out, "{}", reference(catalog))?)
}
