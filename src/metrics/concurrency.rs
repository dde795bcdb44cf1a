//! An upper bound on the invocations in flight, over shards that were simulated apart.

use crate::engine::fact::{Fact, Observer};
use crate::time::Time;

const CELLS: usize = 4096;

/// Bounds the number of invocations in flight from above: the sum over shards of each one's most within a short interval.
///
/// Where the bound stays within the account's limit, the limit was never reached, and simulating the shards apart was exact.
#[derive(Debug, Clone)]
pub struct ConcurrencyBound {
    cell: u64,
    end: u64,
    sums: Vec<u64>,
    /// In the present shard: invocations in flight, the most of them in the current cell, and that cell.
    in_flight: u64,
    most: u64,
    current: usize,
    current_end: u64,
}

impl ConcurrencyBound {
    /// For a window that ends at `end`; what comes after it is its last cell, as far as each shard goes on.
    pub fn new(end: Time) -> Self {
        let cell = end.as_nanos().div_ceil(CELLS as u64).max(1);
        Self {
            cell,
            end: end.as_nanos(),
            sums: vec![0; CELLS + 1],
            in_flight: 0,
            most: 0,
            current: 0,
            current_end: cell,
        }
    }

    /// Ends a shard; the next begins at time zero.
    pub fn finish_shard(&mut self) {
        self.move_to(self.end);
        self.sums[self.current] += self.most;
        (self.in_flight, self.most, self.current, self.current_end) = (0, 0, 0, self.cell);
    }

    /// Adds the sums of other shards.
    pub fn merge(&mut self, other: &Self) {
        self.sums.iter_mut().zip(&other.sums).for_each(|(sum, more)| *sum += more);
    }

    /// The bound: at no instant were more in flight.
    pub fn most(&self) -> u64 {
        self.sums.iter().copied().max().unwrap_or(0)
    }

    #[inline]
    fn move_to(&mut self, at: u64) {
        if at < self.current_end {
            return;
        }
        let cell = ((at / self.cell) as usize).min(CELLS);
        self.sums[self.current] += self.most;
        self.sums[self.current + 1..cell].iter_mut().for_each(|sum| *sum += self.in_flight);
        self.current_end = if cell == CELLS { u64::MAX } else { (cell as u64 + 1) * self.cell };
        (self.current, self.most) = (cell, self.in_flight);
    }
}

impl Observer for ConcurrencyBound {
    #[inline(always)]
    fn observe(&mut self, fact: &Fact) {
        match *fact {
            Fact::Arrived { at, .. } => {
                self.move_to(at.as_nanos());
                self.in_flight += 1;
                self.most = self.most.max(self.in_flight);
            }
            Fact::Executed(done) if !done.retried => {
                self.move_to((done.arrived + done.queueing + done.cold_start + done.execution).as_nanos());
                self.in_flight -= 1;
            }
            Fact::Lost { .. } => self.in_flight -= 1,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fact::Fate;

    fn nanos(at: u64) -> Time {
        Time::from_nanos(at)
    }

    #[test]
    fn two_shards_by_hand() {
        let function = 0;
        let mut bound = ConcurrencyBound::new(nanos(4096 * 10));
        for at in [5, 7, 25] {
            bound.observe(&Fact::Arrived { function, at: nanos(at) });
        }
        let fate = Fate::Throttled;
        bound.observe(&Fact::Lost { function, arrived: nanos(25), at: nanos(25), fate, dead_letter: false });
        bound.finish_shard();
        bound.observe(&Fact::Arrived { function, at: nanos(40_959) });
        bound.finish_shard();
        assert_eq!(bound.sums[..4], [2, 2, 3, 2]);
        assert_eq!(bound.sums[4_094..], [2, 3, 3]);
        assert_eq!(bound.most(), 3);
    }
}
