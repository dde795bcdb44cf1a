//! Equal gaps.

use super::{MINUTE, Rule};
use crate::random::Stream;

/// The i-th of `count` arrivals, from zero, at the i-th part of the minute: the rule of FaasCache (A. Fuerst and
/// P. Sharma, ASPLOS 2021). Exact: floor(i x minute / count), by carrying the remainder.
#[derive(Default)]
pub(super) struct Equidistant {
    left: u32,
    at: u64,
    gap: u64,
    remainder: u64,
    carried: u64,
    count: u64,
}

impl Rule for Equidistant {
    fn begin(&mut self, count: u32, _: &Stream) {
        let n = u64::from(count);
        *self = Self { left: count, at: 0, gap: MINUTE / n, remainder: MINUTE % n, carried: 0, count: n };
    }

    #[inline]
    fn next(&mut self, _: &mut Stream) -> Option<u64> {
        self.left = self.left.checked_sub(1)?;
        let at = self.at;
        self.carried += self.remainder;
        let carry = self.carried >= self.count;
        self.carried -= if carry { self.count } else { 0 };
        self.at += self.gap + u64::from(carry);
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    #[test]
    fn every_arrival_is_at_its_exact_part_of_the_minute() {
        let mut stream = Streams::new(1, 0).stream(Purpose::Arrival, 0);
        for count in [1, 2, 7, 60, 9_973] {
            let mut rule = Equidistant::default();
            rule.begin(count, &stream);
            for i in 0..u64::from(count) {
                assert_eq!(rule.next(&mut stream), Some(i * MINUTE / u64::from(count)));
            }
            assert_eq!(rule.next(&mut stream), None);
        }
    }
}
