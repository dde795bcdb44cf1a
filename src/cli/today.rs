//! The date of today, which decides how old prices are.

use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use toml::value::{Date, Datetime};

use crate::billing::date;

/// Today, or another day.
#[derive(Debug, Clone, Args)]
pub struct Today {
    /// The date from which the age of prices is counted [default: today].
    #[arg(long = "today", value_name = "YYYY-MM-DD", value_parser = read, hide = true)]
    chosen: Option<Date>,
}

impl Today {
    /// How many days ago a date was.
    pub fn age(&self, of: Date) -> i64 {
        let clock = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() / 86_400);
        let today = self.chosen.map_or_else(|| i64::try_from(clock()).unwrap_or(0), date::days);
        today - date::days(of)
    }
}

fn read(text: &str) -> Result<Date, String> {
    let date = text.parse::<Datetime>().ok().and_then(|datetime| datetime.date);
    date.ok_or_else(|| format!("\"{text}\" is not a date; expected one such as 2026-11-20"))
}
