//! Scenario files: parse, validate, resolve.

mod allocate;
mod billing;
mod check;
mod check_cluster;
mod cold_start;
mod edit;
mod explain;
mod file;
mod function;
mod grid;
mod input_range;
pub mod keys;
mod nearest;
mod policy;
mod problem;
mod range;
mod read;
mod reserved;
mod resolve;
mod samples;
mod schema;
mod sections;
mod servers;
mod source;
mod spell_out;
mod sweep;
mod text;
mod variant;

pub use file::File;
pub use function::Function;
pub use grid::{Grid, GridCell, Settings, Varied};
pub use nearest::{advice, nearest};
pub use problem::{Problem, ScenarioError};
pub use read::Scenario;
pub use schema::schema;

#[cfg(test)]
mod tests;
