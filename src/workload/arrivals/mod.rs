//! Arrival processes: when a function is invoked. One file per process.

mod batches;
mod busy_hours;
mod calendar;
mod closed_loop;
mod cron;
mod curve;
mod diurnal;
mod hawkes;
mod mmpp;
mod pareto_on_off;
mod piecewise;
mod poisson;
mod rates;
mod renewal;
mod shift;
mod timer;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use batches::{BatchSize, Batches};
pub use busy_hours::BusyHours;
pub use calendar::Start;
pub use closed_loop::ClosedLoop;
pub use cron::{Cron, CronExpression};
pub use curve::Curve;
pub use diurnal::Diurnal;
pub use hawkes::Hawkes;
pub use mmpp::{Mmpp, MmppState};
pub use pareto_on_off::ParetoOnOff;
pub use poisson::Poisson;
pub use rates::Rates;
pub use renewal::{Renewal, RenewalModel};
pub use shift::{Ramp, Spike, Step};
pub use timer::Timer;

use std::fmt::Debug;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::data::DataError;
use super::validate::{Invalid, checked};
use crate::random::Stream;
use crate::time::Time;

/// When a function is invoked: an immutable description from which each replication opens its own process.
pub trait ArrivalModel: Debug + Send + Sync {
    /// A fresh process at time zero.
    fn open(&self) -> Box<dyn ArrivalProcess + '_>;

    /// Long-run mean number of arrivals per second; `None` where it depends on the platform (closed loops).
    fn mean_rate(&self) -> Option<f64>;
}

/// The arrivals of one function in one replication, in time order.
pub trait ArrivalProcess: Send {
    /// The next arrival, never earlier than the one before; `None` if there is none.
    fn next(&mut self, stream: &mut Stream) -> Option<Time>;

    /// The next arrivals, as many as `batch` holds and there are; returns how many.
    fn fill(&mut self, stream: &mut Stream, batch: &mut [Time]) -> usize {
        for (count, place) in batch.iter_mut().enumerate() {
            let Some(at) = self.next(stream) else { return count };
            *place = at;
        }
        batch.len()
    }

    /// An invocation left the platform at `at`, while `pending` ([`Time::NEVER`] if none) was taken from [`Self::next`] but has
    /// not yet arrived: returns what is to arrive next. Only closed loops care.
    fn finished(&mut self, at: Time, pending: Time, stream: &mut Stream) -> Time {
        let _ = (at, stream);
        pending
    }
}

/// The arrival processes of scenario files: `arrivals.poisson = { rate = "20/s" }`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(remote = "Self", rename_all = "snake_case", deny_unknown_fields)]
pub enum Arrivals {
    /// Periodic, such as a schedule "every 5 minutes": `timer = { period = "5m", jitter = "1s" }`.
    Timer(Timer),
    /// By a cron expression: `cron = { expression = "*/15 8-17 * * MON-FRI" }`.
    Cron(Cron),
    /// Independent arrivals at a constant rate: `poisson = { rate = "20/s" }`.
    Poisson(Poisson),
    /// Gamma gaps, more regular (cv below 1) or more bursty (above 1) than Poisson: `gamma = { rate = "20/s", cv = 3.0 }`.
    Gamma(Renewal),
    /// Weibull gaps: `weibull = { rate = "20/s", cv = 2.0 }`.
    Weibull(Renewal),
    /// Hyper-exponential gaps with balanced means; cv is 1 or more: `hyperexponential = { rate = "20/s", cv = 4.0 }`.
    Hyperexponential(Renewal),
    /// Markov-modulated Poisson process: the rate jumps between states.
    Mmpp(Mmpp),
    /// A daily wave and a factor per day of the week: `diurnal = { rate = "20/s", amplitude = 0.5 }`.
    Diurnal(Diurnal),
    /// A week in five numbers: `busy_hours = { mean = "20/s", peak = "40/s", from = "8h", to = "18h", weekend = 0.4 }`.
    BusyHours(BusyHours),
    /// A table of rates: `rates = { step = "1h", rates = ["1/s", "5/s", "20/s"], repeat = true }`.
    Rates(Rates),
    /// A curve of requests over time in a CSV file: `curve = { path = "rps.csv", repeat = true }`.
    Curve(Curve),
    /// A rate that changes once: `step = { before = "1/s", after = "20/s", at = "10m" }`.
    Step(Step),
    /// A rate that rises or falls in a straight line: `ramp = { from = "1/s", to = "20/s", length = "30m" }`.
    Ramp(Ramp),
    /// A flash crowd: `spike = { base = "1/s", peak = "200/s", at = "10m", length = "30s" }`.
    Spike(Spike),
    /// Sources that are on and off for Pareto times: self-similar traffic, bursty on every time scale.
    ParetoOnOff(ParetoOnOff),
    /// Every arrival makes others more likely for a while: `hawkes = { rate = "5/s", branching = 0.8, decay = "2s" }`.
    Hawkes(Hawkes),
    /// Several arrivals at one instant: `batches = { rate = "1/s", size.geometric = 10 }`.
    Batches(Batches),
    /// Users who wait for the answer, think, and ask again: `closed_loop = { users = 50, think.exponential.mean = "5s" }`.
    ClosedLoop(ClosedLoop),
}

checked!(Arrivals);

