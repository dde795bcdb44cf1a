//! Price books from the price lists that providers publish. What is not understood is reported, never guessed.

mod aws_csv;
mod aws_json;
mod azure;
mod build;
mod detect;
mod gcp;
mod list;
mod targets;
#[cfg(test)]
mod tests;
mod text;

pub use build::{Imported, Report, import};
pub use list::ImportError;
