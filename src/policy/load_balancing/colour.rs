//! Colours: the locality hints of Palette.

use super::BalanceView;
use super::hash::{Key, hash};
use crate::policy::entry::Parameter;

/// A hint that goes with a request: requests of one colour want to meet. The function (or app), and which of its colours.
pub(super) type Colour = (u32, u32);

/// The parameter of all policies with colours.
pub(super) const COLOURS: Parameter = Parameter {
    name: "colours",
    kind: "number",
    default: Some("1"),
    meaning: "how many colours the requests of a function have; each request gets one of them by a hash of its number",
};

/// The colour of an invocation. Workloads say nothing of colours, so that each invocation gets one of the `colours` of its function
/// with equal chances, by a hash of its number: always the same, in every run.
pub(super) fn colour(view: &BalanceView<'_>, colours: u32) -> Colour {
    let drawn = hash(Key::Invocation(view.function.0, view.invocation)) % u64::from(colours.max(1));
    (view.unit, drawn as u32)
}
