//! Optimal stopping for arrivals that come in bursts: the Hawkes process.

use serde::Deserialize;

use crate::amount::Rate;
use crate::policy::entry::{Build, Entry, Parameter, ParameterError, read};
use crate::policy::parameters::{positive, within};
use crate::policy::{ArrivalView, IdleView, KeepAlive, Lease};
use crate::time::{Span, Time};

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    break_even: Span,
    decay: Rate,
    branching: f64,
    base: Option<Rate>,
}

/// An idle instance is kept while the chance that the next moment brings an arrival is worth what the moment costs.
///
/// The intensity of arrivals is base + the sum over past arrivals of branching x decay x exp(-decay x age). It only falls between
/// arrivals, so it is best to stop when it falls to 1 / break-even: after
/// ln((intensity - base) / (1 / break-even - base)) / decay. If the base alone is as high, the instance stays. O(1).
///
/// Without a given base, each function or app has its own: its mean rate so far times (1 - branching), as in a stationary process.
#[derive(Debug, Clone)]
pub struct Hawkes {
    parameters: Parameters,
    units: Vec<Option<Unit>>,
}

#[derive(Debug, Clone, Copy)]
struct Unit {
    first: Time,
    last: Time,
    arrivals: u64,
    /// Intensity above the base right after the last arrival, per second.
    excess: f64,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn KeepAlive> = Entry {
    name: "hawkes",
    summary: "An idle instance goes when arrivals have become too unlikely to pay for it; each arrival makes further ones likelier (Hawkes process).",
    reference: "Narayana and Kash, \"Keep-Alive Caching for the Hawkes Process\", UAI 2023",
    parameters: &[
        Parameter {
            name: "break_even",
            kind: "duration",
            default: None,
            meaning: "idle time that costs as much as a cold start",
        },
        Parameter { name: "decay", kind: "rate", default: None, meaning: "how fast the effect of an arrival fades" },
        Parameter {
            name: "branching",
            kind: "fraction",
            default: None,
            meaning: "further arrivals that an arrival brings about on average, below 1",
        },
        Parameter {
            name: "base",
            kind: "rate",
            default: Some("learned"),
            meaning: "rate of arrivals that no other brings about; learned for each function or app if not given",
        },
    ],
    example: r#"{ break_even = "80s", decay = "0.1/s", branching = 0.6 }"#,
    build: Build::Function(|parameters| {
        let policy = Hawkes::new(read(parameters)?)?;
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl Hawkes {
    fn new(parameters: Parameters) -> Result<Self, ParameterError> {
        positive("break_even", parameters.break_even)?;
        within("decay", parameters.decay.as_per_second(), 1e-9..=1e9)?;
        within("branching", parameters.branching, 0.0..=0.999)?;
        Ok(Self { parameters, units: Vec::new() })
    }
}

impl Unit {
    /// Intensity above the base, per second.
    fn excess(&self, now: Time, decay: f64) -> f64 {
        self.excess * libm::exp(-decay * now.since(self.last).as_secs_f64())
    }

    fn mean_rate(&self, now: Time) -> f64 {
        let elapsed = now.since(self.first).as_secs_f64();
        if elapsed > 0.0 { (self.arrivals - 1) as f64 / elapsed } else { 0.0 }
    }
}

impl KeepAlive for Hawkes {
    fn lease(&mut self, idle: &IdleView<'_>) -> Lease {
        let Parameters { break_even, decay, branching, base } = self.parameters;
        let Some(unit) = self.units.get(idle.unit as usize).copied().flatten() else { return Lease::Drop };
        let decay = decay.as_per_second();
        let base = base.map_or_else(|| unit.mean_rate(idle.now) * (1.0 - branching), Rate::as_per_second);
        let left = 1.0 / break_even.as_secs_f64() - base;
        let excess = unit.excess(idle.now, decay);
        if left <= 0.0 {
            return Lease::Forever;
        }
        if excess <= left {
            return Lease::Drop;
        }
        Lease::For(Span::from_nanos_f64(libm::log(excess / left) / decay * 1e9))
    }

    fn watches_arrivals(&self) -> bool {
        true
    }

    fn arrived(&mut self, arrival: &ArrivalView) {
        let Parameters { decay, branching, .. } = self.parameters;
        let decay = decay.as_per_second();
        if self.units.len() <= arrival.unit as usize {
            self.units.resize(arrival.unit as usize + 1, None);
        }
        let now = arrival.now;
        let unit =
            self.units[arrival.unit as usize].get_or_insert(Unit { first: now, last: now, arrivals: 0, excess: 0.0 });
        unit.excess = unit.excess(now, decay) + branching * decay;
        unit.last = now;
        unit.arrivals += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::keep_alive::fixed::Fixed;
    use crate::policy::keep_alive::lab::{after_gaps, arrival, idle, serve, stream};
    use crate::random::Streams;

    fn policy(break_even: u64, branching: f64, base: Option<f64>) -> Hawkes {
        let (break_even, decay) = (Span::from_secs(break_even), Rate::per_second(0.1).unwrap());
        Hawkes::new(Parameters { break_even, decay, branching, base: base.and_then(Rate::per_second) }).unwrap()
    }

    fn lease(policy: &mut Hawkes, secs: u64) -> Lease {
        policy.lease(&idle(&Streams::new(1, 0), Time::from_nanos(secs * 1_000_000_000), None))
    }

    fn assert_for(lease: Lease, secs: f64) {
        match lease {
            Lease::For(span) => assert!((span.as_secs_f64() - secs).abs() < 1e-6, "{span} is not {secs} s"),
            other => panic!("{other:?} is not {secs} s"),
        }
    }

    /// Base 0.002/s, an arrival adds 0.06/s, decay 0.1/s, break-even 60 s: T = 10 ln(0.06 / (1/60 - 0.002)) = 14.087 s; 4 s less when
    /// the execution took 4 s. A second arrival 10 s after the first finds 0.06 / e and adds 0.06: 10 ln(0.0820728 / 0.0146667).
    #[test]
    fn worked_examples() {
        let mut policy = policy(60, 0.6, Some(0.002));
        policy.arrived(&arrival(Time::ZERO, 0));
        let first = 10.0 * libm::log(0.06 / (1.0 / 60.0 - 0.002));
        assert!((first - 14.087).abs() < 1e-3);
        assert_for(lease(&mut policy, 0), first);
        assert_for(lease(&mut policy, 4), first - 4.0);
        assert_eq!(lease(&mut policy, 15), Lease::Drop);
        policy.arrived(&arrival(Time::from_nanos(10_000_000_000), 0));
        let second = 10.0 * libm::log((0.06 * libm::exp(-1.0) + 0.06) / (1.0 / 60.0 - 0.002));
        assert_for(lease(&mut policy, 10), second);
    }

    /// Poisson arrivals: for ever or never.
    #[test]
    fn without_bursts_the_base_decides() {
        for (base, kept) in [(0.02, Lease::Forever), (0.01, Lease::Drop)] {
            let mut policy = policy(60, 0.0, Some(base));
            policy.arrived(&arrival(Time::ZERO, 0));
            assert_eq!(lease(&mut policy, 0), kept);
        }
    }

    /// 11 arrivals in 100 s are 0.1/s; with branching 0.5 the base is 0.05/s, which a break-even of 20 s keeps and one of 19 s does not.
    #[test]
    fn the_base_is_learned_from_the_mean_rate() {
        for (break_even, kept) in [(20, true), (19, false)] {
            let mut policy = policy(break_even, 0.5, None);
            (0..=10).for_each(|n| policy.arrived(&arrival(Time::from_nanos(n * 10_000_000_000), 0)));
            assert_eq!(lease(&mut policy, 100) == Lease::Forever, kept);
        }
    }

    /// Gaps of the process itself: to the next arrival of the base, or of the excess, whose distribution is 1 - exp(-excess (1 -
    /// exp(-decay t)) / decay) (Dassios and Zhao, Electronic Communications in Probability 2013).
    fn gaps(base: f64, decay: f64, branching: f64, count: usize) -> Vec<f64> {
        let (mut random, mut excess) = (stream(4), 0.0);
        let draw = |_| {
            excess += branching * decay;
            let left = 1.0 - decay * random.exponential() / excess;
            let burst = if left > 0.0 { -libm::log(left) / decay } else { f64::INFINITY };
            let gap = burst.min(random.exponential() / base);
            excess *= libm::exp(-decay * gap);
            gap
        };
        (0..count).map(draw).collect()
    }

    /// It is the optimum, so on the process itself no fixed keep-alive is cheaper.
    #[test]
    fn no_fixed_keep_alive_costs_less() {
        let break_even = Span::from_secs(60);
        let arrivals = after_gaps(gaps(0.002, 0.1, 0.6, 40_000));
        let cost = serve(&mut policy(60, 0.6, Some(0.002)), &arrivals).cost(break_even);
        for secs in [0, 5, 10, 12, 15, 20, 30, 60, 600] {
            let fixed = serve(&mut Fixed { ttl: Span::from_secs(secs) }, &arrivals).cost(break_even);
            assert!(cost < fixed, "{secs} s: {fixed} against {cost}");
        }
    }
}
