//! What an allocation policy sees of a function: executions at each size, under the platform's CPU law.

use crate::amount::{Memory, Money};
use crate::id::FunctionId;
use crate::platform::cpu::{CpuLaw, Work};
use crate::random::{Purpose, Streams};
use crate::time::Span;
use crate::workload::distribution::Sampler;

/// A function, measured at several sizes. The executions are the same at all of them, so that differences come from the size.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile<'a> {
    /// Its name.
    pub function: &'a str,
    /// The memory that the scenario gives it.
    pub memory: Memory,
    /// Mean CPU time of an execution.
    pub cpu_time: Span,
    /// The sizes in rising order; without those at which more executions than at others reach the time-out.
    pub trials: Vec<Trial>,
}

impl Profile<'_> {
    /// The size with the least mean execution time, the smallest of equals.
    pub fn fastest(&self) -> Option<&Trial> {
        self.trials.iter().min_by_key(|trial| trial.mean())
    }
}

/// A function at one size.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// The size.
    pub memory: Memory,
    /// Execution times in the order of the draws; at least one.
    pub times: Vec<Span>,
    /// Price of all these executions together, each rounded by the meter, without free units and cold starts.
    pub cost: Money,
}

impl Trial {
    /// Mean execution time.
    pub fn mean(&self) -> Span {
        mean(&self.times)
    }

    /// The execution time that a share `p` of the executions, 0 to 1, does not exceed: nearest rank.
    pub fn quantile(&self, p: f64) -> Span {
        let mut sorted = self.times.clone();
        let rank = (p * sorted.len() as f64).ceil() as usize;
        let place = rank.clamp(1, sorted.len()) - 1;
        *sorted.select_nth_unstable(place).1
    }
}

/// The mean, which is zero of nothing.
fn mean(times: &[Span]) -> Span {
    let sum: u128 = times.iter().map(|time| u128::from(time.as_nanos())).sum();
    Span::from_nanos((sum / times.len().max(1) as u128) as u64)
}

/// How a function is measured.
#[derive(Debug, Clone, Copy)]
pub struct Measurement<'a> {
    /// How memory turns CPU time into execution time.
    pub law: &'a CpuLaw,
    /// What the law scales.
    pub work: Work,
    /// CPU time of an execution, in nanoseconds.
    pub execution: &'a Sampler,
    /// Executions are stopped after this long; `None`: never.
    pub timeout: Option<Span>,
    /// How many executions.
    pub draws: usize,
    /// Where random numbers come from.
    pub streams: Streams,
    /// The function.
    pub id: FunctionId,
}

impl Measurement<'_> {
    /// Measures a function at each size of `grid`. `price` says what executions cost together.
    ///
    /// # Errors
    /// Those of `price`.
    pub fn profile<'a, E>(
        &self,
        function: &'a str,
        memory: Memory,
        grid: &[Memory],
        price: impl Fn(Memory, &[Span]) -> Result<Money, E>,
    ) -> Result<Profile<'a>, E> {
        let mut cpu_times = vec![Span::ZERO; self.draws];
        self.execution.fill(&mut self.streams.stream(Purpose::Allocation, self.id.0), &mut cpu_times);
        let mut measured: Vec<(usize, Memory, Vec<Span>)> = Vec::new();
        for size in grid {
            let (stopped, times) = self.run(*size, &cpu_times);
            measured.push((stopped, *size, times));
        }
        let fewest = measured.iter().map(|(stopped, ..)| *stopped).min();
        measured.retain(|(stopped, ..)| Some(*stopped) == fewest);
        let trial =
            |(_, memory, times): (usize, Memory, Vec<Span>)| Ok(Trial { memory, cost: price(memory, &times)?, times });
        let trials = measured.into_iter().map(trial).collect::<Result<_, E>>()?;
        Ok(Profile { function, memory, cpu_time: mean(&cpu_times), trials })
    }

    /// How many executions reach the time-out at one size, and how long each takes.
    fn run(&self, memory: Memory, cpu_times: &[Span]) -> (usize, Vec<Span>) {
        let cpu = self.law.at(memory, self.work);
        let phase = |draw| self.streams.keyed(Purpose::Allocation, self.id.0, draw);
        let longest = self.timeout.unwrap_or(Span::MAX);
        let times: Vec<Span> =
            (0..).zip(cpu_times).map(|(draw, demand)| cpu.execution(*demand, || phase(draw))).collect();
        let stopped = times.iter().filter(|time| **time > longest).count();
        (stopped, times.into_iter().map(|time| time.min(longest)).collect())
    }
}
