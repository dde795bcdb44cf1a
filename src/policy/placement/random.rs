//! Random placement: any worker with room.

use crate::id::WorkerId;
use crate::policy::entry::{Build, Entry, read};
use crate::policy::placement::{PlaceView, Placement};

/// Any worker that has room, with equal chances. O(workers) per start.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Random {}

/// The catalog's entry.
pub const ENTRY: Entry<dyn Placement> = Entry {
    name: "random",
    summary: "Any worker that has room for it, with equal chances.",
    reference: "Docker Swarm (classic), strategy `random`",
    parameters: &[],
    example: "{}",
    build: Build::Function(|parameters| {
        let policy: Random = read(parameters)?;
        Ok(Box::new(move || Box::new(policy)))
    }),
};

impl Placement for Random {
    fn place(&mut self, view: &PlaceView<'_>) -> Option<WorkerId> {
        let candidates = view.candidates().count().max(1);
        view.candidates().nth(view.random().index(candidates)).map(|(id, _)| id)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, policy};
    use super::*;

    /// Three of four have room: each gets a third of 3000 starts, within 4 standard errors.
    #[test]
    fn each_candidate_has_the_same_chance() {
        let (mut cluster, mut random) = (Cluster::new(&[200, 100, 300, 200]), policy(&ENTRY));
        let mut counts = [0.0; 4];
        (0..3000).for_each(|_| counts[cluster.place(&mut *random, 200).unwrap() as usize] += 1.0);
        let error = (3000.0f64 * (1.0 / 3.0) * (2.0 / 3.0)).sqrt();
        assert_eq!(counts[1], 0.0);
        assert!([0, 2, 3].iter().all(|worker| (counts[*worker] - 1000.0f64).abs() < 4.0 * error), "{counts:?}");
    }
}
