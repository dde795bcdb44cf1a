//! Numbers of a trace, read exactly from their decimal text: a floating-point second since 1970 is only good to 200 ns.

use rust_decimal::{Decimal, dec, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};

use super::instant::date;
use crate::time::Span;

/// The unit of a column of times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TimeUnit {
    /// Seconds.
    #[default]
    S,
    /// Milliseconds.
    Ms,
    /// Microseconds.
    Us,
    /// Nanoseconds.
    Ns,
}

impl TimeUnit {
    fn nanos(self) -> Decimal {
        match self {
            Self::S => dec!(1_000_000_000),
            Self::Ms => dec!(1_000_000),
            Self::Us => dec!(1_000),
            Self::Ns => dec!(1),
        }
    }

    /// An instant in nanoseconds, possibly negative, rounded to the nearest; `None` if `text` is neither a number nor a
    /// date (which has its own unit, and is counted from 1970), or out of the range of 64 bits (290 years on both sides
    /// of zero).
    pub(in crate::workload) fn instant(self, text: &[u8]) -> Option<i64> {
        match decimal(text) {
            Some(number) => number.checked_mul(self.nanos())?.round().to_i64(),
            None => date(text),
        }
    }

    /// A length of time, rounded to the nearest nanosecond; `None` if `text` is not a number, negative, or longer than
    /// [`Span::LONGEST`].
    pub(super) fn span(self, text: &[u8]) -> Option<Span> {
        let nanos = decimal(text)?.checked_mul(self.nanos())?.round().to_u64()?;
        (nanos <= Span::LONGEST.as_nanos()).then_some(Span::from_nanos(nanos))
    }
}

/// What a cell of lengths of time should hold, for errors.
pub(super) const SPAN: &str = "a number, not negative and at most 100 years";

/// What a cell of instants should hold, for errors.
pub(super) const INSTANT: &str = "a time as a number within 290 years of zero, or a date such as 2026-03-02T08:00:00Z";

/// A decimal number such as `12`, `-0.5` or `1e-05`, of at most 28 digits (more digits behind the point are rounded).
pub(in crate::workload) fn decimal(text: &[u8]) -> Option<Decimal> {
    let text = std::str::from_utf8(text).ok()?;
    let plain = |byte: u8| matches!(byte, b'0'..=b'9' | b'.' | b'+' | b'-' | b'e' | b'E');
    if !text.bytes().all(plain) {
        return None;
    }
    match text.contains(['e', 'E']) {
        true => Decimal::from_scientific(text).ok(),
        false => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_are_exact() {
        assert_eq!(TimeUnit::S.instant(b"1587650005.4912045"), Some(1_587_650_005_491_204_500));
        assert_eq!(TimeUnit::S.instant(b"-0.5"), Some(-500_000_000));
        assert_eq!(TimeUnit::S.span(b"0.07949090003967285"), Some(Span::from_nanos(79_490_900)));
        assert_eq!(TimeUnit::Ms.span(b"1e-05"), Some(Span::from_nanos(10)));
        assert_eq!(TimeUnit::Ms.span(b"6664.0"), Some(Span::from_millis(6664)));
        assert_eq!(TimeUnit::Ns.span(b"7"), Some(Span::from_nanos(7)));
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        for text in
            ["", "abc", "1_000", "NaN", "inf", "1.2.3", "0x10", "--1", "1e", "1e99999999999", "9".repeat(40).as_str()]
        {
            assert_eq!(TimeUnit::S.instant(text.as_bytes()), None, "{text}");
        }
        assert_eq!(TimeUnit::S.span(b"-1"), None);
        assert_eq!(TimeUnit::S.span(b"9460800000"), None, "300 years");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(text in "[-+.eE0-9]{0,40}", bytes: Vec<u8>) {
            let _ = (TimeUnit::S.instant(text.as_bytes()), TimeUnit::Us.span(&bytes));
        }

        #[test]
        fn written_nanoseconds_are_read_back(nanos: i64) {
            prop_assert_eq!(TimeUnit::Ns.instant(nanos.to_string().as_bytes()), Some(nanos));
            let seconds = format!("{}.{:09}", nanos.unsigned_abs() / 1_000_000_000, nanos.unsigned_abs() % 1_000_000_000);
            prop_assert_eq!(TimeUnit::S.instant(seconds.as_bytes()), i64::try_from(nanos.unsigned_abs()).ok());
        }
    }
}
