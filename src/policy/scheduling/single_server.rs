//! One server with a queue: what the tests of the policies run on.

use crate::id::FunctionId;
use crate::platform::history::Histories;
use crate::policy::catalog::Entry;
use crate::policy::scheduling::{QueueView, Running, Scheduling, Ticket, Waiting};
use crate::random::{Purpose, Streams};
use crate::time::{Span, Time};

/// An invocation that will arrive. Jobs are sorted by arrival; the place of a job is its ticket.
#[derive(Debug, Clone, Copy)]
pub struct Job {
    pub at: Time,
    pub function: FunctionId,
    pub demand: Span,
    pub deadline: Option<Time>,
    pub priority: i32,
    pub weight: f64,
}

/// A job that arrives at `at` and takes `demand`, both in seconds.
pub const fn job(at: u64, function: u32, demand: u64) -> Job {
    let (at, demand) = (Time::from_nanos(at * 1_000_000_000), Span::from_secs(demand));
    Job { at, function: FunctionId(function), demand, deadline: None, priority: 0, weight: 1.0 }
}

/// A job that waits and has so much left to do.
pub fn waiting(ticket: Ticket, job: &Job, left: Span) -> Waiting {
    let Job { at, function, demand, deadline, priority, weight } = *job;
    let (attained, remaining) = (demand.saturating_sub(left), Some(left));
    Waiting { ticket, function, arrived: at, deadline, priority, weight, attained, remaining }
}

/// What is known of functions that had one execution each, of these many seconds. There are 10 functions.
pub fn known(means: &[u64]) -> Histories {
    let mut histories = Histories::new(10);
    (0..).zip(means).for_each(|(function, mean)| histories.executed(FunctionId(function), Span::from_secs(*mean)));
    histories
}

/// Serves all jobs one at a time; each with when it ended, in that order. Panics if the server ever idles while somebody waits.
pub fn serve(
    policy: &mut dyn Scheduling,
    jobs: &[Job],
    histories: &mut Histories,
    is_warm: &dyn Fn(FunctionId) -> bool,
) -> Vec<(usize, Time)> {
    let (mut ended, mut arriving) = (Vec::new(), jobs.iter().enumerate().peekable());
    let mut left: Vec<Span> = jobs.iter().map(|job| job.demand).collect();
    let mut running: Option<(usize, Time)> = None;
    loop {
        let end = running.map_or(Time::NEVER, |(ticket, since)| since + left[ticket]);
        let arrival = arriving.next_if(|(_, job)| job.at < end);
        let now = arrival.map_or(end, |(_, job)| job.at);
        if now == Time::NEVER {
            assert!(policy.is_empty(), "the server idles while somebody waits");
            return ended;
        }
        match (arrival, running) {
            (Some((ticket, job)), _) => {
                histories.arrived(job.function, now);
                policy.enqueue(
                    waiting(ticket as Ticket, job, job.demand),
                    &QueueView { now, history: histories, is_warm },
                );
            }
            (None, Some((ticket, _))) => {
                let Job { function, demand, .. } = jobs[ticket];
                histories.executed(function, demand);
                policy.executed(function, demand, &QueueView { now, history: histories, is_warm });
                ended.push((ticket, now));
                running = None;
            }
            (None, None) => unreachable!("nothing ends if nothing runs"),
        }
        let view = QueueView { now, history: histories, is_warm };
        if let Some((ticket, since)) = running.filter(|_| policy.preempts()) {
            let rest = left[ticket].saturating_sub(now.since(since));
            let Job { function, demand, .. } = jobs[ticket];
            let (attained, remaining) = (demand.saturating_sub(rest), Some(rest));
            let running_now = Running { ticket: ticket as Ticket, function, attained, remaining };
            if policy.preempt(&[running_now], &view) == Some(ticket as Ticket) {
                left[ticket] = rest;
                policy.enqueue(waiting(ticket as Ticket, &jobs[ticket], rest), &view);
                running = None;
            }
        }
        if running.is_none()
            && let Some(ticket) = policy.next(&view)
        {
            assert_eq!(policy.next(&view), Some(ticket), "to ask twice changes nothing");
            policy.remove(ticket, true, &view);
            running = Some((ticket as usize, now));
        }
    }
}

/// The policy of an entry.
pub fn build(entry: &Entry<dyn Scheduling>, parameters: &str) -> Box<dyn Scheduling> {
    let table: toml::Table = toml::from_str(&format!("p = {parameters}")).unwrap();
    (entry.build)(table["p"].as_table().unwrap().clone()).unwrap()()
}

/// The order in which jobs end, with what is known at the start from [`known`].
pub fn order(entry: &Entry<dyn Scheduling>, parameters: &str, jobs: &[Job], means: &[u64]) -> Vec<usize> {
    let mut policy = build(entry, parameters);
    serve(&mut *policy, jobs, &mut known(means), &|_| false).into_iter().map(|(ticket, _)| ticket).collect()
}

/// A mean over replications.
#[derive(Debug)]
pub struct Estimate {
    pub mean: f64,
    pub standard_error: f64,
}

/// Mean response time of M/M/1 with mean execution 1 s: 20 replications of 4,000 jobs, of which the first 500 do not count.
pub fn mean_response(entry: &Entry<dyn Scheduling>, parameters: &str, load: f64) -> Estimate {
    let means: Vec<f64> = (0..20).map(|replication| one_mean_response(entry, parameters, load, replication)).collect();
    let mean = means.iter().sum::<f64>() / 20.0;
    let variance = means.iter().map(|one| (one - mean) * (one - mean)).sum::<f64>() / 19.0;
    Estimate { mean, standard_error: (variance / 20.0).sqrt() }
}

fn one_mean_response(entry: &Entry<dyn Scheduling>, parameters: &str, load: f64, replication: u32) -> f64 {
    let streams = Streams::new(5, replication);
    let (mut gaps, mut demands) = (streams.stream(Purpose::Arrival, 0), streams.stream(Purpose::Execution, 0));
    let mut at = Time::ZERO;
    let arrivals = std::iter::repeat_with(|| {
        at = at + Span::from_nanos_f64(gaps.exponential() / load * 1e9);
        Job { at, demand: Span::from_nanos_f64(demands.exponential() * 1e9), ..job(0, 0, 0) }
    });
    let jobs: Vec<Job> = arrivals.take(4_000).collect();
    let ended = serve(&mut *build(entry, parameters), &jobs, &mut known(&[]), &|_| false);
    let counted = ended.iter().filter(|(ticket, _)| *ticket >= 500);
    counted.map(|(ticket, end)| end.since(jobs[*ticket].at).as_secs_f64()).sum::<f64>() / 3_500.0
}
