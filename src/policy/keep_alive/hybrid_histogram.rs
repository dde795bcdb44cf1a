//! The hybrid histogram policy of "Serverless in the Wild".

use std::collections::VecDeque;

use serde::Deserialize;

use crate::policy::entry::{Build, Entry, Parameter, ParameterError, read};
use crate::policy::keep_alive::gap_forecast;
use crate::policy::keep_alive::idle_time::{IdleClock, IdleHistogram, Percentile, bins, check_bins};
use crate::policy::parameters::within;
use crate::policy::{ArrivalView, IdleView, KeepAlive, Lease};
use crate::time::Span;

/// Parameters with the defaults of Shahrad et al., where the paper states them.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Parameters {
    /// Idle times up to this long have a bin; longer ones are out of bounds.
    pub range: Span,
    /// Width of a bin.
    pub bin: Span,
    /// Percentile of idle times before which the app is unloaded, rounded down to a bin.
    pub head: f64,
    /// Percentile of idle times until which it is kept, rounded up.
    pub tail: f64,
    /// Part by which the head is shortened and the tail extended.
    pub margin: f64,
    /// Least coefficient of variation of the counts of the bins that makes a histogram representative.
    pub variation: f64,
    /// Least number of idle times within the range that makes it representative; the paper gives none.
    pub minimum_count: u64,
    /// Part of idle times out of bounds from which they are forecast; the paper gives none.
    pub out_of_bounds: f64,
    /// Least number of idle times for a forecast; the paper gives none.
    pub minimum_series: usize,
    /// How many of the last idle times the forecast uses; the paper gives none.
    pub series: usize,
    /// Part of the forecast by which it may be wrong, in both directions.
    pub forecast_margin: f64,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            range: Span::from_secs(4 * 3_600),
            bin: Span::from_secs(60),
            head: 5.0,
            tail: 99.0,
            margin: 0.1,
            variation: 2.0,
            minimum_count: 10,
            out_of_bounds: 0.5,
            minimum_series: 4,
            series: 50,
            forecast_margin: 0.15,
        }
    }
}

impl Parameters {
    fn check(&self) -> Result<(), ParameterError> {
        check_bins(self.range, self.bin)?;
        within("tail", self.tail, 1.0..=100.0)?;
        within("head", self.head, 0.01..=self.tail)?;
        within("margin", self.margin, 0.0..=1.0)?;
        within("variation", self.variation, 0.0..=1e6)?;
        within("out_of_bounds", self.out_of_bounds, 0.0..=1.0)?;
        within("minimum_series", self.minimum_series as f64, 1.0..=self.series as f64)?;
        within("forecast_margin", self.forecast_margin, 0.0..=1.0)
    }
}

/// Unloads each app when its execution ends and loads it again shortly before its next invocation is likely. O(1) amortised, and
/// O(series) for apps that are mostly idle for longer than the range.
///
/// Per function or app, idle times (from the end of an execution to the next arrival, when nothing else is in flight) are counted in
/// bins. At the end of each execution:
/// 1. If idle times out of bounds dominate: forecast the next one, load at forecast x (1 - 15 %), keep for forecast x 30 %.
/// 2. Else, if the histogram is representative: load at head x (1 - 10 %), keep until tail x (1 + 10 %). If the head is zero, stay.
/// 3. Else stay for the range.
///
/// The paper's automatic ARIMA order is a fixed one here: first differences, first-order autoregression, drift. Its production
/// variant, which weights days, is not included.
#[derive(Debug, Clone)]
pub struct HybridHistogram {
    parameters: Parameters,
    clock: IdleClock,
    units: Vec<Unit>,
}

