//! The superposition of Pareto on/off sources.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use serde::{Deserialize, Serialize};

use super::{ArrivalModel, ArrivalProcess};
use crate::amount::Rate;
use crate::random::Stream;
use crate::time::{Span, Time};
use crate::workload::distribution::ParetoSampler;
use crate::workload::validate::{self, Invalid};

/// Many sources, each on and off for Pareto times; those that are on send Poisson arrivals. The sum is self-similar, bursty
/// on every time scale, with Hurst parameter H = (3 - alpha) / 2 (W. Willinger et al., "Self-similarity through
/// high-variability", IEEE/ACM Transactions on Networking 5(1), 1997). The run begins in the stationary regime.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParetoOnOff {
    /// Mean number of arrivals per unit of time of all sources together.
    pub rate: Rate,
    /// How many sources, from 1 to 100000.
    pub sources: u32,
    /// Power of the tail of on and off times, from 1.01 to 1.99: the lower, the longer the bursts last.
    pub alpha: f64,
    /// Mean time on.
    pub on: Span,
    /// Mean time off.
    pub off: Span,
}

impl ParetoOnOff {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        validate::rate("rate", self.rate)?;
        validate::number("sources", self.sources.into(), 1.0..=100_000.0)?;
        validate::number("alpha", self.alpha, 1.01..=1.99)?;
        validate::span("on", self.on)?;
        validate::span("off", self.off)?;
        let cycle = self.on.as_secs_f64() + self.off.as_secs_f64();
        validate::arrivals_per_change(self.rate.as_per_second() * cycle / 2.0 / f64::from(self.sources))
    }

    fn share_on(&self) -> f64 {
        self.on.as_secs_f64() / (self.on.as_secs_f64() + self.off.as_secs_f64())
    }
}

impl ArrivalModel for ParetoOnOff {
    fn open(&self) -> Box<dyn ArrivalProcess + '_> {
        let time = |mean: Span| ParetoSampler::by_mean(mean.as_nanos() as f64, self.alpha);
        let source_gap = 1e9 * self.share_on() * f64::from(self.sources) / self.rate.as_per_second();
        let switches = BinaryHeap::new();
        Box::new(Process {
            model: self,
            on: time(self.on),
            off: time(self.off),
            source_gap,
            at: Time::ZERO,
            active: 0,
            switches,
        })
    }

    fn mean_rate(&self) -> Option<f64> {
        Some(self.rate.as_per_second())
    }
}

struct Process<'a> {
    model: &'a ParetoOnOff,
    on: ParetoSampler,
    off: ParetoSampler,
    /// Mean gap between the arrivals of a source that is on, in nanoseconds.
    source_gap: f64,
    at: Time,
    /// How many sources are on.
    active: u32,
    /// When each source switches, and whether it is on until then. Sources are alike, so they need no names.
    switches: BinaryHeap<Reverse<(Time, bool)>>,
}

impl Process<'_> {
    fn start(&mut self, stream: &mut Stream) {
        for _ in 0..self.model.sources {
            let on = stream.uniform() < self.model.share_on();
            self.active += u32::from(on);
            let residual = if on { self.on.residual(stream) } else { self.off.residual(stream) };
            self.switches.push(Reverse((Time::ZERO + Span::from_nanos_f64(residual), on)));
        }
    }

    /// One source switches, at the time that the clock now shows.
    fn switch(&mut self, was_on: bool, stream: &mut Stream) {
        let length = if was_on { self.off.sample(stream) } else { self.on.sample(stream) };
        self.active = if was_on { self.active - 1 } else { self.active + 1 };
        self.switches.pop();
        self.switches.push(Reverse((self.at + Span::from_nanos_f64(length), !was_on)));
    }
}

impl ArrivalProcess for Process<'_> {
    /// O(1), and O(log sources) for each switch. A gap that reaches beyond a switch is drawn anew after it.
    fn next(&mut self, stream: &mut Stream) -> Option<Time> {
        if self.switches.is_empty() {
            self.start(stream);
        }
        while self.at < Time::NEVER {
            let &Reverse((until, on)) = self.switches.peek()?;
            if self.active > 0 {
                let gap = stream.exponential() * self.source_gap / f64::from(self.active);
                let next = self.at + Span::from_nanos_f64(gap);
                if next <= until {
                    self.at = next;
                    return Some(next);
                }
            }
            self.at = until;
            self.switch(on, stream);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{counts, mean_and_variance, model};
    use super::*;

    /// Variance of the mean of m windows falls as m^(2H - 2): slower than the m^-1 of independent windows.
    #[test]
    fn bursts_do_not_even_out_over_longer_times() {
        let model =
            model(r#"pareto_on_off = { rate = "10/s", sources = 10, alpha = 1.4, on = "200ms", off = "800ms" }"#);
        let slopes: Vec<_> = (0..4)
            .map(|seed| {
                let counts = counts(&*model, seed, Span::from_secs(3), 4096);
                let variance = |group: usize| {
                    let means: Vec<_> =
                        counts.chunks(group).map(|chunk| chunk.iter().sum::<f64>() / group as f64).collect();
                    mean_and_variance(&means).1
                };
                (variance(64) / variance(1)).ln() / 64f64.ln()
            })
            .collect();
        let (slope, variance) = mean_and_variance(&slopes);
        let hurst = 1.0 + slope / 2.0;
        // The variance-time method is biased low on finite series, by a few hundredths here; H = 0.5 is far away.
        assert!((hurst - 0.8).abs() < 0.08 + 2.0 * (variance / 4.0).sqrt(), "H = {hurst}");
    }
}
