//! The TOML form of a price book, read strictly.

mod meters;
mod place;
mod prices;
mod read;
mod rows;
#[cfg(test)]
mod tests;

pub use read::parse;
