//! Arrivals from counts per minute.

use super::{Equidistant, Expand, Exponential, MINUTE, Poisson, Rule, Uniform};
use crate::random::Stream;
use crate::time::Time;
use crate::workload::arrivals::{ArrivalModel, ArrivalProcess};
use crate::workload::trace::counts::{MinuteCounts, Minutes};

/// Arrivals that follow recorded counts, expanded one minute at a time.
#[derive(Debug, Clone, PartialEq)]
pub struct MinuteArrivals {
    /// The recorded counts; minute 0 begins at time zero.
    pub counts: MinuteCounts,
    /// How many minutes were recorded, with and without invocations.
    pub length: u32,
    /// Where in its minute an invocation arrives.
    pub expand: Expand,
}

impl ArrivalModel for MinuteArrivals {
    fn open(&self) -> Box<dyn ArrivalProcess + '_> {
        match self.expand {
            Expand::Uniform => self.process::<Uniform>(),
            Expand::Equidistant => self.process::<Equidistant>(),
            Expand::Exponential => self.process::<Exponential>(),
            Expand::Poisson => self.process::<Poisson>(),
        }
    }

    fn mean_rate(&self) -> Option<f64> {
        Some(self.counts.total() as f64 / (f64::from(self.length) * 60.0))
    }
}

impl MinuteArrivals {
    fn process<'a, R: Rule + 'a>(&'a self) -> Box<dyn ArrivalProcess + 'a> {
        Box::new(Process { minutes: self.counts.iter(), start: 0, rule: R::default() })
    }
}

struct Process<'a, R> {
    minutes: Minutes<'a>,
    start: u64,
    rule: R,
}

impl<R: Rule> ArrivalProcess for Process<'_, R> {
    #[inline]
    fn next(&mut self, stream: &mut Stream) -> Option<Time> {
        loop {
            if let Some(offset) = self.rule.next(stream) {
                return Some(Time::from_nanos(self.start + offset));
            }
            let (minute, count) = self.minutes.next()?;
            self.start = u64::from(minute) * MINUTE;
            self.rule.begin(count, stream);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Streams};

    const RULES: [Expand; 4] = [Expand::Uniform, Expand::Equidistant, Expand::Exponential, Expand::Poisson];

    fn arrivals(expand: Expand, minutes: &[(u32, u32)]) -> Vec<u64> {
        let mut counts = MinuteCounts::default();
        minutes.iter().for_each(|&(minute, count)| counts.push(minute, count));
        let model = MinuteArrivals { counts, length: 100, expand };
        let (mut process, mut stream) = (model.open(), Streams::new(3, 0).stream(Purpose::Arrival, 0));
        std::iter::from_fn(|| process.next(&mut stream)).map(Time::as_nanos).collect()
    }

    #[test]
    fn arrivals_are_in_order_and_in_their_minutes() {
        let minutes = [(0, 3), (1, 1), (7, 2_000), (99, 5)];
        for rule in RULES {
            let arrivals = arrivals(rule, &minutes);
            assert!(arrivals.is_sorted(), "{rule:?}");
            assert!(
                arrivals.iter().all(|at| minutes.iter().any(|&(minute, _)| at / MINUTE == u64::from(minute))),
                "{rule:?}"
            );
        }
    }

    #[test]
    fn counts_are_kept_by_all_rules_but_poisson() {
        let minutes = [(0, 3), (1, 1), (7, 2_000), (99, 5)];
        for rule in [Expand::Uniform, Expand::Equidistant, Expand::Exponential] {
            for (minute, count) in minutes {
                let in_minute = |at: &&u64| **at / MINUTE == u64::from(minute);
                assert_eq!(arrivals(rule, &minutes).iter().filter(in_minute).count(), count as usize, "{rule:?}");
            }
        }
    }

    #[test]
    fn no_counts_no_arrivals() {
        for rule in RULES {
            assert!(arrivals(rule, &[]).is_empty(), "{rule:?}");
        }
    }

    /// Kolmogorov-Smirnov distance between offsets within the minute and the uniform distribution.
    fn distance(mut offsets: Vec<u64>) -> f64 {
        offsets.sort_unstable();
        let n = offsets.len() as f64;
        let off = |(i, at): (usize, &u64)| {
            let (x, i) = (*at as f64 / MINUTE as f64, i as f64);
            (x - i / n).abs().max(((i + 1.0) / n - x).abs())
        };
        offsets.iter().enumerate().map(off).fold(0.0, f64::max)
    }

    #[test]
    fn arrivals_are_uniform_over_the_minute() {
        for count in [1, 2, 5, 2_000] {
            let minutes: Vec<_> = (0..10_000 / count).map(|minute| (minute, count)).collect();
            for rule in [Expand::Uniform, Expand::Poisson] {
                let offsets: Vec<_> = arrivals(rule, &minutes).iter().map(|at| at % MINUTE).collect();
                // 1.95 / sqrt(n) is exceeded once in a thousand times.
                let bound = 1.95 / (offsets.len() as f64).sqrt();
                assert!(distance(offsets) < bound, "{rule:?} {count}");
            }
        }
    }

    /// The i-th of n uniform instants has mean i / (n + 1) and variance i (n + 1 - i) / ((n + 1)^2 (n + 2)).
    #[test]
    fn uniform_arrivals_are_the_order_statistics() {
        let (n, rounds) = (4, 20_000);
        let arrivals = arrivals(Expand::Uniform, &(0..rounds).map(|minute| (minute, n)).collect::<Vec<_>>());
        for i in 1..=n {
            let offsets =
                arrivals.iter().skip(i as usize - 1).step_by(n as usize).map(|at| (at % MINUTE) as f64 / MINUTE as f64);
            let (i, n) = (f64::from(i), f64::from(n));
            let variance = i * (n + 1.0 - i) / ((n + 1.0) * (n + 1.0) * (n + 2.0));
            let mean = offsets.sum::<f64>() / f64::from(rounds);
            assert!((mean - i / (n + 1.0)).abs() < 4.0 * (variance / f64::from(rounds)).sqrt(), "{i}: {mean}");
        }
    }

    #[test]
    fn exponential_gaps_begin_at_the_start_of_the_minute() {
        let minutes: Vec<_> = (0..5_000).map(|minute| (minute, 3)).collect();
        let arrivals = arrivals(Expand::Exponential, &minutes);
        assert!(arrivals.iter().step_by(3).all(|at| at % MINUTE == 0));
        let rest: Vec<_> = arrivals.iter().map(|at| at % MINUTE).filter(|&offset| offset > 0).collect();
        let bound = 1.95 / (rest.len() as f64).sqrt();
        assert!(distance(rest) < bound);
    }
}
