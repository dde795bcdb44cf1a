//! Periodic arrivals.

use serde::{Deserialize, Serialize};

use super::{ArrivalModel, ArrivalProcess};
use crate::random::Stream;
use crate::time::{Span, Time};
use crate::workload::validate::{self, Invalid};

/// A schedule: one arrival per period, at phase + k x period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Timer {
    /// Time between arrivals.
    pub period: Span,
    /// When the first one is. Default: "0s".
    #[serde(default)]
    pub phase: Span,
    /// Every arrival is late by a uniform time up to this; at most the period. Default: "0s".
    #[serde(default)]
    pub jitter: Span,
}

impl Timer {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        validate::span("period", self.period)?;
        validate::ordered("jitter", &self.jitter, "period", &self.period)
    }
}

impl ArrivalModel for Timer {
    fn open(&self) -> Box<dyn ArrivalProcess + '_> {
        Box::new(Process { timer: self, next: Time::ZERO + self.phase })
    }

    fn mean_rate(&self) -> Option<f64> {
        Some(1.0 / self.period.as_secs_f64())
    }
}

struct Process<'a> {
    timer: &'a Timer,
    next: Time,
}

impl ArrivalProcess for Process<'_> {
    #[inline(always)]
    fn next(&mut self, stream: &mut Stream) -> Option<Time> {
        let on_time = self.next;
        self.next = on_time + self.timer.period;
        Some(on_time + delay(self.timer.jitter, stream))
    }
}

/// A uniform time up to `jitter`.
pub(super) fn delay(jitter: Span, stream: &mut Stream) -> Span {
    if jitter == Span::ZERO { jitter } else { Span::from_nanos_f64(stream.uniform() * jitter.as_nanos() as f64) }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{gaps, model, until};
    use super::*;

    #[test]
    fn gaps_are_all_the_period() {
        let model = model(r#"timer = { period = "250ms", phase = "40ms" }"#);
        assert!(gaps(&*model, 1, 100).iter().all(|gap| *gap == 0.25));
        assert_eq!(until(&*model, 1, Span::from_millis(300)), [40, 290].map(|ms| Time::ZERO + Span::from_millis(ms)));
    }

    #[test]
    fn jitter_delays_each_arrival_on_its_own() {
        let model = model(r#"timer = { period = "1s", jitter = "1s" }"#);
        let late: Vec<_> = (0..)
            .zip(until(&*model, 1, Span::from_secs(2000)))
            .map(|(k, at)| at.as_secs_f64() - f64::from(k))
            .collect();
        let mean = late.iter().sum::<f64>() / late.len() as f64;
        assert!(late.iter().all(|late| (0.0..=1.0).contains(late)));
        // Five standard errors of the mean of 2000 uniform numbers.
        assert!((mean - 0.5).abs() < 5.0 * (1.0 / 12.0 / 2000f64).sqrt(), "{mean}");
    }
}
