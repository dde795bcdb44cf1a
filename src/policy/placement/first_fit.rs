//! First fit: the first worker with room.

use crate::id::WorkerId;
use crate::policy::entry::{Build, Entry, read};
use crate::policy::placement::{PlaceView, Placement};

/// The first worker that has room, in the order of the scenario; leaves the last workers empty. O(workers) per start, less while the
/// first have room.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstFit {}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Placement> = Entry {
    name: "first_fit",
    summary: "The first worker that has room for it.",
    reference: "Johnson et al., \"Worst-Case Performance Bounds for Simple One-Dimensional Packing Algorithms\", SIAM J. Comput. 1974",
    parameters: &[],
    example: "{}",
    build: Build::Function(|parameters| {
        let policy: FirstFit = read(parameters)?;
        Ok(Box::new(move || Box::new(policy)))
    }),
};

impl Placement for FirstFit {
    fn place(&mut self, view: &PlaceView<'_>) -> Option<WorkerId> {
        view.candidates().map(|(id, _)| id).next()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, policy};
    use super::*;

    #[test]
    fn the_first_with_room() {
        let (mut cluster, mut first) = (Cluster::new(&[100, 300, 500]), policy(&ENTRY));
        assert_eq!([100, 101, 301, 501].map(|mib| cluster.place(&mut *first, mib)), [Some(0), Some(1), Some(2), None]);
        cluster.workers[WorkerId(1)].up = false;
        assert_eq!(cluster.place(&mut *first, 101), Some(2));
    }
}
