//! The hash of the balancers that hash: the same on every machine, in every run and for every seed.

use rand_philox::philox4x32_10;

use crate::id::WorkerId;

/// What is hashed. Equal numbers of different kinds have nothing in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// A function (or app): what shares instances shares its home.
    Unit(u32),
    /// A point of a worker on a ring.
    Point(WorkerId, u32),
    /// An invocation of a function, to draw its colour.
    Invocation(u32, u64),
    /// A colour of a function (or app).
    Colour(u32, u32),
}

/// 64 bits of Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011) under the key 0. It is a
/// bijection of 128 bits in which every bit of the input changes half of the output.
pub(super) fn hash(key: Key) -> u64 {
    let (kind, entity, index) = match key {
        Key::Unit(unit) => (0, unit, 0),
        Key::Point(worker, copy) => (1, worker.0, u64::from(copy)),
        Key::Invocation(function, invocation) => (2, function, invocation),
        Key::Colour(unit, colour) => (3, unit, u64::from(colour)),
    };
    let [low, high, ..] = philox4x32_10([index as u32, (index >> 32) as u32, entity, kind], [0, 0]);
    u64::from(high) << 32 | u64::from(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first of the Random123 known answers: counter and key of zeros.
    #[test]
    fn known_answer() {
        assert_eq!(hash(Key::Unit(0)), 0xe169_c58d_6627_e8d5);
    }

    #[test]
    fn kinds_and_numbers_differ() {
        let worker = WorkerId(1);
        let keys = [Key::Unit(1), Key::Unit(2), Key::Point(worker, 0), Key::Point(worker, 1), Key::Invocation(1, 1)];
        let hashes: std::collections::BTreeSet<u64> = keys
            .into_iter()
            .chain([Key::Invocation(1, 1 << 32), Key::Colour(1, 1), Key::Colour(1, 0)])
            .map(hash)
            .collect();
        assert_eq!(hashes.len(), 8);
    }
}
