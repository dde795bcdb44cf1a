//! Spread: away from others of its kind.

use std::cmp::Reverse;

use crate::id::WorkerId;
use crate::policy::entry::{Build, Entry, read};
use crate::policy::placement::{PlaceView, Placement};

/// The worker with the fewest instances of the same function (or app), then the one with most room, the first of equals; an outage
/// then hits each function least. O(workers) per start.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spread {}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Placement> = Entry {
    name: "spread",
    summary: "The worker with the fewest instances of the same function, then the one with most room.",
    reference: "Kubernetes PodTopologySpread; Amazon ECS task placement, `spread`",
    parameters: &[],
    example: "{}",
    build: Build::Function(|parameters| {
        let policy: Spread = read(parameters)?;
        Ok(Box::new(move || Box::new(policy)))
    }),
};

impl Placement for Spread {
    fn place(&mut self, view: &PlaceView<'_>) -> Option<WorkerId> {
        let mut sites = view.sites().peekable();
        let counted = view.candidates().map(|(id, worker)| {
            // Sites and candidates are both in the order of ids.
            while sites.next_if(|site| site.worker < id).is_some() {}
            let instances = sites.peek().filter(|site| site.worker == id).map_or(0, |site| site.instances);
            (instances, Reverse(view.room(worker)), id)
        });
        counted.min().map(|(_, _, id)| id)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, policy};
    use super::*;

    #[test]
    fn the_fewest_of_its_kind_and_then_room() {
        let (mut cluster, mut spread) = (Cluster::new(&[500, 400, 300, 300]), policy(&ENTRY));
        [(0, 1), (1, 1), (3, 2)].into_iter().for_each(|(worker, instances)| cluster.hold(worker, instances));
        assert_eq!([100, 301, 401, 501].map(|mib| cluster.place(&mut *spread, mib)), [Some(2), Some(0), Some(0), None]);
        cluster.hold(2, 1);
        cluster.hold(0, 2);
        assert_eq!(cluster.place(&mut *spread, 100), Some(1));
    }
}
