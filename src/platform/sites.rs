//! Which workers hold instances of which function.

use crate::id::WorkerId;

/// The instances of one function (or app) on one worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Site {
    /// The worker.
    pub worker: WorkerId,
    /// The pool of these instances in the shard.
    pub pool: u32,
    /// How many there are, whatever they do.
    pub instances: u32,
    /// How many of them are idle.
    pub idle: u32,
}

/// The sites of each function (or app), by worker. O(log workers) to find one.
#[derive(Debug, Clone, Default)]
pub struct Sites(Vec<Vec<Site>>);

impl Sites {
    /// No instance of any of `units` functions (or apps).
    pub fn new(units: usize) -> Self {
        Self(vec![Vec::new(); units])
    }

    /// The workers that hold instances of a function (or app), in the order of their ids.
    pub fn of(&self, unit: u32) -> &[Site] {
        &self.0[unit as usize]
    }

    /// The site of a function (or app) on a worker, if it has instances there.
    pub fn at(&self, unit: u32, worker: WorkerId) -> Option<&Site> {
        let sites = &self.0[unit as usize];
        sites.binary_search_by_key(&worker, |site| site.worker).ok().map(|position| &sites[position])
    }

    /// The same, to be changed.
    pub fn at_mut(&mut self, unit: u32, worker: WorkerId) -> Option<&mut Site> {
        let sites = &mut self.0[unit as usize];
        sites.binary_search_by_key(&worker, |site| site.worker).ok().map(|position| &mut sites[position])
    }

    /// Adds a site without instances; there must be none of this function (or app) on the worker.
    pub fn add(&mut self, unit: u32, worker: WorkerId, pool: u32) {
        let sites = &mut self.0[unit as usize];
        let position = sites.partition_point(|site| site.worker < worker);
        sites.insert(position, Site { worker, pool, instances: 0, idle: 0 });
    }

    /// Removes a site, whose pool is free then.
    pub fn remove(&mut self, unit: u32, worker: WorkerId) {
        self.0[unit as usize].retain(|site| site.worker != worker);
    }
}
