//! The ring of consistent hashing.

use super::hash::{Key, hash};
use crate::id::WorkerId;

/// Points on a circle of hashes, several for each worker (virtual nodes), which smooths the shares.
///
/// Karger et al., "Consistent Hashing and Random Trees", STOC 1997. A stopped worker keeps its points: who walks on finds the worker
/// that would own the key without them.
#[derive(Debug, Clone, Default)]
pub(super) struct Ring(Vec<(u64, WorkerId)>);

impl Ring {
    /// Puts `copies` points of each worker on the ring, the first time.
    pub fn fill(&mut self, workers: usize, copies: u32) {
        if self.0.is_empty() {
            let ids = (0..workers as u32).map(WorkerId);
            let points = ids.flat_map(|id| (0..copies).map(move |copy| (hash(Key::Point(id, copy)), id)));
            self.0.extend(points);
            self.0.sort_unstable();
        }
    }

    /// The workers clockwise from a key, once around; a worker comes as often as it has points. O(log points) to begin.
    pub fn clockwise(&self, key: Key) -> impl Iterator<Item = WorkerId> {
        let key = hash(key);
        let (before, after) = self.0.split_at(self.0.partition_point(|(point, _)| *point < key));
        after.iter().chain(before).map(|(_, worker)| *worker)
    }
}
