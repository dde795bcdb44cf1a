//! A daily wave with a factor per day of the week.

use std::f64::consts::TAU;

use serde::{Deserialize, Serialize};

use super::calendar::Start;
use super::{ArrivalModel, ArrivalProcess};
use crate::amount::Rate;
use crate::random::Stream;
use crate::time::{Span, Time};
use crate::workload::validate::{self, Invalid};

const DAY: Span = Span::from_secs(86_400);
const MINUTE: Span = Span::from_secs(60);

/// Poisson arrivals with the rate of the time of day and of week: rate x week factor x (1 + amplitude x cos(2 pi (time of
/// day - peak) / 24 h)). Drawn by thinning under the highest rate of each day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Diurnal {
    /// Mean number of arrivals per unit of time, over a whole week.
    pub rate: Rate,
    /// Height of the wave, from 0 (none) to 1 (no arrivals at the lowest point). 0.33 makes the night half of the peak, as
    /// in the whole Azure Functions 2019 trace (Shahrad et al., ATC 2020: a constant base of about 50 %).
    pub amplitude: f64,
    /// Time of day of the highest rate. Default: "14h".
    #[serde(default = "two_o_clock")]
    pub peak: Span,
    /// Weights of the days from Monday to Sunday; only their proportions count. Default: all the same.
    #[serde(default = "same_every_day")]
    pub week: [f64; 7],
    /// Date and time (UTC) at which the run begins. Default: "2019-07-15T00:00", a Monday.
    #[serde(default)]
    pub start: Start,
}

fn two_o_clock() -> Span {
    Span::from_secs(14 * 3600)
}

fn same_every_day() -> [f64; 7] {
    [1.0; 7]
}

impl Diurnal {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        validate::rate("rate", self.rate)?;
        validate::number("amplitude", self.amplitude, 0.0..=1.0)?;
        validate::ordered("peak", &self.peak, "24h", &DAY)?;
        self.week.iter().try_for_each(|weight| validate::number("week", *weight, 0.0..=1e6))?;
        validate::positive("sum of week", self.week.iter().sum())
    }
}

impl ArrivalModel for Diurnal {
    fn open(&self) -> Box<dyn ArrivalProcess> {
        let highest = self.rate.as_per_second() / 1e9 * (1.0 + self.amplitude) * 7.0 / self.week.iter().sum::<f64>();
        Box::new(Process {
            at: Time::ZERO,
            start: self.start.minute_of_week() as u64 * MINUTE.as_nanos(),
            highest: self.week.map(|weight| weight * highest),
            amplitude: self.amplitude,
            peak: self.peak.as_nanos() as f64,
        })
    }

    fn mean_rate(&self) -> Option<f64> {
        Some(self.rate.as_per_second())
    }
}

struct Process {
    at: Time,
    /// Nanoseconds from Monday 00:00 to the start of the run.
    start: u64,
    /// Highest rate of each day, per nanosecond.
    highest: [f64; 7],
    amplitude: f64,
    peak: f64,
}

impl Process {
    /// Whether an arrival under the highest rate is one under the rate at `time_of_day`, too.
    fn accepts(&self, time_of_day: f64, stream: &mut Stream) -> bool {
        let level = stream.uniform() * (1.0 + self.amplitude);
        // Below the lowest point of the wave the cosine is not needed.
        level < 1.0 - self.amplitude
            || level < 1.0 + self.amplitude * libm::cos(TAU * (time_of_day - self.peak) / DAY.as_nanos() as f64)
    }
}

impl ArrivalProcess for Process {
    /// O(1), and one more step for each midnight. At least half of the candidates are accepted, on the mean.
    fn next(&mut self, stream: &mut Stream) -> Option<Time> {
        while self.at < Time::NEVER {
            let since_monday = self.at.as_nanos().checked_add(self.start)?;
            let (day, time_of_day) = (since_monday / DAY.as_nanos() % 7, since_monday % DAY.as_nanos());
            let until_midnight = DAY.as_nanos() - time_of_day;
            let gap = stream.exponential() / self.highest[day as usize];
            if gap >= until_midnight as f64 {
                self.at = self.at + Span::from_nanos(until_midnight);
                continue;
            }
            self.at = self.at + Span::from_nanos_f64(gap);
            if self.accepts(time_of_day as f64 + gap, stream) {
                return Some(self.at);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{counts, model, read};
    use super::*;

    /// Compares the arrivals of each hour of three weeks with the integral of the rate over that hour.
    #[test]
    fn every_hour_has_the_rate_of_the_formula() {
        let model = model(
            r#"diurnal = { rate = "200/h", amplitude = 0.8, peak = "9h", week = [2, 2, 2, 2, 2, 1, 0], start = "2019-07-18T06:00" }"#,
        );
        let found = counts(&*model, 1, Span::from_secs(3600), 3 * 168);
        let mut chi_squared = 0.0;
        for hour in 0..168 {
            let (day, from) = ((3 + (hour + 6) / 24) % 7, ((hour + 6) % 24) as f64 - 9.0);
            let wave = |hour: f64| (TAU * hour / 24.0).sin() * 24.0 / TAU;
            let weight = [2.0, 2.0, 2.0, 2.0, 2.0, 1.0, 0.0][day] * 7.0 / 11.0;
            let expected = 3.0 * 200.0 * weight * (1.0 + 0.8 * (wave(from + 1.0) - wave(from)));
            let found: f64 = (0..3).map(|week| found[week * 168 + hour]).sum();
            if expected == 0.0 {
                assert_eq!(found, 0.0, "hour {hour}");
            } else {
                chi_squared += (found - expected).powi(2) / expected;
            }
        }
        // 144 hours are not empty: mean 144, standard deviation sqrt(288) = 17.
        assert!((chi_squared - 144.0).abs() < 4.0 * 288f64.sqrt(), "{chi_squared}");
    }

    #[test]
    fn waves_that_cannot_be_are_refused() {
        for (text, reason) in [
            (r#"diurnal = { rate = "1/s", amplitude = 1.5 }"#, "`amplitude` is 1.5; expected a number from 0 to 1"),
            (r#"diurnal = { rate = "1/s", amplitude = 0.5, peak = "25h" }"#, "`peak` is above `24h`"),
            (r#"diurnal = { rate = "1/s", amplitude = 0.5, week = [0, 0, 0, 0, 0, 0, 0] }"#, "`sum of week` is 0"),
            (r#"diurnal = { rate = "1/s", amplitude = 0.5, week = [1, 1] }"#, "array of length 7"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }
}
