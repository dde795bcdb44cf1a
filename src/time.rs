//! Simulated time: whole nanoseconds since the start of the run. There is no floating-point clock.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};
use std::str::FromStr;

use rust_decimal::{Decimal, dec, prelude::ToPrimitive};

use crate::quantity::{Kind, QuantityError, as_text};

/// An instant: nanoseconds since the start of the simulated run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(u64);

/// A length of time in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(u64);

impl Time {
    /// The start of the run.
    pub const ZERO: Self = Self(0);
    /// Later than everything: "never".
    pub const NEVER: Self = Self(u64::MAX);
    /// The last instant at which something can happen.
    pub const LAST: Self = Self(u64::MAX - 1);

    /// The instant `nanos` nanoseconds after the start.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since the start.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Seconds since the start, for display and derived figures.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// The instant before it, a nanosecond earlier; zero has none before.
    pub const fn just_before(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// The span from `earlier` to `self`; zero if `earlier` is later.
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// The longest span the clock holds, about 584 years.
    pub const MAX: Self = Self(u64::MAX);
    /// The longest span that a scenario or a trace may state: 100 years of 365 days.
    pub const LONGEST: Self = Self::from_secs(100 * 365 * 86_400);

    /// A span of `nanos` nanoseconds.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// A span of `millis` milliseconds.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis * 1_000_000)
    }

    /// A span of `secs` seconds.
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs * 1_000_000_000)
    }

    /// The nearest span to a drawn number of nanoseconds; negative and NaN become zero, more than
    /// [`Span::LONGEST`] becomes [`Span::LONGEST`].
    #[inline]
    pub fn from_nanos_f64(nanos: f64) -> Self {
        // A float-to-integer cast saturates and maps NaN to zero; the one to i64 is a single instruction.
        Self(((nanos + 0.5) as i64).clamp(0, Self::LONGEST.0 as i64) as u64)
    }

    /// Nanoseconds.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Seconds, for display and derived figures.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// Milliseconds, for display and derived figures.
    pub fn as_millis_f64(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// The difference, or zero if `other` is longer.
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// The smallest multiple of `step` that is not shorter; `step` must not be zero.
    pub const fn round_up(self, step: Self) -> Self {
        Self(self.0.div_ceil(step.0).saturating_mul(step.0))
    }
}

impl Add<Span> for Time {
    type Output = Self;
    /// Saturates at [`Time::NEVER`].
    #[inline]
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub for Time {
    type Output = Span;
    /// The span from `earlier`, which must not be later.
    #[inline]
    fn sub(self, earlier: Self) -> Span {
        debug_assert!(earlier <= self, "time runs forward");
        Span(self.0 - earlier.0)
    }
}

impl Add for Span {
    type Output = Self;
    /// Saturates at [`Span::MAX`].
    #[inline]
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Span {
    fn sum<I: Iterator<Item = Self>>(spans: I) -> Self {
        spans.fold(Self::ZERO, Add::add)
    }
}

pub(crate) const DURATION: Kind = Kind {
    what: "a duration",
    example: "250ms",
    units: &[
        ("ns", dec!(1)),
        ("us", dec!(1_000)),
        ("ms", dec!(1_000_000)),
        ("s", dec!(1_000_000_000)),
        ("m", dec!(60_000_000_000)),
        ("h", dec!(3_600_000_000_000)),
        ("d", dec!(86_400_000_000_000)),
    ],
};

impl FromStr for Span {
    type Err = QuantityError;

    /// Reads a number and a unit (`ns`, `us`, `ms`, `s`, `m`, `h`, `d`), exactly: "1.5s" is 1,500,000,000 ns.
    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let nanos = DURATION.parse(text)?;
        if nanos > Decimal::from(Self::LONGEST.0) {
            return Err(DURATION
                .error(format!("\"{text}\" is longer than 100 years, the longest duration that can be simulated")));
        }
        if !nanos.is_integer() {
            return Err(DURATION.error(format!("\"{text}\" is finer than a nanosecond")));
        }
        nanos.to_u64().map(Self).ok_or_else(|| DURATION.error(format!("\"{text}\" is too long")))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        DURATION.write(f, Decimal::from(self.0))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Span(self.0).fmt(f)
    }
}

as_text!(Span, DURATION);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_exactly_and_written_in_their_largest_unit() {
        for (text, nanos, written) in [
            ("250ms", 250_000_000, "250ms"),
            ("1.5 s", 1_500_000_000, "1500ms"),
            ("0.1s", 100_000_000, "100ms"),
            ("90m", 5_400_000_000_000, "90m"),
            ("24h", 86_400_000_000_000, "1d"),
            ("0s", 0, "0d"),
        ] {
            let span: Span = text.parse().unwrap();
            assert_eq!(span.as_nanos(), nanos, "{text}");
            if nanos > 0 {
                assert_eq!(span.to_string(), written);
            }
            assert_eq!(span.to_string().parse::<Span>().unwrap(), span);
        }
    }

    #[test]
    fn what_is_not_a_duration_is_refused_with_the_reason() {
        for (text, reason) in [
            ("10", "has no unit"),
            ("10 parsecs", "unknown unit \"parsecs\""),
            ("-1s", "is negative"),
            ("NaN s", "does not begin with a number"),
            ("0.1ns", "finer than a nanosecond"),
            ("109500d", "longer than 100 years"),
            ("", "does not begin with a number"),
        ] {
            let error = text.parse::<Span>().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn drawn_nanoseconds_are_rounded_and_kept_in_range() {
        assert_eq!(Span::from_nanos_f64(1.6).as_nanos(), 2);
        assert_eq!(Span::from_nanos_f64(-5.0), Span::ZERO);
        assert_eq!(Span::from_nanos_f64(f64::NAN), Span::ZERO);
        assert_eq!(Span::from_nanos_f64(f64::INFINITY), Span::LONGEST);
    }
}
