//! How many invocations each worker has been given and has not finished: what load balancers call connections.

use crate::id::WorkerId;

/// The load of each worker, and which workers have the least. O(1) for each change, because loads change by one.
#[derive(Debug, Clone, Default)]
pub struct Loads {
    of: Vec<u32>,
    /// The workers with each load, in no particular order; those that are out are in none.
    with: Vec<Vec<WorkerId>>,
    /// Where each worker stands in its list; [`OUT`] if it is out.
    place: Vec<u32>,
    least: usize,
    total: u64,
}

const OUT: u32 = u32::MAX;

impl Loads {
    /// `workers` workers without load.
    pub fn new(workers: usize) -> Self {
        let ids = (0..workers as u32).map(WorkerId).collect();
        Self { of: vec![0; workers], with: vec![ids], place: (0..workers as u32).collect(), least: 0, total: 0 }
    }

    /// The load of a worker: invocations that were given to it and have not ended.
    #[inline]
    pub fn of(&self, worker: WorkerId) -> u32 {
        self.of[worker.index()]
    }

    /// The sum over all workers.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The workers with the least load, in no particular order; none if all are stopped.
    pub fn least(&self) -> &[WorkerId] {
        self.with.get(self.least).map_or(&[], Vec::as_slice)
    }

    /// The worker is given an invocation.
    #[inline]
    pub fn add(&mut self, worker: WorkerId) {
        self.total += 1;
        self.change(worker, self.of(worker) + 1);
    }

    /// An invocation of the worker has ended.
    #[inline]
    pub fn remove(&mut self, worker: WorkerId) {
        self.total -= 1;
        self.change(worker, self.of(worker) - 1);
    }

    /// The worker stops: it is not among the least loaded any more.
    pub fn take_out(&mut self, worker: WorkerId) {
        if self.place[worker.index()] != OUT {
            self.unlist(worker);
            self.place[worker.index()] = OUT;
            self.find_least(self.least);
        }
    }

    /// The worker is back.
    pub fn bring_back(&mut self, worker: WorkerId) {
        if self.place[worker.index()] == OUT {
            self.list(worker);
            self.find_least(self.least);
        }
    }

    #[inline]
    fn change(&mut self, worker: WorkerId, load: u32) {
        let listed = self.place[worker.index()] != OUT;
        if listed {
            self.unlist(worker);
        }
        self.of[worker.index()] = load;
        if listed {
            self.list(worker);
            self.find_least(self.least);
        }
    }

    #[inline]
    fn unlist(&mut self, worker: WorkerId) {
        let list = &mut self.with[self.of[worker.index()] as usize];
        let place = self.place[worker.index()];
        list.swap_remove(place as usize);
        if let Some(moved) = list.get(place as usize) {
            self.place[moved.index()] = place;
        }
    }

    #[inline]
    fn list(&mut self, worker: WorkerId) {
        let load = self.of[worker.index()] as usize;
        if load >= self.with.len() {
            self.with.resize_with(load + 1, Vec::new);
        }
        self.place[worker.index()] = self.with[load].len() as u32;
        self.with[load].push(worker);
        self.least = self.least.min(load);
    }

    /// Loads change by one, so the next list that is not empty is near.
    #[inline]
    fn find_least(&mut self, from: usize) {
        let filled = self.with[from..].iter().position(|list| !list.is_empty());
        self.least = from + filled.unwrap_or(self.with.len() - from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Against a plain vector.
        #[test]
        fn the_least_loaded_are_found(steps in prop::collection::vec((0..4u8, 0..6u32), 0..200)) {
            let mut loads = Loads::new(6);
            let mut plain = [(0u32, true); 6];
            for (what, worker) in steps {
                let (load, up) = &mut plain[worker as usize];
                let worker = WorkerId(worker);
                match what {
                    0 => { loads.add(worker); *load += 1 }
                    1 if *load > 0 => { loads.remove(worker); *load -= 1 }
                    2 => { loads.take_out(worker); *up = false }
                    3 => { loads.bring_back(worker); *up = true }
                    _ => {}
                }
                let least = plain.iter().filter(|(_, up)| *up).map(|(load, _)| *load).min();
                let expected: Vec<_> = (0..6).filter(|i| plain[*i as usize].1 && Some(plain[*i as usize].0) == least).map(WorkerId).collect();
                let mut found = loads.least().to_vec();
                found.sort();
                prop_assert_eq!(found, expected);
                prop_assert_eq!(loads.total(), plain.iter().map(|(load, _)| u64::from(*load)).sum::<u64>());
            }
        }
    }
}
