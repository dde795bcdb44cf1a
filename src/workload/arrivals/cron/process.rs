//! The minutes that an expression matches, one after the other.

use serde::{Deserialize, Serialize};

use super::CronExpression;
use crate::random::Stream;
use crate::time::{Span, Time};
use crate::workload::arrivals::calendar::Start;
use crate::workload::arrivals::timer::delay;
use crate::workload::arrivals::{ArrivalModel, ArrivalProcess};
use crate::workload::validate::{self, Invalid};

/// One arrival per minute that a cron expression matches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cron {
    /// Minute (0-59), hour (0-23), day of the month (1-31), month (1-12 or JAN-DEC), day of the week (0-7 or SUN-SAT; 0 and 7
    /// are Sunday), each `*`, a number, a range `a-b`, any of these with a step `/n`, or a list with commas. As in Unix cron,
    /// when both day of the month and day of the week are restricted, a day that matches either one counts.
    pub expression: CronExpression,
    /// Date and time (UTC) at which the run begins. Default: "2019-07-15T00:00", a Monday.
    #[serde(default)]
    pub start: Start,
    /// Every arrival is late by a uniform time up to this; at most a minute. Default: "0s".
    #[serde(default)]
    pub jitter: Span,
}

impl Cron {
    pub(in crate::workload::arrivals) fn validate(&self) -> Result<(), Invalid> {
        validate::ordered("jitter", &self.jitter, "one minute", &Span::from_secs(60))
    }
}

impl ArrivalModel for Cron {
    fn open(&self) -> Box<dyn ArrivalProcess + '_> {
        Box::new(Process { cron: self, from_minute: self.start.minutes() })
    }

    fn mean_rate(&self) -> Option<f64> {
        Some(self.expression.mean_rate())
    }
}

struct Process<'a> {
    cron: &'a Cron,
    from_minute: i64,
}

impl ArrivalProcess for Process<'_> {
    /// Skips to the next match by bit masks: O(1), and one more step for each day without a match.
    fn next(&mut self, stream: &mut Stream) -> Option<Time> {
        let minute = self.cron.expression.next(self.from_minute);
        self.from_minute = minute + 1;
        let since_start = u64::try_from(minute - self.cron.start.minutes()).ok()?;
        let nanos = since_start.checked_mul(Span::from_secs(60).as_nanos())?;
        Some(Time::from_nanos(nanos) + delay(self.cron.jitter, stream))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workload::arrivals::testing::{model, until};

    #[test]
    fn working_hours_of_a_week() {
        let model = model(r#"cron = { expression = "*/15 8-17 * * MON-FRI", start = "2019-07-19T17:20" }"#);
        let minutes: Vec<_> =
            until(&*model, 1, Span::from_secs(4 * 86_400)).iter().map(|at| at.as_nanos() / 60_000_000_000).collect();
        // Friday 17:30 and 17:45, then Monday from 8:00 on, then Tuesday until 17:15.
        assert_eq!(minutes[..4], [10, 25, 62 * 60 + 40, 62 * 60 + 55]);
        assert_eq!(minutes.len(), 2 + 40 + 38);
    }
}
