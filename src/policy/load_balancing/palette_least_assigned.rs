//! Palette with a table of colours.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::build::build_checked;
use super::colour::{COLOURS, Colour, colour};
use super::{BalanceView, LoadBalancing, Target};
use crate::id::WorkerId;
use crate::policy::entry::{Build, Entry, Parameter};
use crate::policy::parameters::within;

/// A new colour goes to the worker with the fewest colours, the first of equals, and stays there while it is in the table, from which
/// the colour that was used longest ago goes when it is full. O(log colours); O(workers) for a new colour.
///
/// The choice depends on the order of the arrivals, and on nothing that happens to them.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PaletteLeastAssigned {
    /// How many colours a function has, at least 1. Default 1: the function is the colour.
    pub colours: u32,
    /// How many colours the table holds, 1 to 100000000. No published default; here 65536.
    pub table: u32,
    /// Where each colour goes, and when it was used.
    #[serde(skip)]
    homes: BTreeMap<Colour, (WorkerId, u64)>,
    /// The colours in the order of their last use.
    #[serde(skip)]
    by_use: BTreeMap<u64, Colour>,
    /// How many colours each worker has.
    #[serde(skip)]
    assigned: Vec<u32>,
    /// Invocations so far, as a clock.
    #[serde(skip)]
    uses: u64,
}

impl Default for PaletteLeastAssigned {
    fn default() -> Self {
        let (homes, by_use, assigned) = Default::default();
        Self { colours: 1, table: 65_536, homes, by_use, assigned, uses: 0 }
    }
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn LoadBalancing> = Entry {
    name: "palette_least_assigned",
    summary: "A new colour goes to the worker with the fewest colours, and stays there.",
    reference: "Abdi et al., \"Palette Load Balancing: Locality Hints for Serverless Functions\", EuroSys 2023",
    parameters: &[
        COLOURS,
        Parameter { name: "table", kind: "number", default: Some("65536"), meaning: "how many colours are remembered" },
    ],
    example: "{ colours = 100 }",
    build: Build::Function(|parameters| {
        build_checked(parameters, |policy: &PaletteLeastAssigned| {
            within("colours", policy.colours, 1.0..=f64::from(u32::MAX))?;
            within("table", policy.table, 1.0..=1e8)
        })
    }),
};

impl LoadBalancing for PaletteLeastAssigned {
    fn choose(&mut self, view: &BalanceView<'_>) -> Target {
        self.assigned.resize(view.workers.len(), 0);
        let colour = colour(view, self.colours);
        let home = self.forget(colour).filter(|home| view.workers[*home].up);
        let fewest = || view.workers.up().map(|(id, _)| id).min_by_key(|id| self.assigned[id.index()]);
        home.or_else(fewest).inspect(|home| self.remember(colour, *home)).into()
    }

    fn is_oblivious(&self) -> bool {
        true
    }
}

impl PaletteLeastAssigned {
    /// Takes a colour out of the table and says where it went.
    fn forget(&mut self, colour: Colour) -> Option<WorkerId> {
        let (home, used) = self.homes.remove(&colour)?;
        self.by_use.remove(&used);
        self.assigned[home.index()] -= 1;
        Some(home)
    }

    fn remember(&mut self, colour: Colour, home: WorkerId) {
        self.uses += 1;
        self.homes.insert(colour, (home, self.uses));
        self.by_use.insert(self.uses, colour);
        self.assigned[home.index()] += 1;
        let oldest = self.by_use.first_key_value().map(|(_, colour)| *colour);
        if let Some(oldest) = oldest.filter(|_| self.homes.len() > self.table as usize) {
            self.forget(oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Cluster, policy};
    use super::*;

    #[test]
    fn colours_are_assigned_and_forgotten() {
        let (mut cluster, mut palette) = (Cluster::new(&[1; 3]), policy(&ENTRY, "{ table = 4 }"));
        let mut go =
            |functions: &[u32]| functions.iter().map(|f| cluster.ask(&mut *palette, *f).unwrap()).collect::<Vec<_>>();
        assert_eq!(go(&[10, 11, 12, 13]), [0, 1, 2, 0]);
        assert_eq!(go(&[12, 10, 13, 11]), [2, 0, 0, 1]);
        // A fifth colour: worker 1 and 2 have one each. The table forgets 12, which frees worker 2.
        assert_eq!(go(&[14]), [1]);
        assert_eq!(go(&[15]), [2]);
        // 10 was forgotten for 15; worker 0 has only 13 now, 1 has 11 and 14, 2 has 15.
        assert_eq!(go(&[10]), [0]);
    }

    #[test]
    fn the_colours_of_a_stopped_worker_move_when_they_are_used() {
        let (mut cluster, mut palette) = (Cluster::new(&[1; 2]), policy(&ENTRY, "{}"));
        let asked = [1, 2, 3, 4].map(|function| cluster.ask(&mut *palette, function).unwrap());
        assert_eq!(asked, [0, 1, 0, 1]);
        cluster.stop(&mut *palette, 0);
        assert_eq!(cluster.ask(&mut *palette, 1), Some(1));
        cluster.restart(&mut *palette, 0);
        // 1 has a new home; 3 was not used meanwhile and keeps its own.
        assert_eq!([1, 3].map(|function| cluster.ask(&mut *palette, function).unwrap()), [1, 0]);
    }
}
