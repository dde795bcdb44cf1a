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

use crate::experiment::Comparison;
use crate::experiment::study::Study;
use crate::report::plot::{self, Scene};

/// The plots of a study.
pub fn scenes(study: &Study, comparison: &Comparison) -> Vec<Scene> {
    plot::study::scenes(measure::View { study, comparison, estimates: &measure::estimates(study, comparison) })
}
