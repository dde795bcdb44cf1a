//! Invocations per minute, held in about two bytes for each minute that has any.

/// The invocations of one function: pairs of a minute and a count above zero, in order of the minutes.
///
/// Each pair is two LEB128 numbers, the minutes since the pair before and the count, so that a day of the whole Azure
/// trace takes tens of megabytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MinuteCounts {
    bytes: Vec<u8>,
    last_minute: u32,
    total: u64,
}

impl MinuteCounts {
    /// Adds `count` invocations, not zero, in `minute`, which comes after all minutes added before.
    pub fn push(&mut self, minute: u32, count: u32) {
        debug_assert!(count > 0 && (self.bytes.is_empty() || minute > self.last_minute), "minutes come in order");
        write(&mut self.bytes, minute - self.last_minute);
        write(&mut self.bytes, count);
        self.last_minute = minute;
        self.total += u64::from(count);
    }

    /// The sum of all counts.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The minutes with their counts, in order.
    pub fn iter(&self) -> Minutes<'_> {
        Minutes { bytes: &self.bytes, minute: 0 }
    }

    /// Gives back memory that is not used.
    pub fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
    }
}

/// Iterator over (minute, count).
#[derive(Debug, Clone)]
pub struct Minutes<'a> {
    bytes: &'a [u8],
    minute: u32,
}

impl Iterator for Minutes<'_> {
    type Item = (u32, u32);

    fn next(&mut self) -> Option<(u32, u32)> {
        self.minute += read(&mut self.bytes)?;
        Some((self.minute, read(&mut self.bytes)?))
    }
}

fn write(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn read(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0;
    for shift in (0..u32::BITS).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_pushed_comes_out(gaps in prop::collection::vec((1..70_000u32, 1..=u32::MAX), 0..50)) {
            let mut minute = 0;
            let pairs: Vec<_> = gaps.into_iter().map(|(gap, count)| { minute += gap; (minute, count) }).collect();
            let mut counts = MinuteCounts::default();
            pairs.iter().for_each(|&(minute, count)| counts.push(minute, count));
            prop_assert_eq!(counts.total(), pairs.iter().map(|pair| u64::from(pair.1)).sum::<u64>());
            prop_assert_eq!(counts.iter().collect::<Vec<_>>(), pairs);
        }
    }

    #[test]
    fn the_first_minute_and_small_counts_take_two_bytes() {
        let mut counts = MinuteCounts::default();
        (0..1440).for_each(|minute| counts.push(minute, 127));
        assert_eq!(counts.bytes.len(), 2 * 1440);
    }
}
