//! Checks of plain numbers and of fields that must fit together. Every message names the key.

use std::ops::RangeInclusive;

use crate::amount::Rate;
use crate::time::Span;

/// Why a value of a scenario cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Invalid(String);

impl Invalid {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

/// Refuses numbers outside `range`, and NaN.
pub(crate) fn number(key: &str, value: f64, range: RangeInclusive<f64>) -> Result<(), Invalid> {
    refuse_unless(range.contains(&value), key, value, || format!("a number from {} to {}", range.start(), range.end()))
}

/// Refuses negative numbers, infinity and NaN.
pub(crate) fn non_negative(key: &str, value: f64) -> Result<(), Invalid> {
    refuse_unless(value >= 0.0 && value.is_finite(), key, value, || "a number that is not negative".into())
}

/// Refuses zero, negative numbers, infinity and NaN.
pub(crate) fn positive(key: &str, value: f64) -> Result<(), Invalid> {
    refuse_unless(value > 0.0 && value.is_finite(), key, value, || "a number above zero".into())
}

/// Refuses infinity and NaN.
pub(crate) fn finite(key: &str, value: f64) -> Result<(), Invalid> {
    refuse_unless(value.is_finite(), key, value, || "a finite number".into())
}

fn refuse_unless(good: bool, key: &str, value: f64, expected: impl Fn() -> String) -> Result<(), Invalid> {
    if good { Ok(()) } else { Err(Invalid(format!("`{key}` is {value}; expected {}", expected()))) }
}

/// Refuses a rate of zero, and one above a thousand million per second (one per tick of the clock).
pub(crate) fn rate(key: &str, rate: Rate) -> Result<(), Invalid> {
    if rate.as_per_second() == 0.0 {
        return Err(Invalid(format!("`{key}` is zero; expected a rate above zero, such as \"20/s\"")));
    }
    rate_or_zero(key, rate)
}

/// Refuses a rate above a thousand million per second (one per tick of the clock).
pub(crate) fn rate_or_zero(key: &str, rate: Rate) -> Result<(), Invalid> {
    if rate.as_per_second() > 1e9 {
        return Err(Invalid(format!("`{key}` is {rate}; expected at most 1000000000/s")));
    }
    Ok(())
}

/// Refuses processes that change their rate more than a million times per arrival: each change costs a step, and a run
/// would seem to hang.
pub(crate) fn arrivals_per_change(arrivals: f64) -> Result<(), Invalid> {
    if arrivals < 1e-6 {
        return Err(Invalid::new(format!(
            "the rate changes {:.0} times per arrival; expected at most 1000000: a higher rate or slower changes",
            1.0 / arrivals
        )));
    }
    Ok(())
}

/// Refuses an empty span.
pub(crate) fn span(key: &str, span: Span) -> Result<(), Invalid> {
    if span == Span::ZERO {
        return Err(Invalid(format!("`{key}` is zero; expected a duration above zero, such as \"1m\"")));
    }
    Ok(())
}

/// Refuses `low` above `high`.
pub(crate) fn ordered<T: PartialOrd>(low_key: &str, low: &T, high_key: &str, high: &T) -> Result<(), Invalid> {
    if low > high {
        return Err(Invalid(format!("`{low_key}` is above `{high_key}`; expected `{low_key}` to be the smaller one")));
    }
    Ok(())
}

/// Implements serde for a type that derives it with `#[serde(remote = "Self")]`, so that whatever is read is also
/// checked, and the error points at it. (A derived `try_from` would need a second copy of every type and its docs.)
macro_rules! checked {
    ($type:ty $(, $parameter:ident: $bound:path)?) => {
        impl$(<$parameter: $bound>)? serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                <$type>::serialize(self, serializer)
            }
        }

        impl<'de $(, $parameter: $bound)?> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <$type>::deserialize(deserializer)?;
                value.validate().map_err(serde::de::Error::custom)?;
                Ok(value)
            }
        }
    };
}
pub(crate) use checked;
