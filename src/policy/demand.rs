//! What autoscaling and prewarming policies see of one function (or app): how much is asked, and what is there.

use std::collections::VecDeque;

use crate::amount::Memory;
use crate::time::{Span, Time};

/// Demand and supply of one function or app. Sums run since the start; a policy that wants a window takes differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemandView {
    /// The instant.
    pub now: Time,
    /// Invocations that arrived since the start.
    pub arrivals: u64,
    /// Time integral of the invocations that wait or execute, in nanoseconds times invocations since the start.
    pub concurrency: u128,
    /// Most invocations that waited or executed at once since the policy was last asked.
    pub peak: u32,
    /// Invocations that wait or execute now.
    pub in_flight: u32,
    /// Those of them that wait for an instance.
    pub waiting: u32,
    /// Instances by what they do. Provisioned ones are counted apart.
    pub starting: u32,
    /// Instances that execute at least one invocation.
    pub busy: u32,
    /// Instances that wait for work.
    pub idle: u32,
    /// Provisioned instances, whatever they do.
    pub provisioned: u32,
    /// How many invocations an instance executes at once.
    pub instance_concurrency: u32,
    /// Memory of an instance.
    pub memory: Memory,
    /// Mean execution time of those that have ended; `None` before the first.
    pub mean_execution: Option<Span>,
    /// Mean time from the start of an instance until it is ready; `None` before the first.
    pub mean_cold_start: Option<Span>,
}

impl DemandView {
    /// Instances on demand, whatever they do.
    pub fn instances(&self) -> u32 {
        self.starting + self.busy + self.idle
    }

    /// Instances on demand that are ready.
    pub fn ready(&self) -> u32 {
        self.busy + self.idle
    }
}

/// The smallest whole number that is not below `amount`, but for rounding errors of its computation; 0 for what is negative or NaN.
pub fn round_up(amount: f64) -> u32 {
    // A float-to-integer cast saturates and maps NaN to zero.
    (amount - 1e-9).ceil() as u32
}

/// What was asked between two instants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// The time between them.
    pub length: Span,
    /// Invocations that arrived.
    pub arrivals: u64,
    /// Time integral of the invocations that waited or executed, in nanoseconds times invocations.
    pub concurrency: u128,
}

impl Interval {
    /// Mean number of invocations that waited or executed; 0 if no time passed.
    pub fn mean_concurrency(&self) -> f64 {
        self.per_nano(self.concurrency as f64)
    }

    /// Arrivals per second; 0 if no time passed.
    pub fn arrival_rate(&self) -> f64 {
        self.per_nano(self.arrivals as f64 * 1e9)
    }

    fn per_nano(&self, amount: f64) -> f64 {
        if self.length == Span::ZERO { 0.0 } else { amount / self.length.as_nanos() as f64 }
    }
}

/// The sums of a [`DemandView`] at one instant.
#[derive(Debug, Clone, Copy, Default)]
struct Point {
    at: Time,
    arrivals: u64,
    concurrency: u128,
}

impl From<&DemandView> for Point {
    fn from(view: &DemandView) -> Self {
        Self { at: view.now, arrivals: view.arrivals, concurrency: view.concurrency }
    }
}

/// Of views closer to each other than this part of the window, only the last is kept: policies can be asked for each invocation.
const FINEST: u64 = 128;

/// Demand over a sliding window, from the views that a policy was shown. Until it is full, it begins with the run. O(1) memory.
#[derive(Debug, Clone, Default)]
pub struct Window {
    points: VecDeque<Point>,
}

impl Window {
    /// Adds a view, and forgets what a window of `span` no longer needs. Amortised O(1).
    pub fn observe(&mut self, view: &DemandView, span: Span) {
        if self.points.is_empty() {
            self.points.push_back(Point::default());
        }
        let finest = Span::from_nanos(span.as_nanos() / FINEST);
        let last = self.points.len().saturating_sub(1);
        if last > 0 && view.now - self.points[last - 1].at < finest {
            self.points.truncate(last);
        }
        self.points.push_back(view.into());
        while self.points.get(1).is_some_and(|point| view.now - point.at >= span) {
            self.points.pop_front();
        }
    }

