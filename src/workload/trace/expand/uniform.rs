//! Independent uniform arrivals.

use super::{MINUTE, Rule};
use crate::random::Stream;

/// `count` independent uniform instants, generated in order without sorting.
///
/// The smallest of n uniform instants in what is left of the minute leaves the share U^(1/n) = exp(-E/n) of it, with E
/// standard exponential (L. Devroye, Non-Uniform Random Variate Generation, 1986, section V.3). O(1) memory.
#[derive(Default)]
pub(super) struct Uniform {
    left: u32,
    remaining: f64,
}

impl Rule for Uniform {
    fn begin(&mut self, count: u32) {
        *self = Self { left: count, remaining: MINUTE as f64 };
    }

    #[inline]
    fn next(&mut self, stream: &mut Stream) -> Option<u64> {
        if self.left == 0 {
            return None;
        }
        self.remaining *= libm::exp(-stream.exponential() / f64::from(self.left));
        self.left -= 1;
        Some(((MINUTE as f64 - self.remaining) as u64).min(MINUTE - 1))
    }
}
