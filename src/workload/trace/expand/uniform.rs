//! Independent uniform arrivals.

use super::{MINUTE, Rule};
use crate::random::Stream;

/// `count` independent uniform instants, generated in order without sorting or storing them.
///
/// The n + 1 spacings that n uniform instants make are n + 1 exponential numbers divided by their sum (L. Devroye,
/// Non-Uniform Random Variate Generation, 1986, section V.3). The sum is needed first: a copy of the stream is read
/// ahead for it, then the stream itself yields the same numbers again. Two exponential numbers per arrival,
/// O(1) memory.
#[derive(Default)]
pub(super) struct Uniform {
    left: u32,
    at: f64,
    scale: f64,
}

impl Rule for Uniform {
    fn begin(&mut self, count: u32, stream: &Stream) {
        let mut ahead = stream.clone();
        let sum: f64 = (0..=count).map(|_| ahead.exponential()).sum();
        *self = Self { left: count, at: 0.0, scale: MINUTE as f64 / sum };
    }

    #[inline]
    fn next(&mut self, stream: &mut Stream) -> Option<u64> {
        self.left = self.left.checked_sub(1)?;
        self.at += stream.exponential() * self.scale;
        if self.left == 0 {
            // The last spacing, from the last arrival to the end of the minute.
            stream.exponential();
        }
        Some((self.at as u64).min(MINUTE - 1))
    }
}
