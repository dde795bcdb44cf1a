//! The plots that compare the variants of a study.

mod all;
mod bars;
mod cdf;
mod choice;
mod heat_map;
mod lines;
mod pareto;
mod span;

pub use all::scenes;
