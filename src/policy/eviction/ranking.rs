//! Orders of eviction: the least goes first.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::policy::eviction::Slot;

/// A number that can be sorted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Worth(pub f64);

impl Ord for Worth {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Worth {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Worth {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Worth {}

/// Things with dense numbers, sorted by a key. O(log n).
#[derive(Debug)]
pub struct Ranking<K> {
    order: BTreeSet<(K, u32)>,
    keys: Vec<Option<K>>,
}

impl<K> Default for Ranking<K> {
    fn default() -> Self {
        Self { order: BTreeSet::new(), keys: Vec::new() }
    }
}

impl<K: Ord + Copy> Ranking<K> {
    /// Gives `id` a place, or another place.
    pub fn set(&mut self, id: u32, key: K) {
        if self.keys.len() <= id as usize {
            self.keys.resize(id as usize + 1, None);
        }
        match self.keys[id as usize].replace(key) {
            Some(old) if old == key => return,
            Some(old) => self.order.remove(&(old, id)),
            None => true,
        };
        self.order.insert((key, id));
    }

    /// Takes `id` out, and tells which key it had.
    pub fn remove(&mut self, id: u32) -> Option<K> {
        let key = self.keys.get_mut(id as usize)?.take()?;
        self.order.remove(&(key, id));
        Some(key)
    }

    /// The one with the least key; of equals the one with the lowest number.
    pub fn first(&self) -> Option<u32> {
        self.order.first().map(|(_, id)| *id)
    }
}

/// Idle instances of functions that have a rank: all instances of a function share it. Of equal functions the one with the
/// instance that has been idle longest is first; of a function, that instance. O(log n).
#[derive(Debug)]
pub struct IdleByFunction<R> {
    ranking: Ranking<(R, u64)>,
    functions: Vec<Idle<R>>,
    turns: Vec<u64>,
    turn: u64,
}

/// The rank of a function, and its idle instances in the order in which they became idle.
#[derive(Debug, Clone, Default)]
struct Idle<R> {
    rank: R,
    instances: BTreeMap<u64, Slot>,
}

impl<R> Default for IdleByFunction<R> {
    fn default() -> Self {
        Self { ranking: Ranking::default(), functions: Vec::new(), turns: Vec::new(), turn: 0 }
    }
}

impl<R: Ord + Copy + Default> IdleByFunction<R> {
    /// An instance of `unit` is idle from now on.
    pub fn insert(&mut self, unit: u32, slot: Slot) {
        if self.turns.len() <= slot as usize {
            self.turns.resize(slot as usize + 1, 0);
        }
        self.turn += 1;
        self.turns[slot as usize] = self.turn;
        let turn = self.turn;
        self.function(unit).instances.insert(turn, slot);
        self.renew(unit);
    }

    /// An idle instance of `unit` is idle no more.
    pub fn remove(&mut self, unit: u32, slot: Slot) {
        let turn = self.turns[slot as usize];
        self.function(unit).instances.remove(&turn);
        self.renew(unit);
    }

    /// Gives a function its rank.
    pub fn set_rank(&mut self, unit: u32, rank: R) {
        self.function(unit).rank = rank;
        self.renew(unit);
    }

    /// The rank of a function.
    pub fn rank(&self, unit: u32) -> R {
        self.functions.get(unit as usize).map_or(R::default(), |function| function.rank)
    }

    /// The instance that goes first.
    pub fn first(&self) -> Option<Slot> {
        let unit = self.ranking.first()?;
        self.functions[unit as usize].instances.first_key_value().map(|(_, slot)| *slot)
    }

    fn function(&mut self, unit: u32) -> &mut Idle<R> {
        if self.functions.len() <= unit as usize {
            self.functions.resize_with(unit as usize + 1, || Idle { rank: R::default(), instances: BTreeMap::new() });
        }
        &mut self.functions[unit as usize]
    }

    fn renew(&mut self, unit: u32) {
        let Idle { rank, instances } = &self.functions[unit as usize];
        match instances.first_key_value() {
            Some((turn, _)) => self.ranking.set(unit, (*rank, *turn)),
            None => drop(self.ranking.remove(unit)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Against a plain list that is searched.
        #[test]
        fn the_first_is_the_least(steps in prop::collection::vec((0..3, 0..4u32, 0..8u32, 0..3u8), 0..200)) {
            let mut ranking = IdleByFunction::<u8>::default();
            let mut ranks = [0; 4];
            let mut idle: Vec<(u32, Slot)> = Vec::new();
            for (step, unit, slot, rank) in steps {
                let position = idle.iter().position(|(_, other)| *other == slot);
                match (step, position) {
                    (0, None) => {
                        idle.push((unit, slot));
                        ranking.insert(unit, slot);
                    }
                    (1, Some(position)) => {
                        let (unit, slot) = idle.remove(position);
                        ranking.remove(unit, slot);
                    }
                    _ => {
                        ranks[unit as usize] = rank;
                        ranking.set_rank(unit, rank);
                    }
                }
                let first = idle.iter().min_by_key(|(unit, _)| ranks[*unit as usize]).map(|(_, slot)| *slot);
                prop_assert_eq!(ranking.first(), first);
            }
        }
    }
}