impl Arrivals {
    /// One example per process, as scenario files write it.
    pub const EXAMPLES: &[&str] = &[
        r#"timer = { period = "5m", phase = "12s", jitter = "1s" }"#,
        r#"cron = { expression = "*/15 8-17 * * MON-FRI", jitter = "5s" }"#,
        r#"poisson = { rate = "20/s" }"#,
        r#"gamma = { rate = "20/s", cv = 3.0 }"#,
        r#"weibull = { rate = "20/s", cv = 2.0 }"#,
        r#"hyperexponential = { rate = "20/s", cv = 4.0 }"#,
        r#"mmpp.states = [{ rate = "5/s", sojourn = "1m" }, { rate = "60/s", sojourn = "10s" }]"#,
        r#"diurnal = { rate = "100/h", amplitude = 0.5, peak = "15h", week = [1, 1, 1, 1, 1, 0.4, 0.3] }"#,
        r#"busy_hours = { mean = "60/h", peak = "120/h", from = "8h", to = "18h", weekend = 0.4 }"#,
        r#"rates = { step = "10s", rates = ["1/s", "0/s", "30/s"], repeat = true }"#,
        r#"curve = { path = "rps.csv", repeat = true }"#,
        r#"step = { before = "50/s", after = "20/s", at = "1m" }"#,
        r#"ramp = { from = "0/s", to = "20/s", start = "10s", length = "1m" }"#,
        r#"spike = { base = "20/s", peak = "200/s", at = "1m", length = "5s" }"#,
        r#"pareto_on_off = { rate = "20/s", sources = 50, alpha = 1.5, on = "2s", off = "8s" }"#,
        r#"hawkes = { rate = "20/s", branching = 0.8, decay = "2s" }"#,
        r#"batches = { rate = "2/s", size.geometric = 10 }"#,
        r#"batches = { rate = "2/s", size.constant = 10 }"#,
        r#"closed_loop = { users = 50, think.exponential.mean = "5s" }"#,
    ];

    /// Checks what the types cannot: ranges of plain numbers, and fields that must fit together.
    ///
    /// # Errors
    /// [`Invalid`], naming the key and what was expected.
    pub fn validate(&self) -> Result<(), Invalid> {
        match self {
            Self::Timer(timer) => timer.validate(),
            Self::Cron(cron) => cron.validate(),
            Self::Poisson(poisson) => poisson.validate(),
            Self::Gamma(renewal) | Self::Weibull(renewal) => renewal.validate(0.001),
            Self::Hyperexponential(renewal) => renewal.validate(1.0),
            Self::Mmpp(mmpp) => mmpp.validate(),
            Self::Diurnal(diurnal) => diurnal.validate(),
            Self::BusyHours(hours) => hours.validate(),
            Self::Rates(rates) => rates.validate(),
            Self::Curve(curve) => curve.validate(),
            Self::Step(step) => step.validate(),
            Self::Ramp(ramp) => ramp.validate(),
            Self::Spike(spike) => spike.validate(),
            Self::ParetoOnOff(sources) => sources.validate(),
            Self::Hawkes(hawkes) => hawkes.validate(),
            Self::Batches(batches) => batches.validate(),
            Self::ClosedLoop(closed_loop) => closed_loop.validate(),
        }
    }

    /// The files that the process reads, for checksums and for rewriting the paths.
    pub fn files(&mut self) -> Vec<&mut PathBuf> {
        match self {
            Self::ClosedLoop(closed_loop) => closed_loop.think.files(),
            Self::Curve(curve) => vec![&mut curve.path],
            _ => Vec::new(),
        }
    }

    /// Loads the files that the process reads; relative paths start at `base`.
    ///
    /// # Errors
    /// [`DataError`] if a file cannot be read or has a line that is not a value.
    pub fn resolve(&mut self, base: &Path) -> Result<(), DataError> {
        match self {
            Self::ClosedLoop(closed_loop) => closed_loop.think.resolve(base),
            Self::Curve(curve) => curve.load(base),
            _ => Ok(()),
        }
    }

    /// The model that the scenario chose.
    ///
    /// # Panics
    /// If it reads a file and [`Self::resolve`] was not called.
    pub fn model(self) -> Box<dyn ArrivalModel> {
        match self {
            Self::Timer(timer) => Box::new(timer),
            Self::Cron(cron) => Box::new(cron),
            Self::Poisson(poisson) => Box::new(poisson),
            Self::Gamma(renewal) => Box::new(renewal.gamma()),
            Self::Weibull(renewal) => Box::new(renewal.weibull()),
            Self::Hyperexponential(renewal) => Box::new(renewal.hyperexponential()),
            Self::Mmpp(mmpp) => Box::new(mmpp),
            Self::Diurnal(diurnal) => Box::new(diurnal),
            Self::BusyHours(hours) => Box::new(hours.model()),
            Self::Rates(rates) => Box::new(rates.model()),
            Self::Curve(curve) => Box::new(curve.model()),
            Self::Step(step) => Box::new(step.model()),
            Self::Ramp(ramp) => Box::new(ramp.model()),
            Self::Spike(spike) => Box::new(spike.model()),
            Self::ParetoOnOff(sources) => Box::new(sources),
            Self::Hawkes(hawkes) => Box::new(hawkes),
            Self::Batches(batches) => Box::new(batches),
            Self::ClosedLoop(closed_loop) => Box::new(closed_loop.model()),
        }
    }
}
