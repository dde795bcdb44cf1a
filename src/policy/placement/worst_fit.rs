//! Worst fit: the worker with most room.

use std::cmp::Reverse;

use crate::id::WorkerId;
use crate::policy::entry::{Build, Entry, read};
use crate::policy::placement::{PlaceView, Placement};

/// The worker with most room, the first of equals; spreads instances by memory. O(workers) per start.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorstFit {}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Placement> = Entry {
    name: "worst_fit",
    summary: "The worker with most room for it.",
    reference: "Knuth, \"The Art of Computer Programming\", vol. 1, section 2.5; Kubernetes NodeResourcesFit, LeastAllocated",
    parameters: &[],
    example: "{}",
    build: Build::Function(|parameters| {
        let policy: WorstFit = read(parameters)?;
        Ok(Box::new(move || Box::new(policy)))
    }),
};

impl Placement for WorstFit {
    fn place(&mut self, view: &PlaceView<'_>) -> Option<WorkerId> {
        view.candidates().max_by_key(|(id, worker)| (view.room(worker), Reverse(*id))).map(|(id, _)| id)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, policy};
    use super::*;

    #[test]
    fn the_most_room() {
        let (mut cluster, mut worst) = (Cluster::new(&[100, 300, 500, 500]), policy(&ENTRY));
        assert_eq!([100, 500, 501].map(|mib| cluster.place(&mut *worst, mib)), [Some(2), Some(2), None]);
        cluster.evictable(0, 600);
        assert_eq!(cluster.place(&mut *worst, 100), Some(2));
        cluster.evicting = true;
        assert_eq!(cluster.place(&mut *worst, 100), Some(0));
    }
}
