//! Which workers hold instances of which function.

use crate::id::WorkerId;

/// The instances of one function (or app) on one worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Site {
    /// The worker.
    pub worker: WorkerId,
    /// The function or app.
    pub unit: u32,
    /// The pool of these instances in the shard.
    pub pool: u32,
    /// How many there are, whatever they do.
    pub instances: u32,
    /// How many of them are idle.
    pub idle: u32,
}

/// The sites of each function (or app), by worker. O(log workers) to find one, O(1) by its number.
#[derive(Debug, Clone, Default)]
pub struct Sites {
    sites: Vec<Site>,
    free: Vec<u32>,
    /// For each function (or app), the workers and the numbers of its sites there.
    of: Vec<Vec<(WorkerId, u32)>>,
}

impl Sites {
    /// No instance of any of `units` functions (or apps).
    pub fn new(units: usize) -> Self {
        Self { sites: Vec::new(), free: Vec::new(), of: vec![Vec::new(); units] }
    }

    /// The sites of a function (or app), in the order of their workers.
    pub fn of(&self, unit: u32) -> impl Iterator<Item = &Site> {
        self.of[unit as usize].iter().map(|(_, number)| &self.sites[*number as usize])
    }

    /// The number of the site of a function (or app) on a worker, if it has instances there.
    #[inline]
    pub fn find(&self, unit: u32, worker: WorkerId) -> Option<u32> {
        let sites = &self.of[unit as usize];
        sites.binary_search_by_key(&worker, |(worker, _)| *worker).ok().map(|position| sites[position].1)
    }

    /// The site of a function (or app) on a worker, if it has instances there.
    pub fn at(&self, unit: u32, worker: WorkerId) -> Option<&Site> {
        self.find(unit, worker).map(|number| &self.sites[number as usize])
    }

    /// Adds a site without instances and returns its number; there must be none of this function (or app) on the worker.
    pub fn add(&mut self, unit: u32, worker: WorkerId, pool: u32) -> u32 {
        let site = Site { worker, unit, pool, instances: 0, idle: 0 };
        let number = match self.free.pop() {
            Some(free) => {
                self.sites[free as usize] = site;
                free
            }
            None => {
                self.sites.push(site);
                self.sites.len() as u32 - 1
            }
        };
        let sites = &mut self.of[unit as usize];
        let position = sites.partition_point(|(other, _)| *other < worker);
        sites.insert(position, (worker, number));
        number
    }

    /// Removes a site, whose pool and number are free then.
    pub fn remove(&mut self, number: u32) {
        let Site { worker, unit, .. } = self.sites[number as usize];
        let sites = &mut self.of[unit as usize];
        if let Ok(position) = sites.binary_search_by_key(&worker, |(worker, _)| *worker) {
            sites.remove(position);
            self.free.push(number);
        }
    }
}

impl std::ops::Index<u32> for Sites {
    type Output = Site;
    #[inline]
    fn index(&self, number: u32) -> &Site {
        &self.sites[number as usize]
    }
}

impl std::ops::IndexMut<u32> for Sites {
    #[inline]
    fn index_mut(&mut self, number: u32) -> &mut Site {
        &mut self.sites[number as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_stand_in_the_order_of_their_workers_and_keep_their_numbers() {
        let mut sites = Sites::new(2);
        let numbers = [3, 1, 2].map(|worker| sites.add(1, WorkerId(worker), 10 + worker));
        sites[numbers[1]].idle = 7;
        assert_eq!(sites.of(1).map(|site| site.pool).collect::<Vec<_>>(), [11, 12, 13]);
        assert_eq!(
            (sites.find(1, WorkerId(1)), sites.at(1, WorkerId(1)).map(|site| site.idle)),
            (Some(numbers[1]), Some(7))
        );
        sites.remove(numbers[1]);
        assert_eq!((sites.find(1, WorkerId(1)), sites.of(1).count()), (None, 2));
        assert_eq!(sites.add(0, WorkerId(9), 1), numbers[1], "the number is used again");
    }
}
