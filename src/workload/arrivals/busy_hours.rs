//! A week in five numbers: mean, peak, busy hours, weekends.

use serde::{Deserialize, Serialize};

use super::calendar::Start;
use super::piecewise::{Piece, Piecewise};
use crate::amount::Rate;
use crate::time::Span;
use crate::workload::validate::{self, Invalid};

/// Poisson arrivals of a service of which only five numbers are known. In the busy hours of a weekday the rate is the peak; in the
/// others it is what gives the mean over a whole week; on Saturday and Sunday all of it is multiplied by a factor.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BusyHours {
    /// Mean number of arrivals per unit of time, over a whole week.
    pub mean: Rate,
    /// The rate in the busy hours of a weekday.
    pub peak: Rate,
    /// When they begin. Default: "8h".
    #[serde(default = "morning")]
    pub from: Span,
    /// When they end, at most "24h". Default: "18h".
    #[serde(default = "evening")]
    pub to: Span,
    /// The rate on Saturday and Sunday as a multiple of that of weekdays. Default: 1.
    #[serde(default = "one")]
    pub weekend: f64,
    /// Date and time (UTC) at which the run begins. Default: "2019-07-15T00:00", a Monday.
    #[serde(default)]
    pub start: Start,
}

const fn morning() -> Span {
    Span::from_secs(8 * 3_600)
}

const fn evening() -> Span {
    Span::from_secs(18 * 3_600)
}

const fn one() -> f64 {
    1.0
}

const DAY: Span = Span::from_secs(86_400);

impl BusyHours {
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        validate::rate("mean", self.mean)?;
        validate::rate("peak", self.peak)?;
        validate::number("weekend", self.weekend, 0.0..=1e3)?;
        validate::ordered("from", &self.from, "to", &self.to)?;
        validate::ordered("to", &self.to, "24h", &DAY)?;
        let quiet = self.quiet();
        if quiet < 0.0 {
            return Err(Invalid::new(
                "the busy hours alone bring more than the `mean`; expected a lower `peak`, a shorter time from `from` to `to`, or a \
                 higher `mean`",
            ));
        }
        if quiet > self.peak.as_per_second() || !quiet.is_finite() {
            return Err(Invalid::new(format!(
                "the hours outside would be busier than the `peak`; expected a `peak` above {}",
                Rate::per_second(self.weekday_mean()).unwrap_or_default()
            )));
        }
        Ok(())
    }

    /// Per second, over a weekday.
    fn weekday_mean(&self) -> f64 {
        self.mean.as_per_second() * 7.0 / (5.0 + 2.0 * self.weekend)
    }

    /// Per second, in the other hours of a weekday.
    fn quiet(&self) -> f64 {
        let busy = self.to.saturating_sub(self.from).as_secs_f64() / DAY.as_secs_f64();
        (self.weekday_mean() - busy * self.peak.as_per_second()) / (1.0 - busy)
    }

    /// The rates of a week from Monday, 00:00.
    fn week(&self) -> Vec<(f64, Span)> {
        let (quiet, peak) = (self.quiet(), self.peak.as_per_second());
        let day = [(quiet, self.from), (peak, self.to.saturating_sub(self.from)), (quiet, DAY.saturating_sub(self.to))];
        let factor = |weekday: usize| if weekday < 5 { 1.0 } else { self.weekend };
        (0..7).flat_map(|weekday| day.map(|(rate, length)| (rate * factor(weekday), length))).collect()
    }

    pub(super) fn model(self) -> Piecewise {
        let mut week = self.week();
        // The run begins in the middle of the week.
        let mut offset = Span::from_secs(self.start.minute_of_week() as u64 * 60);
        while let Some((rate, length)) = week.first().copied() {
            if length > offset {
                week[0].1 = length.saturating_sub(offset);
                week.push((rate, offset));
                break;
            }
            offset = offset.saturating_sub(length);
            week.rotate_left(1);
        }
        let pieces = week.into_iter().filter(|(_, length)| *length > Span::ZERO);
        let piece = |(rate, length): (f64, Span)| Piece::flat(Rate::per_second(rate).unwrap_or_default(), length);
        Piecewise { pieces: pieces.map(piece).collect(), repeat: true, mean_rate: self.mean.as_per_second() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{counts, model, read};
    use super::*;

    /// From Thursday noon on: 20 an hour at night, 100 in ten busy hours, half of both at weekends.
    #[test]
    fn every_hour_of_the_week_has_its_rate() {
        let weekday: f64 = (14.0 * 20.0 + 10.0 * 100.0) / 24.0;
        let mean = weekday * 6.0 / 7.0;
        let model = model(&format!(
            "busy_hours = {{ mean = \"{mean}/h\", peak = \"100/h\", weekend = 0.5, start = \"2019-07-18T12:00\" }}"
        ));
        let found = counts(&*model, 1, Span::from_secs(3600), 20 * 168);
        for hour in 0..168 {
            let (day, clock) = ((3 + (hour + 12) / 24) % 7, (hour + 12) % 24);
            let rate = if (8..18).contains(&clock) { 100.0 } else { 20.0 };
            let expected = if day < 5 { rate } else { rate / 2.0 };
            let seen = found.iter().skip(hour).step_by(168).sum::<f64>() / 20.0;
            assert!((seen - expected).abs() < 5.0 * (expected / 20.0).sqrt(), "hour {hour}: {seen} for {expected}");
        }
    }

    #[test]
    fn numbers_that_do_not_fit_are_refused() {
        for (keys, reason) in [
            ("mean = \"10/s\", peak = \"100/s\"", "the busy hours alone bring more than the `mean`"),
            ("mean = \"10/s\", peak = \"9/s\"", "expected a `peak` above 10/s"),
            ("mean = \"10/s\", peak = \"12/s\", from = \"20h\", to = \"8h\"", "`from` is above `to`"),
            ("mean = \"10/s\", peak = \"12/s\", to = \"25h\"", "`to` is above `24h`"),
            ("mean = \"0/s\", peak = \"12/s\"", "`mean` is zero"),
        ] {
            let error = read(&format!("busy_hours = {{ {keys} }}")).unwrap_err();
            assert!(error.contains(reason), "{keys}: {error}");
        }
    }
}
