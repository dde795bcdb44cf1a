//! Cron expressions as bit masks.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::super::calendar::{DAYS_PER_CYCLE, Date, MINUTES_PER_DAY, weekday};
use crate::workload::validate::Invalid;

/// A cron expression of five fields, such as "*/15 8-17 * * MON-FRI".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct CronExpression {
    text: String,
    /// Bit n stands for the value n.
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    /// Bit 0 is Monday.
    weekdays: u64,
    /// Whether one of day of month and day of week is enough.
    either_day: bool,
}

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// A field of the expression: its name, its values, and the names of the first of them.
struct Field {
    what: &'static str,
    values: RangeInclusive<u32>,
    names: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field { what: "minute", values: 0..=59, names: &[] },
    Field { what: "hour", values: 0..=23, names: &[] },
    Field { what: "day of the month", values: 1..=31, names: &[] },
    Field { what: "month", values: 1..=12, names: &MONTHS },
    Field { what: "day of the week", values: 0..=7, names: &WEEKDAYS },
];

impl Field {
    /// The values that `text` names, as bits.
    fn parse(&self, text: &str) -> Result<u64, Invalid> {
        text.split(',').try_fold(0, |mask, item| Ok(mask | self.parse_item(item)?))
    }

    fn parse_item(&self, item: &str) -> Result<u64, Invalid> {
        let (range, step) = item.split_once('/').map_or((item, None), |(range, step)| (range, Some(step)));
        let (low, high) = match (range, range.split_once('-'), step) {
            ("*", ..) => (*self.values.start(), *self.values.end()),
            (_, Some((low, high)), _) => (self.value(low)?, self.value(high)?),
            // "5/10" means from 5 on.
            (_, None, Some(_)) => (self.value(range)?, *self.values.end()),
            (_, None, None) => (self.value(range)?, self.value(range)?),
        };
        let step = step.unwrap_or("1").parse::<u32>().ok().filter(|step| *step > 0 && low <= high);
        let step = step.ok_or_else(|| self.error(item))?;
        Ok((low..=high).step_by(step as usize).fold(0, |mask, value| mask | 1 << value))
    }

    fn value(&self, text: &str) -> Result<u32, Invalid> {
        let named = self.names.iter().zip(*self.values.start()..).find(|(name, _)| name.eq_ignore_ascii_case(text));
        let value = named.map(|(_, value)| value).or_else(|| text.parse().ok());
        value.filter(|value| self.values.contains(value)).ok_or_else(|| self.error(text))
    }

    fn error(&self, text: &str) -> Invalid {
        let (low, high) = (self.values.start(), self.values.end());
        Invalid::new(format!(
            "\"{text}\" cannot be the {} of a cron expression; expected {low} to {high}, *, a-b, */n or a list",
            self.what
        ))
    }
}

impl TryFrom<String> for CronExpression {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        let fields: Vec<_> = text.split_whitespace().collect();
        let [minute, hour, day, month, weekday] = fields[..] else {
            let found = fields.len();
            return Err(Invalid::new(format!(
                "\"{text}\" has {found} fields; expected 5: minute hour day month weekday"
            )));
        };
        let sunday_first = FIELDS[4].parse(weekday)?;
        let expression = Self {
            minutes: FIELDS[0].parse(minute)?,
            hours: FIELDS[1].parse(hour)?,
            days: FIELDS[2].parse(day)?,
            months: FIELDS[3].parse(month)?,
            // From bits 0 and 7 for Sunday to bit 6 for Sunday.
            weekdays: sunday_first >> 1 & 0x7F | (sunday_first & 1) << 6,
            either_day: !day.starts_with('*') && !weekday.starts_with('*'),
            text,
        };
        if expression.matching_days().next().is_none() {
            return Err(Invalid::new(format!("\"{}\" never matches; expected a date that exists", expression.text)));
        }
        Ok(expression)
    }
}

impl From<CronExpression> for String {
    fn from(expression: CronExpression) -> Self {
        expression.text
    }
}

impl CronExpression {
    /// The first matching minute since 1970-01-01T00:00 that is not before `from`.
    pub(crate) fn next(&self, from: i64) -> i64 {
        let (mut day, mut minute) = (from.div_euclid(MINUTES_PER_DAY), from.rem_euclid(MINUTES_PER_DAY));
        loop {
            if self.matches_day(day)
                && let Some(found) = self.next_in_day(minute)
            {
                return day * MINUTES_PER_DAY + found;
            }
            (day, minute) = (day + 1, 0);
        }
    }