#[derive(Debug, Clone)]
struct Unit {
    histogram: IdleHistogram,
    head: Percentile,
    tail: Percentile,
    out_of_bounds: u64,
    /// The last idle times in nanoseconds.
    recent: VecDeque<f64>,
    lease: Lease,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn KeepAlive> = Entry {
    name: "hybrid_histogram",
    summary: "Learns the idle times of each app, unloads it, and loads it again shortly before the next invocation is likely.",
    reference: "Shahrad et al., \"Serverless in the Wild\", ATC 2020",
    parameters: &[
        Parameter { name: "range", kind: "duration", default: Some("4h"), meaning: "longest idle time that has a bin" },
        Parameter { name: "bin", kind: "duration", default: Some("1m"), meaning: "width of a bin" },
        Parameter {
            name: "head",
            kind: "percent",
            default: Some("5"),
            meaning: "percentile before which the app is unloaded",
        },
        Parameter { name: "tail", kind: "percent", default: Some("99"), meaning: "percentile until which it is kept" },
        Parameter {
            name: "margin",
            kind: "fraction",
            default: Some("0.1"),
            meaning: "by how much the head is shortened and the tail extended",
        },
        Parameter {
            name: "variation",
            kind: "number",
            default: Some("2"),
            meaning: "least coefficient of variation of the bin counts of a representative histogram",
        },
        Parameter {
            name: "minimum_count",
            kind: "number",
            default: Some("10"),
            meaning: "least idle times in a representative histogram (assumed: the paper gives none)",
        },
        Parameter {
            name: "out_of_bounds",
            kind: "fraction",
            default: Some("0.5"),
            meaning: "share of idle times beyond the range from which the next is forecast (assumed: the paper gives none)",
        },
        Parameter {
            name: "minimum_series",
            kind: "number",
            default: Some("4"),
            meaning: "least idle times for a forecast (assumed: the paper gives none)",
        },
        Parameter {
            name: "series",
            kind: "number",
            default: Some("50"),
            meaning: "how many of the last idle times a forecast uses (assumed: the paper gives none)",
        },
        Parameter {
            name: "forecast_margin",
            kind: "fraction",
            default: Some("0.15"),
            meaning: "by how much the forecast may be wrong, either way",
        },
    ],
    example: r#"{ range = "4h", out_of_bounds = 0.5 }"#,
    build: Build::Function(|parameters| {
        let parameters: Parameters = read(parameters)?;
        parameters.check()?;
        let policy = HybridHistogram { parameters, clock: IdleClock::default(), units: Vec::new() };
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl Unit {
    fn new(parameters: &Parameters) -> Self {
        Self {
            histogram: IdleHistogram::new(bins(parameters.range, parameters.bin) as usize),
            head: Percentile::default(),
            tail: Percentile::default(),
            out_of_bounds: 0,
            recent: VecDeque::new(),
            lease: Lease::For(parameters.range),
        }
    }

    fn learn(&mut self, idle: Span, parameters: &Parameters) {
        if self.recent.len() == parameters.series {
            self.recent.pop_front();
        }
        self.recent.push_back(idle.as_nanos() as f64);
        if idle >= parameters.range {
            self.out_of_bounds += 1;
        } else {
            let bin = (idle.as_nanos() / parameters.bin.as_nanos()) as usize;
            self.histogram.record(bin);
            self.head.follow(parameters.head, &self.histogram, bin);
            self.tail.follow(parameters.tail, &self.histogram, bin);
        }
        self.lease = self.plan(parameters);
    }

    fn plan(&mut self, parameters: &Parameters) -> Lease {
        let all = self.histogram.total() + self.out_of_bounds;
        let beyond = self.out_of_bounds as f64 >= parameters.out_of_bounds * all as f64;
        if beyond && self.recent.len() >= parameters.minimum_series {
            return self.forecast(parameters);
        }
        let enough = self.histogram.total() >= parameters.minimum_count.max(1);
        if enough && self.histogram.variation() >= parameters.variation {
            return self.windows(parameters);
        }
        Lease::For(parameters.range)
    }

    fn forecast(&mut self, parameters: &Parameters) -> Lease {
        let next = gap_forecast::next(self.recent.make_contiguous()).unwrap_or_default();
        let part = |share: f64| Span::from_nanos_f64(next * share);
        loaded(part(1.0 - parameters.forecast_margin), part(2.0 * parameters.forecast_margin))
    }

    fn windows(&self, parameters: &Parameters) -> Lease {
        let time =
            |count: usize, share: f64| Span::from_nanos_f64(count as f64 * parameters.bin.as_nanos() as f64 * share);
        let after = time(self.head.bin(), 1.0 - parameters.margin);
        let end = time(self.tail.bin() + 1, 1.0 + parameters.margin);
        loaded(after, end.saturating_sub(after))
    }
}

/// Loaded from `after` on for `keep`; there is nothing to unload for if that begins now.
fn loaded(after: Span, keep: Span) -> Lease {
    if after == Span::ZERO { Lease::For(keep) } else { Lease::Return { after, keep } }
}

impl KeepAlive for HybridHistogram {
    fn lease(&mut self, idle: &IdleView<'_>) -> Lease {
        self.clock.ended(idle);
        self.units.get(idle.unit as usize).map_or(Lease::For(self.parameters.range), |unit| unit.lease)
    }

    fn watches_arrivals(&self) -> bool {
        true
    }

    fn arrived(&mut self, arrival: &ArrivalView) {
        let Some(idle) = self.clock.arrived(arrival) else { return };
        let parameters = self.parameters;
        if self.units.len() <= arrival.unit as usize {
            self.units.resize_with(arrival.unit as usize + 1, || Unit::new(&parameters));
        }
        self.units[arrival.unit as usize].learn(idle, &parameters);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::keep_alive::lab::{after_gaps, serve, stream};
    use crate::time::Time;

    fn policy() -> HybridHistogram {
        HybridHistogram { parameters: Parameters::default(), clock: IdleClock::default(), units: Vec::new() }
    }

    fn minutes(minutes: &[f64]) -> Vec<Time> {
        after_gaps(minutes.iter().map(|minutes| minutes * 60.0))
    }

    fn lease_after(gaps: &[f64]) -> Lease {
        let mut policy = policy();
        serve(&mut policy, &minutes(gaps));
        policy.units[0].lease
    }

    /// By hand: of 100 idle times, 2 fall into bin 3, 10 into 4, 60 into 5, 20 into 6, 7 into 12, 1 into 35. The sum of squares of the
    /// 240 counts is 4154, so the square of their variation is 240 x 4154 / 100^2 - 1. Head 4, tail 13: load after 4 x 0.9 = 3.6 min,
    /// keep until 13 x 1.1 = 14.3 min.
    #[test]
    fn a_worked_example() {
        let gaps = [(2, 3.2), (10, 4.7), (60, 5.1), (20, 6.9), (7, 12.4), (1, 35.0)];
        let gaps: Vec<f64> = gaps.into_iter().flat_map(|(times, gap)| vec![gap; times]).collect();
        let mut policy = policy();
        serve(&mut policy, &minutes(&gaps));
        let unit = &policy.units[0];
        assert!((unit.histogram.variation() - 9.935).abs() < 5e-4);
        assert_eq!(unit.lease, Lease::Return { after: Span::from_secs(216), keep: Span::from_secs(642) });
    }

    #[test]
    fn an_app_with_short_idle_times_stays() {
        assert_eq!(lease_after(&[0.5; 20]), Lease::For(Span::from_secs(66)));
    }

    #[test]
    fn what_is_not_representative_stays_for_the_range() {
        let range = Lease::For(Span::from_secs(4 * 3_600));
        assert_eq!(lease_after(&[20.5; 9]), range, "too few");
        assert_ne!(lease_after(&[20.5; 10]), range, "enough");
        let flat: Vec<f64> = (0..240).map(|bin| f64::from(bin) + 0.5).collect();
        assert_eq!(lease_after(&flat), range, "all alike");
    }

    #[test]
    fn long_idle_times_are_forecast() {
        let five_hours = Lease::Return { after: Span::from_secs(255 * 60), keep: Span::from_secs(90 * 60) };
        assert_eq!(lease_after(&[300.0; 5]), five_hours);
        assert_eq!(lease_after(&[300.0; 3]), Lease::For(Span::from_secs(4 * 3_600)), "too few");
        // A change that alternates is continued: 300 comes next.
        assert_eq!(lease_after(&[300.0, 400.0, 300.0, 400.0, 300.0, 400.0]), five_hours);
        // As many within the range as beyond.
        assert_eq!(lease_after(&[300.0, 20.0, 300.0, 20.0, 300.0, 20.0]), five_hours);
    }

    /// 3 % of the idle times are 1.2 min, the others 6 min and an exponential time with mean 2.07 min. The head is 6, the 99th
    /// percentile 15.5, the tail 16: loaded from 5.4 to 17.6 min. Renewal theory: cold F(5.4) + 1 - F(17.6), idle the integral of
    /// 1 - F between. Within four standard errors, after 20,000 arrivals to learn from.
    #[test]
    fn the_windows_have_their_closed_form() {
        let mut random = stream(3);
        let mut gap = || if random.uniform() < 0.03 { 1.2 } else { 6.0 + 2.07 * random.exponential() };
        let mut policy = policy();
        serve(&mut policy, &minutes(&(0..20_000).map(|_| gap()).collect::<Vec<_>>()));
        policy.clock = IdleClock::default();
        let count = 40_000;
        let seen = serve(&mut policy, &minutes(&(0..count).map(|_| gap()).collect::<Vec<_>>()));
        let late = libm::exp(-(17.6 - 6.0) / 2.07);
        let (cold, n) = (0.03 + 0.97 * late, f64::from(count));
        let share = seen.cold as f64 / n;
        assert!((share - cold).abs() < 4.0 * (cold * (1.0 - cold) / n).sqrt(), "{share} {cold}");
        let idle = 0.97 * (0.6 + 2.07 * (1.0 - late));
        let mean = seen.idle.as_secs_f64() / 60.0 / n;
        // The standard deviation of an idle time is close to that of the exponential part.
        assert!((mean - idle).abs() < 4.0 * 2.2 / n.sqrt(), "{mean} {idle}");
    }

    #[test]
    fn wrong_parameters_are_named() {
        for (text, name) in [
            ("bin = \"0s\"", "`bin`"),
            ("bin = \"1s\"", "`range`"),
            ("head = nan", "`head`"),
            ("tail = 101.0", "`tail`"),
            ("margin = -0.1", "`margin`"),
            ("minimum_series = 60", "`minimum_series`"),
        ] {
            let error = ENTRY.build(text.parse().unwrap()).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains(name), "{text}: {error}");
        }
    }
}
