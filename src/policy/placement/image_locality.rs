//! Image locality: where the image is already.

use std::cmp::Reverse;

use crate::id::WorkerId;
use crate::policy::entry::{Build, Entry, read};
use crate::policy::placement::{PlaceView, Placement};

/// A worker that has the image of the function in its cache, if one has room, else any; of those the one with most room, the first
/// of equals. O(workers) per start.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageLocality {}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Placement> = Entry {
    name: "image_locality",
    summary: "A worker that has the image in its cache, then the one with most room.",
    reference: "Kubernetes ImageLocality; Rausch et al., \"Optimized container scheduling for data-intensive serverless edge computing\", FGCS 2021",
    parameters: &[],
    example: "{}",
    build: Build::Function(|parameters| {
        let policy: ImageLocality = read(parameters)?;
        Ok(Box::new(move || Box::new(policy)))
    }),
};

impl Placement for ImageLocality {
    fn place(&mut self, view: &PlaceView<'_>) -> Option<WorkerId> {
        let best =
            view.candidates().max_by_key(|(id, worker)| ((view.has_image)(*id), view.room(worker), Reverse(*id)));
        best.map(|(id, _)| id)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, policy};
    use super::*;

    #[test]
    fn the_image_first_and_then_room() {
        let (mut cluster, mut locality) = (Cluster::new(&[500, 100, 300, 300, 500]), policy(&ENTRY));
        assert_eq!(cluster.place(&mut *locality, 100), Some(0));
        cluster.images = vec![1, 2, 3];
        assert_eq!([100, 301, 501].map(|mib| cluster.place(&mut *locality, mib)), [Some(2), Some(0), None]);
    }
}
