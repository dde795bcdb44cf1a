//! Palette with consistent hashing.

use serde::Deserialize;

use super::build::build_checked;
use super::colour::{COLOURS, colour};
use super::hash::Key;
use super::ring::Ring;
use super::{BalanceView, LoadBalancing, Target};
use crate::policy::entry::{Build, Entry, Parameter};
use crate::policy::parameters::within;

/// The owner of the colour on a ring of hashes. O(log points).
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PaletteConsistentHashing {
    /// How many colours a function has, at least 1. Default 1: the function is the colour.
    pub colours: u32,
    /// Points of each worker on the ring, 1 to 10000. No published default; here 160, as in libketama.
    pub virtual_nodes: u32,
    #[serde(skip)]
    ring: Ring,
}

impl Default for PaletteConsistentHashing {
    fn default() -> Self {
        Self { colours: 1, virtual_nodes: 160, ring: Ring::default() }
    }
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn LoadBalancing> = Entry {
    name: "palette_consistent_hashing",
    summary: "The owner of the colour on a ring of hashes.",
    reference: "Abdi et al., \"Palette Load Balancing: Locality Hints for Serverless Functions\", EuroSys 2023",
    parameters: &[
        COLOURS,
        Parameter {
            name: "virtual_nodes",
            kind: "number",
            default: Some("160"),
            meaning: "points of each worker on the ring",
        },
    ],
    example: "{ colours = 100 }",
    build: Build::Function(|parameters| {
        build_checked(parameters, |policy: &PaletteConsistentHashing| {
            within("colours", policy.colours, 1.0..=f64::from(u32::MAX))?;
            within("virtual_nodes", policy.virtual_nodes, 1.0..=10_000.0)
        })
    }),
};

impl LoadBalancing for PaletteConsistentHashing {
    fn choose(&mut self, view: &BalanceView<'_>) -> Target {
        self.ring.fill(view.workers.len(), self.virtual_nodes);
        let (unit, colour) = colour(view, self.colours);
        self.ring.clockwise(Key::Colour(unit, colour)).find(|worker| view.workers[*worker].up).into()
    }

    fn is_oblivious(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, policy};
    use super::*;

    /// Only the colours of the stopped worker move; the colours of one function are on several workers.
    #[test]
    fn each_colour_has_a_home() {
        let (mut cluster, mut palette) = (Cluster::new(&[1; 4]), policy(&ENTRY, "{ colours = 50 }"));
        let homes = |cluster: &Cluster, palette: &mut dyn LoadBalancing| {
            let choose = |invocation| {
                let view = cluster.view(5, invocation);
                (colour(&view, 50), palette.choose(&view))
            };
            (0..500).map(choose).collect::<Vec<_>>()
        };
        let before = homes(&cluster, &mut *palette);
        let by_colour: std::collections::BTreeMap<_, _> = before.iter().copied().collect();
        assert!(before.iter().all(|(colour, home)| by_colour[colour] == *home));
        let stopped = before[0].1;
        let Target::Worker(worker) = stopped else { panic!("all workers work") };
        cluster.stop(&mut *palette, worker.0);
        let after = homes(&cluster, &mut *palette);
        assert!(before.iter().zip(&after).all(|(before, after)| (before != after) == (before.1 == stopped)));
        assert!(before.iter().any(|(_, home)| *home != stopped));
    }
}
