//! Servers that would serve the same load: how many there are over time, in a fluid model, and what they cost.
//!
//! Within a step of time, requests are a fluid: as much load comes as arrives times what each takes, and capacity is there or not.
//! Queues inside a step, and how requests share a server, are not modelled; [`Course::over_capacity`] says when they would matter.

use std::collections::VecDeque;

use crate::amount::Money;
use crate::billing::services::BillPart;
use crate::billing::{Activity, InvoiceError, Services};
use crate::time::Span;

/// A fleet of equal servers and the autoscaler that sizes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Fleet {
    /// What a server is, in words.
    pub machine: String,
    /// What one server has: requests that it serves at once, or vCPUs.
    pub capacity: f64,
    /// Whether the capacity is in vCPUs.
    pub in_vcpus: bool,
    /// How long each request takes of it; `None` means the mean execution time of the run.
    pub work: Option<Span>,
    /// How many servers there are.
    pub scaling: Scaling,
    /// The servers themselves, by the hour, and what else they need.
    pub services: Services,
    /// What a month of 730 hours costs besides, whatever the load.
    pub other_per_month: Money,
}

/// How an autoscaler follows the load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scaling {
    /// Share of the capacity that it aims to use, above 0 and at most 1.
    pub target_utilisation: f64,
    /// Spare capacity as a share of the load: 0.2 is a fifth more.
    pub headroom: f64,
    /// Servers that are always there.
    pub minimum: u32,
    /// How often it looks.
    pub interval: Span,
    /// From the load to the decision to start servers.
    pub scale_out_lag: Span,
    /// How long fewer servers must be enough before some are stopped.
    pub scale_in_lag: Span,
    /// From the decision until a new server takes load; it is paid for meanwhile.
    pub boot: Span,
}

/// A stretch of time with a constant load and a constant number of servers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// How long it is.
    pub length: Span,
    /// Requests that arrive in it.
    pub requests: f64,
    /// Requests in service, or busy vCPUs, if there is capacity for all.
    pub load: f64,
    /// Servers that are paid for.
    pub paid: u32,
    /// Servers that take load.
    pub ready: u32,
}

/// A fleet under a load.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// One after another.
    pub steps: Vec<Step>,
    /// What one server has.
    pub capacity: f64,
}

impl Fleet {
    /// How many servers a load needs: max(minimum, ceil(load x (1 + headroom) / (capacity x target utilisation))).
    pub fn size(&self, load: f64) -> u32 {
        let Scaling { target_utilisation, headroom, minimum, .. } = self.scaling;
        let servers = load * (1.0 + headroom) / (self.capacity * target_utilisation);
        // What is a whole number on paper must not become the next one by rounding.
        (libm::ceil(servers * (1.0 - 1e-12)) as u32).max(minimum)
    }

    /// The fleet under the load of an activity, each request of which takes `work`. It begins with the servers that the first step
    /// needs.
    pub fn follow(&self, activity: &Activity, work: Span) -> Course {
        let scale = f64::try_from(activity.scale).unwrap_or(f64::NAN);
        let work = self.work.unwrap_or(work).as_secs_f64();
        let longest = activity.intervals.iter().map(|(length, _)| *length).max().unwrap_or(Span::ZERO);
        let length = self.scaling.interval.max(longest);
        let arrivals = resample(&activity.intervals, length);
        let load = |(length, requests): &(Span, f64)| requests * scale / length.as_secs_f64() * work;
        let loads: Vec<f64> = arrivals.iter().map(load).collect();
        let needed: Vec<u32> = loads.iter().map(|load| self.size(*load)).collect();
        let paid = self.scaling.paid(&needed, length);
        let ready = least_of_last(&paid, steps_of(self.scaling.boot, length));
        let step = |i: usize| {
            let (length, requests) = arrivals[i];
            Step { length, requests: requests * scale, load: loads[i], paid: paid[i], ready: ready[i] }
        };
        Course { steps: (0..arrivals.len()).map(step).collect(), capacity: self.capacity }
    }

    /// What the servers cost, one part for each price book and way to buy, without what is stated by the month.
    ///
    /// # Errors
    /// If the numbers are too large.
    pub fn parts(&self, activity: &Activity, course: &Course) -> Result<Vec<BillPart>, InvoiceError> {
        let activity = Activity { instance_time: course.paid_time(), ..activity.clone() };
        self.services.parts(&activity, &mut std::collections::BTreeMap::new())
    }
}

