//! A population like that of Azure Functions in July 2019.

use serde::{Deserialize, Serialize};

use super::marginals::{self, EXECUTION_MU, EXECUTION_SIGMA, RATE_SIGMA, TRIGGERS};
use crate::amount::{Memory, Rate};
use crate::id::AppId;
use crate::random::{Purpose, Stream, Streams};
use crate::time::Span;
use crate::workload::arrivals::{ArrivalModel, Renewal, Timer};
use crate::workload::distribution::Sampler;
use crate::workload::validate::{self, Invalid};
use crate::workload::{App, Function, Load, Note, Trigger, Workload};

/// The longest average execution time of a function: the longest time-out of the consumption plan, 10 minutes (Azure
/// Functions service limits). Longer draws (0.2 % of functions) are set to it.
const LONGEST_AVERAGE: Span = Span::from_secs(600);

/// The largest app in MB: the memory of an instance of the consumption plan (Azure Functions service limits). Larger draws
/// (0.1 % of apps) are set to it.
const LARGEST_APP: f64 = 1536.0;

/// Gaps that vary less than this are drawn as periodic.
const PERIODIC_CV: f64 = 0.01;

/// Functions like those of Azure Functions in July 2019 (M. Shahrad et al., "Serverless in the Wild", USENIX ATC 2020), drawn
/// from the published marginals. The same seed gives the same population in every replication.
///
/// - Trigger: the published share of functions; each trigger that occurs gets its published share of the total rate.
/// - Rate: log-normal within a trigger. Constant over the day.
/// - Arrivals: timers are periodic with a random phase; others have independent gaps with the published coefficients of
///   variation: periodic (11 %), gamma (below 1) or hyper-exponential (above).
/// - Execution: each function has an average from the published log-normal over functions (median 0.68 s), at most 10 minutes;
///   its invocations are log-normal around it. Single ones may take longer than 10 minutes: time-outs are the platform's.
/// - Memory: the published Burr XII over apps, rounded up to MiB, at most 1.5 GiB. Each function has the memory of its whole
///   app, because an instance of it loads the same runtime (our assumption).
/// - Apps: the published sizes (54 % have one function, 95 % up to 10); functions of an app follow each other.
///
/// Nothing else is known from the paper, so rate, execution time, memory and app size are independent. The load is then
/// ruled by the execution times of the few most popular functions: the mean number of
/// busy instances of 500 functions at 100/s goes from 350 to 1120 over the seeds 1 to 8. Look at several seeds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Azure2019Population")]
pub struct Azure2019 {
    /// How many functions, from 1 to 10000000.
    pub functions: u32,
    /// Mean number of invocations per unit of time of all functions together.
    pub total_rate: Rate,
    /// How unequal the rates are: this times the published standard deviation (2.75) of the logarithm of rates. 0 makes all
    /// functions of a trigger equal; at most 3. Default: 1.
    #[serde(default = "one")]
    pub skew: f64,
    /// Coefficient of variation of the execution times of one function, from 0 to 100. Default: 1.2, about the median (1.17)
    /// over the functions of a public sample of the trace (InVitro, 500 functions, those with 20 invocations or more,
    /// percentiles joined by straight lines). The paper gives no figure.
    #[serde(default = "execution_cv")]
    pub execution_cv: f64,
}

fn one() -> f64 {
    1.0
}

fn execution_cv() -> f64 {
    1.2
}

