//! Numbers as people read them: units, sensible digits, thousands separators.

use crate::experiment::Estimate;

/// What is shown for a figure that does not exist, such as the mean of nothing.
const NONE: &str = "-";

/// From here on figures are written with a power of ten.
const LARGE: f64 = 1e12;
/// Below this, too.
const SMALL: f64 = 1e-6;

/// How a figure and its interval are shown: both in the same unit and with the same decimals.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    divisor: f64,
    /// `None`: with a power of ten.
    decimals: Option<usize>,
    prefix: String,
    suffix: String,
}

impl Shown {
    fn new(divisor: f64, value: f64, decimals: usize, suffix: &str) -> Self {
        let size = (value / divisor).abs();
        let decimals = Some(decimals).filter(|_| size == 0.0 || (SMALL..LARGE).contains(&size));
        Self { divisor, decimals, prefix: String::new(), suffix: suffix.into() }
    }

    /// The figure with its unit.
    pub fn value(&self, value: f64) -> String {
        if !value.is_finite() {
            return NONE.into();
        }
        let number = self.number(value.abs(), 3);
        let sign = if value < 0.0 && significant_digits(&number) { "-" } else { "" };
        format!("{sign}{}{number}{}", self.prefix, self.suffix)
    }

    /// The interval of a figure as `± 3.1`; nothing if there is one replication.
    pub fn interval(&self, estimate: &Estimate) -> String {
        let half = estimate.half_width();
        let shown = self.number(half, 1);
        match (estimate.n, self.decimals) {
            (0 | 1, _) => String::new(),
            _ if !half.is_finite() => String::new(),
            _ if half == 0.0 => "± 0".into(),
            (_, Some(decimals)) if !significant_digits(&shown) => {
                format!("± <{:.decimals$}", libm::pow(10.0, -(decimals as f64)))
            }
            _ => format!("± {shown}"),
        }
    }

    /// A number that is not negative; `digits` is the number of decimals of one with a power of ten.
    fn number(&self, value: f64, digits: usize) -> String {
        let value = value / self.divisor;
        match self.decimals {
            Some(decimals) if value < LARGE / 1e3 || decimals == 0 && value < LARGE => grouped(value, decimals),
            _ => format!("{value:.digits$e}"),
        }
    }
}

fn significant_digits(number: &str) -> bool {
    number.contains(|digit: char| ('1'..='9').contains(&digit))
}

/// A count: whole, or with up to two decimals when it is a small mean.
pub fn count(value: f64) -> Shown {
    let decimals = if value.fract() == 0.0 { 0 } else { decimals(value, 3).min(2) };
    Shown::new(1.0, value, decimals, "")
}

/// A mean of something that is counted, such as instances over time, with four significant digits.
pub fn average(value: f64) -> Shown {
    Shown::new(1.0, value, decimals(value, 4), "")
}

/// A figure with four significant digits and a unit.
pub fn quantity(value: f64, unit: &str) -> Shown {
    Shown::new(1.0, value, decimals(value, 4), &format!(" {unit}"))
}

/// A share of 0 to 1 as a percentage with three significant digits, and more if it is nearly all.
pub fn percent(ratio: f64) -> Shown {
    let percent = ratio * 100.0;
    let rest = if (90.0..100.0).contains(&percent) { decimals(100.0 - percent, 1) } else { 0 };
    Shown::new(0.01, ratio, decimals(percent, 3).max(rest), " %")
}

/// `part` of `whole` as a percentage with three significant digits.
pub fn percent_of(part: f64, whole: f64) -> String {
    let ratio = if whole == 0.0 { 0.0 } else { part / whole };
    percent(ratio).value(ratio)
}

/// Milliseconds in the unit that suits them, with four significant digits.
pub fn duration(millis: f64) -> Shown {
    let (divisor, unit) = time_unit(millis);
    Shown::new(divisor, millis, decimals(millis / divisor, 4).min(3), unit)
}

/// The unit that suits a time in milliseconds: how many milliseconds it has, and its symbol after a space.
pub fn time_unit(millis: f64) -> (f64, &'static str) {
    match significant(millis.abs(), 4) {
        0.0 => (1.0, " ms"),
        x if x < 1.0 => (1e-3, " µs"),
        x if x < 1e3 => (1.0, " ms"),
        x if x < 3.6e6 => (1e3, " s"),
        x if x < 1.728e8 => (3.6e6, " h"),
        _ => (8.64e7, " d"),
    }
}

