//! Dates: how old a figure is.

use toml::value::Date;

/// Prices older than this many days deserve a look at the provider's page.
pub const OLD: i64 = 180;

/// Days from 1 January 1970 to a date, in the Gregorian calendar.
///
/// Years begin in March, so that the leap day is the last; 400 years have 146,097 days (Fliegel and Van Flandern, "A Machine
/// Algorithm for Processing Calendar Dates", CACM 11(10), 1968, has the same idea).
pub fn days(date: Date) -> i64 {
    let (year, month, day) = (i64::from(date.year), i64::from(date.month), i64::from(date.day));
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let in_year = (153 * month + 2) / 5 + day - 1;
    // 719,468 days from 1 March of year 0 to 1 January 1970.
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + in_year - 719_468
}

/// The date of a day that is counted from 1 January 1970.
pub fn date(days: i64) -> Option<Date> {
    // A guess that is never late, and at most a year early.
    let mut year = 1970 + days.div_euclid(366);
    while self::days(first(year + 1)?) <= days {
        year += 1;
    }
    let month = (1..=12).rev().find(|month| first_of(year, *month).is_some_and(|date| self::days(date) <= days))?;
    let start = first_of(year, month)?;
    Some(Date { day: u8::try_from(1 + days - self::days(start)).ok()?, ..start })
}

fn first(year: i64) -> Option<Date> {
    first_of(year, 1)
}

fn first_of(year: i64, month: u8) -> Option<Date> {
    Some(Date { year: u16::try_from(year).ok()?, month, day: 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Date {
        text.parse::<toml::value::Datetime>().unwrap().date.unwrap()
    }

    #[test]
    fn days_are_counted_from_1970() {
        for (text, count) in [
            ("1970-01-01", 0),
            ("1970-03-01", 59),
            ("1972-02-29", 789),
            ("2000-02-29", 11_016),
            ("2000-03-01", 11_017),
            ("2026-11-20", 20_777),
        ] {
            assert_eq!(days(read(text)), count, "{text}");
            assert_eq!(date(count), Some(read(text)), "{text}");
        }
    }

    #[test]
    fn every_day_of_400_years_follows_the_one_before() {
        for day in (0..146_097).step_by(7) {
            assert_eq!(days(date(day).unwrap()), day);
        }
    }
}
