//! Sets of instances that have room, in the order that the reuse policy asked for.

use std::collections::BTreeSet;

use crate::id::InstanceId;
use crate::platform::instance::{Instances, Links, NONE, Slot};

/// Instances in an order from which the first and the last can be taken.
#[derive(Debug)]
pub enum IdleSet {
    /// In the order in which they came: a list linked through the instances. O(1).
    ByUse {
        /// Came first.
        first: Slot,
        /// Came last.
        last: Slot,
        /// How many.
        len: usize,
    },
    /// In the order of creation. O(log n).
    ByCreation(BTreeSet<(InstanceId, Slot)>),
    /// In no order, each at a position. O(1).
    Unordered(Vec<Slot>),
}

impl IdleSet {
    /// An empty set by use.
    pub const fn by_use() -> Self {
        Self::ByUse { first: NONE, last: NONE, len: 0 }
    }

    /// How many instances are in the set.
    #[inline]
    pub fn len(&self) -> usize {
        match self {
            Self::ByUse { len, .. } => *len,
            Self::ByCreation(set) => set.len(),
            Self::Unordered(list) => list.len(),
        }
    }

    /// Whether the set is empty.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first of the order.
    pub fn first(&self) -> Option<Slot> {
        match self {
            Self::ByUse { first, .. } => Some(*first).filter(|slot| *slot != NONE),
            Self::ByCreation(set) => set.first().map(|(_, slot)| *slot),
            Self::Unordered(list) => list.first().copied(),
        }
    }

    /// The last of the order.
    #[inline]
    pub fn last(&self) -> Option<Slot> {
        match self {
            Self::ByUse { last, .. } => Some(*last).filter(|slot| *slot != NONE),
            Self::ByCreation(set) => set.last().map(|(_, slot)| *slot),
            Self::Unordered(list) => list.last().copied(),
        }
    }

    /// The one at a position; `None` if the set has no positions, or fewer.
    pub fn at(&self, position: usize) -> Option<Slot> {
        match self {
            Self::Unordered(list) => list.get(position).copied(),
            _ => None,
        }
    }

    /// Adds an instance that is not in any set.
    #[inline(always)]
    pub fn insert(&mut self, slot: Slot, instances: &mut Instances) {
        match self {
            Self::ByUse { first, last, len } => {
                instances[slot].links = Links { before: *last, after: NONE };
                match *last {
                    NONE => *first = slot,
                    last => instances[last].links.after = slot,
                }
                *last = slot;
                *len += 1;
            }
            Self::ByCreation(set) => {
                set.insert((instances[slot].id, slot));
            }
            Self::Unordered(list) => {
                instances[slot].links.before = list.len() as Slot;
                list.push(slot);
            }
        }
    }

    /// Removes an instance that is in this set.
    #[inline(always)]
    pub fn remove(&mut self, slot: Slot, instances: &mut Instances) {
        match self {
            Self::ByUse { first, last, len } => {
                let Links { before, after } = instances[slot].links;
                match before {
                    NONE => *first = after,
                    before => instances[before].links.after = after,
                }
                match after {
                    NONE => *last = before,
                    after => instances[after].links.before = before,
                }
                *len -= 1;
            }
            Self::ByCreation(set) => {
                set.remove(&(instances[slot].id, slot));
            }
            Self::Unordered(list) => {
                let position = instances[slot].links.before;
                list.swap_remove(position as usize);
                if let Some(moved) = list.get(position as usize) {
                    instances[*moved].links.before = position;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::instance::Phase;
    use crate::time::Time;
    use proptest::prelude::*;

    proptest! {
        /// Each kind of set against a plain vector.
        #[test]
        fn sets_agree_with_a_vector(kind in 0..3, steps in prop::collection::vec((any::<bool>(), any::<prop::sample::Index>()), 0..100)) {
            let mut set = match kind {
                0 => IdleSet::by_use(),
                1 => IdleSet::ByCreation(BTreeSet::new()),
                _ => IdleSet::Unordered(Vec::new()),
            };
            let mut instances = Instances::default();
            let mut outside: Vec<_> = (0..20).map(|_| instances.add(0, Phase::Idle, Time::ZERO)).collect();
            let mut inside: Vec<Slot> = Vec::new();
            for (insert, which) in steps {
                let (from, to) = if insert { (&mut outside, &mut inside) } else { (&mut inside, &mut outside) };
                if from.is_empty() {
                    continue;
                }
                let slot = from.remove(which.index(from.len()));
                to.push(slot);
                if insert { set.insert(slot, &mut instances) } else { set.remove(slot, &mut instances) }
                let mut expected = inside.clone();
                if kind == 1 {
                    expected.sort_unstable();
                }
                prop_assert_eq!(set.len(), inside.len());
                prop_assert_eq!(set.is_empty(), inside.is_empty());
                if kind < 2 {
                    prop_assert_eq!((set.first(), set.last()), (expected.first().copied(), expected.last().copied()));
                } else {
                    let found: BTreeSet<_> = (0..set.len()).filter_map(|position| set.at(position)).collect();
                    prop_assert_eq!(found, inside.iter().copied().collect());
                }
            }
        }
    }
}
