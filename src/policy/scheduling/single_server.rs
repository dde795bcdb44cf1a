//! One server with a queue: what the tests of the policies run on.

use crate::id::FunctionId;
use crate::platform::history::Histories;
use crate::policy::entry::Entry;
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

struct Server<'a> {
    policy: &'a mut dyn Scheduling,
    jobs: &'a [Job],
    histories: &'a mut Histories,
    is_warm: &'a dyn Fn(FunctionId) -> bool,
    now: Time,
    /// What each job still needs, when it last began to wait.
    left: Vec<Span>,
    /// The job that executes, and since when.
    running: Option<(usize, Time)>,
}

/// Serves all jobs one at a time; each with when it ended, in that order. Panics if the server ever idles while somebody waits.
pub fn serve(
    policy: &mut dyn Scheduling,
    jobs: &[Job],
    histories: &mut Histories,
    is_warm: &dyn Fn(FunctionId) -> bool,
) -> Vec<(usize, Time)> {
    let left = jobs.iter().map(|job| job.demand).collect();
    let mut server = Server { policy, jobs, histories, is_warm, now: Time::ZERO, left, running: None };
    let (mut ended, mut arriving) = (Vec::new(), jobs.iter().enumerate().peekable());
    loop {
        let end = server.running.map_or(Time::NEVER, |(job, since)| since + server.left[job]);
        if let Some((ticket, job)) = arriving.next_if(|(_, job)| job.at < end) {
            server.now = job.at;
            server.histories.arrived(job.function, job.at);
            server.wait(ticket);
        } else if let Some((ticket, _)) = server.running.take() {
            server.now = end;
            server.end(ticket);
            ended.push((ticket, end));
        } else {
            assert!(server.policy.is_empty(), "the server idles while somebody waits");
            return ended;
        }
        server.preempt();
        server.next();
    }
}

impl Server<'_> {
    /// Lets `act` do something with the queue, which sees what it may see.
    fn with<T>(&mut self, act: impl FnOnce(&mut dyn Scheduling, &QueueView<'_>) -> T) -> T {
        let running = u32::from(self.running.is_some());
        act(self.policy, &QueueView { now: self.now, history: self.histories, running, is_warm: self.is_warm })
    }

    fn wait(&mut self, ticket: usize) {
        let waiting = waiting(ticket as Ticket, &self.jobs[ticket], self.left[ticket]);
        self.with(|policy, view| policy.enqueue(waiting, view));
    }

    fn end(&mut self, ticket: usize) {
        let Job { function, demand, .. } = self.jobs[ticket];
        self.histories.executed(function, demand);
        self.with(|policy, view| policy.executed(function, demand, view));
    }

    fn preempt(&mut self) {
        let Some((ticket, since)) = self.running.filter(|_| self.policy.preempts()) else { return };
        let rest = self.left[ticket].saturating_sub(self.now.since(since));
        let Waiting { ticket: name, function, attained, remaining, .. } =
            waiting(ticket as Ticket, &self.jobs[ticket], rest);
        let running = [Running { ticket: name, function, attained, remaining }];
        if self.with(|policy, view| policy.preempt(&running, view)) == Some(name) {
            (self.left[ticket], self.running) = (rest, None);
            self.wait(ticket);
        }
    }

    fn next(&mut self) {
        if self.running.is_none()
            && let Some(ticket) = self.with(|policy, view| policy.next(view))
        {
            assert_eq!(self.with(|policy, view| policy.next(view)), Some(ticket), "to ask twice changes nothing");
            self.with(|policy, view| policy.remove(ticket, true, view));
            self.running = Some((ticket as usize, self.now));
        }
    }
}

/// The policy of an entry.
pub fn build(entry: &Entry<dyn Scheduling>, parameters: &str) -> Box<dyn Scheduling> {
    let table: toml::Table = toml::from_str(&format!("p = {parameters}")).unwrap();
    entry.build(table["p"].as_table().unwrap().clone()).unwrap()()
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
