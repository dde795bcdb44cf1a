//! Users who wait for the answer before they ask again.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use serde::{Deserialize, Serialize};

use super::{ArrivalModel, ArrivalProcess};
use crate::random::Stream;
use crate::time::{Span, Time};
use crate::workload::distribution::{Distribution, Sampler};
use crate::workload::validate::{self, Invalid};

/// A fixed number of users. Each thinks, invokes the function, waits until the invocation has left the platform (in
/// whatever way), and thinks again. With a mean response time R and a mean think time Z the throughput is users / (R + Z).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosedLoop {
    /// How many users, from 1 to 10000000.
    pub users: u32,
    /// How long a user thinks before each invocation, also before the first one; more than zero.
    pub think: Distribution<Span>,
}

impl ClosedLoop {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        validate::number("users", self.users.into(), 1.0..=1e7)?;
        // Users who are refused would ask again for ever at the same instant.
        match self.think {
            Distribution::Constant(Span::ZERO) => Err(Invalid::new("`think` is zero; expected more, such as \"1ms\"")),
            _ => Ok(()),
        }
    }

    pub(super) fn model(self) -> Model {
        Model { users: self.users, think: self.think.sampler() }
    }
}

#[derive(Debug)]
pub(super) struct Model {
    users: u32,
    think: Sampler,
}

impl ArrivalModel for Model {
    fn open(&self) -> Box<dyn ArrivalProcess + '_> {
        Box::new(Process { model: self, wakes: None })
    }

    fn mean_rate(&self) -> Option<f64> {
        None
    }
}

struct Process<'a> {
    model: &'a Model,
    /// When the users who think will invoke. Users are alike, so they need no names.
    wakes: Option<BinaryHeap<Reverse<Time>>>,
}

impl ArrivalProcess for Process<'_> {
    /// O(log users).
    fn next(&mut self, stream: &mut Stream) -> Option<Time> {
        let model = self.model;
        let wakes = self
            .wakes
            .get_or_insert_with(|| (0..model.users).map(|_| Reverse(model.wake(Time::ZERO, stream))).collect());
        wakes.pop().map(|Reverse(at)| at)
    }

    /// The user thinks; who wakes first, this one or the pending one, arrives next. O(log users).
    fn finished(&mut self, at: Time, pending: Time, stream: &mut Stream) -> Time {
        let wake = self.model.wake(at, stream);
        let wakes = self.wakes.get_or_insert_default();
        if wake >= pending {
            wakes.push(Reverse(wake));
            return pending;
        }
        if pending < Time::NEVER {
            wakes.push(Reverse(pending));
        }
        wake
    }
}

impl Model {
    fn wake(&self, at: Time, stream: &mut Stream) -> Time {
        at + Span::from_nanos_f64(self.think.sample(stream))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{model, read, stream};
    use super::*;

    /// Serves every invocation in `response` without queueing and returns the arrivals before `end`.
    fn play(text: &str, response: Span, end: Span) -> Vec<Time> {
        let model = model(text);
        let (mut process, mut stream) = (model.open(), stream(1));
        let (mut arrivals, mut completions) = (Vec::new(), std::collections::VecDeque::new());
        let mut pending = process.next(&mut stream).unwrap_or(Time::NEVER);
        loop {
            let done = completions.front().copied().unwrap_or(Time::NEVER);
            if done.min(pending) >= Time::ZERO + end {
                return arrivals;
            }
            if done <= pending {
                completions.pop_front();
                pending = process.finished(done, pending, &mut stream);
            } else {
                arrivals.push(pending);
                completions.push_back(pending + response);
                pending = process.next(&mut stream).unwrap_or(Time::NEVER);
            }
        }
    }

    #[test]
    fn throughput_is_users_over_response_and_think_time() {
        let seconds = 2000;
        let text = r#"closed_loop = { users = 10, think.exponential.mean = "700ms" }"#;
        let arrivals = play(text, Span::from_millis(300), Span::from_secs(seconds));
        // Each user is a renewal process with cycles of mean 1 s and sd 0.7 s; the transient is below one cycle.
        let (expected, sd) = (10.0 * seconds as f64, 0.7 * (10.0 * seconds as f64).sqrt());
        assert!((arrivals.len() as f64 - expected).abs() < 4.0 * sd + 10.0, "{}", arrivals.len());
        assert!(arrivals.is_sorted());
    }

    #[test]
    fn one_user_never_overlaps_with_itself() {
        let text = r#"closed_loop = { users = 1, think.constant = "2s" }"#;
        let arrivals = play(text, Span::from_secs(3), Span::from_secs(20));
        assert_eq!(arrivals, [2, 7, 12, 17].map(|s| Time::ZERO + Span::from_secs(s)));
        assert!(read(r#"closed_loop = { users = 0, think.constant = "2s" }"#).unwrap_err().contains("`users` is 0"));
        assert!(read(r#"closed_loop = { users = 1, think.constant = "0s" }"#).unwrap_err().contains("`think` is zero"));
    }
}
