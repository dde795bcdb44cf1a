//! Palette with bucket hashing.

use std::cmp::Reverse;

use serde::Deserialize;

use super::build::build_checked;
use super::colour::{COLOURS, colour};
use super::hash::{Key, hash};
use super::{BalanceView, LoadBalancing, Notice, Target};
use crate::id::WorkerId;
use crate::platform::worker::Workers;
use crate::policy::entry::{Build, Entry, Parameter};
use crate::policy::parameters::within;

/// Each colour belongs to a bucket, by hash, and each bucket to a worker. When a worker stops or comes back, as few buckets as
/// possible move, so that all workers have the same number again, give or take one. O(1); O(buckets) after an outage.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PaletteBucketHashing {
    /// How many colours a function has, at least 1. Default 1: the function is the colour.
    pub colours: u32,
    /// How many buckets there are, 1 to 1000000. No published default; here 1024.
    pub buckets: u32,
    #[serde(skip)]
    owners: Vec<Option<WorkerId>>,
    #[serde(skip)]
    balanced: bool,
}

impl Default for PaletteBucketHashing {
    fn default() -> Self {
        Self { colours: 1, buckets: 1024, owners: Vec::new(), balanced: false }
    }
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn LoadBalancing> = Entry {
    name: "palette_bucket_hashing",
    summary: "Colour to bucket by hash, buckets to workers in equal numbers.",
    reference: "Abdi et al., \"Palette Load Balancing: Locality Hints for Serverless Functions\", EuroSys 2023",
    parameters: &[
        COLOURS,
        Parameter { name: "buckets", kind: "number", default: Some("1024"), meaning: "how many buckets there are" },
    ],
    example: "{ colours = 100 }",
    build: Build::Function(|parameters| {
        build_checked(parameters, |policy: &PaletteBucketHashing| {
            within("colours", policy.colours, 1.0..=f64::from(u32::MAX))?;
            within("buckets", policy.buckets, 1.0..=1e6)
        })
    }),
};

impl LoadBalancing for PaletteBucketHashing {
    fn choose(&mut self, view: &BalanceView<'_>) -> Target {
        if !self.balanced {
            self.owners.resize(self.buckets as usize, None);
            rebalance(&mut self.owners, view.workers);
            self.balanced = true;
        }
        let (unit, colour) = colour(view, self.colours);
        let bucket = hash(Key::Colour(unit, colour)) % u64::from(self.buckets);
        self.owners[bucket as usize].filter(|worker| view.workers[*worker].up).into()
    }

    fn notice(&mut self, notice: Notice) {
        self.balanced &= !matches!(notice, Notice::Down(_) | Notice::Up(_));
    }

    fn is_oblivious(&self) -> bool {
        true
    }
}

/// Gives the buckets without a working owner, and those that owners have too many, to owners who have too few.
fn rebalance(owners: &mut [Option<WorkerId>], workers: &Workers) {
    let mut held: Vec<(WorkerId, Vec<usize>)> = workers.up().map(|(id, _)| (id, Vec::new())).collect();
    let mut homeless = Vec::new();
    for (bucket, owner) in owners.iter().enumerate() {
        let position = owner.and_then(|owner| held.binary_search_by_key(&owner, |(id, _)| *id).ok());
        position.map_or(&mut homeless, |position| &mut held[position].1).push(bucket);
    }
    // Those who have most keep the remainder, so that fewer move.
    held.sort_by_key(|(_, buckets)| Reverse(buckets.len()));
    let (share, remainder) = (owners.len() / held.len().max(1), owners.len() % held.len().max(1));
    let quota = |rank: usize| share + usize::from(rank < remainder);
    for (rank, (_, buckets)) in held.iter_mut().enumerate() {
        homeless.extend(buckets.drain(quota(rank).min(buckets.len())..));
    }
    let mut homeless = homeless.into_iter();
    for (rank, (worker, buckets)) in held.iter().enumerate() {
        homeless.by_ref().take(quota(rank) - buckets.len()).for_each(|bucket| owners[bucket] = Some(*worker));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, policy};
    use super::*;

    fn counts(owners: &[Option<WorkerId>]) -> [usize; 4] {
        [0, 1, 2, 3].map(|worker| owners.iter().filter(|owner| **owner == Some(WorkerId(worker))).count())
    }

    #[test]
    fn few_buckets_move_and_all_workers_have_the_same() {
        let (mut cluster, mut owners) = (Cluster::new(&[1; 4]), vec![None; 10]);
        let mut rebalance = |cluster: &Cluster| {
            let before = owners.clone();
            super::rebalance(&mut owners, &cluster.workers);
            (counts(&owners), before.iter().zip(&owners).filter(|(before, after)| before != after).count())
        };
        assert_eq!(rebalance(&cluster), ([3, 3, 2, 2], 10));
        assert_eq!(rebalance(&cluster), ([3, 3, 2, 2], 0));
        cluster.workers[WorkerId(1)].up = false;
        assert_eq!(rebalance(&cluster), ([4, 0, 3, 3], 3));
        cluster.workers[WorkerId(1)].up = true;
        assert_eq!(rebalance(&cluster), ([3, 2, 3, 2], 2));
    }

    #[test]
    fn a_colour_meets_itself_and_many_colours_spread() {
        let mut cluster = Cluster::new(&[1; 4]);
        let mut one = policy(&ENTRY, "{}");
        let first = cluster.ask(&mut *one, 5);
        assert!((0..100).all(|_| cluster.ask(&mut *one, 5) == first));
        let mut many = policy(&ENTRY, "{ colours = 1000 }");
        let reached: std::collections::BTreeSet<_> = (0..100).map(|_| cluster.ask(&mut *many, 5)).collect();
        assert_eq!(reached.len(), 4);
    }
}