    /// Long-run mean number of matches per second.
    pub(super) fn mean_rate(&self) -> f64 {
        let per_day = f64::from(self.minutes.count_ones() * self.hours.count_ones());
        per_day * self.matching_days().count() as f64 / DAYS_PER_CYCLE as f64 / 86_400.0
    }

    fn next_in_day(&self, minute: i64) -> Option<i64> {
        let (hour, minute) = (minute / 60, minute % 60);
        if self.hours >> hour & 1 == 1 {
            let left = self.minutes >> minute;
            if left != 0 {
                return Some(hour * 60 + minute + i64::from(left.trailing_zeros()));
            }
        }
        let later = self.hours >> (hour + 1);
        (later != 0)
            .then(|| (hour + 1 + i64::from(later.trailing_zeros())) * 60 + i64::from(self.minutes.trailing_zeros()))
    }

    fn matches_day(&self, days: i64) -> bool {
        let date = Date::from_days(days);
        let by_date = self.days >> date.day & 1 == 1;
        let by_weekday = self.weekdays >> weekday(days) & 1 == 1;
        let day = if self.either_day { by_date || by_weekday } else { by_date && by_weekday };
        day && self.months >> date.month & 1 == 1
    }

    /// In one cycle of the calendar, in which every date occurs on every weekday that it ever falls on.
    fn matching_days(&self) -> impl Iterator<Item = i64> {
        (0..DAYS_PER_CYCLE).filter(|day| self.matches_day(*day))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::calendar::Start;
    use super::*;

    fn parse(text: &str) -> Result<CronExpression, Invalid> {
        CronExpression::try_from(text.to_owned())
    }

    #[test]
    fn the_next_match_is_that_of_the_calendar() {
        for (text, from, expected) in [
            ("* * * * *", "2019-07-15T00:00", "2019-07-15T00:00"),
            ("*/15 * * * *", "2019-07-15T00:01", "2019-07-15T00:15"),
            ("5/20 3 * * *", "2019-07-15T03:26", "2019-07-15T03:45"),
            ("30 23 31 * *", "2019-09-01T00:00", "2019-10-31T23:30"),
            ("0 0 29 2 *", "2097-01-01T00:00", "2104-02-29T00:00"),
            ("0 12 * * sun", "2019-07-15T00:00", "2019-07-21T12:00"),
            ("0 12 * * 7", "2019-07-15T00:00", "2019-07-21T12:00"),
            ("0 12 * JAN,jul 5-6", "2019-07-28T00:00", "2020-01-03T12:00"),
            // Restricted both ways: the 20th or a Friday.
            ("0 0 20 * FRI", "2019-07-15T00:00", "2019-07-19T00:00"),
            ("0 0 20 * FRI", "2019-07-19T00:01", "2019-07-20T00:00"),
            ("0 0 */2 * FRI", "2019-07-15T00:00", "2019-07-19T00:00"),
        ] {
            let minute = |text: &str| Start::try_from(text.to_owned()).unwrap().minutes();
            assert_eq!(parse(text).unwrap().next(minute(from)), minute(expected), "{text} from {from}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (text, reason) in [
            ("* * * *", "has 4 fields; expected 5"),
            ("60 * * * *", "\"60\" cannot be the minute"),
            ("* 5-3 * * *", "\"5-3\" cannot be the hour"),
            ("* * 0 * *", "\"0\" cannot be the day of the month"),
            ("*/0 * * * *", "\"*/0\" cannot be the minute"),
            ("* * * FOO *", "\"FOO\" cannot be the month"),
            ("* * * * 1,,2", "\"\" cannot be the day of the week"),
            ("0 0 30 2 *", "never matches"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn rates_count_every_day_of_the_calendar() {
        let per_day = |text: &str| parse(text).unwrap().mean_rate() * 86_400.0;
        assert!((per_day("*/5 * * * *") - 288.0).abs() < 1e-9);
        assert!((per_day("0 0 * * MON-FRI") - 5.0 / 7.0).abs() < 1e-9);
        assert!((per_day("0 0 29 2 *") - 97.0 / 146_097.0).abs() < 1e-12);
    }
}
