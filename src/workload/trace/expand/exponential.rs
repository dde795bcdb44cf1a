//! Exponential gaps that fill the minute.

use super::Rule;
use super::uniform::Uniform;
use crate::random::Stream;

/// `count` exponential gaps, scaled so that they sum to a minute, the first arrival at the start of the minute: the
/// rule of InVitro (D. Ustiugov et al., WORDS 2023) without its circular shift.
///
/// Scaled exponential gaps are the spacings of uniform instants (R. Pyke, "Spacings", 1965): so this is one arrival at
/// the start and `count - 1` uniform ones. (A circular shift would make it the uniform rule.)
#[derive(Default)]
pub(super) struct Exponential {
    first: bool,
    rest: Uniform,
}

impl Rule for Exponential {
    fn begin(&mut self, count: u32, stream: &Stream) {
        self.first = true;
        // Of no further arrivals the uniform rule makes none.
        self.rest.begin(count - 1, stream);
    }

    #[inline]
    fn next(&mut self, stream: &mut Stream) -> Option<u64> {
        if std::mem::take(&mut self.first) {
            return Some(0);
        }
        self.rest.next(stream)
    }
}