impl Azure2019 {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        validate::number("functions", self.functions.into(), 1.0..=1e7)?;
        validate::rate("total_rate", self.total_rate)?;
        validate::number("skew", self.skew, 0.0..=3.0)?;
        validate::number("execution_cv", self.execution_cv, 0.0..=100.0)
    }

    pub(super) fn generate(&self, streams: &Streams) -> Workload {
        let draws: Vec<_> = (0..self.functions).map(|function| Draw::new(streams, function)).collect();
        let rates = self.rates(&draws);
        let mut workload = Workload::default();
        let mut large_apps = 0;
        while workload.functions.len() < draws.len() {
            let first = workload.functions.len();
            let (size, memory) = draw_app(streams, first as u32);
            large_apps += u64::from(memory > LARGEST_APP);
            let memory = Memory::from_mib(memory.min(LARGEST_APP).ceil() as u64);
            let app = AppId(workload.apps.len() as u32);
            let members = first..draws.len().min(first + size as usize);
            workload.functions.extend(members.clone().map(|index| draws[index].function(index, app, memory)));
            workload.loads.extend(members.map(|index| draws[index].load(rates[index], self.execution_cv)));
            workload.apps.push(App { name: format!("app-{:06}", app.0), memory });
        }
        let long_functions = draws.iter().filter(|draw| draw.average > LONGEST_AVERAGE.as_secs_f64()).count() as u64;
        workload.note("population: averages of execution times set to the limit of 10 minutes", long_functions);
        workload.note("population: memories of apps set to the limit of 1.5 GiB", large_apps);
        workload
    }

    /// Per second, for each function.
    fn rates(&self, draws: &[Draw]) -> Vec<f64> {
        let weights: Vec<_> = draws.iter().map(|draw| libm::exp(RATE_SIGMA * self.skew * draw.popularity)).collect();
        let mut trigger_weights = [0.0; TRIGGERS.len()];
        for (draw, weight) in draws.iter().zip(&weights) {
            trigger_weights[draw.trigger] += weight;
        }
        let present = TRIGGERS.iter().zip(trigger_weights).filter(|(_, weight)| *weight > 0.0);
        let share_of_present: f64 = present.map(|(share, _)| share.invocations).sum();
        let per_share = self.total_rate.as_per_second() / share_of_present;
        let rate = |(draw, weight): (&Draw, f64)| {
            per_share * TRIGGERS[draw.trigger].invocations * weight / trigger_weights[draw.trigger]
        };
        draws.iter().zip(weights).map(rate).collect()
    }
}

impl Workload {
    fn note(&mut self, what: &str, count: u64) {
        if count > 0 {
            self.notes.push(Note { what: what.to_owned(), count });
        }
    }
}

/// What is drawn for a function, whatever the number of functions and the total rate.
struct Draw {
    /// Position in [`TRIGGERS`].
    trigger: usize,
    /// Standard normal; the logarithm of the rate is proportional to it.
    popularity: f64,
    /// Average execution time in seconds.
    average: f64,
    /// Of the gaps; zero for periodic arrivals.
    gap_cv: f64,
    /// Part of the period before the first periodic arrival.
    phase: f64,
}

impl Draw {
    fn new(streams: &Streams, function: u32) -> Self {
        let mut stream: Stream = streams.keyed(Purpose::Population, function, 0);
        let trigger = marginals::trigger(stream.uniform());
        let popularity = stream.normal();
        let average = libm::exp(EXECUTION_MU + EXECUTION_SIGMA * stream.normal());
        let gap_cv = marginals::gap_cv(stream.uniform());
        let phase = stream.uniform();
        Self { trigger, popularity, average, gap_cv, phase }
    }

    fn trigger(&self) -> Trigger {
        TRIGGERS[self.trigger].trigger
    }

    fn function(&self, index: usize, app: AppId, memory: Memory) -> Function {
        Function { name: format!("function-{index:06}"), app, memory, trigger: self.trigger() }
    }

    fn load(&self, rate: f64, execution_cv: f64) -> Load {
        let average = self.average.min(LONGEST_AVERAGE.as_secs_f64());
        Load { arrivals: self.arrivals(rate), execution: Sampler::lognormal(average * 1e9, execution_cv) }
    }

    fn arrivals(&self, rate: f64) -> Box<dyn ArrivalModel> {
        if self.trigger() == Trigger::Timer || self.gap_cv < PERIODIC_CV {
            let period = Span::from_nanos_f64(1e9 / rate).max(Span::from_nanos(1));
            let phase = Span::from_nanos_f64(self.phase * period.as_nanos() as f64);
            return Box::new(Timer { period, phase, jitter: Span::ZERO });
        }
        let renewal = Renewal { rate: Rate::per_second(rate).unwrap_or_default(), cv: self.gap_cv };
        if self.gap_cv < 1.0 { Box::new(renewal.gamma()) } else { Box::new(renewal.hyperexponential()) }
    }
}

/// Size and memory in MB of the app that begins with `function`.
fn draw_app(streams: &Streams, function: u32) -> (u32, f64) {
    let mut stream = streams.keyed(Purpose::Population, function, 1);
    (marginals::app_size(stream.uniform()), marginals::app_memory(stream.uniform()))
}
