//! What the platform's own decisions take, and how they spread the work.

use crate::id::WorkerId;
use crate::metrics::Balance;
use crate::platform::overheads::Delay;

/// Sums of what scheduling and balancing took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Decisions {
    count: u64,
    scheduling: u128,
    balancing: u128,
}

impl Decisions {
    /// One more invocation.
    pub fn add(&mut self, delay: Delay) {
        self.count += 1;
        self.scheduling += u128::from(delay.scheduling.as_nanos());
        self.balancing += u128::from(delay.balancing.as_nanos());
    }

    /// Adds the sums of another shard.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.scheduling += other.scheduling;
        self.balancing += other.balancing;
    }

    /// Means in milliseconds: scheduling, balancing.
    pub fn means_ms(&self) -> [f64; 2] {
        let mean = |nanos: u128| if self.count == 0 { 0.0 } else { nanos as f64 / 1e6 / self.count as f64 };
        [mean(self.scheduling), mean(self.balancing)]
    }
}

/// Invocations given to each worker.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WorkerShares(Vec<u64>);

impl WorkerShares {
    /// One more for a worker.
    pub fn add(&mut self, worker: WorkerId) {
        if self.0.len() <= worker.index() {
            self.0.resize(worker.index() + 1, 0);
        }
        self.0[worker.index()] += 1;
    }

    /// Adds the counts of another shard.
    pub fn merge(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        self.0.iter_mut().zip(&other.0).for_each(|(sum, more)| *sum += more);
    }

    /// Invocations of each of `workers` workers.
    pub fn counts(&self, workers: usize) -> Vec<u64> {
        (0..workers).map(|worker| self.0.get(worker).copied().unwrap_or(0)).collect()
    }

    /// How even they are, over `workers` workers.
    pub fn balance(&self, workers: usize) -> Balance {
        let counts = self.counts(workers);
        let total: u64 = counts.iter().sum();
        if total == 0 {
            return Balance::default();
        }
        let mean = total as f64 / workers as f64;
        let variance = counts.iter().map(|count| (*count as f64 - mean) * (*count as f64 - mean)).sum::<f64>();
        Balance {
            workers: counts.iter().filter(|count| **count > 0).count() as u64,
            peak_to_mean: counts.iter().copied().max().unwrap_or(0) as f64 / mean,
            variation: (variance / workers as f64).sqrt() / mean,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evenness_by_hand() {
        let mut shares = WorkerShares::default();
        (0..6).for_each(|_| shares.add(WorkerId(1)));
        (0..2).for_each(|_| shares.add(WorkerId(0)));
        let balance = shares.balance(4);
        assert_eq!((balance.workers, balance.peak_to_mean), (2, 3.0));
        assert!((balance.variation - 6f64.sqrt() / 2.0).abs() < 1e-12, "{balance:?}");
    }
}