/// An amount of money: two decimals, three significant digits below one, whole from a million.
pub fn money(amount: f64, currency: &str) -> Shown {
    let decimals = match amount.abs() {
        0.0 => 2,
        x if x >= 1e6 => 0,
        x => decimals(x, 3).max(2),
    };
    let prefix = match currency {
        "USD" => "$".into(),
        "EUR" => "€".into(),
        "GBP" => "£".into(),
        code => format!("{code} "),
    };
    Shown { prefix, ..Shown::new(1.0, amount, decimals, "") }
}

/// An amount of money on an axis: few digits, thousands as `k`.
pub fn short_money(amount: f64, currency: &str) -> String {
    let (divisor, letter) = match amount.abs() {
        x if x >= 1e6 => (1e6, "M"),
        x if x >= 1e3 => (1e3, "k"),
        _ => (1.0, ""),
    };
    let value = amount / divisor;
    let shown = Shown { suffix: letter.into(), ..money(value, currency) };
    let decimals = if value.fract() == 0.0 { Some(0) } else { shown.decimals };
    Shown { decimals, ..shown }.value(value)
}

/// Decimals that show `digits` significant digits, at most 9; none for zero and whatever is not a number.
fn decimals(value: f64, digits: i32) -> usize {
    let value = significant(value.abs(), digits);
    if value == 0.0 || !value.is_finite() {
        return 0;
    }
    let magnitude = libm::floor(libm::log10(value)) as i32;
    (digits - 1 - magnitude).clamp(0, 9) as usize
}

/// `value` rounded to `digits` significant digits.
fn significant(value: f64, digits: i32) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    format!("{value:.*e}", (digits - 1) as usize).parse().unwrap_or(value)
}

/// A number that is not negative, with thousands separators.
fn grouped(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let whole = text.find('.').unwrap_or(text.len());
    let mut out = String::new();
    for (place, digit) in text.chars().enumerate() {
        if (1..whole).contains(&place) && (whole - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_take_the_unit_that_suits_them() {
        for (millis, text) in [
            (0.0, "0 ms"),
            (0.000_012, "0.012 µs"),
            (0.25, "250.0 µs"),
            (0.999_99, "1.000 ms"),
            (412.34, "412.3 ms"),
            (999.99, "1.000 s"),
            (1_213.0, "1.213 s"),
            (3_599_000.0, "3,599 s"),
            (3_600_000.0, "1.000 h"),
            (1.2e9, "13.89 d"),
            (f64::NAN, "-"),
        ] {
            assert_eq!(duration(millis).value(millis), text);
        }
    }

    #[test]
    fn counts_shares_and_money() {
        assert_eq!(count(1_234_567.0).value(1_234_567.0), "1,234,567");
        assert_eq!(count(603.4).value(603.4), "603");
        assert_eq!(count(2.25).value(2.25), "2.25");
        assert_eq!(percent(0.0084).value(0.0084), "0.840 %");
        assert_eq!(percent(1.0).value(1.0), "100 %");
        assert_eq!(percent(0.99972).value(0.99972), "99.97 %");
        assert_eq!(percent(0.0).value(0.0), "0 %");
        assert_eq!(percent(1.1e-7).value(1.1e-7), "0.0000110 %");
        assert_eq!(money(0.0, "USD").value(0.0), "$0.00");
        assert_eq!(money(12_345.678, "USD").value(12_345.678), "$12,345.68");
        assert_eq!(money(-0.0144, "USD").value(-0.0144), "-$0.0144");
        assert_eq!(money(3.0, "CHF").value(3.0), "CHF 3.00");
        assert_eq!(money(5.5e-9, "USD").value(5.5e-9), "$5.500e-9");
        assert_eq!(money(2.871_6e15, "USD").value(2.871_6e15), "$2.872e15");
        assert_eq!(count(12_960_000_000.0).value(12_960_000_000.0), "12,960,000,000");
        assert_eq!(quantity(4_231.25, "GB-s").value(4_231.25), "4,231 GB-s");
    }

    #[test]
    fn an_interval_has_the_decimals_of_its_figure() {
        let shown = duration(412.34);
        let interval =
            |half: f64, n| shown.interval(&Estimate { mean: 412.34, ci_low: 0.0, ci_high: 412.34 + half, n });
        assert_eq!(interval(3.13, 5), "± 3.1");
        assert_eq!(interval(0.001, 5), "± <0.1");
        assert_eq!(interval(0.0, 5), "± 0");
        assert_eq!(interval(0.0, 1), "");
    }
}
