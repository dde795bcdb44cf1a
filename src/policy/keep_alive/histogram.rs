//! A fixed keep-alive that each function or app learns from its idle times.

use serde::Deserialize;

use crate::policy::entry::{Build, Entry, Parameter, ParameterError, read};
use crate::policy::keep_alive::idle_time::{IdleClock, IdleHistogram, Percentile, bins, check_bins};
use crate::policy::parameters::within;
use crate::policy::{ArrivalView, IdleView, KeepAlive, Lease};
use crate::time::Span;

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Parameters {
    percentile: f64,
    range: Span,
    bin: Span,
    minimum_count: u64,
    ttl: Span,
}

impl Default for Parameters {
    fn default() -> Self {
        let (range, bin, ttl) = (Span::from_secs(4 * 3_600), Span::from_secs(60), Span::from_secs(600));
        Self { percentile: 99.0, range, bin, minimum_count: 10, ttl }
    }
}

impl Parameters {
    fn check(&self) -> Result<(), ParameterError> {
        within("percentile", self.percentile, 1.0..=100.0)?;
        check_bins(self.range, self.bin)
    }
}

/// An instance is kept for a percentile of the idle times of its function or app, rounded up to a bin; at most for the range. Until
/// there are enough idle times, for a fixed time. Nothing is loaded ahead. O(1) amortised.
#[derive(Debug, Clone)]
struct Histogram {
    parameters: Parameters,
    clock: IdleClock,
    units: Vec<Unit>,
}

#[derive(Debug, Clone)]
struct Unit {
    /// One more bin than the range has, for what is longer.
    histogram: IdleHistogram,
    percentile: Percentile,
}

/// The catalog's entry.
pub const ENTRY: Entry<dyn KeepAlive> = Entry {
    name: "histogram",
    summary: "An idle instance is kept for a percentile of the idle times that its function or app has had.",
    reference: "after Shahrad et al., \"Serverless in the Wild\", ATC 2020: bins, range and percentile, without unloading early",
    parameters: &[
        Parameter { name: "percentile", kind: "percent", default: Some("99"), meaning: "of the idle times" },
        Parameter { name: "range", kind: "duration", default: Some("4h"), meaning: "longest keep-alive" },
        Parameter { name: "bin", kind: "duration", default: Some("1m"), meaning: "width of a bin" },
        Parameter {
            name: "minimum_count",
            kind: "number",
            default: Some("10"),
            meaning: "idle times that are enough to learn from (assumed)",
        },
        Parameter { name: "ttl", kind: "duration", default: Some("10m"), meaning: "keep-alive until then (assumed)" },
    ],
    example: r#"{ percentile = 95.0, ttl = "20m" }"#,
    build: Build::Function(|parameters| {
        let parameters: Parameters = read(parameters)?;
        parameters.check()?;
        let policy = Histogram { parameters, clock: IdleClock::default(), units: Vec::new() };
        Ok(Box::new(move || Box::new(policy.clone())))
    }),
};

impl Unit {
    fn keep_alive(&self, parameters: &Parameters) -> Span {
        if self.histogram.total() < parameters.minimum_count.max(1) {
            return parameters.ttl;
        }
        Span::from_nanos(parameters.bin.as_nanos() * (self.percentile.bin() as u64 + 1)).min(parameters.range)
    }
}

impl KeepAlive for Histogram {
    fn lease(&mut self, idle: &IdleView<'_>) -> Lease {
        self.clock.ended(idle);
        let unit = self.units.get(idle.unit as usize);
        Lease::For(unit.map_or(self.parameters.ttl, |unit| unit.keep_alive(&self.parameters)))
    }

    fn watches_arrivals(&self) -> bool {
        true
    }

    fn arrived(&mut self, arrival: &ArrivalView) {
        let Some(idle) = self.clock.arrived(arrival) else { return };
        let bins = bins(self.parameters.range, self.parameters.bin);
        if self.units.len() <= arrival.unit as usize {
            let new = || Unit { histogram: IdleHistogram::new(bins as usize + 1), percentile: Percentile::default() };
            self.units.resize_with(arrival.unit as usize + 1, new);
        }
        let Unit { histogram, percentile } = &mut self.units[arrival.unit as usize];
        let bin = (idle.as_nanos() / self.parameters.bin.as_nanos()).min(bins) as usize;
        histogram.record(bin);
        percentile.follow(self.parameters.percentile, histogram, bin);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::keep_alive::lab::{after_gaps, idle, serve};
    use crate::random::Streams;
    use crate::time::Time;

    fn lease_after(gaps: &[f64]) -> Lease {
        let parameters = Parameters { percentile: 90.0, ..Parameters::default() };
        let mut policy = Histogram { parameters, clock: IdleClock::default(), units: Vec::new() };
        serve(&mut policy, &after_gaps(gaps.iter().map(|minutes| minutes * 60.0)));
        policy.lease(&idle(&Streams::new(1, 0), Time::NEVER, None))
    }

    #[test]
    fn the_percentile_is_rounded_up_to_a_bin() {
        let minutes = |minutes: u64| Lease::For(Span::from_secs(minutes * 60));
        let gaps = [1.5, 1.5, 1.5, 2.5, 2.5, 2.5, 2.5, 2.5, 7.5, 30.0];
        assert_eq!(lease_after(&gaps[..9]), minutes(10), "nine are too few: the fixed time");
        assert_eq!(lease_after(&gaps), minutes(8), "nine of ten are shorter than 8 min");
        assert_eq!(lease_after(&[900.0; 10]), minutes(240), "never longer than the range");
    }
}
