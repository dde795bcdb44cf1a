//! Best fit: the fullest worker with room.

use crate::id::WorkerId;
use crate::policy::entry::{Build, Entry, read};
use crate::policy::placement::{PlaceView, Placement};

/// The worker with the least room that suffices, the first of equals; packs instances densely. O(workers) per start.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BestFit {}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Placement> = Entry {
    name: "best_fit",
    summary: "The worker with the least room that suffices.",
    reference: "Johnson et al., \"Worst-Case Performance Bounds for Simple One-Dimensional Packing Algorithms\", SIAM J. Comput. 1974; Kubernetes NodeResourcesFit, MostAllocated",
    parameters: &[],
    example: "{}",
    build: Build::Function(|parameters| {
        let policy: BestFit = read(parameters)?;
        Ok(Box::new(move || Box::new(policy)))
    }),
};

impl Placement for BestFit {
    fn place(&mut self, view: &PlaceView<'_>) -> Option<WorkerId> {
        view.candidates().min_by_key(|(_, worker)| view.room(worker)).map(|(id, _)| id)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, policy};
    use super::*;

    #[test]
    fn the_least_room_that_suffices() {
        let (mut cluster, mut best) = (Cluster::new(&[500, 300, 100, 300]), policy(&ENTRY));
        let mut fits = |mibs: [u64; 4]| mibs.map(|mib| cluster.place(&mut *best, mib));
        assert_eq!(fits([100, 101, 301, 501]), [Some(2), Some(1), Some(0), None]);
        // What evictions could free counts only when the engine asks with them.
        cluster.evictable(2, 250);
        assert_eq!(cluster.place(&mut *best, 101), Some(1));
        cluster.evicting = true;
        assert_eq!([101, 301].map(|mib| cluster.place(&mut *best, mib)), [Some(1), Some(2)]);
    }
}