impl Scaling {
    /// How many servers are paid for in each step, if so many are needed.
    fn paid(&self, needed: &[u32], step: Span) -> Vec<u32> {
        let (out, within) = (steps_of(self.scale_out_lag, step), steps_of(self.scale_in_lag, step));
        let seen = |i: usize| needed[i.saturating_sub(out)];
        let enough = most_of_last(needed, within);
        let mut now = needed.first().copied().unwrap_or(0);
        let next = |i: usize| {
            now = seen(i).max(now.min(enough[i]));
            now
        };
        (0..needed.len()).map(next).collect()
    }
}

impl Course {
    /// Servers x nanoseconds that are paid for.
    pub fn paid_time(&self) -> u128 {
        self.steps.iter().map(|step| u128::from(step.paid) * u128::from(step.length.as_nanos())).sum()
    }

    /// Share of the paid capacity that serves requests, 0 to 1.
    pub fn utilisation(&self) -> f64 {
        let used = self.sum(|step| step.load.min(f64::from(step.ready) * self.capacity));
        used / self.sum(|step| f64::from(step.paid) * self.capacity).max(f64::MIN_POSITIVE)
    }

    /// Mean number of servers that are paid for.
    pub fn mean(&self) -> f64 {
        self.sum(|step| f64::from(step.paid)) / self.length()
    }

    /// Share of the time in which the load is above `share` of the capacity that is ready.
    pub fn time_above(&self, share: f64) -> f64 {
        self.sum(|step| f64::from(u8::from(self.is_above(step, share)))) / self.length()
    }

    /// Share of the requests that arrive while the load is above the capacity that is ready: they wait, or time out.
    pub fn over_capacity(&self) -> f64 {
        let all: f64 = self.steps.iter().map(|step| step.requests).sum();
        let over: f64 = self.steps.iter().filter(|step| self.is_above(step, 1.0)).map(|step| step.requests).sum();
        if all > 0.0 { over / all } else { 0.0 }
    }

    fn is_above(&self, step: &Step, share: f64) -> bool {
        step.load > f64::from(step.ready) * self.capacity * share * (1.0 + 1e-12)
    }

    fn sum(&self, figure: impl Fn(&Step) -> f64) -> f64 {
        self.steps.iter().map(|step| figure(step) * step.length.as_secs_f64()).sum()
    }

    fn length(&self) -> f64 {
        self.sum(|_| 1.0).max(f64::MIN_POSITIVE)
    }
}

/// The least number of steps that last as long.
fn steps_of(span: Span, step: Span) -> usize {
    span.as_nanos().div_ceil(step.as_nanos().max(1)) as usize
}

/// The same arrivals in steps of `length`, spread evenly within each interval; the last step may be shorter.
fn resample(intervals: &[(Span, u64)], length: Span) -> Vec<(Span, f64)> {
    let mut steps: Vec<(u64, f64)> = Vec::new();
    let mut room = 0;
    for (interval, requests) in intervals {
        let mut left = interval.as_nanos();
        while left > 0 {
            if room == 0 {
                steps.push((0, 0.0));
                room = length.as_nanos();
            }
            let part = left.min(room);
            if let Some((length, sum)) = steps.last_mut() {
                *length += part;
                *sum += *requests as f64 * part as f64 / interval.as_nanos() as f64;
            }
            (left, room) = (left - part, room - part);
        }
    }
    steps.into_iter().map(|(length, requests)| (Span::from_nanos(length), requests)).collect()
}

/// For each place the largest of its value and the `back` before it.
fn most_of_last(values: &[u32], back: usize) -> Vec<u32> {
    sliding(values, back, |new, old| new >= old)
}

/// For each place the smallest of its value and the `back` before it.
fn least_of_last(values: &[u32], back: usize) -> Vec<u32> {
    sliding(values, back, |new, old| new <= old)
}