    /// Forgets everything before this view: the window fills anew.
    pub fn restart(&mut self, view: &DemandView) {
        self.points = VecDeque::from([view.into()]);
    }

    /// The demand of the last `span`, which must not be longer than the one observed: from the latest view that is old enough, else
    /// from the oldest. O(log n).
    pub fn last(&self, span: Span) -> Interval {
        let end = self.points.back().copied().unwrap_or_default();
        let old_enough = self.points.partition_point(|point| end.at - point.at >= span);
        let begin = self.points.get(old_enough.saturating_sub(1)).copied().unwrap_or_default();
        Interval {
            length: end.at - begin.at,
            arrivals: end.arrivals - begin.arrivals,
            concurrency: end.concurrency - begin.concurrency,
        }
    }
}

#[cfg(test)]
impl DemandView {
    /// The start of a run: nothing has been asked, nothing is there.
    pub(crate) fn start() -> Self {
        Self {
            now: Time::ZERO,
            arrivals: 0,
            concurrency: 0,
            peak: 0,
            in_flight: 0,
            waiting: 0,
            starting: 0,
            busy: 0,
            idle: 0,
            provisioned: 0,
            instance_concurrency: 1,
            memory: Memory::from_mib(128),
            mean_execution: None,
            mean_cold_start: None,
        }
    }

    /// What a policy sees `span` later, after `arrivals` and with `in_flight` invocations all the time.
    pub(crate) fn later(self, span: Span, in_flight: u32, arrivals: u64) -> Self {
        Self {
            now: self.now + span,
            arrivals: self.arrivals + arrivals,
            concurrency: self.concurrency + u128::from(in_flight) * u128::from(span.as_nanos()),
            peak: in_flight,
            in_flight,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Span = Span::from_secs(1);

    #[test]
    fn counts_are_rounded_up_but_for_rounding_errors() {
        assert_eq!([0.0, 1e-6, 2.0, 2.1, -3.0, f64::NAN].map(round_up), [0, 1, 2, 3, 0, 0]);
        assert_eq!(round_up(0.9 * 4.0 / 0.6), 6);
    }

    #[test]
    fn a_window_begins_with_the_run_and_then_slides() {
        let mut window = Window::default();
        let mut view = DemandView::start();
        window.observe(&view, Span::from_secs(4));
        assert_eq!(window.last(SECOND).mean_concurrency(), 0.0);
        for (concurrency, arrivals) in [(2, 10), (4, 0), (6, 1), (8, 1), (10, 4)] {
            view = view.later(SECOND, concurrency, arrivals);
            window.observe(&view, Span::from_secs(4));
        }
        let figures = |secs| {
            let interval = window.last(Span::from_secs(secs));
            (interval.mean_concurrency(), interval.arrival_rate())
        };
        assert_eq!([1, 2, 4].map(figures), [(10.0, 4.0), (9.0, 2.5), (7.0, 1.5)]);
        assert_eq!(window.points.len(), 5, "what is too old is forgotten");
    }

    #[test]
    fn views_in_quick_succession_take_no_more_room() {
        let mut window = Window::default();
        let mut view = DemandView::start();
        for _ in 0..100_000 {
            view = view.later(Span::from_millis(1), 3, 1);
            window.observe(&view, SECOND);
        }
        let interval = window.last(SECOND);
        assert_eq!((interval.mean_concurrency(), interval.arrival_rate()), (3.0, 1000.0));
        assert!(interval.length >= SECOND && interval.length <= Span::from_millis(1008));
        assert!(window.points.len() <= 260, "{}", window.points.len());
    }

    #[test]
    fn a_window_that_restarts_sees_only_what_follows() {
        let (mut window, view) = (Window::default(), DemandView::start().later(SECOND, 5, 1));
        window.observe(&view, SECOND);
        window.restart(&view);
        assert_eq!(window.last(SECOND).length, Span::ZERO);
        window.observe(&view.later(SECOND, 3, 0), Span::from_secs(60));
        assert_eq!(window.last(Span::from_secs(60)).mean_concurrency(), 3.0);
    }
}
