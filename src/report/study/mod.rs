//! What is written from a [`Study`](crate::experiment::study::Study): several variants of a scenario side by side.

pub mod csv;
mod folder;
pub(super) mod html;
pub mod json;
pub(super) mod measure;
#[cfg(test)]
pub(super) mod sample;
pub mod text;

pub use folder::fill;