/// The best value of each window, O(1) per place: a queue of those that may still become the best.
fn sliding(values: &[u32], back: usize, beats: fn(u32, u32) -> bool) -> Vec<u32> {
    let mut queue: VecDeque<usize> = VecDeque::new();
    let best = |i: usize| {
        while queue.back().is_some_and(|last| beats(values[i], values[*last])) {
            queue.pop_back();
        }
        queue.push_back(i);
        while queue.front().is_some_and(|first| first + back < i) {
            queue.pop_front();
        }
        queue.front().map_or(0, |first| values[*first])
    };
    (0..values.len()).map(best).collect()
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;

    const MINUTE: Span = Span::from_secs(60);

    fn fleet(scaling: Scaling) -> Fleet {
        Fleet {
            machine: "a server".into(),
            capacity: 8.0,
            in_vcpus: false,
            work: Some(Span::from_millis(500)),
            scaling,
            services: Services::default(),
            other_per_month: Money::ZERO,
        }
    }

    const AT_ONCE: Scaling = Scaling {
        target_utilisation: 0.5,
        headroom: 0.0,
        minimum: 2,
        interval: MINUTE,
        scale_out_lag: Span::ZERO,
        scale_in_lag: Span::ZERO,
        boot: Span::ZERO,
    };

    /// So many requests in each minute.
    fn minutes(requests: &[u64]) -> Activity {
        let intervals: Vec<(Span, u64)> = requests.iter().map(|requests| (MINUTE, *requests)).collect();
        let window = Span::from_secs(60 * requests.len() as u64);
        Activity { window, invocations: [].into(), instance_time: 0, intervals, scale: Decimal::ONE }
    }

    /// 0.5 s each, 8 at once, half of them used: a server takes 8 requests per second, which are 480 in a minute.
    #[test]
    fn the_size_is_that_of_the_formula() {
        let fleet = fleet(AT_ONCE);
        let sizes = [0.0, 8.0, 8.1, 40.0, 40.1].map(|load| fleet.size(load));
        assert_eq!(sizes, [2, 2, 3, 10, 11]);
        let spare = self::fleet(Scaling { headroom: 0.25, ..AT_ONCE });
        assert_eq!([16.0, 16.1].map(|load| spare.size(load)), [5, 6], "16 x 1.25 / 4");
        let course = fleet.follow(&minutes(&[480, 4_800, 4_801, 0]), Span::ZERO);
        let paid: Vec<u32> = course.steps.iter().map(|step| step.paid).collect();
        assert_eq!(paid, [2, 10, 11, 2]);
        assert_eq!(course.steps[1].load, 40.0);
        assert_eq!(course.over_capacity(), 0.0);
    }

    /// From 2 servers to 10 in minute 2: seen a minute later, ready two minutes after that; kept for three minutes more.
    #[test]
    fn servers_come_late_and_go_later() {
        let lag = |secs| Span::from_secs(secs);
        let scaling = Scaling { scale_out_lag: MINUTE, boot: lag(120), scale_in_lag: lag(180), ..AT_ONCE };
        let load = [480, 480, 4_800, 4_800, 4_800, 4_800, 4_800, 480, 480, 480, 480, 480];
        let course = fleet(scaling).follow(&minutes(&load), Span::ZERO);
        let paid: Vec<u32> = course.steps.iter().map(|step| step.paid).collect();
        let ready: Vec<u32> = course.steps.iter().map(|step| step.ready).collect();
        assert_eq!(paid, [2, 2, 2, 10, 10, 10, 10, 10, 10, 10, 2, 2]);
        assert_eq!(ready, [2, 2, 2, 2, 2, 10, 10, 10, 10, 10, 2, 2]);
        // Three minutes at 40 requests in service, for which there was room for 16.
        assert_eq!(course.time_above(1.0), 3.0 / 12.0);
        let requests: u64 = load.iter().sum();
        assert!((course.over_capacity() - 3.0 * 4_800.0 / requests as f64).abs() < 1e-12);
        assert_eq!(course.paid_time(), u128::from(MINUTE.as_nanos()) * (3 * 2 + 7 * 10 + 2 * 2));
        let used = 4.0 * 7.0 + 16.0 * 3.0 + 40.0 * 2.0;
        assert!((course.utilisation() - used / (80.0 * 8.0)).abs() < 1e-12, "{}", course.utilisation());
    }

    #[test]
    fn steps_keep_what_arrives() {
        let intervals = [(Span::from_secs(45), 90), (Span::from_secs(45), 0), (Span::from_secs(45), 45)];
        let steps = resample(&intervals, MINUTE);
        assert_eq!(steps, [(MINUTE, 90.0), (MINUTE, 30.0), (Span::from_secs(15), 15.0)]);
    }

    #[test]
    fn a_load_that_is_a_multiple_needs_a_multiple() {
        let course = fleet(AT_ONCE).follow(&Activity { scale: 10.into(), ..minutes(&[480, 4_800]) }, Span::ZERO);
        assert_eq!(course.steps.iter().map(|step| step.paid).collect::<Vec<_>>(), [10, 100]);
    }
}
