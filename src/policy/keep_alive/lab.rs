//! For the tests of keep-alives: one function whose executions take no time, so that it has at most one instance.

use crate::id::{FunctionId, InstanceId};
use crate::policy::{ArrivalView, IdleView, KeepAlive, Lease};
use crate::random::{Purpose, Stream, Streams};
use crate::time::{Span, Time};

/// What came of a list of arrivals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Invocations that found no instance.
    pub cold: u64,
    /// How long an instance was idle, up to the last arrival.
    pub idle: Span,
}

impl Seen {
    /// What it costs, in seconds, if a cold start costs as much as `break_even` of idle time.
    pub fn cost(&self, break_even: Span) -> f64 {
        self.cold as f64 * break_even.as_secs_f64() + self.idle.as_secs_f64()
    }
}

/// An arrival of unit 0 while so many others are in flight.
pub fn arrival(now: Time, in_flight: u32) -> ArrivalView {
    ArrivalView { now, function: FunctionId(0), unit: 0, in_flight }
}

/// Unit 0 is idle.
pub fn idle(streams: &Streams, now: Time, next_arrival: Option<Time>) -> IdleView<'_> {
    let (instance, function, invocation) = (InstanceId(0), FunctionId(0), now.as_nanos());
    IdleView { now, instance, function, invocation, unit: 0, in_flight: 0, next_arrival, streams }
}

/// When an instance is there after it became idle.
fn window(lease: Lease, now: Time) -> (Time, Time) {
    match lease {
        // From never on: no invocation finds it.
        Lease::Drop => (Time::NEVER, Time::NEVER),
        Lease::For(span) => (now, now + span),
        Lease::Forever => (now, Time::NEVER),
        Lease::Return { after, keep } => (now + after, now + after + keep),
    }
}

/// Lets the policy keep the instance of these arrivals.
pub fn serve(policy: &mut dyn KeepAlive, arrivals: &[Time]) -> Seen {
    let streams = Streams::new(5, 0);
    let mut seen = Seen { cold: 0, idle: Span::ZERO };
    let mut there = (Time::NEVER, Time::NEVER);
    for (index, now) in arrivals.iter().enumerate() {
        policy.arrived(&arrival(*now, 0));
        let (from, until) = there;
        seen.cold += u64::from(*now < from || *now > until);
        seen.idle += until.min(*now).since(from);
        there = window(policy.lease(&idle(&streams, *now, arrivals.get(index + 1).copied())), *now);
    }
    seen
}

/// A sequence of random numbers.
pub fn stream(seed: u64) -> Stream {
    Streams::new(seed, 0).stream(Purpose::Arrival, 0)
}

/// Arrivals with these gaps in seconds, the first at 0.
pub fn after_gaps(gaps: impl IntoIterator<Item = f64>) -> Vec<Time> {
    let times = gaps.into_iter().scan(Time::ZERO, |now, gap| {
        *now = *now + Span::from_nanos_f64(gap * 1e9);
        Some(*now)
    });
    std::iter::once(Time::ZERO).chain(times).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Constant(Lease);

    impl KeepAlive for Constant {
        fn lease(&mut self, _: &IdleView<'_>) -> Lease {
            self.0
        }
    }

    /// Poisson arrivals, mean gap 1/r = 300 s, loaded from p for k: cold 1 - exp(-rp) + exp(-r(p+k)), idle the difference of the
    /// exponentials over r. Within four standard errors.
    #[test]
    fn a_window_has_its_closed_form() {
        let mut random = stream(2);
        let count = 40_000;
        let arrivals = after_gaps((0..count).map(|_| 300.0 * random.exponential()));
        for (after, keep) in [(240, 120), (270, 60), (0, 300)] {
            let lease = Lease::Return { after: Span::from_secs(after), keep: Span::from_secs(keep) };
            let seen = serve(&mut Constant(lease), &arrivals);
            let left = |secs: u64| libm::exp(-(secs as f64) / 300.0);
            let (cold, n) = (1.0 - left(after) + left(after + keep), f64::from(count));
            let error = 4.0 * (cold * (1.0 - cold) / n).sqrt();
            assert!((seen.cold as f64 / n - cold).abs() < error, "{after} {keep}: {} {cold}", seen.cold as f64 / n);
            let idle = 300.0 * (left(after) - left(after + keep));
            // An idle time lies between 0 and `keep`, so its standard deviation is at most half of that.
            assert!((seen.idle.as_secs_f64() / n - idle).abs() < 2.0 * keep as f64 / n.sqrt(), "{after} {keep}");
        }
        assert_eq!(serve(&mut Constant(Lease::Drop), &arrivals), Seen { cold: count as u64 + 1, idle: Span::ZERO });
        assert_eq!(serve(&mut Constant(Lease::Forever), &arrivals).cold, 1);
    }
}
