//! The calendar: which weekday and date an instant of the run falls on. UTC, without daylight saving.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::workload::validate::Invalid;

pub(super) const MINUTES_PER_DAY: i64 = 1440;

/// Days until the Gregorian calendar repeats, weekdays included.
pub(super) const DAYS_PER_CYCLE: i64 = 146_097;

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Date {
    pub year: i64,
    /// From 1.
    pub month: u32,
    /// From 1.
    pub day: u32,
}

impl Date {
    /// The date `days` days after 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms", civil_from_days).
    pub fn from_days(days: i64) -> Self {
        let shifted = days + 719_468;
        let era = shifted.div_euclid(DAYS_PER_CYCLE);
        let day_of_era = shifted.rem_euclid(DAYS_PER_CYCLE);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        // Years of this algorithm begin in March, so that the leap day is the last.
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        Self { year: year_of_era + era * 400 + carry, month: month as u32, day: day as u32 }
    }

    /// Days since 1970-01-01 (idem, days_from_civil).
    pub fn to_days(self) -> i64 {
        let (month, carry) = if self.month > 2 { (self.month - 3, 0) } else { (self.month + 9, 1) };
        let year = self.year - carry;
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * i64::from(month) + 2) / 5 + i64::from(self.day) - 1;
        era * DAYS_PER_CYCLE + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }
}

/// Weekday of a day since 1970-01-01, which was a Thursday: 0 is Monday.
pub(super) fn weekday(days: i64) -> usize {
    (days + 3).rem_euclid(7) as usize
}

/// Date and time (UTC) at which the run begins, such as "2019-07-15T00:00".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Start {
    /// Minutes since 1970-01-01T00:00.
    minutes: i64,
}

impl Start {
    /// Minutes since 1970-01-01T00:00.
    pub(crate) fn minutes(self) -> i64 {
        self.minutes
    }

    /// Minutes since the last Monday, 00:00.
    pub(super) fn minute_of_week(self) -> i64 {
        let days = self.minutes.div_euclid(MINUTES_PER_DAY);
        weekday(days) as i64 * MINUTES_PER_DAY + self.minutes.rem_euclid(MINUTES_PER_DAY)
    }

    fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.split_once('T')?;
        let mut date = date.splitn(3, '-');
        let mut part = |digits: usize| {
            let part = date.next()?;
            (part.len() == digits && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u32>().ok())?
        };
        let date = Date { year: part(4)?.into(), month: part(2)?, day: part(2)? };
        let (hour, minute) = time.split_once(':')?;
        let (hour, minute): (u8, u8) = (hour.parse().ok()?, minute.parse().ok()?);
        let exists = (1..=12).contains(&date.month) && Date::from_days(date.to_days()) == date;
        (exists && hour < 24 && minute < 60)
            .then(|| Self { minutes: date.to_days() * MINUTES_PER_DAY + i64::from(hour) * 60 + i64::from(minute) })
    }
}

impl Default for Start {
    /// 2019-07-15T00:00, a Monday: the first minute of the Azure Functions 2019 trace.
    fn default() -> Self {
        Self { minutes: Date { year: 2019, month: 7, day: 15 }.to_days() * MINUTES_PER_DAY }
    }
}

impl TryFrom<String> for Start {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text).ok_or_else(|| {
            Invalid::new(format!("\"{text}\" is not a date and time; expected one such as \"2019-07-15T00:00\""))
        })
    }
}

impl From<Start> for String {
    fn from(start: Start) -> Self {
        start.to_string()
    }
}

impl fmt::Display for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Date { year, month, day } = Date::from_days(self.minutes.div_euclid(MINUTES_PER_DAY));
        let minute = self.minutes.rem_euclid(MINUTES_PER_DAY);
        write!(f, "{year:04}-{month:02}-{day:02}T{:02}:{:02}", minute / 60, minute % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_days_agree_and_days_follow_each_other() {
        assert_eq!(Date { year: 1970, month: 1, day: 1 }.to_days(), 0);
        assert_eq!(Date { year: 2000, month: 3, day: 1 }.to_days(), 11_017);
        for days in -800_000..800_000 {
            assert_eq!(Date::from_days(days).to_days(), days);
        }
    }

    #[test]
    fn starts_are_read_and_written() {
        for (text, minute_of_week) in
            [("2019-07-15T00:00", 0), ("2020-02-29T13:05", 5 * 1440 + 785), ("1969-12-31T23:59", 3 * 1440 - 1)]
        {
            let start = Start::try_from(text.to_owned()).unwrap();
            assert_eq!(start.to_string(), text);
            assert_eq!(start.minute_of_week(), minute_of_week, "{text}");
        }
        for text in
            ["2019-02-29T00:00", "2019-07-15", "2019-7-15T00:00", "2019-13-01T00:00", "2019-07-15T24:00", "Monday", ""]
        {
            let error = Start::try_from(text.to_owned()).unwrap_err().to_string();
            assert!(error.contains("2019-07-15T00:00"), "{error}");
        }
    }
}
